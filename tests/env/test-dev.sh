#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# test-dev.sh DEV: how ./dev finds or makes its environment, as TAP. Nothing is fetched, mounted or
# installed: mmdebstrap and its like are small scripts that do what the case needs.
set -u

dev=$1
dir=$(mktemp -d /tmp/sluice-test-dev.XXXXXX)
trap 'rm -rf "$dir"' EXIT

fake ()
{
  { echo '#!/bin/bash'; cat; } >"$dir/bin/$1"
  chmod +x "$dir/bin/$1"
}

export HOME=$dir/home XDG_CACHE_HOME=$dir/cache SLUICE_ENV=tree SLUICE_MIRROR=http://mirror.invalid/debian DIR=$dir
unset TMPDIR
system_path=$PATH
mkdir "$dir/bin" "$dir/home"
PATH=$dir/bin:$PATH

# Root in a container that may mount nothing.
fake id <<<'[ "$1" = -u ] && echo "${FAKE_UID:-0}" || echo somebody'
fake unshare <<<'exit 1'
fake rsync <<<'exit 0'
fake chroot <<<'shift; exec "$@"'
fake df <<<'echo Header; echo disk 1 1 ${FAKE_FREE:-9000} 1% /'
# $DIR/plan says how the next tree turns out; each call leaves a line in $DIR/calls.
fake mmdebstrap <<'END'
for target; do [[ $target == *.new ]] && break; done
echo "$@" >>"$DIR/calls"
mkdir "$target" || exit
mkdir "$target/dev" "$target/etc"
ln -s /dev/null "$target/dev/null"
case $(cat "$DIR/plan") in
  full) echo 'E: Write error - write (28: No space left on device)'; exit 1 ;;
  offline) echo "E: Could not connect to mirror.invalid:80"; exit 1 ;;
  unsigned) echo 'W: The following signatures could not be verified: NO_PUBKEY 1'; exit 1 ;;
  odd) echo 'E: Something odd'; exit 1 ;;
  slow) sleep 2 ;;
  endless) echo $$ >"$DIR/pid"; exec sleep 60 ;;
esac
END

# What stands in for the command inside.
fake env <<'END'
for word; do
  if [[ $word == */tests/env/inside ]]; then
    echo "inside ${*: -1}"
    exit "${FAKE_STATUS:-0}"
  fi
done
exec /usr/bin/env "$@"
END

number=0
check ()
{
  number=$((number + 1))
  if [ "$1" = 0 ]; then
    echo "ok $number - $2"
  else
    echo "not ok $number - $2"
    sed 's/^/# /' "$dir/out"
  fi
}

start_over ()
{
  rm -rf "$dir/cache" "$dir/calls" "$dir/pid"
  echo "${1:-good}" >"$dir/plan"
}

run ()
{
  "$dev" shell "${1:-true}" >"$dir/out" 2>&1 </dev/null
}

calls ()
{
  wc -l <"$dir/calls"
}

says ()
{
  grep -qF "$1" "$dir/out"
}

# After each mishap the next try works, and nothing half-made is left.
recovers ()
{
  echo good >"$dir/plan"
  run && says 'inside true' && [ -z "$(find "$dir/cache/sluice" -name '*.new')" ]
}

wait_for_file ()
{
  local tries

  for tries in $(seq 300); do
    [ -s "$1" ] && return
    sleep 0.1
  done
  return 1
}

echo 1..25

start_over
run && run && says 'inside true' && [ "$(calls)" = 1 ]
check $? 'the tree is made once'

grep -q 'libgtk-4-dev.* trixie .*\.new http://mirror.invalid/debian$' "$dir/calls"
check $? 'the tree has the packages of the table, from the mirror that was asked for'

FAKE_STATUS=7 run
[ $? = 7 ]
check $? 'the exit status is the one of the command'

rm "$dir"/cache/sluice/debian-13-*/.complete
run && [ "$(calls)" = 2 ]
check $? 'a tree that is not complete is made again'

start_over
FAKE_FREE=200 run
[ $? = 1 ] && says 'has 200 MB free' && [ ! -e "$dir/calls" ] && [ "$(wc -l <"$dir/out")" = 1 ]
check $? 'a small disk is told about before anything is fetched'

for plan in 'full:disk is full' 'offline:no connection' 'unsigned:debian-archive-keyring' 'odd:whole log is in'; do
  start_over "${plan%%:*}"
  run
  [ $? = 1 ] && says "${plan#*:}"
  check $? "${plan%%:*}: one sentence"
  recovers
  check $? "${plan%%:*}: the next try works"
done

for signal in INT TERM; do
  start_over endless
  # Asynchronous commands of a shell ignore SIGINT; those of Python do not.
  python3 -c 'import signal, os, sys; signal.signal(signal.SIGINT, signal.default_int_handler); os.execv(sys.argv[1], sys.argv[1:])' \
    "$dev" shell true >"$dir/out" 2>&1 </dev/null &
  wait_for_file "$dir/pid"
  kill -$signal $!
  wait $!
  [ $? = 1 ] && says 'Interrupted' && ! kill -0 "$(cat "$dir/pid")" 2>/dev/null
  check $? "$signal: one sentence, and nothing goes on"
  recovers
  check $? "$signal: the next try works"
done

start_over endless
"$dev" shell true >"$dir/out" 2>&1 </dev/null &
wait_for_file "$dir/pid"
{ kill -KILL $!; wait $!; } 2>/dev/null
recovers
check $? 'killed: the next try works'

start_over slow
"$dev" shell true >"$dir/out2" 2>&1 </dev/null &
wait_for_file "$dir/calls"
run
status=$?
wait $! && [ $status = 0 ] && says 'Waiting for another' && says 'inside true' && [ "$(calls)" = 1 ]
check $? 'two at once make one tree'

start_over
mkdir "$dir/checkout"
cp -r "$dev" "$dir/checkout/"
mkdir -p "$dir/checkout/tests"
cp -r "${dev%/dev}/tests/env" "$dir/checkout/tests/"
run && echo 'tree - nano -' >>"$dir/checkout/tests/env/packages" &&
  "$dir/checkout/dev" shell true >"$dir/out" 2>&1 && [ "$(calls)" = 2 ]
check $? 'another list of packages is another tree'

touch "$dir/file"
XDG_CACHE_HOME=$dir/file run
[ $? = 1 ] && says 'cannot be written' && [ "$(wc -l <"$dir/out")" = 1 ]
check $? 'a cache that cannot be written is told about'

# Systems that are new enough, but lack everything.
export SLUICE_ENV=
rm "$dir"/bin/*
PATH=$system_path
for tool in awk bash cat cut dirname env flock grep head mkdir paste sed sha256sum sort tail; do
  ln -s "$(command -v $tool)" "$dir/bin/$tool"
done
fake id <<<'echo 1000'
fake apt-get <<<'exit 1'
fake apt-cache <<<'echo "  Candidate: 4.14.2+ds-1"'
PATH=$dir/bin run
[ $? = 1 ] && says 'sudo apt-get install -y --no-install-recommends libgtk-4-dev libadwaita-1-dev' && ! says ' xvfb'
check $? 'Debian and Ubuntu: the one command that installs what building needs'

PATH=$dir/bin "$dev" test >"$dir/out" 2>&1
says ' meson ' && says ' xvfb ' && ! says ' fonts-cantarell'
check $? 'testing needs more'

rm "$dir/bin/apt-get" "$dir/bin/apt-cache"
fake dnf <<<'exit 1'
PATH=$dir/bin run
[ $? = 1 ] && says 'sudo dnf install -y gtk4-devel libadwaita-devel'
check $? 'Fedora: the one command'

# Process substitution needs /dev/fd, hence /proc, which a container that may mount nothing lacks in the tree.
PATH=$system_path
grep -rnE '[<>] ?[<>]\(|=[<>]\(' "$dev" "${dev%/dev}"/tests/*/ "${dev%/dev}/po" "${dev%/dev}/app/cli" --include=dev --include='*.sh' \
  --include='*.bash' --include=inside --include=run-app --include=headless-session --exclude=test-dev.sh >"$dir/out"
[ $? = 1 ]
check $? 'no script needs /proc'
