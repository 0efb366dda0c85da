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
      _sluicectl_offer -W 'delete duplicate export import list show --help' -- "$word"
      return
      ;;
  esac

  case ${COMP_WORDS[2]},$word in
    list,-* | show,-*)
      _sluicectl_offer -W '--json --help' -- "$word"
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
    show,* | delete,* | duplicate,*)
      _sluicectl_names "${word//\\/}"
      ;;
  esac
}

complete -F _sluicectl sluicectl
