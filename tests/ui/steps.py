# SPDX-License-Identifier: GPL-3.0-or-later
"""What users do, in the words of the window."""

import subprocess

import driver

ACCOUNTS = 'SELECT Name, BillingCity, BillingCountry FROM Account ORDER BY Name'


def is_new_subscription(label):
    """On the welcome page more follows its name, in the header bar not."""
    return label.rstrip('…') == 'New Subscription'


def find_page(program, name):
    """The page of that subscription shows, and the window says so."""
    program.find('frame', lambda title: title.startswith(name))


def fill_form(program, within, name, url, consumer_key='demo'):
    program.set_text('Name', name, within)
    program.set_text('API URL', url, within)
    program.set_text('Consumer Key', consumer_key, within)


def create_subscription(program, name, url, consumer_key='demo'):
    """Fills and saves the form of a new subscription; its page then shows."""
    program.press('button', is_new_subscription)
    dialog = program.dialog('New Subscription')
    fill_form(program, dialog, name, url, consumer_key)
    program.press('button', 'Save', dialog)
    program.find_gone('dialog', 'New Subscription')
    find_page(program, name)


# What only that page has, whatever it shows.
LANDMARKS = {
    'Data': ('button', 'Run'),
    'Activity': ('button', 'Clear'),
    'Settings': ('entry', 'Consumer Key'),
}


def show_page(program, title):
    program.press('tab', title)
    if title in LANDMARKS:
        program.find(*LANDMARKS[title])


def show_objects(program):
    show_page(program, 'Data')
    program.press('tab', 'Objects')
    program.find('entry', 'Search objects')


def choose_object(program, label):
    """Rows of a list view choose when they are clicked, not when they are selected."""
    program.click(program.find('list item', label))
    program.find('button', 'Query This Object')


def authenticate(program):
    program.press('button', 'Authenticate')


def sign_in(program, name, url, consumer_key='demo'):
    """From nothing to connected, with a browser that allows it."""
    create_subscription(program, name, url, consumer_key)
    authenticate(program)
    program.find_text('Connected As')


def query(program, soql=ACCOUNTS):
    show_page(program, 'Data')
    program.set_text('SOQL Query', soql)
    program.press('button', 'Run')


def remove_tokens(program, revoke):
    program.choose('Subscription Menu', 'Remove _Tokens…')
    dialog = program.dialog()
    program.set_checked('Also revoke access at Salesforce', revoke, dialog)
    program.press('button', 'Remove Tokens', dialog)
    program.find_text('Not Signed In')


def delete_subscription(program, revoke=None):
    program.choose('Subscription Menu', '_Delete Subscription…')
    dialog = program.dialog()
    if revoke is not None:
        program.set_checked('Also revoke access at Salesforce', revoke, dialog)
    program.press('button', 'Delete', dialog)
    program.find_text('Welcome to Sluice')


def show_sidebar(program):
    """In a narrow window it is behind the page."""
    if program.peek('button', 'Main Menu') is None:
        program.press('button', 'Back')
        program.find('button', 'Main Menu')


def choosers(title):
    """The windows of GTK's own file chooser with that title."""
    try:
        return driver.xdotool('search', '--onlyvisible', '--name', f'^{title}$')
    except subprocess.CalledProcessError:
        return []


def type_path(program, title, path):
    """Answers GTK's own file chooser, a window of its own; a key / opens its entry."""
    chooser = driver.wait(lambda: choosers(title), 'the file chooser')[-1]
    driver.xdotool('windowfocus', '--sync', chooser, 'key', 'slash')
    entry = driver.wait(lambda: next((entry for entry in program.peek_all('entry')
                                      if driver.text_of(entry).startswith('/')), None), 'the entry of the chooser')
    driver.Atspi.EditableText.set_text_contents(entry.get_editable_text_iface(), path)
    driver.xdotool('windowfocus', '--sync', chooser, 'key', 'Return')
    driver.wait(lambda: not choosers(title), 'the end of the file chooser')
