#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything can be tried without an account."""

import case
import steps


class TestDemoOrg(case.Case):
    def try_demo_org(self, program):
        program.press('button', 'Try the Demo Org')
        steps.find_page(program, 'Demo Org')
        program.find_text('Log in as admin@demo.example')
        steps.authenticate(program)
        program.find_text('Connected As')

    def test_from_the_welcome_page(self):
        program = self.start()
        self.try_demo_org(program)
        program.find_text('Northwind Traders')
        steps.query(program)
        program.find_text('Alfreds Futterkiste')
        self.assertEqual(program.quit(), 0)

    def test_again_after_a_restart(self):
        program = self.start()
        self.try_demo_org(program)
        self.assertEqual(program.quit(), 0)

        program = self.start()
        program.press('button', 'Refresh')
        program.find_text('Connected As')


if __name__ == '__main__':
    case.main()
