#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an empty home to records of an org, and back to an empty home."""

import os

import case
import steps
from driver import wait


class TestConnect(case.Case):
    def test_whole_way(self):
        org = self.start_org()
        program = self.start()

        program.find_text('Welcome to Sluice')
        steps.create_subscription(program, 'Northwind', org.url)
        program.find_text('Not Signed In')

        # The browser does the rest; nothing is pressed here until the page has filled.
        steps.authenticate(program)
        program.find_text('Connected As')
        for text in ('admin@demo.example', 'Northwind Traders', 'Production', 'In the keyring', 'API Calls',
                     'The Org’s Day', 'Limits of the Org'):
            program.find_text(text)
        self.assertIn('http://localhost:7717/OauthRedirect', self.browser.visits()[-1]['address'])
        self.assertEqual(self.browser.visits()[-1]['status'], 200)

        steps.query(program)
        program.find_text('Alfreds Futterkiste')
        program.find_text('Berlin')

        steps.show_page(program, 'Activity')
        program.find_text('Read limits')

        steps.show_page(program, 'Overview')
        steps.remove_tokens(program, revoke=True)
        wait(lambda: any('/revoke' in request['path'] for request in org.requests()), 'a call of revoke')

        steps.delete_subscription(program)
        self.assertEqual(os.listdir(self.home.subscriptions), [])
        self.assertEqual(program.quit(), 0)

    def test_invalid_form_cannot_be_saved(self):
        program = self.start()
        program.press('button', steps.is_new_subscription)
        dialog = program.dialog('New Subscription')
        steps.fill_form(program, dialog, 'Elsewhere', 'https://salesforce.example')
        program.find_text('does not belong to Salesforce', dialog)
        self.assertFalse(program.is_enabled(program.find('button', 'Save', dialog)))

        program.set_text('API URL', 'NorthPier.lightning.force.com/lightning/page/home', dialog)
        program.find_text('https://northpier.my.salesforce.com', dialog)
        wait(lambda: program.is_enabled(program.find('button', 'Save', dialog)), 'a form that can be saved')

    def test_two_orgs_are_told_apart(self):
        production = self.start_org()
        program = self.start()
        steps.sign_in(program, 'Live', production.url)
        sandbox = self.start_org('--org', 'sandbox', log='sandbox.log')
        steps.sign_in(program, 'Try-Out', sandbox.url)
        program.find_text('Sandbox')
        program.activate(program.find_row('Live'))
        steps.find_page(program, 'Live')
        program.find_text('Production')

    def test_no_secret_is_left_in_files(self):
        org = self.start_org()
        program = self.start()
        steps.sign_in(program, 'Northwind', org.url)
        program.quit()
        for path in self.home.files():
            # The keyring is elsewhere, and the org and the browser are not ours.
            if path.startswith(os.path.join(self.home.path, 'org')) or '/browser/' in path:
                continue
            with open(path, encoding='utf-8', errors='replace') as file:
                self.assertNotRegex(file.read(), case.SECRET, path)


if __name__ == '__main__':
    case.main()
