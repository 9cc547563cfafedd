# Completion of esimctl in bash: the program itself says what may come next.

_esimctl() {
  # Only what readline calls $2 is replaced: the end of a word, after the last of COMP_WORDBREAKS.
  local before=${COMP_LINE:0:COMP_POINT} lines
  before=${before%"$2"}
  mapfile -t lines < <(command esimctl __complete line "$before" "$2" </dev/null 2>/dev/null)
  COMPREPLY=()
  if [[ ${lines[0]-} == $'\tfiles\t'* ]]; then
    compopt -o default
  elif ((COMP_TYPE == 63)); then
    # Shown and not inserted, so that descriptions do no harm.
    COMPREPLY=("${lines[@]/$'\t'/  }")
  else
    # Inserted as they are: the program has quoted them as this line needs it.
    COMPREPLY=("${lines[@]%%$'\t'*}")
  fi
}

complete -o nosort -F _esimctl esimctl
