#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A browser with a person in front of it, for tests.

Stands in for the default browser: opens an address, reads the pages and does
with their forms what the plan says. It takes the same way as any browser: no
script, cookies, redirects, the loopback address at the end.

    browser.py FOLDER ADDRESS

FOLDER/plan.json says what the person does, by default log in and allow:
`{"username": …, "password": …, "answer": "Allow" | "Deny" | "Close"}`. "Close"
closes the tab at once. A line of FOLDER/visits is written for each page.
"""

import html.parser
import http.cookiejar
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request


class Form:
    def __init__(self, attributes):
        self.action = attributes.get('action', '')
        self.method = attributes.get('method', 'get').lower()
        self.fields = []
        self.buttons = {}

    def names(self):
        return [name for name, value in self.fields]

    def fill(self, values):
        self.fields = [(name, values.get(name, value)) for name, value in self.fields]


class Page(html.parser.HTMLParser):
    """The forms, the title and the text of one page."""

    def __init__(self, address, status, body):
        super().__init__()
        self.address = address
        self.status = status
        self.forms = []
        self.labels = set()
        self.title = ''
        self.text = ''
        self.button = None
        self.inside = []
        self.feed(body)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag not in ('input', 'br', 'hr', 'img', 'link', 'meta'):
            self.inside.append(tag)
        if tag == 'form':
            self.forms.append(Form(attributes))
        elif tag == 'label':
            self.labels.add(attributes.get('for'))
        elif tag == 'button' and self.forms:
            self.button = [attributes.get('name'), attributes.get('value', ''), '']
        elif tag == 'input' and self.forms:
            form = self.forms[-1]
            kind = attributes.get('type', 'text')
            if kind == 'submit':
                form.buttons[attributes.get('value')] = (attributes.get('name'), attributes.get('value'))
            elif kind != 'checkbox' or 'checked' in attributes:
                form.fields.append((attributes.get('name'), attributes.get('value', '')))

    def handle_endtag(self, tag):
        if tag == 'button' and self.button is not None:
            name, value, label = self.button
            self.forms[-1].buttons[label.strip()] = (name, value)
            self.button = None
        while tag in self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data):
        if self.button is not None:
            self.button[2] += data
        if 'title' in self.inside:
            self.title += data
        elif not {'script', 'style'}.intersection(self.inside):
            self.text += data

    def form_with(self, label):
        return next((form for form in self.forms if label in form.buttons), None)


class Browser:
    def __init__(self, folder):
        self.folder = folder
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.opener.addheaders = [('User-Agent', 'Mozilla/5.0 (sluice test)'), ('Accept', 'text/html')]

    def open(self, address, data=None):
        try:
            with self.opener.open(address, data, timeout=60) as reply:
                page = Page(reply.geturl(), reply.status, reply.read().decode())
        except urllib.error.HTTPError as error:
            page = Page(error.geturl(), error.code, error.read().decode(errors='replace'))
        except OSError as error:
            page = Page(address, 0, f'<title>This page cannot be reached</title>{error}')
        self.note({'address': page.address, 'status': page.status, 'title': page.title.strip(),
                   'text': ' '.join(page.text.split())})
        return page

    def submit(self, page, label, values):
        form = page.form_with(label)
        form.fill(values)
        name, value = form.buttons[label]
        fields = form.fields + ([(name, value)] if name else [])
        address = urllib.parse.urljoin(page.address, form.action)
        data = urllib.parse.urlencode(fields)
        if form.method == 'post':
            return self.open(address, data.encode())
        return self.open(urllib.parse.urlsplit(address)._replace(query=data).geturl())

    def note(self, visit):
        with open(os.path.join(self.folder, 'visits'), 'a', encoding='utf-8') as visits:
            visits.write(json.dumps(visit) + '\n')


def read_plan(folder):
    plan = {'username': 'admin@demo.example', 'password': 'demo', 'answer': 'Allow'}
    try:
        with open(os.path.join(folder, 'plan.json'), encoding='utf-8') as file:
            plan.update(json.load(file))
    except FileNotFoundError:
        pass
    return plan


def main(folder, address):
    plan = read_plan(folder)
    browser = Browser(folder)
    if plan['answer'] == 'Close':
        browser.note({'address': address, 'status': 0, 'title': '', 'text': ''})
        return 0
    page = browser.open(address)
    if page.form_with('Log In'):
        missing = {'username', 'password'} - set(page.form_with('Log In').names())
        if missing or not {'username', 'password'} <= page.labels:
            browser.note({'address': page.address, 'status': page.status, 'title': 'A field has no label or is missing',
                          'text': ' '.join(sorted(missing))})
        page = browser.submit(page, 'Log In', {'username': plan['username'], 'password': plan['password']})
    if page.form_with(plan['answer']):
        browser.submit(page, plan['answer'], {})
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], sys.argv[2]))
