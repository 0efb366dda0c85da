#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real browser, with the real login form, brings the tokens."""

import unittest

import case
import chromium
import steps
from driver import wait


@unittest.skipIf(chromium.why_absent(), chromium.why_absent())
class TestChromium(case.Case):
    def make_browser(self):
        browser = chromium.Chromium(self.home)
        self.addCleanup(browser.stop)
        return browser

    def test_sign_in(self):
        org = self.start_org()
        program = self.start()
        steps.create_subscription(program, 'Northwind', org.url)
        steps.authenticate(program)

        self.browser.attach()
        self.browser.type('Username', 'admin@demo.example')
        self.browser.type('Password', 'demo')
        self.browser.press('Log In')
        self.browser.press('Allow')

        program.find_text('Connected')
        program.find_text('admin@demo.example')
        wait(lambda: self.browser.url().startswith('http://localhost:'), 'the last page')
        self.assertIn('Sluice', self.browser.text())


if __name__ == '__main__':
    case.main()
