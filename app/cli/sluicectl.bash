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

# The objects of an org, as far as they are known without asking long
_sluicectl_objects()
{
  local IFS=$'\n' name

  while IFS=$'\t' read -r name _; do
    if [[ -n $name && ${name,,} == "${2,,}"* ]]; then
      COMPREPLY+=("$name")
    fi
  done <<<"$(sluicectl describe "$1" 2>/dev/null)"
}

# _sluicectl_offer OPTION…: what compgen finds. No process substitution: there may be no /proc.
_sluicectl_offer()
{
  mapfile -t COMPREPLY <<<"$(compgen "$@")"
  [[ -n ${COMPREPLY[0]} ]] || COMPREPLY=()
}

_sluicectl_subscription()
{
  local word=$1

  if ((COMP_CWORD == 2)); then
    _sluicectl_offer -W 'add delete duplicate export import list set show --help' -- "$word"
    return
  fi

  case ${COMP_WORDS[2]},$word in
    list,-* | show,-*)
      _sluicectl_offer -W '--json --help' -- "$word"
      ;;
    add,-*)
      _sluicectl_offer -W '--name --api-url --version --consumer-key --api-key
        --throttle-limit --throttle-seconds --hub-throttle-limit --hub-throttle-seconds --concurrent
        --budget-reserve --look-back --sign-in-with --json --help' -- "$word"
      ;;
    set,-*)
      _sluicectl_offer -W '--consumer-secret-stdin --help' -- "$word"
      ;;
    delete,-*)
      _sluicectl_offer -W '--revoke --help' -- "$word"
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

# The commands that take a name and options
_sluicectl_command()
{
  local word=$1 previous=${COMP_WORDS[COMP_CWORD - 1]}

  case ${COMP_WORDS[1]},$previous in
    import,--operation)
      _sluicectl_offer -W 'insert update upsert delete hardDelete' -- "$word"
      return
      ;;
    import,--map | import,--results | import,--undo)
      _sluicectl_offer -f -- "$word"
      return
      ;;
    import,--key | import,--confirm-delete)
      return
      ;;
    query,--format)
      _sluicectl_offer -W 'csv json sqlite' -- "$word"
      return
      ;;
    query,--output | query,-o)
      _sluicectl_offer -f -- "$word"
      return
      ;;
  esac

  case ${COMP_WORDS[1]},$word in
    authenticate,-*)
      _sluicectl_offer -W '--print-url --timeout --json --help' -- "$word"
      ;;
    describe,-*)
      _sluicectl_offer -W '--json --refresh --help' -- "$word"
      ;;
    disconnect,-*)
      _sluicectl_offer -W '--revoke --help' -- "$word"
      ;;
    doctor,-* | limits,-*)
      _sluicectl_offer -W '--json --help' -- "$word"
      ;;
    import,-*)
      _sluicectl_offer -W '--operation --key --map --rest --bulk --clear-empty --dry-run --yes
        --confirm-delete --resume --retry-failures --start-over --results --undo --progress
        --json --help' -- "$word"
      ;;
    query,-*)
      _sluicectl_offer -W '--rest --bulk --all-rows --format --json --output --resume --table --replace --bom --formula-guard --progress --help' -- "$word"
      ;;
    verify,-*)
      _sluicectl_offer -W '--accept-other-org --json --help' -- "$word"
      ;;
    import,*)
      if ((COMP_CWORD == 2)); then
        _sluicectl_names "${word//\\/}"
      elif ((COMP_CWORD == 3)); then
        _sluicectl_objects "${COMP_WORDS[2]//\\/}" "$word"
      else
        _sluicectl_offer -f -- "$word"
      fi
      ;;
    describe,*)
      if ((COMP_CWORD == 2)); then
        _sluicectl_names "${word//\\/}"
      else
        _sluicectl_objects "${COMP_WORDS[2]//\\/}" "$word"
      fi
      ;;
    *)
      _sluicectl_names "${word//\\/}"
      ;;
  esac
}

_sluicectl()
{
  local word=${COMP_WORDS[COMP_CWORD]}

  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _sluicectl_offer -W 'authenticate describe disconnect doctor import limits query subscription verify --help --version' -- "$word"
    return
  fi

  case ${COMP_WORDS[1]} in
    subscription)
      _sluicectl_subscription "$word"
      ;;
    authenticate | describe | disconnect | doctor | import | limits | query | verify)
      _sluicectl_command "$word"
      ;;
  esac
}

complete -F _sluicectl sluicectl
