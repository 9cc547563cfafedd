#compdef esimctl
# Completion of esimctl in zsh: the program itself says what may come next.

_esimctl() {
  # (Q) takes quotes away and expands nothing; a quote that is open is in compstate.
  local quote=$compstate[quote] line value width=0
  local -a typed=("${(@Q)words[2,CURRENT-1]}" "${(Q)${:-$quote$PREFIX$quote}}")
  local -a lines=("${(@f)$(command esimctl __complete words "${typed[@]}" </dev/null 2>/dev/null)}")
  local -a shown suffix

  if [[ $lines[1] == $'\tfiles\t'* ]]; then
    compset -P "${(b)lines[1]#$'\tfiles\t'}"
    _files
    return
  fi
  for line in $lines; do
    value=${line%%$'\t'*}
    ((${(m)#value} > width)) && width=${(m)#value}
  done
  for line in $lines; do
    value=${line%%$'\t'*}
    shown=("${(mr:width:)value}${${line#$value}/$'\t'/  }")
    suffix=()
    [[ $value == *: ]] && suffix=(-S '')
    # Without -Q it is quoted when it is inserted.
    compadd -V esimctl -l -d shown $suffix -- "$value"
  done
}

# The body of an autoloaded function, or a script that was sourced.
if [[ $funcstack[1] == _esimctl ]]; then
  _esimctl "$@"
else
  compdef _esimctl esimctl
fi
