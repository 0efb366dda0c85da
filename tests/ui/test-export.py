#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a query to a file that is whole or not there."""

import os

import case
import driver
import steps

QUERY = 'SELECT Id, Name FROM Account ORDER BY Name'


class TestExport(case.Case):
    def open_dialog(self, *arguments):
        self.org = self.start_org(*arguments)
        # GTK's own file chooser is the same everywhere.
        self.program = self.start(GDK_DEBUG='no-portals')
        steps.sign_in(self.program, 'Northwind', self.org.url)
        steps.show_page(self.program, 'Data')
        self.program.set_text('SOQL Query', QUERY)
        self.program.press('button', 'Export Records')
        return self.program.dialog('Export Records')

    def save(self, dialog, name):
        path = os.path.join(self.home.path, name)
        self.program.press('button', 'Export…', dialog)
        steps.type_path(self.program, 'Export Records', path)
        return path

    def test_csv(self):
        dialog = self.open_dialog()
        self.program.set_checked('For Spreadsheets', True, dialog)
        self.picture('options')
        path = self.save(dialog, 'accounts.csv')
        self.program.find('button', 'Open Folder', dialog)
        self.program.find_text('accounts.csv', dialog)
        self.picture('done')

        with open(path, 'rb') as file:
            text = file.read()
        self.assertTrue(text.startswith(b'\xef\xbb\xbfId,Name\r\n'))
        self.assertIn(b'Alfreds Futterkiste', text)
        self.assertFalse(os.path.exists(path + '.part'))
        self.program.key('Escape')
        self.program.find_gone('dialog', 'Export Records')

    def picture(self, name):
        folder = os.environ.get('PICTURES')
        if folder:
            driver.settled_screenshot(os.path.join(folder, f'export-{name}.png'), self.program.window_ids()[-1])


if __name__ == '__main__':
    case.main()
