# SPDX-License-Identifier: GPL-3.0-or-later
# Bash completion for sluicectl

_sluicectl_names()
{
  local IFS=$'\n' name

  while IFS=$'\t' read -r name _; do
    if [[ -n $name && ${name,,} == "${1,,}"* ]]; then
      COMPREPLY+=("$(printf '%q' "$name")")
    fi
  done <<<"$(sluicectl subscription list 2>/dev/null)"
}

# _sluicectl_offer OPTION…: what compgen finds. No process substitution: there may be no /proc.
_sluicectl_offer()
{
  mapfile -t COMPREPLY <<<"$(compgen "$@")"
  [[ -n ${COMPREPLY[0]} ]] || COMPREPLY=()
}

_sluicectl()
{
  local word=${COMP_WORDS[COMP_CWORD]}

  COMPREPLY=()
  case $COMP_CWORD in
    1)
      _sluicectl_offer -W 'subscription --help --version' -- "$word"
      return
      ;;
    2)
      _sluicectl_offer -W 'add delete duplicate export import list set show --help' -- "$word"
      return
      ;;
  esac

  case ${COMP_WORDS[2]},$word in
    list,-* | show,-*)
      _sluicectl_offer -W '--json --help' -- "$word"
      ;;
    add,-*)
      _sluicectl_offer -W '--name --api-url --version --consumer-key --api-key
        --throttle-limit --throttle-seconds --hub-throttle-limit --hub-throttle-seconds --concurrent
        --budget-reserve --look-back --sign-in-with --json --help' -- "$word"
      ;;
    *,-*)
      _sluicectl_offer -W '--help' -- "$word"
      ;;
    import,*)
      _sluicectl_offer -f -- "$word"
      ;;
    export,*)
      if ((COMP_CWORD == 3)); then
        _sluicectl_names "$word"
      else
        _sluicectl_offer -f -- "$word"
      fi
      ;;
    set,*)
      if ((COMP_CWORD == 3)); then
        _sluicectl_names "${word//\\/}"
      else
        compopt -o nospace 2>/dev/null
        _sluicectl_offer -S = -W 'name api_url version consumer_key api_key throttle_limit
          throttle_seconds hub_throttle_limit hub_throttle_seconds concurrent budget_reserve
          sign_in_with' -- "$word"
      fi
      ;;
    show,* | delete,* | duplicate,*)
      _sluicectl_names "${word//\\/}"
      ;;
  esac
}

complete -F _sluicectl sluicectl
