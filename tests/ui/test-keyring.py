#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Without a keyring, and with a locked one, the window says which, and what can be done."""

import case
import steps


class TestKeyring(case.Case):
    def test_absent(self):
        org = self.start_org()
        case.publish_accessibility()
        program = self.start(DBUS_SESSION_BUS_ADDRESS=self.start_bare_bus())
        steps.create_subscription(program, 'Northwind', org.url)
        steps.authenticate(program)
        program.find_text('No Keyring')
        program.press('button', 'Keep in Memory')
        program.find_text('Tokens are kept in memory until Sluice quits')
        steps.show_page(program, 'Settings')
        program.find_text('Kept in memory until Sluice is closed')

    def test_present(self):
        org = self.start_org()
        program = self.start()
        steps.sign_in(program, 'Northwind', org.url)
        steps.show_page(program, 'Settings')
        program.find_text('Kept in the keyring')

    def test_encrypted_file(self):
        """As in a sandbox."""
        org = self.start_org()
        file = f'{self.home.path}/default.keyring'
        program = self.start(SECRET_BACKEND='file', SECRET_FILE_TEST_PATH=file, SECRET_FILE_TEST_PASSWORD='test')
        steps.sign_in(program, 'Northwind', org.url)
        program.find_text('In an encrypted file of Sluice')
        steps.show_page(program, 'Settings')
        program.find_text('Kept in an encrypted file that only this application can read')

    def test_locked(self):
        org = self.start_org()
        program = self.start()
        steps.sign_in(program, 'Northwind', org.url)
        program.quit()
        case.lock_keyring()
        self.addCleanup(case.unlock_keyring)

        program = self.start()
        program.find_text('Keyring Locked')
        case.unlock_keyring()
        program.press('button', 'Refresh')
        program.find_text('Connected As')


if __name__ == '__main__':
    case.main()
