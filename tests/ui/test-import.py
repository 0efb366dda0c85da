#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a file to records of an org, what went wrong with some of them, and back."""

import os

import case
import driver
import steps

TABLE = 'Account Name;Employees;Phone\r\nMüller & Söhne;12;030 1\r\nBad;many;\r\nZürich AG;7;\r\n'


class TestImport(case.Case):
    def sign_in(self, *arguments):
        self.org = self.start_org(*arguments)
        # GTK's own file chooser is the same everywhere.
        self.program = self.start(GDK_DEBUG='no-portals')
        steps.sign_in(self.program, 'Northwind', self.org.url)
        steps.show_page(self.program, 'Data')

    def open_dialog(self):
        self.program.press('button', 'Import Records')
        return self.program.dialog('Import Records')

    def write(self, name, text, encoding='utf-8'):
        path = os.path.join(self.home.path, name)
        with open(path, 'w', encoding=encoding, newline='') as file:
            file.write(text)
        return path

    def read(self, path):
        with open(path, encoding='utf-8') as file:
            return file.read()

    def choose_file(self, dialog, path):
        self.program.press('button', 'Choose…', dialog)
        steps.type_path(self.program, 'Import Records', path)
        self.program.find_text(os.path.basename(path), dialog)

    def go_on(self, dialog, landmark):
        """Every page has this button, so the next one has to be there before it is pressed again."""
        self.program.press('button', 'Continue', dialog)
        self.program.find_text(landmark, dialog)

    def insert(self, dialog, path):
        """From the dialog to the result."""
        program = self.program
        self.choose_file(dialog, path)
        program.find_text('Windows-1252: detected, likely', dialog)
        program.find_text('Semicolons: detected', dialog)
        program.find_text('Müller & Söhne', dialog)
        self.picture('file')
        self.go_on(dialog, 'Create a new record for each row')
        self.picture('target')
        self.go_on(dialog, 'NumberOfEmployees')
        self.picture('match')
        self.go_on(dialog, '2 rows can be imported')
        program.find_text('Row 3: NumberOfEmployees: “many” is no whole number', dialog)
        self.picture('check')
        self.go_on(dialog, 'Create 2 records of Account?')
        program.find_text('Name: Müller & Söhne', dialog)
        program.find_text('Production: Northwind Traders', dialog)
        self.picture('confirm')
        program.press('button', 'Import', dialog)

        program.find_text('1 Row Failed', dialog)
        self.picture('result')

    def close(self, dialog):
        self.program.press('button', 'Done', dialog)
        self.program.find_gone('dialog', 'Import Records')

    def test_insert_and_take_back(self):
        self.sign_in()
        program = self.program
        dialog = self.open_dialog()
        path = self.write('Account.csv', TABLE, 'cp1252')
        self.insert(dialog, path)
        self.assertIn('Zürich AG', self.read(path + '.succeeded.csv'))
        self.assertIn('many', self.read(path + '.failed.csv'))
        program.find_text('Account.csv.undo-delete.csv', dialog)
        self.close(dialog)

        # The file that undoes it is a delete, which production lets nobody do by the way.
        dialog = self.open_dialog()
        self.choose_file(dialog, path + '.undo-delete.csv')
        self.go_on(dialog, 'Create a new record for each row')
        # A row's keys are arrows; the driver knows only Tab.
        program.click(program.find('check', 'Delete', dialog))
        self.go_on(dialog, 'How Values Are Written')
        self.go_on(dialog, '2 rows can be imported')
        self.go_on(dialog, 'Delete 2 records of Account?')
        button = program.find('button', 'Delete', dialog)
        self.assertFalse(program.is_enabled(button))
        self.picture('delete')
        program.set_text('Type “Account” to confirm', 'Contact', dialog)
        self.assertFalse(program.is_enabled(program.find('button', 'Delete', dialog)))
        program.set_text('Type “Account” to confirm', 'Account', dialog)
        program.press('button', 'Delete', dialog)
        program.find_text('Imported', dialog)
        self.close(dialog)

    def test_narrow(self):
        self.sign_in()
        program = self.program
        program.resize(360, 720)
        self.narrow = True
        self.insert(self.open_dialog(), self.write('Account.csv', TABLE, 'cp1252'))
        self.assertEqual(program.size(), (360, 720))

    def test_what_is_missing(self):
        self.sign_in()
        program = self.program
        dialog = self.open_dialog()
        self.choose_file(dialog, self.write('Account.csv', 'Phone,CreatedDate\n1,2026-01-01\n'))
        self.go_on(dialog, 'Create a new record for each row')
        self.go_on(dialog, 'How Values Are Written')
        program.find_text('New records must have “Account Name”. Choose its column.', dialog)
        self.assertFalse(program.is_enabled(program.find('button', 'Continue', dialog)))
        self.picture('missing')
        # Escape goes back, and closes the first page.
        for landmark in ('Create a new record for each row', 'How It Is Written'):
            program.key('Escape')
            program.find_text(landmark, dialog)
        program.key('Escape')
        program.find_gone('dialog', 'Import Records')

    def test_bad_file(self):
        self.sign_in()
        dialog = self.open_dialog()
        self.choose_file(dialog, self.write('twice.csv', 'Name,name\na,b\n'))
        self.program.find_text('two columns are called “name”', dialog)
        self.assertFalse(self.program.is_enabled(self.program.find('button', 'Continue', dialog)))

    def picture(self, name):
        """For whoever looks at it: PICTURES says where to."""
        folder = os.environ.get('PICTURES')
        if folder:
            narrow = '-narrow' if getattr(self, 'narrow', False) else ''
            driver.settled_screenshot(os.path.join(folder, f'import-{name}{narrow}.png'), self.program.window_ids()[-1])


if __name__ == '__main__':
    case.main()
