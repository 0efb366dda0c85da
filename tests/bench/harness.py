# SPDX-License-Identifier: GPL-3.0-or-later

"""A demo org, a sluicectl that is signed in to it, and runs of programs with what they cost."""

import html
import http.cookiejar
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request

API = '/services/data/v68.0'
USER = 'admin@demo.example'
FIELDS_8 = 'Id,Name,Industry,Phone,BillingCity,AnnualRevenue,CreatedDate,SystemModstamp'
FIELDS_20 = (FIELDS_8 + ',AccountNumber,Type,Website,NumberOfEmployees,OwnerId,BillingStreet,BillingPostalCode,'
             'BillingCountry,ShippingStreet,ShippingCity,ShippingPostalCode,ShippingCountry')

# The proxy is for others; the demo org is on this computer.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Problem(Exception):
    pass


class DemoOrg:
    """The demo org as a process. It can be killed and started again at the same address."""

    def __init__(self, folder, *options, page=0):
        self.folder = folder
        self.page = page
        self.log = os.path.join(folder, 'org.log')
        self.options = ['--state', os.path.join(folder, 'org.state'), '--log', self.log, '--exit-with-parent',
                        '--daily-limit', '2000000000', '--session', '86400', *options]
        self.port = 0
        self.start()

    def start(self):
        self.process = subprocess.Popen([os.environ['SLUICE_DEMO_ORG'], '--port', str(self.port), *self.options],
                                        stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()
        if not self.address:
            raise Problem('The demo org does not start.')
        self.port = int(self.address.rsplit(':', 1)[1])
        if self.page:
            self.control(f'bulk?page={self.page}&most={self.page}')

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def control(self, action):
        request = urllib.request.Request(f'{self.address}/__demo/{action}', method='POST')
        with opener.open(request):
            pass

    def fault(self, spec=''):
        self.control('fault?spec=' + urllib.parse.quote(spec))

    def count_calls(self):
        """Calls of the API since the start of the day, as the org counts them."""
        with opener.open(f'{self.address}/__demo/status') as answer:
            return json.load(answer)['used']

    def log_in(self):
        """For the programs that are not ours."""
        form = {'grant_type': 'password', 'username': USER, 'password': 'demo', 'client_id': 'demo',
                'client_secret': 'demo-secret'}
        with opener.open(f'{self.address}/services/oauth2/token', urllib.parse.urlencode(form).encode()) as answer:
            self.token = json.load(answer)['access_token']

    def call(self, path, body=None, method=None):
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.address + path, data, {
            'Authorization': f'Bearer {self.token}', 'Content-Type': 'application/json'}, method=method)
        return opener.open(request)

    def get_bulk_pages(self, soql, page):
        """The addresses of the result pages of a Bulk job."""
        with self.call(f'{API}/jobs/query', {'operation': 'query', 'query': soql}) as answer:
            job = f"{API}/jobs/query/{json.load(answer)['id']}"
        while True:
            with self.call(job) as answer:
                if json.load(answer)['state'] == 'JobComplete':
                    break
            time.sleep(0.05)

        pages, locator = [], ''
        while locator != 'null':
            pages.append(f'{self.address}{job}/results?maxRecords={page}' + (f'&locator={locator}' if locator else ''))
            with self.call(pages[-1].removeprefix(self.address), method='HEAD') as answer:
                locator = answer.headers['Sforce-Locator']
        return pages

    def get_rest_pages(self, soql):
        """The addresses of all pages of a query."""
        pages, path = [], f'{API}/query?q={urllib.parse.quote_plus(soql)}'
        while path:
            pages.append(self.address + path)
            with self.call(path) as answer:
                found = re.search(rb'"nextRecordsUrl":"([^"]+)"', answer.read(400))
            path = found[1].decode() if found else None
        return pages

    def write_curl_config(self, name, pages):
        path = os.path.join(self.folder, name)
        with open(path, 'w', encoding='utf-8') as file:
            print(f'header = "Authorization: Bearer {self.token}"', file=file)
            for page in pages:
                print(f'url = "{page}"', file=file)
        return path


def visit(url):
    """What a user does in the browser: logs in and allows."""
    browser = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    data = None
    for _ in range(4):
        with browser.open(url, data) as answer:
            url, page = answer.url, answer.read().decode()
        form = re.search(r'<form[^>]* action="([^"]*)".*?</form>', page, re.S)
        if form is None:
            return
        fields = {}
        for tag in re.findall(r'<input[^>]*>', form[0]):
            name = re.search(r' name="([^"]*)"', tag)
            value = re.search(r' value="([^"]*)"', tag)
            if name:
                fields[name[1]] = html.unescape(value[1]) if value else ''
        for name, value in (('username', USER), ('password', 'demo')):
            if name in fields:
                fields[name] = value
        if 'name="decision"' in form[0]:
            fields['decision'] = 'allow'
        url = urllib.parse.urljoin(url, html.unescape(form[1]))
        data = urllib.parse.urlencode(fields).encode()


class Home:
    """A private home of sluicectl, with one subscription that is signed in."""

    NAME = 'Bench'

    def __init__(self, folder, org, throttle='0'):
        self.path = os.path.join(folder, 'home')
        os.makedirs(os.path.join(self.path, 'config', 'sluice', 'subscriptions'), 0o700)
        self.environment = {
            **os.environ,
            'HOME': self.path,
            'XDG_CONFIG_HOME': os.path.join(self.path, 'config'),
            'XDG_DATA_HOME': os.path.join(self.path, 'data'),
            'XDG_CACHE_HOME': os.path.join(self.path, 'cache'),
            'XDG_STATE_HOME': os.path.join(self.path, 'state'),
            'XDG_DATA_DIRS': self.path,
            'GSETTINGS_SCHEMA_DIR': os.environ.get('GSETTINGS_SCHEMA_DIR', '/usr/share/glib-2.0/schemas'),
            'SECRET_BACKEND': 'file',
            'SECRET_FILE_TEST_PATH': os.path.join(self.path, 'secrets.keyring'),
            'SECRET_FILE_TEST_PASSWORD': 'test',
            'DBUS_SESSION_BUS_ADDRESS': 'unix:path=/nonexistent/bus',
        }
        for name in ('DISPLAY', 'WAYLAND_DISPLAY', 'http_proxy', 'https_proxy', 'all_proxy'):
            self.environment.pop(name, None)
        self.sluicectl('subscription', 'add', '--name', self.NAME, '--api-url', org.address, '--consumer-key', 'demo',
                       '--throttle-limit', throttle)
        self.sign_in()

    def command(self, *words):
        return [os.environ['SLUICECTL'], *words]

    def sluicectl(self, *words):
        done = subprocess.run(self.command(*words), env=self.environment, cwd=self.path, capture_output=True, text=True)
        if done.returncode != 0:
            raise Problem(f'sluicectl {" ".join(words)}: {done.stderr.strip()}')
        return done.stdout

    def sign_in(self):
        process = subprocess.Popen(self.command('authenticate', self.NAME, '--print-url'), env=self.environment,
                                   cwd=self.path, stdout=subprocess.PIPE, text=True)
        visit(process.stdout.readline().strip())
        process.stdout.read()
        if process.wait() != 0:
            raise Problem('sluicectl cannot sign in to the demo org.')


class Cost:
    """What a run took: seconds, the peak of its memory in MB, and what it printed."""

    def __init__(self, seconds, usage, peak, output):
        self.seconds = seconds
        self.cpu = usage.ru_utime + usage.ru_stime
        self.megabytes = peak / 1024
        self.output = output


class Peak(threading.Thread):
    """Looks at the memory of a process again and again. What the system tells after its end is at least what we
    have ourselves, because the process was a copy of this one."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.path = f'/proc/{pid}/status'
        self.peak = 0
        self.ended = threading.Event()
        self.start()

    def run(self):
        while not self.ended.wait(0.02):
            try:
                with open(self.path, encoding='utf-8') as file:
                    found = re.search(r'VmHWM:\s+(\d+)', file.read())
            except OSError:
                return
            if found:
                self.peak = int(found[1])


def remove(*paths):
    for path in paths:
        for name in (path, path + '.part', path + '.part.json', path + '-journal', path + '-wal', path + '-shm'):
            try:
                os.unlink(name)
            except FileNotFoundError:
                pass


def measure(command, environment=None, folder=None, output=None, shell=False):
    """Runs a program; its output goes to a file where one is named."""
    with tempfile.TemporaryFile('w+') as printed, tempfile.TemporaryFile('w+') as errors:
        target = open(output, 'wb') if output else printed
        started = time.monotonic()
        process = subprocess.Popen(command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=target,
                                   stderr=errors, shell=shell)
        peak = Peak(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        peak.ended.set()
        process.returncode = os.waitstatus_to_exitcode(status)
        if target is not printed:
            target.close()
        errors.seek(0)
        printed.seek(0)
        if process.returncode != 0:
            raise Problem(f'{command if shell else " ".join(command)}: {errors.read().strip()}')
        return Cost(seconds, usage, peak.peak or usage.ru_maxrss, printed.read())


def make_folder():
    """Not in memory, which the folder for short-lived files may be: writing has to cost what it costs."""
    return tempfile.mkdtemp(prefix='sluice-bench-', dir=os.environ.get('SLUICE_BENCH_DIR', '/var/tmp'))


def remove_folder(folder):
    shutil.rmtree(folder, ignore_errors=True)
