# shellcheck shell=bash
# Sourced by each check: `files_like REGEX "$@"` sets `files` to those of the given files that exist and whose
# path matches; without any given, of all files of the repository.
files_like() {
  local pattern=$1 file all=()
  shift
  (($#)) || mapfile -t all < <(git ls-files --cached --others --exclude-standard)
  (($#)) || set -- "${all[@]}"
  files=()
  for file; do
    [[ -f $file && ! -L $file && $file =~ $pattern ]] && files+=("$file")
  done
  return 0
}
