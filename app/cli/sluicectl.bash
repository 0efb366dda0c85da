# SPDX-License-Identifier: GPL-3.0-or-later
# Bash completion for sluicectl

_sluicectl_names()
{
  local IFS=$'\n' name

  while IFS=$'\t' read -r name _; do
    if [[ ${name,,} == "${1,,}"* ]]; then
      COMPREPLY+=("$(printf '%q' "$name")")
    fi
  done < <(sluicectl subscription list 2>/dev/null)
}

_sluicectl()
{
  local word=${COMP_WORDS[COMP_CWORD]}

  COMPREPLY=()
  case $COMP_CWORD in
    1)
      mapfile -t COMPREPLY < <(compgen -W 'subscription --help --version' -- "$word")
      return
      ;;
    2)
      mapfile -t COMPREPLY < <(compgen -W 'delete duplicate export import list show --help' -- "$word")
      return
      ;;
  esac

  case ${COMP_WORDS[2]},$word in
    list,-* | show,-*)
      mapfile -t COMPREPLY < <(compgen -W '--json --help' -- "$word")
      ;;
    *,-*)
      mapfile -t COMPREPLY < <(compgen -W '--help' -- "$word")
      ;;
    import,*)
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      ;;
    export,*)
      if ((COMP_CWORD == 3)); then
        _sluicectl_names "$word"
      else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
      fi
      ;;
    show,* | delete,* | duplicate,*)
      _sluicectl_names "${word//\\/}"
      ;;
  esac
}

complete -F _sluicectl sluicectl
