# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's Chromium as the default browser, driven through chromedriver."""

import json
import os
import shutil
import signal
import socket
import subprocess
import urllib.error
import urllib.request

import case
from driver import wait

# The session bus is taken away: Chromium would ask the keyring for a key, and wait for a prompt
# that nobody answers.
COMMAND = '''exec env -u DBUS_SESSION_BUS_ADDRESS -u DISPLAY -u XDG_CURRENT_DESKTOP {program} \\
  --headless --no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage \\
  --no-first-run --disable-background-networking --disable-component-update --disable-sync \\
  --password-store=basic --user-data-dir={profile} --remote-debugging-port=0 "$1" \\
  >>{log} 2>&1'''

ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'


def find_program():
    return next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None)


def why_absent():
    """Why there is no Chromium to drive, or None."""
    if find_program() is None:
        return 'Chromium is not installed'
    if shutil.which('chromedriver') is None:
        return 'chromedriver is not installed'
    return None


def free_port():
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return listener.getsockname()[1]


class Chromium:
    def __init__(self, home):
        self.profile = os.path.join(home.path, 'chromium')
        self.log_path = os.path.join(home.path, 'chromium.log')
        self.driver = None
        self.session = None
        case.set_default_browser(COMMAND.format(program=find_program(), profile=self.profile, log=self.log_path))

    def attach(self):
        """Waits until the program under test has opened the browser, then takes its wheel."""
        port = wait(self.debugging_port, 'Chromium')
        own_port = free_port()
        self.address = f'http://127.0.0.1:{own_port}'
        self.driver = subprocess.Popen(['chromedriver', f'--port={own_port}', '--log-level=OFF'],
                                       stdout=subprocess.DEVNULL)
        wait(self.is_ready, 'chromedriver')
        options = {'debuggerAddress': f'127.0.0.1:{port}'}
        reply = self.command('POST', '/session', {'capabilities': {'alwaysMatch': {'goog:chromeOptions': options}}})
        self.session = f'/session/{reply["sessionId"]}'

    def is_ready(self):
        try:
            return self.command('GET', '/status')['ready']
        except OSError:
            return False

    def debugging_port(self):
        try:
            with open(os.path.join(self.profile, 'DevToolsActivePort'), encoding='utf-8') as file:
                return int(file.readline())
        except (FileNotFoundError, ValueError):
            return None

    def command(self, method, path, body=None):
        data = json.dumps(body).encode() if method == 'POST' else None
        request = urllib.request.Request(self.address + path, data, {'Content-Type': 'application/json'}, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=120) as reply:
            return json.load(reply)['value']

    def find(self, xpath):
        def look():
            try:
                return self.command('POST', self.session + '/element', {'using': 'xpath', 'value': xpath})[ELEMENT]
            except urllib.error.HTTPError:
                return None
        return wait(look, f'{xpath} in {self.url()}')

    def type(self, label, text):
        """Finds a field by its label, as a person does."""
        field = self.find(f'//input[@id=//label[contains(normalize-space(), "{label}")]/@for]')
        self.command('POST', f'{self.session}/element/{field}/value', {'text': text})

    def press(self, label):
        button = self.find(f'//button[normalize-space()="{label}"] | //input[@type="submit"][@value="{label}"]')
        self.command('POST', f'{self.session}/element/{button}/click', {})

    def url(self):
        return self.command('GET', self.session + '/url')

    def text(self):
        return self.command('POST', self.session + '/execute/sync',
                            {'script': 'return document.body.innerText', 'args': []})

    def history(self):
        with open(self.log_path, encoding='utf-8', errors='replace') as log:
            return log.read()

    def stop(self):
        if self.driver is not None:
            self.driver.terminate()
            self.driver.wait(30)
        # The launcher let go of the browser, so its process is known by the lock of its profile only.
        try:
            process_id = int(os.readlink(os.path.join(self.profile, 'SingletonLock')).rsplit('-', 1)[1])
            os.kill(process_id, signal.SIGTERM)
        except (OSError, ValueError):
            pass
