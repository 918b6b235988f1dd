#!/bin/bash -p
# SPDX-License-Identifier: Apache-2.0
#
# What scripts/new_design and scripts/new_system make is clean and compiles, and what they refuse changes nothing.
# Works in a copy of the tree in a temporary directory. CXX says which compiler.
#
#   ci/lint/test_scaffold.sh           compiles only what was made (some seconds)
#   ci/lint/test_scaffold.sh --whole   builds the program too, and asks it: list, laws, oracle, promises (some minutes)
. "$(dirname -- "$(readlink -f -- "$0")")/../../scripts/here.sh"
whole=no
case "${1:-}" in
  '') ;;
  --whole) whole=yes ;;
  -h|--help) print_header; exit 0 ;;
  *) die 2 "what is '$1'? expected --whole" ;;
esac
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
tree=$work/tree build=$work/build
mkdir "$tree"
skipped=(--exclude=./.git --exclude=./build --exclude='./build-*' --exclude=./results --exclude=__pycache__)
tar -C "$root" "${skipped[@]}" -cf - . | tar -C "$tree" -xf -
cd -P -- "$tree"  # no argument is a path

fail() { echo "test_scaffold: $*" >&2; exit 1; }
content() { find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum; }

# refused WORDS COMMAND...: exit 2, one line with these words on stderr, nothing on stdout, nothing changed.
refused() {
  local words=$1 status=0 before
  shift
  before=$(content)
  "$@" >"$work/out" 2>"$work/err" || status=$?
  [ $status = 2 ] || fail "$*: exit $status, expected 2"
  [ ! -s "$work/out" ] || fail "$*: wrote to stdout"
  [ "$(wc -l <"$work/err")" = 1 ] || fail "$*: expected one line, got: $(cat "$work/err")"
  grep -qF -- "$words" "$work/err" || fail "$*: expected '$words', got: $(cat "$work/err")"
  [ "$before" = "$(content)" ] || fail "$*: changed something"
}

refused 'expected 2 arguments' scripts/new_design
refused 'expected 2 arguments' scripts/new_design chunk
refused 'expected 1 arguments' scripts/new_system
for name in Rope 2rope rope- rope_ _rope a__b '' ../rope 'a b' "$(printf 'x%.0s' {1..33})"; do
  refused 'is no name for a design' scripts/new_design chunk "$name"
  refused 'is no name for a system' scripts/new_system "$name"
done
refused 'is no name for a design' scripts/new_design chunk common
refused 'a word of C++' scripts/new_system namespace
refused 'declares something of that name' scripts/new_system params
refused 'declares something of that name' scripts/new_system pattern
refused 'declares something of that name' scripts/new_system next_epoch
refused "no system 'chnk'" scripts/new_design chnk rope
refused 'is there already' scripts/new_design chunk copy
refused 'is there already' scripts/new_system chunk
mv impls/CMakeLists.txt impls/CMakeLists.moved
refused 'impls/CMakeLists.txt: cannot read' scripts/new_design chunk rope
refused 'impls/CMakeLists.txt: cannot read' scripts/new_system probe_bag
mv impls/CMakeLists.moved impls/CMakeLists.txt

(cd / && "$tree/scripts/new_design" chunk probe_rope >/dev/null)
(cd / && "$tree/scripts/new_system" probe_bag >/dev/null)
refused 'is there already' scripts/new_design chunk probe_rope
refused 'is there already' scripts/new_system probe_bag
refused "no template for 'probe_bag'" scripts/new_design probe_bag rope
! grep -rn '@[A-Z]*@' scenarios/probe_bag impls/probe_bag impls/chunk/probe_rope || fail 'a name was not filled in'
for workload in scenarios/chunk/workloads/*.h; do
  name=$(basename "$workload" .h)
  grep -q "promised<workloads::$name>()" impls/chunk/common/families.h ||
    fail "impls/chunk/common/families.h: nothing is promised for $name"
done
findings=$(ci/lint/run | grep -E '^[^:]*(probe_|CMakeLists)' || true)
[ -z "$findings" ] || fail "what was made is not clean: $findings"

# The directory has another name every time: ccache is told not to mind.
export CCACHE_BASEDIR=$work CCACHE_NOHASHDIR=1
# logged WORDS COMMAND...: the end of what it says is shown only when it fails.
logged() {
  local words=$1
  shift
  "$@" >"$work/log" 2>&1 || { tail -n 60 "$work/log" >&2; fail "$words"; }
}
# The other designs have nothing to do with it, and are dear to compile.
sed -i -E '/^copycost_add_design/{/ copy\)|probe_/!d}' impls/CMakeLists.txt
logged 'cannot configure' cmake --preset release -B "$build" -DCOPYCOST_TESTS=OFF
mapfile -t objects < <(ninja -C "$build" -t targets all | sed -n 's/: CXX_COMPILER.*//p' | grep -E 'probe_(rope|bag)')
[ ${#objects[@]} = 14 ] || fail "expected 6 objects of the design and 8 of the system, got: ${objects[*]}"
logged 'what was made does not compile' ninja -C "$build" -j2 "${objects[@]}"
[ $whole = yes ] || exit 0

# The whole program, with the design outside of the tree: scripts/cmake/copycostConfig.cmake.
outside=$work/outside build=$work/build-outside
mkdir "$outside"
mv impls/chunk/probe_rope "$outside"
sed -i '/copycost_add_design(chunk probe_rope/d' impls/CMakeLists.txt
sed -i 's|"impls/chunk/probe_rope/|"|' "$outside"/probe_rope/*.cc
cat >"$outside/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(outside LANGUAGES C CXX)
find_package(copycost REQUIRED)
copycost_add_design(chunk probe_rope probe_rope)
copycost_build()
END
logged 'cannot configure a design outside of the tree' \
  cmake -G Ninja -S "$outside" -B "$build" -Dcopycost_DIR="$tree/scripts/cmake" \
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE='-O2 -DNDEBUG'
logged 'cannot build a design outside of the tree' ninja -C "$build" -j2 copycost copycost-clock
ask() {
  local status=0
  "$build/copycost/copycost" "$@" >"$work/out" 2>"$work/err" || status=$?
  [ $status = 0 ] || { cat "$work/out" "$work/err" >&2; fail "copycost $*: exit $status"; }
}
ask list --system probe_bag
grep -q 'probe_bag/append/design:copy' "$work/out" || fail 'list does not name probe_bag/append/design:copy'
for selection in '--system probe_bag' '--system chunk --design probe_rope'; do
  # shellcheck disable=SC2086
  ask verify $selection --cases 200
  # shellcheck disable=SC2086
  ask audit $selection --profile quick
done
ask verify --system probe_bag --input LICENSE
grep -q "$(sha256sum LICENSE | cut -c 1-8)" "$work/out" || fail 'verify --input does not answer the digest of the file'
