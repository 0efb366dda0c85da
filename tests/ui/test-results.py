#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of a query can be sorted, searched and looked at."""

import case
import driver
import steps

ACCOUNTS = ('SELECT Id, Name, BillingCity, (SELECT LastName, Email FROM Contacts) '
            'FROM Account ORDER BY Name')


class TestResults(case.Case):
    def setUp(self):
        super().setUp()
        # With nobody to draw shadows, GTK draws a frame, and everything lies beside where it says.
        self.home.write_config('gtk-4.0/gtk.css', 'window.solid-csd { border: none; box-shadow: none; padding: 0; }')
        self.browser.plan(answer='Allow')
        self.org = self.start_org()
        self.program = self.start()
        steps.sign_in(self.program, 'Northwind', self.org.url)
        steps.query(self.program, ACCOUNTS)
        self.program.find_text('Alfreds Futterkiste')

    def cell(self, text):
        return self.program.find('table cell', text)

    def first_row(self):
        return driver.name_of(self.program.find('row', lambda name: name.startswith('0015e')))

    def test_sorts_without_the_org(self):
        calls = len(self.org.requests())
        self.sort_by('BillingCity')
        driver.wait(lambda: 'Drachenblut Delikatessen' in self.first_row(), 'Aachen as the first city')
        self.sort_by('BillingCity')
        driver.wait(lambda: 'Drachenblut Delikatessen' not in self.first_row(), 'another city')
        self.assertEqual(len(self.org.requests()), calls)

    def test_finds(self):
        self.program.press('button', 'Find in Results (Ctrl+F)')
        self.program.set_text('Find in results', 'BERLIN')
        self.program.find_text('1 of 1')
        self.program.set_text('Find in results', 'no such text')
        self.program.find_text('No matches')

    def sort_by(self, title):
        # GTK has no role for the title of a column.
        self.program.click(self.program.find('filler', title))

    def test_shows_a_record(self):
        self.program.click(self.cell('Alfreds Futterkiste'))
        self.program.key('Return')
        dialog = self.program.dialog('Record')
        self.program.find_text('Berlin', dialog)

    def test_shows_the_rows_of_a_subquery(self):
        self.program.click(self.cell('2 rows'))
        self.program.key('Return')
        dialog = self.program.dialog('Contacts')
        self.program.find_text('Anders', dialog)


if __name__ == '__main__':
    case.main()
