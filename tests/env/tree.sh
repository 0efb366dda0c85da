# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of ./dev: the Debian 13 tree of a system that is too old, and the ways into it.
#
#   namespace  root that may mount: private mount and process namespaces, pivot_root
#   bubblewrap an ordinary user: bwrap, in a user namespace
#   chroot     root that may not mount, as in an ordinary container: plain chroot, with no /proc; the
#              checkout is copied in, and what the command wrote is copied back

suite=trixie

choose_way_in ()
{
  local tools=mmdebstrap packages=mmdebstrap tool

  if [ "$(id -u)" != 0 ]; then
    way=bubblewrap
    tools='mmdebstrap bwrap newuidmap'
    packages='mmdebstrap bubblewrap uidmap'
  elif unshare --mount --pid --fork --propagation private mount -t tmpfs tmpfs /mnt 2>/dev/null; then
    way=namespace
  else
    way=chroot
    tools='mmdebstrap rsync'
    packages='mmdebstrap rsync'
  fi

  for tool in $tools; do
    command -v "$tool" >/dev/null && continue
    install_on_host $packages
    break
  done
}

# The Debian 12 image's keyring may be older than the keys of Debian 13.
install_on_host ()
{
  local log

  set -- "$@" debian-archive-keyring
  command -v apt-get >/dev/null ||
    die 'This system is too old, and only Debian and Ubuntu can make the Debian 13 tree that stands in for it.'
  [ "$(id -u)" = 0 ] ||
    die "The Debian 13 tree needs three programs first: sudo apt-get install -y --no-install-recommends $*"

  say "Installing $*…"
  mkdir -p "$cache" || die "The folder $cache cannot be made; set XDG_CACHE_HOME to one that can."
  log=$cache/apt.log
  # One of the system's archives may be out of reach and yet the packages be there.
  { apt-get update; DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } \
    </dev/null >"$log" 2>&1 || explain_and_die "$log" 'The programs that make the Debian 13 tree'
}

# explain_and_die LOG WHAT: one sentence for a failure that apt wrote about
explain_and_die ()
{
  if grep -q 'No space left on device' "$1"; then
    die "$2 did not fit: the disk is full. Free some space, or set XDG_CACHE_HOME to a folder on a larger disk."
  elif grep -qE 'Temporary failure resolving|Could not resolve|Could not connect|Unable to connect|Cannot initiate|Connection (timed out|refused|failed)|Network is unreachable' "$1"; then
    die "$2 could not be fetched: there is no connection to the package mirror. Run the command again when there is."
  elif grep -qE 'NO_PUBKEY|is not signed|signatures couldn.t be verified' "$1"; then
    die "$2 could not be checked: install the newest debian-archive-keyring, then run the command again."
  else
    tail -n 15 "$1" >&2
    die "$2 could not be installed. The whole log is in $1."
  fi
}

# ensure_tree [NAME PACKAGES]: sets $tree to a tree of these packages, by default the one to build and test in
ensure_tree ()
{
  local hash

  packages=${2:-$(tree_packages "$env_dir/packages")}
  hash=$( { echo "$suite 1"; echo "$packages"; } | sha256sum | cut -c1-16)
  tree=$cache/${1:-debian-13}-$hash
  mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ] ||
    die "The folder $cache cannot be written; set XDG_CACHE_HOME to one that can."

  # Held shared by everyone who is in the tree, alone by who makes it.
  exec 9>"$tree.lock" || die "The file $tree.lock cannot be written."
  flock --shared --nonblock 9 || { say 'Waiting for another ./dev that is making the Debian 13 tree…'; flock --shared 9; }
  if [ "$(cat "$tree/.complete" 2>/dev/null)" != "$hash" ]; then
    flock --exclusive 9
    if [ "$(cat "$tree/.complete" 2>/dev/null)" != "$hash" ]; then
      make_tree "$hash"
    fi
    flock --shared 9
  fi
  touch "$tree.lock"
}

free_megabytes ()
{
  df -Pm "$1" | awk 'NR == 2 { print $4 }'
}

need_space ()
{
  local free

  free=$(free_megabytes "$1")
  [ "$free" -ge "$2" ] ||
    die "The disk of $1 has $free MB free, but the Debian 13 tree needs $2 MB. Free some space, or set $3 to a folder on a larger disk."
}

# The address of the Debian archive that this system itself installs from.
host_mirror ()
{
  local codename

  codename=$(os_release VERSION_CODENAME)
  if [ -n "${SLUICE_MIRROR:-}" ]; then
    echo "$SLUICE_MIRROR"
  elif [ "$(os_release ID)" = debian ]; then
    # The archive proper is the one that has the suite “…-updates” too.
    LC_ALL=C apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 2>/dev/null |
      awk -v codename="$codename" '
        $2 == "main" && $3 ~ /^https?:/ && $1 == codename "-updates" { best = $3 }
        $2 == "main" && $3 ~ /^https?:/ && $1 == codename && $3 ~ /\/debian\/?$/ { good = $3 }
        END { print best ? best : good }'
  fi
}

# What an interrupted run left; a user's was made under other user ids.
remove_remains ()
{
  rm -rf --one-file-system "$tree.new" "$tree"
  if [ "$way" = bubblewrap ] && [ -e "$scratch" ]; then
    unshare --user --map-auto --map-root-user rm -rf --one-file-system "$scratch" 2>/dev/null
    rm -rf "$scratch"
  fi
}

remove_old_trees ()
{
  local lock

  find "$cache" -maxdepth 1 -name 'debian-13-*.lock' -mtime +14 | while read -r lock; do
    [ "$lock" = "$tree.lock" ] && continue
    flock --nonblock --exclusive "$lock" rm -rf --one-file-system "${lock%.lock}" "${lock%.lock}.new" && rm -f "$lock"
  done
}

run_mmdebstrap ()
{
  local -a options
  local proxy list

  list=$(echo "$packages" | paste -sd,)
  options=(--variant=minbase
           --aptopt='Apt::Install-Recommends "false"'
           --dpkgopt=force-unsafe-io
           --dpkgopt='path-exclude=/usr/share/doc/*'
           --dpkgopt='path-include=/usr/share/doc/*/copyright'
           --include="$list")
  proxy=$(apt-config dump --format '%v' Acquire::http::Proxy 2>/dev/null)
  [ -n "$proxy" ] && options+=(--aptopt="Acquire::http::Proxy \"$proxy\"")

  # Should this script be killed, mmdebstrap goes too: it may not live on with the lock in its hands.
  case $way in
    namespace)
      exec setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --propagation private \
        mmdebstrap --mode=root --format=directory "${options[@]}" "$suite" "$tree.new" "$mirror"
      ;;
    chroot)
      exec setpriv --pdeathsig TERM \
        mmdebstrap --mode=root --format=directory "${options[@]}" "$suite" "$tree.new" "$mirror"
      ;;
    bubblewrap)
      # By way of tar, so that all files belong to the user, who can then delete them as usual.
      mkdir -p "$tree.new" "$scratch" && chmod 711 "$scratch" || return
      export TMPDIR=$scratch
      exec setpriv --pdeathsig TERM bash -c '
        set -o pipefail
        target=$1
        shift
        setpriv --pdeathsig TERM mmdebstrap --mode=unshare --format=tar "$@" |
          tar -x -f - -C "$target" --no-same-owner --exclude="./dev/*"' \
        bash "$tree.new" "${options[@]}" "$suite" - "$mirror"
      ;;
  esac
}

give_up ()
{
  local tries

  trap '' HUP INT TERM
  kill -TERM "$maker"
  for tries in $(seq 50); do
    kill -0 "$maker" || break
    sleep 0.1
  done
  kill -KILL "$maker"
  wait "$maker"
  remove_remains
  exec 2>&4
  die 'Interrupted. The next ./dev makes the Debian 13 tree from the start.'
} 4>&2 2>/dev/null

make_tree ()
{
  local log=$tree.log mirror scratch=${TMPDIR:-/var/tmp}/sluice-tree-$(id -u) maker

  remove_remains
  remove_old_trees
  need_space "$cache" 3500 XDG_CACHE_HOME
  if [ "$way" = bubblewrap ]; then
    need_user_namespaces
    need_space "${TMPDIR:-/var/tmp}" 3500 TMPDIR
  fi

  mirror=$(host_mirror)
  [ -n "$mirror" ] ||
    die 'This system names no Debian mirror. Say where Debian 13 is to be had: SLUICE_MIRROR=ADDRESS ./dev …'
  say "Making a Debian 13 tree in $tree from $mirror, once; this takes a minute or two…"
  run_mmdebstrap </dev/null >"$log" 2>&1 &
  maker=$!
  trap give_up HUP INT TERM
  if ! wait "$maker"; then
    remove_remains
    explain_and_die "$log" 'The Debian 13 tree'
  fi
  [ -d "$scratch" ] && rmdir "$scratch"
  finish_tree "$1" || { remove_remains; die "The Debian 13 tree could not be finished; see $log."; }
  trap - HUP INT TERM
  say 'The Debian 13 tree is ready.'
}

finish_tree ()
{
  if [ "$way" = chroot ] && [ ! -c "$tree.new/dev/null" ]; then
    die 'This container may neither mount nor make device files, so no Debian 13 tree can work in it. Use a Debian 13 container.'
  fi
  { tr -d - </proc/sys/kernel/random/uuid || dbus-uuidgen; } 2>/dev/null >"$tree.new/etc/machine-id"
  chmod 755 "$tree.new" &&
    touch "$tree.new/etc/resolv.conf" "$tree.new/etc/hosts" &&
    mkdir -p "$tree.new$tree_home" "$tree.new$tree_ccache" &&
    echo "$1" >"$tree.new/.complete" &&
    sync -f "$tree.new/.complete" &&
    mv -T "$tree.new" "$tree"
}

need_user_namespaces ()
{
  unshare --user --map-root-user true 2>/dev/null ||
    die 'This system lets only root make user namespaces. Ask for sysctl kernel.unprivileged_userns_clone=1, or run ./dev as root.'
  unshare --user --map-auto --map-root-user true 2>/dev/null ||
    die "The user has no subordinate ids: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $(id -un)"
}

# The home inside, and where the compiler's cache is; kept from one command to the next.
tree_home=/var/lib/sluice
tree_ccache=/var/cache/ccache

# enter_tree COMMAND…: runs it in the tree, in the checkout, which is at its own path there too
enter_tree ()
{
  local -a variables
  local name sockets=

  variables=(HOME="$tree_home" CCACHE_DIR="$tree_ccache" LC_ALL=C.UTF-8 TERM="${TERM:-dumb}" SLUICE_WAY="$way"
             PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
  for name in CI NO_COLOR SLUICE_CLIENTS_DIR http_proxy https_proxy no_proxy; do
    [ -n "${!name:-}" ] && variables+=("$name=${!name}")
  done
  mkdir -p "$cache/home" "$cache/ccache" || exit 1
  [ "$command" = run ] && share_desktop

  enter_by_$way "$@"
}

# The sockets of the desktop that ./dev runs on, as “host inside” in $sockets. In a chroot there are none,
# and Broadway shows the window.
share_desktop ()
{
  local host=${XDG_RUNTIME_DIR:-/nonexistent} runtime

  runtime=/run/user/$(id -u)
  if [ -n "${DISPLAY:-}" ] && [ -d /tmp/.X11-unix ] && [ "$way" != chroot ]; then
    variables+=(DISPLAY="$DISPLAY")
    sockets='/tmp/.X11-unix /tmp/.X11-unix'
    if [ -f "${XAUTHORITY:-$HOME/.Xauthority}" ]; then
      variables+=(XAUTHORITY="$runtime/xauthority")
      sockets+=$'\n'"${XAUTHORITY:-$HOME/.Xauthority} $runtime/xauthority"
    fi
  fi
  if [ -n "${WAYLAND_DISPLAY:-}" ] && [ -S "$host/$WAYLAND_DISPLAY" ] && [ "$way" != chroot ]; then
    variables+=(WAYLAND_DISPLAY="$WAYLAND_DISPLAY")
    sockets+=$'\n'"$host/$WAYLAND_DISPLAY $runtime/$WAYLAND_DISPLAY"
  fi
  if [ -n "$sockets" ] && [ -S "$host/bus" ]; then
    variables+=(DBUS_SESSION_BUS_ADDRESS="unix:path=$runtime/bus")
    sockets+=$'\n'"$host/bus $runtime/bus"
  fi
  variables+=(XDG_RUNTIME_DIR="$runtime")
}

# Folders of the host that the tree sees at the same path.
shared_folders ()
{
  printf '%s\n' "$src" ${SLUICE_CLIENTS_DIR:+"$SLUICE_CLIENTS_DIR"} ${pictures:+"$pictures"} \
    ${kept:+"$kept"} ${bundles:+"$bundles"}
}

enter_by_namespace ()
{
  local folders

  folders=$(shared_folders)
  export tree cache src folders sockets tree_home tree_ccache
  # unshare itself heeds no signal but this one; it comes when this script ends, whatever ends it.
  setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --propagation private bash -c '
    set -e
    cd "$tree"
    mount --bind . .
    cd "$tree"
    mount -t proc proc proc
    mount --rbind /sys sys
    mount --rbind /dev dev
    for folder in tmp var/tmp run; do
      mount -t tmpfs -o mode=1777 tmpfs "$folder"
    done
    mount --bind "$cache/home" ".$tree_home"
    mount --bind "$cache/ccache" ".$tree_ccache"
    for file in /etc/resolv.conf /etc/hosts; do
      [ -e "$file" ] && mount --bind "$(realpath "$file")" ".$file"
    done
    while read -r folder; do
      mkdir -p ".$folder"
      mount --bind "$folder" ".$folder"
    done <<<"$folders"
    while read -r host inside; do
      [ -n "$host" ] || continue
      mkdir -p -m 700 ".${inside%/*}"
      if [ -d "$host" ]; then mkdir -p ".$inside"; else touch ".$inside"; fi
      mount --bind "$host" ".$inside"
    done <<<"$sockets"
    mount -o remount,bind,ro .
    mkdir run/old
    pivot_root . run/old
    umount -l /run/old
    rmdir /run/old
    cd "$src"
    exec env -i "$@"' bash "${variables[@]}" "$@"
}

enter_by_bubblewrap ()
{
  local -a options
  local variable folder host inside

  options=(--unshare-user --unshare-pid --die-with-parent --clearenv
           --ro-bind "$tree" / --proc /proc --dev /dev --tmpfs /tmp --tmpfs /var/tmp --tmpfs /run
           --bind "$cache/home" "$tree_home" --bind "$cache/ccache" "$tree_ccache")
  for variable in "${variables[@]}"; do
    options+=(--setenv "${variable%%=*}" "${variable#*=}")
  done
  [ -e /etc/resolv.conf ] && options+=(--ro-bind /etc/resolv.conf /etc/resolv.conf)
  [ -e /etc/hosts ] && options+=(--ro-bind /etc/hosts /etc/hosts)
  while read -r folder; do
    mkdir -p "$tree$folder" 2>/dev/null
    options+=(--bind "$folder" "$folder")
  done <<<"$(shared_folders)"
  while read -r host inside; do
    [ -n "$host" ] && options+=(--bind "$host" "$inside")
  done <<<"$sockets"

  # The bus refuses a user who has no line in passwd.
  { cat "$tree/etc/passwd"; echo "$(id -un):x:$(id -u):$(id -g)::$tree_home:/bin/bash"; } >"$cache/passwd"
  { cat "$tree/etc/group"; echo "$(id -gn):x:$(id -g):"; } >"$cache/group"
  options+=(--ro-bind "$cache/passwd" /etc/passwd --ro-bind "$cache/group" /etc/group)

  exec bwrap "${options[@]}" --chdir "$src" "$@"
}

enter_by_chroot ()
{
  local folder status

  while read -r folder; do
    mkdir -p "$tree$folder"
    rsync -a --delete --exclude='/_build*/' --exclude=/.git/ "$folder/" "$tree$folder/" ||
      die "The checkout could not be copied into $tree."
  done <<<"$(shared_folders)"
  cp /etc/resolv.conf /etc/hosts "$tree/etc/" 2>/dev/null

  setpriv --pdeathsig TERM chroot "$tree" env -i "${variables[@]}" bash -c 'cd "$0" && exec "$@"' "$src" "$@"
  status=$?

  while read -r folder; do
    rsync -a --update --exclude='/_build*/' "$tree$folder/" "$folder/"
  done <<<"$(shared_folders)"
  exit "$status"
}
