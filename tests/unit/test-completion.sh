#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test-completion.sh SLUICECTL SCRIPT: what the completion offers, as TAP
set -u
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME=$home XDG_CONFIG_HOME=$home/config PATH=${1%/*}:$PATH
mkdir -p "$home/config/sluice/subscriptions"
printf '{"format":1,"name":"North Pier"}' \
  > "$home/config/sluice/subscriptions/11111111-1111-4111-8111-111111111111.json"
source "$2"

n=0
expect()
{
  local wanted=$1
  shift
  COMP_WORDS=("$@")
  COMP_CWORD=$(($# - 1))
  _sluicectl
  n=$((n + 1))
  if [ "${COMPREPLY[*]-}" = "$wanted" ]; then
    echo "ok $n - $*"
  else
    echo "not ok $n - $*: ${COMPREPLY[*]-}"
  fi
}

echo 1..21
expect 'subscription' sluicectl sub
expect 'delete duplicate' sluicectl subscription d
expect '--json' sluicectl subscription list --j
expect 'North\ Pier' sluicectl subscription show nor
expect '' sluicectl subscription show south
expect 'North\ Pier' sluicectl subscription export ''
expect '--name' sluicectl subscription add --n
expect 'North\ Pier' sluicectl subscription set n
expect 'concurrent=' sluicectl subscription set North conc
expect 'authenticate' sluicectl auth
expect 'North\ Pier' sluicectl query nor
expect 'csv json sqlite' sluicectl query North --format ''
expect '--accept-other-org' sluicectl verify --acc
expect '--revoke' sluicectl disconnect North --r
expect '--revoke' sluicectl subscription delete --r
expect '--consumer-secret-stdin' sluicectl subscription set --c
expect '--refresh' sluicectl describe North --r
expect 'North\ Pier' sluicectl limits n
expect '' sluicectl describe North\\ Pier Acc
expect '--retry-failures' sluicectl import North Account rows.csv --retry
expect 'update upsert' sluicectl import North Account rows.csv --operation up
