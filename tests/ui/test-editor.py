#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing a query: completion, errors at their place, and finding queries again."""

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi  # noqa: E402

import case  # noqa: E402
import driver  # noqa: E402
import steps  # noqa: E402

EDITOR = 'SOQL Query'


class TestEditor(case.Case):
    def sign_in(self, *arguments):
        org = self.start_org(*arguments)
        program = self.start()
        steps.sign_in(program, 'Northwind', org.url)
        steps.show_page(program, 'Data')
        return program

    def listen(self):
        """What a screen reader is told."""
        heard = []
        self.listener = Atspi.EventListener.new(lambda event: heard.append(event.any_data))
        self.listener.register('object:announcement')
        self.addCleanup(self.listener.deregister, 'object:announcement')
        return heard

    def write(self, program, text):
        """With the keys, as completion follows them."""
        program.set_text(EDITOR, '')
        driver.xdotool('windowfocus', '--sync', program.window_ids()[0])
        program.focus(EDITOR)
        self.type(program, text)

    def type(self, program, text):
        before = program.get_text(EDITOR)
        driver.xdotool('type', '--delay', '20', text)
        driver.wait(lambda: program.get_text(EDITOR) == before + text, f'“{text}” in the editor')

    def choose(self, program, heard, name):
        """Goes down the list until that is told, then takes it."""
        for _ in range(40):
            if any(told.split(', ')[0] == name for told in heard[-1:]):
                break
            told = len(heard)
            driver.xdotool('key', 'Down')
            try:
                driver.wait(lambda: len(heard) > told, 'the next one', 5)
            except driver.NotYet:
                continue
        self.assertEqual(heard[-1].split(', ')[0], name)
        driver.xdotool('key', 'Return')

    def find_written(self, program, text):
        driver.wait(lambda: program.get_text(EDITOR) == text, f'“{text}” in the editor')

    def test_completes_by_keyboard(self):
        program = self.sign_in()
        heard = self.listen()

        self.write(program, 'SELECT Id FROM Contac')
        self.choose(program, heard, 'Contact')
        self.assertEqual(heard[-1], 'Contact, Contact')
        self.find_written(program, 'SELECT Id FROM Contact')

        # A relationship to the parent, and what comes after its dot
        self.type(program, ' WHERE Accoun')
        self.choose(program, heard, 'Account')
        self.find_written(program, 'SELECT Id FROM Contact WHERE Account.')
        self.type(program, 'Indus')
        self.choose(program, heard, 'Industry')
        self.find_written(program, 'SELECT Id FROM Contact WHERE Account.Industry')

        # A value of its picklist
        self.type(program, " = '")
        self.choose(program, heard, 'Retail')
        self.find_written(program, "SELECT Id FROM Contact WHERE Account.Industry = 'Retail'")

        # Ctrl+Enter runs, and does not choose.
        program.key('ctrl+Return')
        program.find_text(' · 1 call')
        self.find_written(program, "SELECT Id FROM Contact WHERE Account.Industry = 'Retail'")

    def underlined(self, program):
        """What of the text is marked as wrong."""
        text = program.find('entry', EDITOR).get_text_iface()
        marked = ''
        for offset in range(Atspi.Text.get_character_count(text)):
            attributes, _, _ = Atspi.Text.get_attribute_run(text, offset, False)
            if attributes.get('underline') == 'error':
                marked += Atspi.Text.get_text(text, offset, offset + 1)
        return marked

    def test_marks_what_is_wrong(self):
        program = self.sign_in()
        steps.query(program, 'SELECT Id,\n  Wrong__c\nFROM Account')
        program.find_text('Line 2, character 3: No such column')
        driver.wait(lambda: self.underlined(program) == 'Wrong__c', 'the mark')

        program.set_text(EDITOR, 'SELECT Id,\n  Name\nFROM Account')
        driver.wait(lambda: self.underlined(program) == '', 'the end of the mark')

    def test_tells_what_a_big_query_costs(self):
        program = self.sign_in('--data', '60000')
        steps.query(program, 'SELECT Id FROM Account')
        program.find_text('The query finds 60000 records')
        program.find_text('calls of the Bulk API')
        program.press('button', 'Cancel')
        program.find_text_gone('The query finds')

        # A small one runs at once.
        steps.query(program, 'SELECT Id FROM Account LIMIT 7')
        program.find_text('7 rows')

        steps.query(program, 'SELECT Id FROM Account')
        program.press('button', 'Run Anyway')
        program.find_text('60000 rows')

    def save(self, program, name):
        program.press('button', 'Save Query…')
        dialog = program.dialog('Save Query')
        program.set_text('Name', name, dialog)
        program.press('button', 'Save', dialog)
        program.find_gone('dialog', 'Save Query')

    def test_finds_queries_again(self):
        program = self.sign_in()
        steps.query(program, 'SELECT Id FROM Account LIMIT 3')
        program.find_text('3 rows')
        program.set_text(EDITOR, 'SELECT Id FROM Contact')
        self.save(program, 'Everybody')
        program.set_text(EDITOR, 'SELECT Id FROM Ord')
        self.assertEqual(program.quit(), 0)

        program = self.start()
        steps.show_page(program, 'Data')
        self.find_written(program, 'SELECT Id FROM Ord')

        program.open_menu('Saved Queries and History')
        program.press('button', 'Rename “Everybody”')
        dialog = program.dialog('Rename Query')
        program.set_text('Name', 'All Contacts', dialog)
        program.press('button', 'Rename', dialog)
        program.find_gone('dialog', 'Rename Query')

        program.open_menu('Saved Queries and History')
        program.set_text('Search Queries', 'contacts')
        program.find('button', 'Delete “All Contacts”')
        program.find_gone('button', 'Delete “SELECT Id FROM Account LIMIT 3”')
        program.press('button', 'Delete “All Contacts”')
        program.press('button', 'Delete', program.dialog('Delete “All Contacts”?'))

        program.open_menu('Saved Queries and History')
        program.find_gone('button', 'Delete “All Contacts”')
        program.set_text('Search Queries', 'limit')
        program.key('Return')
        self.find_written(program, 'SELECT Id FROM Account LIMIT 3')


if __name__ == '__main__':
    case.main()
