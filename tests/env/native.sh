# SPDX-License-Identifier: GPL-3.0-or-later
#
# Part of ./dev: whether this system's own packages can build Sluice, and what it lacks.

# version_at_least HAVE WANTED
version_at_least ()
{
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

any_file ()
{
  local pattern file

  IFS='|' read -ra patterns <<<"$1"
  for pattern in "${patterns[@]}"; do
    for file in $pattern; do
      [ -e "$file" ] && return
    done
  done
  return 1
}

any_program ()
{
  local names=${1%%>=*} name

  for name in ${names//|/ }; do
    command -v "$name" >/dev/null || continue
    [ "$names" = "$1" ] && return
    version_at_least "$("$name" --version | head -n 1)" "${1#*>=}" && return
  done
  return 1
}

# is_there CHECK: a check of the table tests/env/packages
is_there ()
{
  local what=${1#*:}

  case $1 in
    module:*) pkg-config --exists "${what/>=/ >= }" 2>/dev/null ;;
    program:*) any_program "$what" ;;
    file:*) any_file "$what" ;;
    *) true ;;
  esac
}

# missing_packages TABLE GROUPS: the rows whose check fails, as “check deb rpm”
missing_packages ()
{
  local group check deb rpm

  while read -r group check deb rpm; do
    case " $2 " in
      *" $group "*) is_there "$check" || printf '%s %s %s\n' "$check" "$deb" "$rpm" ;;
    esac
  done <"$1"
}

# Debian packages of the tree, one a line, sorted.
tree_packages ()
{
  awk '!/^#/ && NF && $3 != "-" { print $3 }' "$1" | LC_ALL=C sort -u
}

os_release ()
{
  . /etc/os-release 2>/dev/null && eval "printf '%s' \"\${$1:-}\""
}

# The newest version of a Debian package that apt knows of; nothing when it has no lists yet.
apt_candidate ()
{
  LC_ALL=C apt-cache policy "$1" 2>/dev/null | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'
}

# Whether this system's own package archive has GTK 4.14 and libadwaita 1.5.
is_new_enough ()
{
  local gtk adw version

  if command -v apt-cache >/dev/null; then
    gtk=$(apt_candidate libgtk-4-dev)
    adw=$(apt_candidate libadwaita-1-dev)
    if [ -n "$gtk" ] && [ -n "$adw" ]; then
      version_at_least "$gtk" 4.14 && version_at_least "$adw" 1.5
      return
    fi
  fi

  version=$(os_release VERSION_ID)
  case $(os_release ID) in
    debian) [ -z "$version" ] || version_at_least "$version" 13 ;;
    ubuntu) version_at_least "$version" 24.04 ;;
    fedora) version_at_least "$version" 40 ;;
    *) ! command -v apt-get >/dev/null ;;
  esac
}

# tell_missing ROWS: the one command that installs what is missing
tell_missing ()
{
  local column sudo=

  [ "$(id -u)" = 0 ] || sudo='sudo '
  if command -v apt-get >/dev/null; then
    column=2
    say 'Some packages are missing. This command installs them:'
    printf '\n  %sapt-get install -y --no-install-recommends' "$sudo" >&2
  elif command -v dnf >/dev/null; then
    column=3
    say 'Some packages are missing. This command installs them:'
    printf '\n  %sdnf install -y' "$sudo" >&2
  else
    column=1
    say 'Install what provides these, with your system’s package manager:'
    printf '\n ' >&2
  fi
  awk -v column="$column" '$column != "-" && !seen[$column]++ { printf " %s", $column } END { print "\n" }' <<<"$1" >&2
}
