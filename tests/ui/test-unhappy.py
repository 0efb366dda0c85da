#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong between the window, the browser and the org is told in words that help."""

import socket

import case
import steps
from driver import wait

PORTS = (7717, 17717, 27717)


def listen(port):
    listener = socket.create_server(('127.0.0.1', port))
    listener.settimeout(0)
    return listener


def is_free(port):
    with socket.socket() as probe:
        return probe.connect_ex(('127.0.0.1', port)) != 0


class TestSignIn(case.Case):
    def begin(self, consumer_key='demo', **plan):
        self.browser.plan(**plan)
        self.org = self.start_org()
        self.program = self.start()
        steps.create_subscription(self.program, 'Northwind', self.org.url, consumer_key)
        steps.authenticate(self.program)

    def report_error_page(self):
        """Copies the address that the browser shows into the window."""
        address = self.browser.wait_for_visit('RemoteAccessErrorPage')['address']
        self.program.focus('Address of the page')
        self.program.set_text('Address of the page', address)
        self.program.press('button', 'Apply')

    def test_denied(self):
        self.begin(answer='Deny')
        self.program.find_text('Access Denied')
        self.browser.plan(answer='Allow')
        self.program.press('button', 'Sign In Again')
        self.program.find_text('Connected As')

    def test_closed_tab(self):
        self.begin(answer='Close')
        self.program.find_text('Log In in the Browser')
        self.browser.wait_for_visit('/services/oauth2/authorize')
        self.assertFalse(is_free(PORTS[0]))
        self.program.press('button', 'Cancel')
        self.program.find_text('Not Signed In')
        wait(lambda: is_free(PORTS[0]), 'a closed listener')

    def test_error_page_becomes_advice(self):
        self.begin('demo-not-installed')
        self.report_error_page()
        self.program.find_text('App Not Installed')

    def test_wrong_consumer_key(self):
        self.begin('wrong')
        self.report_error_page()
        self.program.find_text('Consumer Key Not Known')

    def test_blocked_app(self):
        self.begin('demo-blocked')
        self.program.find_text('App Blocked')

    def test_refused_token_request(self):
        self.begin('demo-token-ip')
        self.program.find_text('Network Not Allowed')

    def test_some_ports_are_busy(self):
        for port in PORTS[:2]:
            self.addCleanup(listen(port).close)
        self.begin()
        self.program.find_text('Connected As')
        self.browser.wait_for_visit(f'http://localhost:{PORTS[2]}/')

    def test_all_ports_are_busy(self):
        listeners = [listen(port) for port in PORTS]
        self.begin()
        self.program.find_text('All ports that the browser could answer on are in use')
        self.assertEqual(self.browser.visits(), [])
        for listener in listeners:
            listener.close()
        steps.authenticate(self.program)
        self.program.find_text('Connected As')

    def test_quit_while_waiting(self):
        self.begin(answer='Close')
        self.browser.wait_for_visit('/services/oauth2/authorize')
        self.program.key('ctrl+q')
        self.program.press('button', 'Keep Waiting', self.program.dialog())
        self.program.find_gone('dialog')
        self.program.key('ctrl+q')
        self.program.press('button', 'Stop and Close', self.program.dialog())
        self.assertEqual(self.program.wait_for_end(), 0)
        self.assertTrue(is_free(PORTS[0]))


class TestOrg(case.Case):
    def test_down_and_back(self):
        # Not the key of the demo org that the program would start by itself.
        state = f'{self.home.path}/org.state'
        org = self.start_org('--state', state)
        program = self.start()
        steps.sign_in(program, 'Northwind', org.url, 'demo-no-rotation')
        org.stop()
        program.press('button', 'Refresh')
        program.find_text('Offline')

        self.start_org('--state', state, port=org.port)
        program.press('button', 'Try Again')
        program.find_text_gone('Offline')
        program.find_text('Connected As')


class TestFiles(case.Case):
    def test_damaged_file_harms_no_other(self):
        self.home.write_subscription('5b0a8a1e-4a5c-4d3e-8f57-0c1f3c5e7a11.json', '{"format": 1, "name": "Broken"')
        program = self.start()
        program.find_text('Damaged File')
        steps.create_subscription(program, 'Northwind', 'northwind.my.salesforce.com')
        program.find_text('Not Signed In')

    def test_newer_file_is_kept(self):
        name = '5b0a8a1e-4a5c-4d3e-8f57-0c1f3c5e7a11.json'
        self.home.write_subscription(name, '{"format": 99, "name": "From the Future"}')
        program = self.start()
        program.find_text('newer version')
        program.quit()
        with open(f'{self.home.subscriptions}/{name}', encoding='utf-8') as file:
            self.assertEqual(file.read(), '{"format": 99, "name": "From the Future"}')


if __name__ == '__main__':
    case.main()
