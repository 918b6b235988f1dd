#!/bin/bash -p
# SPDX-License-Identifier: Apache-2.0
#
# What scripts/new_design, new_workload and new_system make is clean, compiles, works, and touches as many places as
# CONTRIBUTING.md says; what they refuse changes nothing. Works in a copy of the tree in a temporary directory. CXX says
# which compiler.
#
#   ci/lint/test_scaffold.sh           builds a made system and asks it; compiles what was made in the others
#   ci/lint/test_scaffold.sh --whole   builds and asks every system, too, with a design outside of the tree (minutes)
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
tree=$work/tree
mkdir "$tree"
skipped=(--exclude=./.git --exclude=./build --exclude='./build-*' --exclude=./results --exclude=__pycache__)
tar -C "$root" "${skipped[@]}" -cf - . | tar -C "$tree" -xf -
cd -P -- "$tree"  # no argument is a path
systems=(chunk event_store raft)
# The directory has another name every time: ccache does not compare it.
export CCACHE_BASEDIR=$work CCACHE_NOHASHDIR=1

fail() { echo "test_scaffold: $*" >&2; exit 1; }
content() { find . -path ./.git -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum; }
our_git() { git -c user.name=scaffold -c user.email=scaffold@localhost "$@"; }
# committed: what is there now is what the next scaffold begins with.
committed() { our_git add -A && our_git commit -q --allow-empty -m 'before the next scaffold'; }

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
# made KIND COMMAND...: works, from another folder, and touches the places that CONTRIBUTING.md says.
made() {
  local kind=$1
  shift
  committed
  (cd / && "$tree/scripts/new_$kind" "$@" >/dev/null) || fail "scripts/new_$kind $* fails"
  ci/lint/places.py "$kind" "${*: -1}" || fail "scripts/new_$kind $*: see above"
}
# logged WORDS COMMAND...: the end of what it says is shown only when it fails.
logged() {
  local words=$1
  shift
  "$@" >"$work/log" 2>&1 || { tail -n 60 "$work/log" >&2; fail "$words"; }
}
# ask PROGRAM ARGUMENT...: answers 0; what it said is in $work/out.
ask() {
  local status=0
  "$@" >"$work/out" 2>"$work/err" || status=$?
  [ $status = 0 ] || { cat "$work/out" "$work/err" >&2; fail "$*: exit $status"; }
}

git init -q .
for script in new_design new_workload; do
  refused 'expected 2 arguments' scripts/$script
  refused 'expected 2 arguments' scripts/$script chunk
  refused "no system 'chnk'" scripts/$script chnk rope
done
refused 'expected 1 arguments' scripts/new_system
for name in Rope 2rope rope- rope_ _rope a__b '' ../rope 'a b' "$(printf 'x%.0s' {1..33})"; do
  refused 'is no name for a design' scripts/new_design chunk "$name"
  refused 'is no name for a workload' scripts/new_workload chunk "$name"
  refused 'is no name for a system' scripts/new_system "$name"
done
refused 'is no name for a design' scripts/new_design chunk common
refused 'a word of C++' scripts/new_system namespace
refused 'a word of C++' scripts/new_workload raft while
for name in params pattern next_epoch; do refused 'declares something of that name' scripts/new_system $name; done
refused 'declares something of that name' scripts/new_workload chunk workload_defaults
refused 'is there already' scripts/new_design chunk copy
refused 'is there already' scripts/new_workload event_store append
refused 'is there already' scripts/new_system chunk
mv impls/CMakeLists.txt impls/CMakeLists.moved
refused 'impls/CMakeLists.txt: cannot read' scripts/new_design chunk rope
refused 'impls/CMakeLists.txt: cannot read' scripts/new_system probe_bag
mv impls/CMakeLists.moved impls/CMakeLists.txt

made system probe_bag
for system in "${systems[@]}" probe_bag; do
  made design "$system" probe_rope
  made workload "$system" probe_halves
  refused 'is there already' scripts/new_design "$system" probe_rope
  refused 'is there already' scripts/new_workload "$system" probe_halves
  grep -rq '::probe_halves>()' "impls/$system/common" || fail "impls/$system: no family promises the new workload"
done
committed
refused 'is there already' scripts/new_system probe_bag
! grep -rn '@[A-Z]*@' scenarios/probe_bag impls/probe_bag impls/*/probe_rope || fail 'a name was not filled in'
findings=$(ci/lint/run | grep -E 'probe_|CMakeLists|declared_work|families|amounts' || true)
[ -z "$findings" ] || fail "what was made is not clean: $findings"

if cmake --preset release -B build/none -DCOPYCOST_SYSTEMS='chunk;chnk' >"$work/log" 2>&1; then
  fail 'a system that is none is configured'
fi
grep -q "there is no system 'chnk'; there are: chunk, event_store" "$work/log" || fail "configuring: $(cat "$work/log")"

COPYCOST_SYSTEMS=probe_bag logged 'the made system does not build' scripts/build release copycost copycost-clock
copycost=build/release-probe_bag/copycost
ask $copycost list
for cell in append/design:copy probe_halves/design:copy append/design:probe_rope; do
  grep -q "probe_bag/$cell" "$work/out" || fail "list does not name probe_bag/$cell"
done
ask $copycost verify --cases 200
ask $copycost audit --profile quick
ask $copycost verify --input LICENSE
grep -q "$(sha256sum LICENSE | cut -c 1-8)" "$work/out" || fail 'verify --input does not answer the digest of the file'

if [ $whole = no ]; then
  # One design of each system, with the new workload; the others have nothing to do with it.
  sed -i -E '/^copycost_add_design/{/probe_rope/!d}' impls/CMakeLists.txt
  list=$(IFS=';' && echo "${systems[*]}")
  logged 'cannot configure' cmake --preset release -DCOPYCOST_TESTS=OFF "-DCOPYCOST_SYSTEMS=$list"
  mapfile -t objects < <(ninja -C build/release -t targets all | sed -n 's/: CXX_COMPILER.*//p' |
    grep -E 'cells_ledger.*probe_rope|judge_cells\.dir.*facade_.*probe_rope')
  [ ${#objects[@]} -ge 8 ] || fail "expected cells, facades and sources of three designs, got: ${objects[*]}"
  logged 'what was made does not compile' ninja -C build/release -j2 "${objects[@]}"
  exit 0
fi

# All of it, with the design of chunk outside of the tree: scripts/cmake/copycostConfig.cmake.
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
logged 'cannot build a design outside of the tree' ninja -C "$build" -j2 copycost
for system in "${systems[@]}"; do
  ask "$build/copycost/copycost" verify --system "$system" --design probe_rope --cases 100
  ask "$build/copycost/copycost" audit --system "$system" --design probe_rope --profile quick
  ask "$build/copycost/copycost" audit --system "$system" --workload probe_halves --profile quick
done
