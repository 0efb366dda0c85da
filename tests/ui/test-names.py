#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every control of every page has a name that a screen reader can say."""

import os

import case
import driver
import steps

# Not menu items: GTK up to 4.18 hides the labels that name them.
CONTROLS = ('button', 'push button', 'toggle button', 'check box', 'switch', 'text', 'entry', 'password text',
            'spin button', 'combo box', 'page tab', 'list item', 'level bar', 'progress bar', 'table', 'link')


def path(node):
    """Where it is, for whoever has to name it."""
    roles = [node.get_role_name()]
    while node.get_parent() is not None and len(roles) < 8:
        node = node.get_parent()
        roles.append(node.get_role_name() + (f' “{node.get_name()}”' if node.get_name() else ''))
    return ' in '.join(roles)


class TestNames(case.Case):
    def assert_names(self, program, page, within=None):
        nameless = [f'{page}: {path(node)}' for node in program.nodes(within)
                    if node.get_role_name() in CONTROLS and not driver.name_of(node)]
        self.assertEqual(nameless, [])

    def test_welcome_page(self):
        program = self.start()
        program.find_text('Welcome to Sluice')
        self.assert_names(program, 'Welcome')
        program.press('button', steps.is_new_subscription)
        self.assert_names(program, 'New Subscription', program.dialog('New Subscription'))

    def test_pages(self):
        org = self.start_org()
        program = self.start()
        steps.create_subscription(program, 'Northwind', org.url)
        self.assert_names(program, 'Signed out')
        steps.authenticate(program)
        program.find_text('Connected As')
        self.assert_names(program, 'Overview')
        steps.query(program)
        program.find_text('Alfreds Futterkiste')
        for page in ('Data', 'Activity', 'Settings'):
            steps.show_page(program, page)
            self.assert_names(program, page)
        steps.show_objects(program)
        steps.choose_object(program, 'Account')
        program.find_text('BillingStreet')
        self.assert_names(program, 'Objects')

    def test_transfer_dialogs(self):
        org = self.start_org()
        program = self.start(GDK_DEBUG='no-portals')
        steps.sign_in(program, 'Northwind', org.url)
        steps.show_page(program, 'Data')
        program.set_text('SOQL Query', steps.ACCOUNTS)
        program.press('button', 'Export Records')
        self.assert_names(program, 'Export', program.dialog('Export Records'))
        program.key('Escape')
        program.find_gone('dialog', 'Export Records')

        program.press('button', 'Import Records')
        dialog = program.dialog('Import Records')
        path = os.path.join(self.home.path, 'Account.csv')
        with open(path, 'w', encoding='utf-8') as file:
            file.write('Account Name,Phone\nA,1\n')
        program.press('button', 'Choose…', dialog)
        steps.type_path(program, 'Import Records', path)
        for landmark in ('First Rows', 'Create a new record for each row', 'How Values Are Written',
                         '1 row can be imported'):
            program.find_text(landmark, dialog)
            self.assert_names(program, landmark, dialog)
            program.press('button', 'Continue', dialog)
        program.find_text('Create 1 record of Account?', dialog)
        self.assert_names(program, 'Confirm', dialog)

    def test_waiting_page(self):
        self.browser.plan(answer='Close')
        org = self.start_org()
        program = self.start()
        steps.create_subscription(program, 'Northwind', org.url)
        steps.authenticate(program)
        program.find_text('Log In in the Browser')
        program.find('entry', 'Address of the page')
        self.assert_names(program, 'Waiting for the browser')


if __name__ == '__main__':
    case.main()
