#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a second start finds, and what a start beside a running program does."""

import subprocess

import case
import driver
import steps
from driver import wait


class TestRestart(case.Case):
    def test_still_signed_in(self):
        org = self.start_org()
        program = self.start()
        steps.sign_in(program, 'Northwind', org.url)
        visits = len(self.browser.visits())
        self.assertEqual(program.quit(), 0)

        program = self.start()
        steps.find_page(program, 'Northwind')
        program.press('button', 'Refresh')
        program.find_text('Connected As')
        self.assertEqual(len(self.browser.visits()), visits)

    def test_chosen_subscription_is_kept(self):
        program = self.start()
        for name in ('Alpha', 'Beta', 'Gamma'):
            steps.create_subscription(program, name, f'{name.lower()}.my.salesforce.com')
        program.activate(program.find_row('Beta'))
        steps.find_page(program, 'Beta')
        self.assertEqual(program.quit(), 0)

        program = self.start()
        steps.find_page(program, 'Beta')

    def test_window_keeps_its_size(self):
        program = self.start()
        program.resize(900, 700)
        self.assertEqual(program.quit(), 0)
        program = self.start()
        wait(lambda: program.size() == (900, 700), 'a window of the same size')

    def test_second_start_shows_the_first_window(self):
        first = self.start()
        second = case.Program(self.home)
        self.programs.append(second)
        self.addCleanup(second.stop)
        self.assertEqual(second.wait_for_end(), 0)
        self.assertIsNone(first.process.poll())
        self.assertEqual(len(list(driver.children(first.root()))), 1)

    def test_desktop_asks_for_a_new_subscription(self):
        program = self.start()
        program.find_text('Welcome to Sluice')
        subprocess.run(['gapplication', 'action', case.APPLICATION_ID, 'new-subscription'], check=True)
        program.find('dialog', 'New Subscription')


if __name__ == '__main__':
    case.main()
