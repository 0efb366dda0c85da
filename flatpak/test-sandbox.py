#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installed Flatpak, used as a user does, from its sandbox.

flatpak/prove runs it: the application is installed for the user of
FLATPAK_USER_DIR, and SLUICE_FLATPAK is its id.
"""

import os
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tests', 'ui'))

import case  # noqa: E402
import driver  # noqa: E402
import steps  # noqa: E402
from driver import wait  # noqa: E402

ID = os.environ['SLUICE_FLATPAK']

# What the application may do. A permission more is a decision, so it is made here too.
PERMISSIONS = {
    'Context': {
        'shared': {'network', 'ipc'},
        'sockets': {'x11', 'wayland', 'fallback-x11'},
        'devices': {'dri'},
    },
    'Session Bus Policy': {
        'org.freedesktop.secrets': {'talk'},
    },
}

KEYRING_ITEMS = ['xdg:schema', 'io.github.sluice.Sluice.Subscription']

# Which portals a session has is said in the portal's own configuration.
ALL_PORTALS = '[preferred]\ndefault=gtk\norg.freedesktop.impl.portal.Secret=gnome-keyring\n'
NO_SECRET_PORTAL = '[preferred]\ndefault=gtk\norg.freedesktop.impl.portal.Secret=none\n'


def flatpak(*arguments, **settings):
    return subprocess.run(('flatpak',) + arguments, check=True, capture_output=True, text=True, **settings).stdout


def parse_keys(text):
    groups = {}
    for line in text.splitlines():
        if line.startswith('['):
            group = groups.setdefault(line.strip('[]'), {})
        elif '=' in line:
            key, value = line.split('=', 1)
            group[key] = set(value.strip(';').split(';'))
    return groups


def environment_of(home):
    """As a desktop would start it: nothing of the tests is passed on into the sandbox."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith('SLUICE')}, 'HOME': home.path}


class SandboxedProgram(case.Program):
    def __init__(self, home, *arguments, **environment):
        self.home = home
        self.log_path = os.path.join(home.path, 'program.log')
        with open(self.log_path, 'ab') as log:
            self.process = subprocess.Popen(
                ['flatpak', 'run', '--env=GSK_RENDERER=cairo', '--env=GTK_A11Y=atspi',
                 '--env=GSETTINGS_BACKEND=keyfile', ID, *arguments],
                env={**environment_of(home), **environment}, stdout=log, stderr=log)
        driver.Driver.__init__(self, self.process.pid)

    def root(self):
        # The process has another number in its sandbox, and the bus sees the sandbox's proxy.
        return next((application for application in driver.children(driver.Atspi.get_desktop(0))
                     if application.get_name() in ('sluice', ID)), None)

    def quit(self):
        subprocess.run(['gapplication', 'action', ID, 'quit'], check=True)
        return self.wait_for_end()

    def stop(self):
        if self.process.poll() is None:
            subprocess.run(['flatpak', 'kill', ID], check=False, stderr=subprocess.DEVNULL)
        super().stop()


class TestPermissions(unittest.TestCase):
    def test_no_more_than_agreed(self):
        self.assertEqual(parse_keys(flatpak('info', '--show-permissions', ID)), PERMISSIONS)


class TestSandbox(case.Case):
    portals = ALL_PORTALS

    def setUp(self):
        super().setUp()
        config = os.path.join(os.environ['HOME'], '.config', 'xdg-desktop-portal')
        os.makedirs(config, exist_ok=True)
        with open(os.path.join(config, 'portals.conf'), 'w', encoding='utf-8') as file:
            file.write(self.portals)
        self.end_portal()
        subprocess.run(['secret-tool', 'clear'] + KEYRING_ITEMS, check=False)
        self.data = os.path.join(self.home.path, '.var', 'app', ID)

    @staticmethod
    def end_portal():
        """The bus starts it anew, with the configuration of now."""
        process = subprocess.run(
            ['gdbus', 'call', '--session', '--dest', 'org.freedesktop.DBus', '--object-path', '/org/freedesktop/DBus',
             '--method', 'org.freedesktop.DBus.GetConnectionUnixProcessID', 'org.freedesktop.portal.Desktop'],
            capture_output=True, text=True)
        if process.returncode == 0:
            number = int(process.stdout.strip('(),\n').split()[-1])
            os.kill(number, signal.SIGTERM)
            wait(lambda: not os.path.exists(f'/proc/{number}'), 'the end of the portal')

    def start(self, *arguments, **environment):
        program = SandboxedProgram(self.home, *arguments, **environment)
        self.programs.append(program)
        self.addCleanup(program.stop)
        return program.start()

    def run_inside(self, *command):
        return subprocess.run(['flatpak', 'run', f'--command={command[0]}', ID, *command[1:]],
                              env=environment_of(self.home), capture_output=True, text=True)

    def sign_in_restart_query(self):
        org = self.start_org()
        program = self.start()
        steps.sign_in(program, 'Northwind', org.url)
        self.assertEqual(program.quit(), 0)
        visits = len(self.browser.visits())

        program = self.start()
        steps.find_page(program, 'Northwind')
        program.press('button', 'Refresh')
        program.find_text('Connected As')
        self.assertEqual(len(self.browser.visits()), visits)
        steps.query(program)
        program.find_text('Alfreds Futterkiste')
        return program

    @staticmethod
    def is_in_keyring():
        """Says no more than that: what is in there is secret."""
        return bool(subprocess.run(['secret-tool', 'search', '--all'] + KEYRING_ITEMS, capture_output=True).stdout)


class TestSecretPortal(TestSandbox):
    def test_sign_in_restart_and_query(self):
        program = self.sign_in_restart_query()
        self.assertTrue(os.path.exists(os.path.join(self.data, 'data', 'keyrings', 'default.keyring')))
        self.assertFalse(self.is_in_keyring())
        steps.show_page(program, 'Settings')
        program.find_text('encrypted file')

    def test_nothing_outside_its_own_folders(self):
        secret = os.path.join(self.home.path, 'private.txt')
        with open(secret, 'w', encoding='utf-8') as file:
            file.write('not for applications')
        before = set(self.home.files())
        self.assertNotEqual(self.run_inside('cat', secret).returncode, 0)
        self.assertNotIn('private.txt', self.run_inside('ls', '-a', self.home.path).stdout)

        self.sign_in_restart_query().quit()
        new = {os.path.relpath(path, self.home.path) for path in set(self.home.files()) - before}
        own = os.path.join('.var', 'app', ID) + os.sep
        theirs = ('org.log', 'program.log', 'browser' + os.sep)
        self.assertEqual({path for path in new if not path.startswith((own,) + theirs)}, set())

    def test_try_the_demo_org(self):
        program = self.start()
        program.press('button', 'Try the Demo Org')
        program.find_text('Not Signed In')
        steps.authenticate(program)
        program.find_text('Connected As')
        program.find_text('Northwind Traders')

    def test_command_line(self):
        self.assertEqual(self.run_inside('sluicectl', 'subscription', 'list').returncode, 0)


class TestNoSecretPortal(TestSandbox):
    portals = NO_SECRET_PORTAL

    def test_sign_in_restart_and_query(self):
        program = self.sign_in_restart_query()
        self.assertFalse(os.path.exists(os.path.join(self.data, 'data', 'keyrings', 'default.keyring')))
        self.assertTrue(self.is_in_keyring())
        steps.show_page(program, 'Settings')
        program.find_text('in the keyring')


del TestSandbox

if __name__ == '__main__':
    case.main()
