#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a file to records of an org, and what went wrong with some of them."""

import os

import case
import driver
import steps


class TestImport(case.Case):
    def open_dialog(self, *arguments):
        self.org = self.start_org(*arguments)
        # GTK's own file chooser is the same everywhere.
        self.program = self.start(GDK_DEBUG='no-portals')
        steps.sign_in(self.program, 'Northwind', self.org.url)
        steps.show_page(self.program, 'Data')
        self.program.press('button', 'Import Records')
        return self.program.dialog('Import Records')

    def write(self, name, text, encoding='utf-8'):
        path = os.path.join(self.home.path, name)
        with open(path, 'w', encoding=encoding, newline='') as file:
            file.write(text)
        return path

    def choose_file(self, dialog, path):
        self.program.press('button', 'Choose…', dialog)
        steps.type_path(self.program, 'Import Records', path)
        self.program.find_text(os.path.basename(path), dialog)

    def go_on(self, dialog):
        self.program.press('button', 'Continue', dialog)

    def test_insert(self):
        dialog = self.open_dialog()
        path = self.write('Account.csv', 'Account Name;Employees;Phone\r\nMüller & Söhne;12;030 1\r\nBad;many;\r\n'
                          'Zürich AG;7;\r\n', 'cp1252')
        program = self.program
        self.choose_file(dialog, path)
        program.find_text('Windows-1252: detected, likely', dialog)
        program.find_text('Semicolons: detected', dialog)
        program.find_text('Müller & Söhne', dialog)
        self.picture('file')
        self.go_on(dialog)

        program.find_text('Create a new record for each row', dialog)
        self.picture('target')
        self.go_on(dialog)

        program.find_text('NumberOfEmployees', dialog)
        self.picture('match')
        self.go_on(dialog)

        program.find_text('2 rows can be imported', dialog)
        program.find_text('Row 3: NumberOfEmployees: “many” is no whole number', dialog)
        self.picture('check')
        self.go_on(dialog)

        program.find_text('Create 2 records of Account?', dialog)
        program.find_text('Name: Müller & Söhne', dialog)
        self.picture('confirm')
        program.press('button', 'Import', dialog)

        program.find_text('1 Row Failed', dialog)
        program.find_text('Account.csv.undo-delete.csv', dialog)
        self.picture('result')
        with open(path + '.succeeded.csv', encoding='utf-8') as file:
            self.assertIn('Zürich AG', file.read())
        with open(path + '.failed.csv', encoding='utf-8') as file:
            self.assertIn('many', file.read())
        program.press('button', 'Done', dialog)
        program.find_gone('dialog', 'Import Records')

    def picture(self, name):
        folder = os.environ.get('PICTURES')
        if folder:
            driver.settled_screenshot(os.path.join(folder, f'import-{name}.png'), self.program.window_ids()[-1])


if __name__ == '__main__':
    case.main()
