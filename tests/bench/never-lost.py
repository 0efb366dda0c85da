#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""never-lost.py [--kills N] [--seed SEED] [--only TEXT]

Records are never lost and never doubled: exports are killed at any moment, and everything that can go wrong between an
org and a file goes wrong. Whatever happens, the result is the file of an undisturbed run, byte for byte, or an error
that says so and no file of that name; and the next run with --resume brings the rest.

Needs SLUICECTL and SLUICE_DEMO_ORG. Prints TAP.
"""

import argparse
import hashlib
import os
import random
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import harness
from harness import FIELDS_8, Home, Problem, remove

SOQL = f'SELECT {FIELDS_8},BillingStreet FROM Account'
MANY = 1000000
FEW = 100000
# How long an undisturbed export of FEW may take where MANY are to be killed again and again.
QUICK_ENOUGH = 0.6
# After this a run that waits for better times is stopped, as a user would.
PATIENCE = 15
LIMIT = 120

FAULTS = ('drop', 'lose', 'reset', 'truncate', 'truncate-close', 'gzip', 'length', '401', '403', '403-concurrent', '500',
          '502', '503', '503-retry', '503-json', '504', 'html', 'empty', 'repeat', 'locator', 'slow')
JOB_FAULTS = ('job-failed', 'job-aborted')
# Among the tests, where all of them would take too long; each kind of fault is there once.
SOME = {
    ('bulk', 'csv'): ('drop', 'reset', 'truncate', 'truncate-close', 'gzip', 'length', '401', '500', 'html', 'empty', 'repeat',
                      'locator', *JOB_FAULTS),
    ('bulk', 'sqlite'): ('truncate', 'repeat', 'job-failed'),
    ('rest', 'csv'): ('reset', 'truncate', 'gzip', '401', '403', '503-retry', 'html', 'repeat', 'locator'),
    ('rest', 'sqlite'): ('truncate', 'repeat'),
}


class Test:
    def __init__(self, arguments, folder):
        self.folder = folder
        self.arguments = arguments
        self.random = random.Random(arguments.seed)
        self.n = 0
        self.failed = 0

    def diag(self, text):
        print('# ' + text.replace('\n', '\n# '), flush=True)

    def check(self, name, run, *words):
        if self.arguments.only and self.arguments.only not in name:
            return
        self.n += 1
        started = time.monotonic()
        try:
            run(*words)
        except (Problem, OSError, sqlite3.Error, subprocess.TimeoutExpired) as problem:
            self.failed += 1
            self.diag(str(problem))
            print(f'not ok {self.n} - {name}', flush=True)
        else:
            print(f'ok {self.n} - {name} # {time.monotonic() - started:.1f} s', flush=True)
        self.org.fault()
        self.clean()

    def start_org(self, *options, page):
        os.makedirs(self.folder, exist_ok=True)
        self.org = harness.DemoOrg(self.folder, *options, page=page)
        self.home = Home(self.folder, self.org)

    def path(self, form):
        return os.path.join(self.folder, f'rows.{form}')

    def clean(self):
        for form in ('csv', 'json', 'sqlite'):
            remove(self.path(form))

    def spawn(self, soql, transport, form, *options, limit=None):
        def prepare():
            # As a disk that is full: no file may grow beyond this.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        return subprocess.Popen(
            self.home.command('query', self.home.NAME, soql, f'--{transport}', '--format', form, '--output',
                              self.path(form), *options),
            env=self.home.environment, cwd=self.home.path, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, preexec_fn=prepare if limit else None)

    def end(self, process, patience=LIMIT):
        """The exit status and what was said. Who waits longer than that is asked to stop."""
        try:
            _, text = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            try:
                _, text = process.communicate(timeout=LIMIT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                raise Problem(f'The export did not end within {LIMIT} s.')
            if process.returncode == 0:
                raise Problem('It was stopped, and says that all went well.')
            return process.returncode, 'sluicectl: Stopped by the test.'
        if process.returncode < 0:
            raise Problem(f'The export ended by signal {-process.returncode}: {text}')
        return process.returncode, text.strip()

    def export(self, soql, transport, form, *options, limit=None):
        return self.end(self.spawn(soql, transport, form, *options, limit=limit))

    def digest(self, form):
        """Of the file; of a table, which may lie differently in its file, the records."""
        if form != 'sqlite':
            with open(self.path(form), 'rb') as file:
                return hashlib.file_digest(file, 'sha256').hexdigest()

        digest = hashlib.sha256()
        database = sqlite3.connect(self.path(form))
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        if len(tables) != 1:
            raise Problem(f'The database has the tables {tables}.')
        for row in database.execute(f'SELECT * FROM "{tables[0]}" ORDER BY Id'):
            digest.update(repr(row).encode())
        database.close()
        return digest.hexdigest()

    def undisturbed(self, soql, transport, form):
        self.clean()
        started = time.monotonic()
        status, text = self.export(soql, transport, form)
        seconds = time.monotonic() - started
        if status != 0:
            raise Problem(f'An undisturbed export ended with {status}: {text}')
        digest = self.digest(form)
        self.clean()
        return digest, seconds

    def is_there(self, form):
        """Whether there is a result under the final name. A database is one when no run has left its mark."""
        if not os.path.exists(self.path(form)):
            return False
        if form != 'sqlite':
            return True
        database = sqlite3.connect(self.path(form))
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        database.close()
        return names not in ([], ['sluice_transfer']) and 'sluice_transfer' not in names

    def expect_whole(self, form, digest, when):
        if self.digest(form) != digest:
            os.replace(self.path(form), self.path(form) + '.wrong')
            raise Problem(f'The file differs from the undisturbed one: {when}.')

    def expect_sentence(self, status, text):
        if status == 0:
            raise Problem('It says that all went well.')
        if not re.search(r'^sluicectl: .*\w+ \w+ \w+', text, re.M):
            raise Problem(f'It ended with {status}, but says: {text!r}')

    # Killed

    def kill_once(self, soql, transport, form, digest, seconds, options):
        process = self.spawn(soql, transport, form, *options)
        moment = self.random.uniform(0, 0.8 * seconds)
        try:
            process.communicate(timeout=moment)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        if self.is_there(form):
            self.expect_whole(form, digest, f'the run was killed after {moment:.3f} s')
            return True
        return False

    def kill_and_resume(self, soql, transport, form, digest, seconds):
        options = []
        for _ in range(self.random.choice((1, 1, 1, 2, 3))):
            if self.kill_once(soql, transport, form, digest, seconds, options):
                return False
            options = ['--resume']
        status, text = self.export(soql, transport, form, '--resume')
        if status != 0:
            raise Problem(f'Resuming ended with {status}: {text}')
        self.expect_whole(form, digest, 'the run was killed and taken up again')
        return True

    def killed(self, transport, form, kills):
        soql = SOQL
        self.undisturbed(f'{SOQL} LIMIT {FEW}', transport, form)
        _, seconds = self.undisturbed(f'{SOQL} LIMIT {FEW}', transport, form)
        if not self.arguments.kills and (seconds > QUICK_ENOUGH or (transport, form) != ('bulk', 'csv')):
            soql = f'{SOQL} LIMIT {FEW}'
        self.undisturbed(soql, transport, form)
        digest, seconds = self.undisturbed(soql, transport, form)
        resumed = 0
        for _ in range(kills):
            resumed += self.kill_and_resume(soql, transport, form, digest, seconds)
            self.clean()
        self.diag(f'{FEW if "LIMIT" in soql else MANY:,} records in {seconds:.1f} s; '
                  f'{resumed} of {kills} runs were killed before their end and taken up again')

    # Things that go wrong

    def settle(self, transport, form, digest, status, text):
        """All is as it should be, or an error and then, with --resume, all as it should be."""
        if status == 0:
            self.expect_whole(form, digest, 'the run said that all went well')
            return
        self.expect_sentence(status, text)
        if self.is_there(form):
            raise Problem('There is a file of that name all the same.')
        self.diag(text)
        self.org.fault()
        status, text = self.export(SOQL, transport, form, '--resume')
        if status != 0:
            # What cannot be resumed says so; then it starts from the beginning.
            self.expect_sentence(status, text)
            self.diag('resumed: ' + text)
            status, text = self.export(SOQL, transport, form)
        if status != 0:
            raise Problem(f'Without the fault it ends with {status}: {text}')
        self.expect_whole(form, digest, 'the fault was over')

    def fault(self, transport, form, spec, digest):
        self.org.fault(spec)
        status, text = self.end(self.spawn(SOQL, transport, form), PATIENCE if self.arguments.kills else PATIENCE / 3)
        self.settle(transport, form, digest, status, text)

    def faults(self, transport, form):
        digest, _ = self.undisturbed(SOQL, transport, form)
        part = 'results' if transport == 'bulk' else 'query'
        every = FAULTS + (JOB_FAULTS if transport == 'bulk' else ())
        for name in every if self.arguments.kills else SOME[transport, form]:
            self.check(f'{transport} {form}: {name} on page 3', self.fault, transport, form, f'{part}#3:{name}', digest)
        if self.arguments.kills:
            self.check(f'{transport} {form}: 503 on pages 3 to 40', self.fault, transport, form, f'{part}#3-40:503', digest)
        if self.arguments.kills or form == 'csv':
            self.check(f'{transport} {form}: truncate on pages 3 to 40', self.fault, transport, form,
                       f'{part}#3-40:truncate', digest)
        self.check(f'{transport} {form}: disk full', self.disk_full, transport, form, digest)
        self.check(f'{transport} {form}: server restarted', self.restart, transport, form, digest)

    def disk_full(self, transport, form, digest):
        status, text = self.export(SOQL, transport, form, limit=2 * 1024 * 1024)
        if status == 0:
            raise Problem('The file was larger than allowed.')
        self.settle(transport, form, digest, status, text)

    def restart(self, transport, form, digest):
        self.org.control('latency?ms=20')
        timer = threading.Timer(0.15, self.org.kill)
        process = self.spawn(SOQL, transport, form)
        timer.start()
        timer.join()
        self.org.start()
        status, text = self.end(process)
        self.settle(transport, form, digest, status, text)

    def short_pages(self, transport, form, digest):
        status, text = self.export(SOQL, transport, form)
        self.settle(transport, form, digest, status, text)

    def run(self):
        kills = self.arguments.kills or 5
        self.start_org('--data', str(MANY), page=50000)
        for transport, form, n in (('bulk', 'csv', kills), ('rest', 'csv', max(kills // 5, 1)),
                                   ('bulk', 'sqlite', max(kills // 5, 1)), ('rest', 'sqlite', max(kills // 5, 1))):
            self.check(f'killed {n} times: {transport} {form}', self.killed, transport, form, n)
        self.org.stop()
        harness.remove_folder(self.folder)

        self.start_org('--data', '24000', page=2000)
        digests = {}
        for transport in ('bulk', 'rest'):
            for form in ('csv', 'sqlite'):
                self.faults(transport, form)
            digests[transport] = self.undisturbed(SOQL, transport, 'csv')[0]
        self.org.stop()
        harness.remove_folder(self.folder)

        self.start_org('--data', '24000', '--short-pages', page=2000)
        for transport in ('bulk', 'rest'):
            self.check(f'{transport} csv: short pages', self.short_pages, transport, 'csv', digests[transport])
        self.org.stop()

        print(f'1..{self.n}', flush=True)
        return 1 if self.failed else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--kills', type=int)
    parser.add_argument('--seed', type=int, default=random.randrange(1 << 32))
    parser.add_argument('--only')
    arguments = parser.parse_args()

    print('TAP version 14', flush=True)
    print(f'# The moments are those of --seed {arguments.seed}', flush=True)
    folder = harness.make_folder()
    try:
        return Test(arguments, os.path.join(folder, 'run')).run()
    except Problem as problem:
        print(f'Bail out! {problem}', flush=True)
        return 1
    finally:
        harness.remove_folder(folder)


if __name__ == '__main__':
    sys.exit(main())
