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
        return self.show_dialog()

    def show_dialog(self):
        self.program.press('button', 'Export Records')
        return self.program.dialog('Export Records')

    def save(self, dialog, path):
        self.program.press('button', 'Export…', dialog)
        steps.type_path(self.program, 'Export Records', path)

    def close(self):
        self.program.key('Escape')
        self.program.find_gone('dialog', 'Export Records')

    def read(self, path):
        with open(path, 'rb') as file:
            return file.read()

    def test_csv(self):
        path = os.path.join(self.home.path, 'accounts.csv')
        dialog = self.open_dialog()
        self.program.set_checked('For Spreadsheets', True, dialog)
        self.picture('options')
        self.save(dialog, path)
        self.program.find('button', 'Open Folder', dialog)
        self.program.find_text('91 records', dialog)
        self.program.find_text('accounts.csv', dialog)
        self.picture('done')

        text = self.read(path)
        self.assertTrue(text.startswith(b'\xef\xbb\xbfId,Name\r\n'))
        self.assertIn(b'Alfreds Futterkiste', text)
        self.assertFalse(os.path.exists(path + '.part'))
        self.close()

    def test_cancel_and_take_up(self):
        """What was cancelled is not there under its name, and goes on where it was: here, and after a new start."""
        path = os.path.join(self.home.path, 'accounts.csv')
        program_path = os.path.join(self.home.path, 'whole.csv')
        dialog = self.open_dialog('--data', '30000', '--latency', '500')
        program = self.program
        self.save(dialog, path)
        program.find_text('of 30000 records', dialog)
        program.press('button', 'Cancel', dialog)
        program.find_text('Cancelled', dialog)
        self.assertFalse(os.path.exists(path))
        self.assertTrue(os.path.exists(path + '.part'))
        self.close()

        dialog = self.show_dialog()
        self.save(dialog, path)
        program.find_text('Resume the Export?')
        program.press('button', 'Resume')
        program.find('button', 'Open Folder', dialog)
        program.find_text('30000 records', dialog)
        self.close()

        dialog = self.show_dialog()
        self.save(dialog, program_path)
        program.find('button', 'Open Folder', dialog)
        self.assertEqual(self.read(path), self.read(program_path))
        self.assertFalse(os.path.exists(path + '.part'))
        self.assertFalse(os.path.exists(path + '.part.json'))
        self.close()

    def picture(self, name):
        """For whoever looks at it: PICTURES says where to."""
        folder = os.environ.get('PICTURES')
        if folder:
            driver.settled_screenshot(os.path.join(folder, f'export-{name}.png'), self.program.window_ids()[-1])


if __name__ == '__main__':
    case.main()
