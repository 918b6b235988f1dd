# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Which systems are built, and where; sourced behind here.sh. COPYCOST_SYSTEMS names them (chunk,raft); empty: all.
#   read_systems         makes ${systems[@]} of it, each once, in the order of the alphabet. A name that is none: exit 2
#   build_folder PRESET  answers where they are built: build/release, build/release-chunk; a path in the checkout

read_systems() {
  local name there=()
  for name in "$root"/scenarios/*/contract.h; do
    name=${name%/contract.h}
    there+=("${name##*/}")
  done
  mapfile -t systems < <(printf '%s' "${COPYCOST_SYSTEMS-}" | tr -s ',; ' '\n' | sed '/^$/d' | sort -u)
  for name in "${systems[@]}"; do
    [ -f "$root/scenarios/$name/contract.h" ] || die 2 "there is no system '$name'; there are: ${there[*]}"
  done
}

build_folder() {
  printf 'build/%s' "$1"
  if [ ${#systems[@]} -gt 0 ]; then printf -- '-%s' "${systems[@]}"; fi
}
