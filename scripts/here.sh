# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What every script of bash begins with, before any other command (ci/lint asks for it):
#   . "$(dirname -- "$(readlink -f -- "$0")")/here.sh"
# It starts the script once more, by its physical path, with what scripts/environment.txt keeps of the environment and
# nothing that BASH_ENV or the caller's shell defines. Then there are
#   $root            the checkout, a physical path
#   $me              the script's name, for messages
#   say TEXT         a line on stderr
#   die CODE TEXT    a line on stderr, and the end
#   print_header     the comment that the script begins with
#   in_root COMMAND  runs it at the top of the checkout
# and the script stands where its caller stands, so that each path among its arguments means what the caller meant. It
# never leaves that place: it names its own files by "$root/...", and what needs another place runs in ( ... ).
case ${BASH_VERSION:+$-} in *p*) ;; *) exec /bin/bash -p -- "$0" "$@" ;; esac
set -euo pipefail +o posix
root=$(readlink -f -- "${BASH_SOURCE[0]}")
root=${root%/scripts/here.sh}  # not by $(...), which drops the newlines at the end of a name

if [ "${COPYCOST_HERE-}" != $$ ]; then
  shopt -s extglob
  kept=(PATH=/usr/local/bin:/usr/bin:/bin) patterns=''
  mapfile -t kinds <"$root/scripts/environment.txt"
  read -ra more -d '' <<<"${COPYCOST_KEEP-}" || true
  for kind in "${kinds[@]}" ${more[@]+"${more[@]}"}; do
    case $kind in ''|\#*) ;; *) patterns+="|${kind%%[[:space:]]*}" ;; esac
  done
  while IFS= read -r -d '' entry; do
    # shellcheck disable=SC2053  # a pattern
    if [[ ${entry%%=*} == @(${patterns#|}) ]]; then kept+=("$entry"); fi
  done < <(/usr/bin/env -0)
  exec /usr/bin/env -i "${kept[@]}" LANG=C.UTF-8 COPYCOST_HERE=$$ /bin/bash -p -- "$(readlink -f -- "$0")" "$@"
fi

me=${0#"$root"/}
say() { printf '%s: %s\n' "$me" "$*" >&2; }
die() { say "${@:2}"; exit "$1"; }
print_header() { sed -n '/^# SPDX/d; /^#!/d; /^#/!q; s/^# \{0,1\}//p' "$0"; }
in_root() { (cd -P -- "$root" && exec "$@"); }
