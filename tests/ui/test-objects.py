#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of an org: found, looked at, counted, queried, and still there when the org is not."""

import case
import steps


def starts(word):
    return lambda name: name.startswith(word)


class TestObjects(case.Case):
    def show_objects(self, *arguments):
        self.org = self.start_org(*arguments)
        program = self.start()
        steps.sign_in(program, 'Northwind', self.org.url)
        steps.show_objects(program)
        return program

    def describes(self):
        return [request['path'] for request in self.org.requests() if request['path'].endswith('/describe')]

    def test_find(self):
        program = self.show_objects()
        program.find_text('Price Book Entry')
        self.assertEqual(self.describes(), [])
        program.set_text('Search objects', 'LINEITEM')
        program.find('list item', 'Opportunity Product')
        program.find_gone('list item', 'Account')
        program.set_text('Search objects', 'nonsense')
        program.find_text('No Such Object')
        program.press('button', 'Show All Objects')
        program.find('list item', 'Account')
        self.assertFalse(program.says('Custom', program.find('list item', 'Account')))
        program.set_text('Search objects', '__c')
        self.assertTrue(program.says('Custom', program.find('list item', 'Shipper')))

    def test_object(self):
        program = self.show_objects()
        steps.choose_object(program, 'Account')
        program.find('page tab', starts('Fields ('))
        program.find_text('string(255)')
        program.find_text('Key prefix: 001')
        program.set_text('Search fields', 'northwind_code')
        program.find_text('External ID')
        program.find_text_gone('BillingStreet')
        self.assertEqual(len(self.describes()), 1)

        # What has been looked at costs no second call.
        steps.choose_object(program, 'Contact')
        program.find_text('LastName')
        steps.choose_object(program, 'Account')
        program.find_text('BillingStreet')
        self.assertEqual(len(self.describes()), 2)

    def test_field(self):
        program = self.show_objects()
        steps.choose_object(program, 'Contact')
        program.find('page tab', starts('Fields ('))
        program.set_text('Search fields', 'ReportsToId')
        program.find_text_gone('LastName')
        program.click(program.find_row('ReportsToId'))
        dialog = program.dialog('Reports To ID')
        program.find_text('reference(Contact)', dialog)
        program.find_text('ReportsTo', dialog)
        program.press('button', 'Copy API Name', dialog)
        program.find_text('Copied to clipboard', dialog)

    def test_children(self):
        program = self.show_objects()
        steps.choose_object(program, 'Account')
        program.activate(program.find('page tab', starts('Children (')))
        program.find_text('ChildAccounts')
        program.click(program.find_row('Opportunity.AccountId'))
        program.find_text('StageName')

    def test_query(self):
        program = self.show_objects()
        steps.choose_object(program, 'Product')
        program.find_text('ProductCode')
        program.press('button', 'Query This Object')
        program.find('button', 'Run')
        text = program.get_text('SOQL Query')
        self.assertTrue(text.startswith('SELECT Id, '), text)
        self.assertIn('FROM Product2', text)
        program.press('button', 'Run')
        program.find_text('Chai')

    def test_count(self):
        program = self.show_objects()
        program.choose('Menu of the Objects', '_Count All Records')
        program.find_text('approximate')
        program.find_text('830', program.find('list item', 'Order'))
        steps.choose_object(program, 'Account')
        program.press('button', 'Count Records')
        program.find_text('About ')

    def test_offline(self):
        program = self.show_objects()
        steps.choose_object(program, 'Account')
        program.find_text('As of today')
        self.org.stop()
        program.press('button', 'Ask the Org Again About This Object')
        program.find_text('Old: as of today', patience=60)
        program.find_text('BillingStreet')

    def test_signed_out(self):
        program = self.show_objects()
        steps.choose_object(program, 'Account')
        program.find_text('BillingStreet')
        program.quit()
        self.org.stop()
        # The program starts the demo org again, which knows none of its tokens.
        program = self.start()
        program.find_text('Signed Out by Salesforce')
        program.press('tab', 'Data')
        program.press('tab', 'Objects')
        steps.choose_object(program, 'Account')
        program.find_text('BillingStreet')
        program.press('button', 'Ask the Org Again About This Object')
        program.find_text('Old: as of today')
        program.find_text('Nobody is signed in.')

    def test_remove_tokens(self):
        program = self.show_objects()
        steps.choose_object(program, 'Account')
        program.find_text('BillingStreet')
        steps.remove_tokens(program, False)
        program.find_text('Authenticate to look at the objects of the org.')
        program.find_text_gone('BillingStreet')
        self.assertEqual([path for path in self.home.files() if '/describe/' in path], [])

    def test_keyboard(self):
        program = self.show_objects()
        program.focus('Search objects')
        program.set_text('Search objects', 'pricebookentry')
        program.find_gone('list item', 'Account')
        program.key('Return')
        program.find_text('UnitPrice')
        program.key('ctrl+f')

    def test_narrow(self):
        self.home.write_config('glib-2.0/settings/keyfile',
                               '[io/github/sluice/Sluice]\nwindow-width=360\nwindow-height=720\n')
        program = self.show_objects()
        steps.choose_object(program, 'Account')
        program.find('page tab', starts('Fields ('))
        program.find_gone('list item', 'Contact')
        program.press('button', 'Back to the List of Objects')
        program.find('list item', 'Contact')


if __name__ == '__main__':
    case.main()
