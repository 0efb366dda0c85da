# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives a window through the accessibility bus, as a screen reader does.

What is found here by role and name is what a user who cannot see finds, so a
test that passes also says that the controls have names.
"""

import os
import subprocess
import time
import warnings

import gi

warnings.filterwarnings('ignore', category=DeprecationWarning)
gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

# GTK offers no cache of its tree, which libatspi takes for an error.
GLib.log_set_handler('dbind', GLib.LogLevelFlags.LEVEL_WARNING, lambda *unused: None)

# How long a condition may take on a machine that is busy with other tests.
PATIENCE = float(os.environ.get('SLUICE_UI_PATIENCE', '60'))

# What libatspi calls a role depends on its age, and what GTK says on the widget.
ROLES = {
    'button': ('button', 'push button', 'toggle button'),
    'check': ('check box', 'switch', 'toggle button', 'radio button'),
    'entry': ('text', 'entry', 'password text', 'spin button'),
    'row': ('list item', 'table row'),
    'tab': ('page tab', 'tab', 'radio button', 'toggle button'),
    'dialog': ('dialog', 'alert'),
    'menu item': ('menu item', 'check menu item', 'radio menu item'),
}


NAMED_BY_CONTENT = ROLES['row']


class NotYet(AssertionError):
    """A condition that did not come true in time."""


def wait(condition, what, patience=None):
    """Returns what `condition` answers once that is true.

    A node that goes away or is half built answers with a GLib error, which
    means "not yet" like any other false answer.
    """
    context = GLib.MainContext.default()
    end = time.monotonic() + (patience or PATIENCE)
    trouble = None
    while True:
        while context.iteration(False):
            pass
        try:
            answer = condition()
            if answer:
                return answer
        except (GLib.Error, LookupError) as error:
            trouble = error
        if time.monotonic() > end:
            raise NotYet(f'{what} did not happen' + (f' ({trouble})' if trouble else ''))
        time.sleep(0.05)


def children(node):
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child is not None:
            yield child


def has_state(node, state):
    return node.get_state_set().contains(state)


def is_showing(node):
    return has_state(node, Atspi.StateType.SHOWING)


def walk(node, hidden=False):
    """The node and what is inside, outer before inner, in reading order.

    What does not show is left out with all that is inside.
    """
    yield node
    for child in children(node):
        try:
            if hidden or is_showing(child):
                yield from walk(child, hidden)
        except GLib.Error:
            continue


def has_role(node, role):
    return node.get_role_name() in ROLES.get(role, (role,))


def matches(name, text):
    if callable(name):
        return name(text)
    return name is None or text == name


def name_of(node):
    """Its own name, or for what is named by what it holds, that."""
    name = node.get_name()
    if not name and node.get_role_name() in NAMED_BY_CONTENT:
        name = ' '.join(inner.get_name() for inner in walk(node)
                        if inner.get_role_name() == 'label' and inner.get_name())
    return name


def action_count(node):
    action = node.get_action_iface()
    return Atspi.Action.get_n_actions(action) if action is not None else 0


def is_menu_item(node, item):
    # GTK up to 4.18 hides the label that names an item, and the name with it; the mnemonic is told.
    if node.get_name():
        return node.get_name() == item.replace('_', '')
    mnemonic = item[item.index('_') + 1].lower()
    return f'Alt+{mnemonic}' in node.get_attributes().get('keyshortcuts', '').split()


def text_of(node):
    """What a node says: the text of an entry, the name of anything else."""
    text = node.get_text_iface()
    if text is not None and has_role(node, 'entry'):
        return Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text))
    return node.get_name()


class Driver:
    """The window of one running program."""

    def __init__(self, process_id):
        self.process_id = process_id

    def root(self):
        desktop = Atspi.get_desktop(0)
        for application in children(desktop):
            if application.get_process_id() == self.process_id:
                return application
        return None

    def nodes(self, within=None, hidden=False):
        """All that shows, or all inside `within`: a node, or a function that looks for it anew."""
        root = within() if callable(within) else within or self.root()
        return walk(root, hidden) if root is not None else iter(())

    # Finding

    def peek(self, role, name=None, within=None):
        """The first such node that shows, or None."""
        for node in self.nodes(within):
            if has_role(node, role) and matches(name, name_of(node)):
                return node
        return None

    def peek_all(self, role, name=None, within=None):
        return [node for node in self.nodes(within)
                if has_role(node, role) and matches(name, name_of(node))]

    def find(self, role, name=None, within=None, patience=None):
        return wait(lambda: self.peek(role, name, within), f'{role} “{name}”', patience)

    def dialog(self, name=None):
        """Waits for a dialog; returns a function that finds it.

        A dialog is put to another place while it opens, which ends the node that was there first.
        """
        self.find('dialog', name)
        return lambda: self.peek('dialog', name)

    def find_gone(self, role, name=None, within=None, patience=None):
        wait(lambda: self.root() is not None and not self.peek(role, name, within),
             f'end of {role} “{name}”', patience)

    def texts(self, within=None):
        """Everything that can be read, in reading order."""
        texts = []
        for node in self.nodes(within):
            for text in (text_of(node), node.get_description()):
                if text and (not texts or texts[-1] != text):
                    texts.append(text)
        return texts

    def says(self, fragment, within=None):
        return any(fragment in text for text in self.texts(within))

    def find_text(self, fragment, within=None, patience=None):
        try:
            wait(lambda: self.says(fragment, within), f'text “{fragment}”', patience)
        except NotYet as error:
            raise NotYet(f'{error}; there is: {self.texts(within)}') from None

    def find_text_gone(self, fragment, within=None, patience=None):
        wait(lambda: not self.says(fragment, within), f'end of text “{fragment}”', patience)

    # Doing

    def is_enabled(self, node):
        return has_state(node, Atspi.StateType.SENSITIVE)

    def activate(self, node):
        if not action_count(node) or not Atspi.Action.do_action(node.get_action_iface(), 0):
            self.click(node)

    def press(self, role, name, within=None, patience=None):
        """Presses a button, tab, row or menu item once it is there and enabled."""
        def ready():
            node = self.peek(role, name, within)
            return node if node is not None and self.is_enabled(node) else None

        self.activate(wait(ready, f'enabled {role} “{name}”', patience))

    def find_row(self, text, within=None):
        """The row of a list in which that can be read."""
        return wait(lambda: next((row for row in self.peek_all('row', None, within) if self.says(text, row)), None),
                    f'row with “{text}”')

    def open_menu(self, name, within=None):
        """A menu button is a button around the one that opens it."""
        button = self.find('button', name, within)
        inner = next((node for node in walk(button) if node.get_role_name() == 'toggle button'), button)
        self.activate(inner)

    def choose(self, menu, item):
        """Chooses an item, written with the underscore of its mnemonic."""
        self.open_menu(menu)
        self.activate(wait(lambda: next((node for node in self.peek_all('menu item')
                                         if is_menu_item(node, item) and self.is_enabled(node)), None),
                           f'enabled menu item “{item}”'))

    def set_text(self, name, text, within=None):
        """Replaces the text of an entry and waits until it reads back."""
        node = wait(lambda: next((entry for entry in self.peek_all('entry', name, within)
                                  if entry.get_editable_text_iface() is not None), None),
                    f'entry “{name}”')
        Atspi.EditableText.set_text_contents(node.get_editable_text_iface(), text)
        if node.get_role_name() != 'password text':
            wait(lambda: text_of(node) == text, f'“{text}” in “{name}”')
        return node

    def get_text(self, name, within=None):
        return text_of(self.find('entry', name, within))

    def set_checked(self, name, checked, within=None):
        """Sets a switch or check box."""
        node = self.find('check', name, within)
        if has_state(node, Atspi.StateType.CHECKED) != checked:
            if action_count(node):
                self.activate(node)
            else:
                # GTK up to 4.18 offers no action for a check box.
                self.tab_to('check', name, within)
                self.key('space')
        wait(lambda: has_state(self.peek('check', name, within), Atspi.StateType.CHECKED) == checked,
             f'choice “{name}”')

    # With pointer and keys, where only they will do

    def click(self, node):
        # The window lies at 0, 0 of a screen that has no window manager.
        extents = node.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        xdotool('mousemove', str(extents.x + extents.width // 2),
                str(extents.y + extents.height // 2), 'click', '1')

    def leave(self):
        """Takes the pointer away, and with it what shows only below the pointer."""
        xdotool('mousemove', *xdotool('getdisplaygeometry')[0].split())
        wait(lambda: len(self.window_ids()) == 1, 'end of the tooltip')

    def window_ids(self):
        """The X windows of the program that show, the newest last."""
        return xdotool('search', '--all', '--onlyvisible', '--pid', str(self.process_id), '--name', '.*')

    def tab_to(self, role, name, within=None):
        """Goes from control to control, as somebody without a pointer does."""
        for _ in range(30):
            self.key('Tab')
            try:
                wait(lambda: has_state(self.peek(role, name, within), Atspi.StateType.FOCUSED), 'focus', 0.5)
                return
            except NotYet:
                continue
        raise NotYet(f'the keyboard does not reach {role} “{name}”')

    def focus(self, name, within=None):
        """Puts the cursor into an entry."""
        self.click(self.find('entry', name, within))
        wait(lambda: has_state(self.peek('entry', name, within), Atspi.StateType.FOCUSED), f'cursor in “{name}”')

    def key(self, *keys):
        xdotool('windowfocus', '--sync', self.window_ids()[-1], 'key', *keys)

    def size(self):
        lines = xdotool('getwindowgeometry', '--shell', self.window_ids()[-1])
        geometry = dict(line.split('=') for line in lines)
        return int(geometry['WIDTH']), int(geometry['HEIGHT'])

    def resize(self, width, height):
        xdotool('windowsize', self.window_ids()[-1], str(width), str(height))
        wait(lambda: self.size() == (width, height), f'a window of {width} × {height}')

    # When it goes wrong

    def dump(self):
        """The tree as text, for a report."""
        def lines(node, depth):
            try:
                states = '' if is_showing(node) else ' (hidden)'
                yield f'{"  " * depth}{node.get_role_name()} “{text_of(node)}”{states}'
                for child in children(node):
                    yield from lines(child, depth + 1)
            except GLib.Error as error:
                yield f'{"  " * depth}({error.message})'

        root = self.root()
        return '\n'.join(lines(root, 0)) if root is not None else '(not on the accessibility bus)'


def xdotool(*arguments):
    """Runs xdotool; returns the lines that it prints."""
    done = subprocess.run(('xdotool',) + arguments, check=True, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout.splitlines()


def screenshot(path, window='root'):
    """Writes what the screen shows as a PNG, the same picture as the same bytes."""
    subprocess.run(['import', '-silent', '-window', window, '-strip',
                    '-define', 'png:exclude-chunks=date,time', path], check=True)


def settled_screenshot(path, window='root'):
    """The same, once two pictures in a row are alike."""
    def settled():
        screenshot(path, window)
        with open(path, 'rb') as file:
            before, settled.before = settled.before, file.read()
        return before == settled.before

    settled.before = None
    wait(settled, 'a picture that keeps still')
