#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# test-template.sh: whether all files with strings are listed, and a template can be made of them, as TAP
set -u

cd "$(dirname "$0")" || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

check ()
{
  if [ "$1" = 0 ]; then
    echo "ok $2"
  else
    echo "not ok $2"
    sed 's/^/# /' "$dir/log"
  fi
}

echo 1..4

./update-potfiles --check >"$dir/log" 2>&1
check $? '1 - all files with strings are in POTFILES.in'

# The options are those of meson's preset “glib”.
xgettext --directory=.. --files-from=POTFILES.in --output="$dir/sluice.pot" --package-name=sluice \
  --from-code=UTF-8 --add-comments \
  --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=NC_:1c,2 --keyword=g_dcgettext:2 \
  --keyword=g_dngettext:2,3 --keyword=g_dpgettext2:2c,3 \
  --flag=N_:1:pass-c-format --flag=C_:2:pass-c-format --flag=NC_:2:pass-c-format \
  --flag=g_dngettext:2:pass-c-format --flag=g_strdup_printf:1:c-format \
  --flag=g_string_printf:2:c-format --flag=g_string_append_printf:2:c-format \
  --flag=g_error_new:3:c-format --flag=g_set_error:4:c-format \
  >"$dir/log" 2>&1 && [ ! -s "$dir/log" ]
check $? '2 - the template is made without a warning'

msgfmt --check-format --output-file="$dir/sluice.mo" "$dir/sluice.pot" >"$dir/log" 2>&1
check $? '3 - its placeholders can be kept by translators'

status=0
for file in $(grep -v '^#' POTFILES.in); do
  grep -qE "^#: .*$file" "$dir/sluice.pot" || { echo "no string of $file is in the template"; status=1; }
done >"$dir/log"
check $status '4 - each file gives at least one string'
