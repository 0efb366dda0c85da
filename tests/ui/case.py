# SPDX-License-Identifier: GPL-3.0-or-later
"""The ground under each UI test: a home, a demo org, a browser, the program."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import unittest

from gi.repository import Gio, GLib

import driver
from driver import wait

APPLICATION_ID = os.environ.get('SLUICE_APPLICATION_ID', 'io.github.sluice.Sluice')

HERE = os.path.dirname(os.path.abspath(__file__))

# The session's home is its own, too. Where there is a portal, the portal opens the browser, and it
# knows no home but the session's.
BROWSER = os.path.join(os.environ['HOME'], 'open-browser')

# What must never be written by the program, whatever happens: tokens and codes of the demo org.
SECRET = re.compile(r'\b00D\w{12,15}!\S+|\baPrx\S+|\b5Aep\S+')

# Words of libraries that know no desktop around them, and WebKit's own when its window goes away while it works.
NOISE = re.compile(r'This is a WebKit bug|dconf|Vulkan|libEGL|MESA|xdg-desktop-portal|settings daemon|org\.freedesktop\.portal'
                   r'|Unable to acquire session bus|accessibility bus|at-spi', re.IGNORECASE)


class Org:
    """A demo org of its own for one test."""

    def __init__(self, folder, *arguments, port=0, log='org.log'):
        self.log_path = os.path.join(folder, log)
        self.process = subprocess.Popen(
            [os.environ['SLUICE_DEMO_ORG'], '--port', str(port), '--log', self.log_path, *arguments],
            stdout=subprocess.PIPE, text=True)
        # It prints its address when it is ready.
        line = self.process.stdout.readline()
        found = re.search(r'http://\S+', line)
        if not found:
            raise AssertionError(f'sluice-demo-org said “{line}”')
        self.url = found[0].rstrip('/')
        self.port = int(self.url.rsplit(':', 1)[1])

    def requests(self):
        with open(self.log_path, encoding='utf-8') as log:
            return [json.loads(line) for line in log if line.endswith('\n')]

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(30)
        self.process.stdout.close()


class Browser:
    """A default browser that does what a test plans; see browser.py."""

    def __init__(self, home):
        self.folder = os.path.join(home.path, 'browser')
        os.makedirs(self.folder)
        script = os.path.join(HERE, 'browser.py')
        set_default_browser(f'exec {sys.executable} {script} {self.folder} "$1"')

    def plan(self, **plan):
        """What the person will do: username, password, answer."""
        path = os.path.join(self.folder, 'plan.json')
        with open(path + '~', 'w', encoding='utf-8') as file:
            json.dump(plan, file)
        os.replace(path + '~', path)

    def visits(self):
        try:
            with open(os.path.join(self.folder, 'visits'), encoding='utf-8') as file:
                return [json.loads(line) for line in file if line.endswith('\n')]
        except FileNotFoundError:
            return []

    def history(self):
        return json.dumps(self.visits(), indent=2)

    def wait_for_visit(self, fragment, status=None):
        return wait(lambda: next((visit for visit in self.visits()
                                  if fragment in visit['address'] and status in (None, visit['status'])), None),
                    f'a visit to {fragment}')


def install_browser(config, data):
    """Makes the default browser a script of the session; set_default_browser() writes it."""
    applications = os.path.join(data, 'applications')
    os.makedirs(applications, exist_ok=True)
    os.makedirs(config, exist_ok=True)
    with open(os.path.join(applications, 'test-browser.desktop'), 'w', encoding='utf-8') as file:
        file.write('[Desktop Entry]\nType=Application\nName=Test Browser\nNoDisplay=true\n'
                   f'Exec={BROWSER} %u\nMimeType=x-scheme-handler/http;x-scheme-handler/https;\n')
    with open(os.path.join(config, 'mimeapps.list'), 'w', encoding='utf-8') as file:
        file.write('[Default Applications]\nx-scheme-handler/http=test-browser.desktop\n'
                   'x-scheme-handler/https=test-browser.desktop\n')


def set_default_browser(command):
    with open(BROWSER + '~', 'w', encoding='utf-8') as file:
        file.write(f'#!/bin/sh\n{command}\n')
    os.chmod(BROWSER + '~', 0o700)
    os.replace(BROWSER + '~', BROWSER)


class Home:
    """Folders that nobody else uses."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix='sluice-ui.')
        self.config = os.path.join(self.path, 'config')
        self.data = os.path.join(self.path, 'data')
        self.cache = os.path.join(self.path, 'cache')
        self.state = os.path.join(self.path, 'state')
        self.subscriptions = os.path.join(self.config, 'sluice', 'subscriptions')
        for folder in (self.config, self.data, self.cache, self.state):
            os.makedirs(folder)
        install_browser(self.config, self.data)
        self.write_config('gtk-4.0/settings.ini', '[Settings]\ngtk-enable-animations=0\n')

    def write_config(self, name, content):
        path = os.path.join(self.config, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(content)

    def environment(self):
        return {
            'HOME': self.path,
            'XDG_CACHE_HOME': self.cache,
            'XDG_CONFIG_HOME': self.config,
            'XDG_DATA_HOME': self.data,
            'XDG_STATE_HOME': self.state,
            # Written to the home, so that a second start finds what the first one left.
            'GSETTINGS_BACKEND': 'keyfile',
        }

    def write_subscription(self, name, content):
        self.write_config(f'sluice/subscriptions/{name}',
                          content if isinstance(content, str) else json.dumps(content, indent=2))

    def files(self):
        for folder, _, names in os.walk(self.path):
            for name in names:
                yield os.path.join(folder, name)

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


class Program(driver.Driver):
    """The running program and its window."""

    def __init__(self, home, *arguments, **environment):
        self.log_path = os.path.join(home.path, f'program-{time.monotonic_ns()}.log')
        with open(self.log_path, 'wb') as log:
            self.process = subprocess.Popen([os.environ['SLUICE'], *arguments],
                                            env={**os.environ, **home.environment(), **environment},
                                            stdout=log, stderr=log)
        super().__init__(self.process.pid)

    def start(self):
        wait(lambda: self.process.poll() is not None or self.root() is not None and self.peek('frame'),
             'the window')
        if self.process.poll() is not None:
            raise AssertionError(f'the program ended with {self.process.returncode}: {self.log()}')
        return self

    def log(self):
        with open(self.log_path, encoding='utf-8', errors='replace') as log:
            return log.read()

    def complaints(self):
        return [line for line in self.log().splitlines()
                if re.search(r'CRITICAL|WARNING|ERROR|AddressSanitizer|runtime error', line)
                and not NOISE.search(line)]

    def quit(self):
        """Ends it as a user does; returns its exit status."""
        self.key('ctrl+q')
        return self.wait_for_end()

    def wait_for_end(self):
        wait(lambda: self.process.poll() is not None, 'the end of the program')
        return self.process.returncode

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Case(unittest.TestCase):
    """One test: everything it starts is its own and ends with it."""

    maxDiff = None

    def run(self, result=None):
        self.result = result
        return super().run(result)

    def setUp(self):
        self.programs = []
        self.home = Home()
        self.addCleanup(self.home.remove)
        self.browser = self.make_browser()

    def make_browser(self):
        return Browser(self.home)

    def start_org(self, *arguments, **settings):
        org = Org(self.home.path, *arguments, **settings)
        self.addCleanup(org.stop)
        return org

    def start(self, *arguments, **environment):
        program = Program(self.home, *arguments, **environment)
        self.programs.append(program)
        self.addCleanup(program.stop)
        return program.start()

    def start_bare_bus(self):
        """A session bus that can start nothing, so that nobody keeps secrets; returns its address."""
        configuration = os.path.join(self.home.path, 'bus.conf')
        with open(configuration, 'w', encoding='utf-8') as file:
            file.write(f'<busconfig><type>session</type><listen>unix:dir={self.home.path}</listen>'
                       '<policy context="default"><allow send_destination="*" eavesdrop="true"/>'
                       '<allow eavesdrop="true"/><allow own="*"/></policy>'
                       '</busconfig>')
        bus = subprocess.Popen(['dbus-daemon', '--nofork', '--print-address=1', f'--config-file={configuration}'],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(bus.wait)
        self.addCleanup(bus.terminate)
        self.addCleanup(bus.stdout.close)
        return bus.stdout.readline().strip()

    def tearDown(self):
        if self.failed():
            self.keep_evidence()
            return
        for program in self.programs:
            self.assertEqual(program.complaints(), [])
            self.assertNotRegex(program.log(), SECRET)

    def failed(self):
        return bool(self.result.troubles_of(self))

    def keep_evidence(self):
        folder = os.environ.get('SLUICE_UI_EVIDENCE', '.')
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, self.id().rsplit('.', 1)[-1])
        try:
            driver.screenshot(path + '.png')
        except (OSError, subprocess.SubprocessError) as error:
            print(f'# no picture: {error}')
        with open(path + '.txt', 'w', encoding='utf-8') as file:
            for program in self.programs:
                file.write(program.dump() + '\n\n' + program.log() + '\n')
            file.write(self.browser.history())
        print(f'# see {path}.png and {path}.txt')


# For the life of the test: a session of the keyring ends with the connection that opened it.
BUS = Gio.bus_get_sync(Gio.BusType.SESSION)


def call(name, path, interface, method, parameters):
    return BUS.call_sync(name, path, interface, method, parameters, None, 0, -1, None).unpack()


def publish_accessibility():
    """Lets programs that are on another session bus find the accessibility bus of this one."""
    address, = call('org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus', 'GetAddress', None)
    subprocess.run(['xprop', '-root', '-format', 'AT_SPI_BUS', '8s', '-set', 'AT_SPI_BUS', address], check=True)


SECRETS = 'org.freedesktop.secrets'
SECRETS_PATH = '/org/freedesktop/secrets'
LOGIN_PATH = '/org/freedesktop/secrets/collection/login'


def lock_keyring():
    call(SECRETS, SECRETS_PATH, 'org.freedesktop.Secret.Service', 'Lock', GLib.Variant('(ao)', ([LOGIN_PATH],)))


def unlock_keyring():
    """With the password that headless-session gave it; there is nobody to ask for it."""
    _, session = call(SECRETS, SECRETS_PATH, 'org.freedesktop.Secret.Service', 'OpenSession',
                      GLib.Variant('(sv)', ('plain', GLib.Variant('s', ''))))
    call(SECRETS, SECRETS_PATH, 'org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface', 'UnlockWithMasterPassword',
         GLib.Variant('(o(oayays))', (LOGIN_PATH, (session, b'', b'test', 'text/plain'))))


# Before the first program asks for it.
install_browser(os.path.join(os.environ['HOME'], '.config'), os.path.join(os.environ['HOME'], '.local', 'share'))


class TapResult(unittest.TestResult):
    """Tells meson about one test method after the other."""

    def __init__(self):
        super().__init__()
        self.number = 0
        self.troubles = []

    def troubles_of(self, test):
        return [error for name, error in self.troubles if name == test.id()]

    def say(self, test, verdict, remark=''):
        self.number += 1
        print(f'{verdict} {self.number} - {test.id().rsplit(".", 1)[-1]}{remark}', flush=True)

    def trouble(self, test, error):
        self.troubles.append((test.id(), error))
        for line in ''.join(traceback.format_exception(*error)).splitlines():
            print(f'# {line}')

    def addFailure(self, test, error):
        self.trouble(test, error)

    def addError(self, test, error):
        self.trouble(test, error)

    def addSubTest(self, test, subtest, error):
        if error is not None:
            print(f'# {subtest.id()}')
            self.trouble(test, error)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.say(test, 'ok', f' # SKIP {reason}')

    def stopTest(self, test):
        if self.troubles_of(test):
            self.say(test, 'not ok')
        elif not any(skipped is test for skipped, _ in self.skipped):
            self.say(test, 'ok')
        super().stopTest(test)


def main():
    """Runs the test methods of the main module, all or those that are named."""
    module = sys.modules['__main__']
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    if len(sys.argv) > 1:
        suite = unittest.TestSuite(test for group in suite for test in group
                                   if test.id().rsplit('.', 1)[-1] in sys.argv[1:])
    print(f'1..{suite.countTestCases()}', flush=True)
    result = TapResult()
    suite.run(result)
    sys.exit(1 if result.troubles else 0)
