#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in through a window that remembers nothing, with WebKit's own pages."""

import os
import subprocess
import unittest

import case
import driver
import steps
from driver import Atspi, wait

NAME = 'sluice-sign-in-window'


def has_sandbox():
    """Whether WebKit can lock in what shows the pages, without which it shows none."""
    try:
        return subprocess.run(['bwrap', '--unshare-all', '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', 'true'],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
    except FileNotFoundError:
        return False


def choose_private_window(program):
    steps.show_page(program, 'Settings')
    row = program.find('combo box', 'Sign In With')
    program.activate(row)
    program.find_row('Private Window', row)
    driver.xdotool('key', 'Down', 'Return')
    program.press('button', 'Save')
    program.find_text_gone('Unsaved changes')


class Window(driver.Driver):
    """The window that shows the pages of one sign-in."""

    def __init__(self):
        application = wait(lambda: next((each for each in driver.children(Atspi.get_desktop(0))
                                         if each.get_name() == NAME), None), 'the private window')
        super().__init__(application.get_process_id())

    def page(self):
        """WebKit says of no page that it shows."""
        return next((node for node in self.nodes(hidden=True) if node.get_role_name() == 'document web'), None)

    def find_in_page(self, role, name=None):
        def find():
            page = self.page()
            return next((node for node in driver.walk(page, True) if driver.has_role(node, role) and
                         driver.matches(name, node.get_name())), None) if page is not None else None
        return wait(find, f'{role} “{name}” in the page')

    def type(self, role, text):
        """Writes into an entry as a person does."""
        entry = self.find_in_page(role)
        Atspi.Component.grab_focus(entry.get_component_iface())
        wait(lambda: driver.has_state(entry, Atspi.StateType.FOCUSED), f'focus on the {role}')
        driver.xdotool('windowfocus', '--sync', self.window_ids()[-1], 'type', text)
        wait(lambda: Atspi.Text.get_character_count(entry.get_text_iface()) == len(text), f'text in the {role}')

    def log_in(self, username='admin@demo.example', password='demo'):
        self.type('entry', username)
        self.type('password text', password)
        self.answer('Log In')

    def answer(self, label):
        self.activate(self.find_in_page('button', label))

    def find_gone_for_good(self):
        wait(lambda: self.root() is None and not os.path.exists(f'/proc/{self.process_id}'), 'the end of the window')


@unittest.skipUnless('SLUICE_SIGN_IN_WINDOW' in os.environ, 'the private window is not built')
class TestChoice(case.Case):
    """What needs no page."""

    def begin(self, program):
        self.org = self.start_org()
        self.program = self.start(SLUICE_SIGN_IN_WINDOW=program)
        steps.create_subscription(self.program, 'Northwind', self.org.url)

    def test_absent(self):
        self.begin('/nonexistent/program')
        steps.show_page(self.program, 'Settings')
        self.program.find_text('Consumer Key')
        self.assertIsNone(self.program.peek('combo box', 'Sign In With'))

        steps.authenticate(self.program)
        self.program.find_text('Connected As')

    def test_browser_instead(self):
        """The program is there, and fails."""
        self.begin('/bin/false')
        choose_private_window(self.program)
        steps.authenticate(self.program)
        self.program.press('button', 'Use Browser', self.program.find('dialog', 'Use the Browser Instead?'))
        self.program.find_text('Connected As')

    def test_no_browser_instead(self):
        self.begin('/bin/false')
        self.program.choose('Subscription Menu', 'Authenticate in _Private Window')
        self.program.press('button', 'Cancel', self.program.find('dialog', 'Use the Browser Instead?'))
        self.program.find_text('Not Signed In')
        self.assertEqual(self.browser.visits(), [])


@unittest.skipUnless('SLUICE_SIGN_IN_WINDOW' in os.environ, 'the private window is not built')
@unittest.skipUnless(has_sandbox(), 'WebKit’s sandbox needs namespaces, which are not allowed here')
class TestPages(case.Case):
    def begin(self, consumer_key='demo'):
        self.org = self.start_org()
        self.program = self.start()
        steps.create_subscription(self.program, 'Northwind', self.org.url, consumer_key)
        self.program.choose('Subscription Menu', 'Authenticate in _Private Window')
        self.program.find_text('Log In in the Private Window')
        self.window = Window()

    def test_sign_in(self):
        self.begin()
        self.window.log_in()
        self.window.answer('Allow')
        self.program.find_text('Connected As')
        self.window.find_gone_for_good()
        self.assertEqual(self.browser.visits(), [])

    def test_remembers_the_choice_and_nothing_else(self):
        self.org = self.start_org()
        self.program = self.start()
        steps.create_subscription(self.program, 'Northwind', self.org.url)
        choose_private_window(self.program)

        steps.authenticate(self.program)
        self.window = Window()
        self.window.log_in()
        self.window.answer('Allow')
        self.program.find_text('Connected As')
        self.window.find_gone_for_good()
        self.program.quit()

        # The org remembers that it was allowed; the window does not remember who it was.
        self.program = self.start()
        steps.authenticate(self.program)
        self.window = Window()
        self.window.log_in()
        self.window.find_gone_for_good()
        self.program.find_text('Connected As')

    def test_deny(self):
        self.begin()
        self.window.log_in()
        self.window.answer('Deny')
        self.program.find_text('Access Denied')
        self.window.find_gone_for_good()

    def test_closing_cancels(self):
        self.begin()
        self.window.find_in_page('button', 'Log In')
        self.window.press('button', 'Close')
        self.program.find_text('Not Signed In')
        self.window.find_gone_for_good()

    def test_cancelling_closes(self):
        self.begin()
        self.window.find_in_page('button', 'Log In')
        self.program.press('button', 'Cancel')
        self.program.find_text('Not Signed In')
        self.window.find_gone_for_good()

    def test_wrong_consumer_key(self):
        """The org never answers us; the window tells what it shows."""
        self.begin('wrong')
        self.program.find_text('Consumer Key Not Known')
        self.window.find_gone_for_good()

    def test_to_the_browser(self):
        self.begin()
        self.window.find_in_page('button', 'Log In')
        self.program.press('button', 'Use the Browser')
        self.window.find_gone_for_good()
        self.program.find_text('Connected As')


if __name__ == '__main__':
    case.main()
