#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# test-headless-session.sh: whether a command has a desktop session of its own, as TAP
set -u

session=$(dirname "$0")/headless-session
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export HOME=$dir XDG_DATA_HOME=$dir/data DBUS_SESSION_BUS_ADDRESS=unix:path=$dir/none

check ()
{
  [ "$1" = 0 ] && echo "ok $2" || echo "not ok $2"
}

echo 1..6

"$session" bash -c 'xdpyinfo >/dev/null && dbus-send --session --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetId &&
  [ "$HOME" != "$0" ] && [ -z "${XDG_DATA_HOME:-}" ]' "$dir"
check $? '1 - a display, a bus and a home'

echo word | "$session" bash -c 'read -r word && [ "$word" = word ] && exit 7'
[ $? = 7 ]
check $? '2 - standard input and the exit status are handed through'

"$session" --keyring bash -c 'printf pass | secret-tool store --label=a key value && secret-tool lookup key value' |
  grep -qx pass
check $? '3 - an open keyring'

"$session" bash -c 'gdbus call --session --dest org.a11y.Bus --object-path /org/a11y/bus --method org.a11y.Bus.GetAddress' |
  grep -q unix:
check $? '4 - accessibility'

"$session" bash -c 'echo "$XDG_RUNTIME_DIR $$ $DISPLAY" >"$0"; exec sleep 60' "$dir/said" &
for _ in $(seq 300); do
  [ -s "$dir/said" ] && break
  sleep 0.1
done
read -r runtime pid display <"$dir/said"
kill $!
wait $!
[ $? = 143 ] && ! kill -0 "$pid" 2>/dev/null
check $? '5 - the command goes with the session'

! [ -e "$runtime" ] && ! DISPLAY=$display xdpyinfo >/dev/null 2>&1
check $? '6 - nothing is left of it'
