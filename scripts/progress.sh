# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# How far a script is, on stderr; sourced behind here.sh. On a terminal one line is drawn again and again; elsewhere,
# and where TERM says that nothing can be drawn again, each step is a line of its own.
#   can_redraw                  whether stderr is such a terminal
#   follow_build WORDS LOG      reads what ninja says: keeps it in LOG, shows "WORDS: 120 of 640 files"
#   $COPYCOST_STEP              what stands before it: "[2/8] ", of the script that this one is a step of

can_redraw() { [ -t 2 ] && [ -n "${TERM-}" ] && [ "$TERM" != dumb ]; }

columns_of_terminal() {
  local size=''
  size=$(stty size <&2) || true
  size=${size#* }
  [ "${size:-0}" -gt 0 ] && echo "$size" || echo 80
}

follow_build() {
  local line text shown=-1 tenth columns=0 drawn=no
  if can_redraw; then columns=$(columns_of_terminal); fi
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$2"
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\]\ (.*) ]] || continue
    case ${BASH_REMATCH[3]} in Re-*) continue ;; esac  # ninja looks after itself
    text="${COPYCOST_STEP-}$1: ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]} files"
    if [ "$columns" -gt 0 ]; then
      printf '\r\033[K%s' "${text:0:columns - 1}" >&2
      drawn=yes
      continue
    fi
    tenth=$((10 * BASH_REMATCH[1] / BASH_REMATCH[2]))
    if [ $tenth -gt $shown ]; then
      shown=$tenth
      printf '%s\n' "$text" >&2
    fi
  done
  if [ $drawn = yes ]; then printf '\r\033[K' >&2; fi
}
