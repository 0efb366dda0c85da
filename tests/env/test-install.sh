#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# test-install.sh BUILD-DIR: a native installation, with DESTDIR and into a prefix, and its end. UI tests run
# against what was installed, by themselves, with SLUICE_INSTALLED.
set -u

build=$1
src=$(cd "$(dirname "$0")/../.." && pwd -P) || exit 1
dir=$(mktemp -d "${TMPDIR:-/tmp}/sluice-install.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
number=0
failed=0

ok () # STATUS TITLE
{
  number=$((number + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $number - $2"
  else
    echo "not ok $number - $2"
    failed=1
  fi
}

# Built anew: the prefix is compiled in.
prefix=$dir/prefix
meson setup "$dir/build" "$src" --prefix "$prefix" -Dtests=false -Dui_tests=false >"$dir/log" 2>&1 &&
  ninja -C "$dir/build" >>"$dir/log" 2>&1
ok $? 'builds for a prefix'

DESTDIR=$dir/staging meson install -C "$dir/build" --no-rebuild >>"$dir/log" 2>&1
ok $? 'installs with DESTDIR'
[ -x "$dir/staging$prefix/bin/sluice" ] && [ ! -e "$prefix" ]
ok $? 'writes below DESTDIR only'

meson install -C "$dir/build" --no-rebuild >>"$dir/log" 2>&1
ok $? 'installs into the prefix'

# The same files both ways, but for the caches that are made only where the files are used.
list ()
{
  (cd "$1" && find . -type f ! -name '*.cache' ! -name gschemas.compiled | LC_ALL=C sort)
}
[ "$(list "$dir/staging$prefix")" = "$(list "$prefix")" ]
ok $? 'installs the same files both ways'

for file in bin/sluice bin/sluicectl libexec/sluice-demo-org share/man/man1/sluicectl.1 \
  share/bash-completion/completions/sluicectl share/applications/io.github.sluice.Sluice.desktop \
  share/metainfo/io.github.sluice.Sluice.metainfo.xml share/dbus-1/services/io.github.sluice.Sluice.service \
  share/glib-2.0/schemas/io.github.sluice.Sluice.gschema.xml share/glib-2.0/schemas/gschemas.compiled \
  share/icons/hicolor/scalable/apps/io.github.sluice.Sluice.svg \
  share/icons/hicolor/symbolic/apps/io.github.sluice.Sluice-symbolic.svg; do
  [ -e "$prefix/$file" ] || { echo "# $file is missing"; false; }
  ok $? "has $file"
done

[ "$("$prefix/bin/sluicectl" --version)" = "$("$build/app/sluicectl" --version)" ]
ok $? 'runs from the prefix'

if [ -n "${SLUICE_UI_TEST:-}" ]; then
  export XDG_DATA_DIRS=$prefix/share:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}

  # As a desktop starts it: through the bus, from nothing.
  "$src/tests/ui/headless-session" bash -c '
    id=io.github.sluice.Sluice
    is_there () { gdbus call --session --dest org.freedesktop.DBus --object-path /org/freedesktop/DBus \
      --method org.freedesktop.DBus.NameHasOwner "$id" | grep -q true; }
    gapplication launch "$id" && is_there && gapplication action "$id" quit || exit 1
    for _ in $(seq 300); do is_there || exit 0; sleep 0.1; done
    exit 1' >"$dir/bus" 2>&1
  status=$?
  [ $status -eq 0 ] || sed 's/^/# /' "$dir/bus"
  ok $status 'starts and ends through the session bus'

  # The installed program finds its schema and its demo org by itself.
  SLUICE=$prefix/bin/sluice SLUICE_DEMO_ORG=$prefix/libexec/sluice-demo-org GSETTINGS_SCHEMA_DIR= \
    "$src/tests/in-own-network" "$dir/lock" \
    "$src/tests/ui/headless-session" --keyring --geometry 1280x1000x24 "$SLUICE_UI_TEST" test_whole_way >"$dir/ui" 2>&1
  status=$?
  [ $status -eq 0 ] || sed 's/^/# /' "$dir/ui"
  ok $status 'passes the same test of the window'
fi

ninja -C "$dir/build" uninstall >>"$dir/log" 2>&1
ok $? 'uninstalls'
left=$(list "$prefix")
[ -z "$left" ] || printf '# left: %s\n' $left
[ -z "$left" ]
ok $? 'leaves nothing behind'

[ $failed -eq 0 ] || sed 's/^/# /' "$dir/log" | tail -n 40
echo "1..$number"
exit $failed
