#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every control of every page has a name that a screen reader can say."""

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
