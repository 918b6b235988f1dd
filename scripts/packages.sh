# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# The packages that copycost is built with on Debian and Ubuntu; sourced by scripts/setup. One list, with the reason for
# each line. No name carries a release's number: what belongs to a compiler is asked for.
copycost_packages=(
  g++ cmake ninja-build ccache pkg-config git   # build
  libmimalloc-dev libbenchmark-dev              # the allocator under the hooks; the clock
  libcli11-dev libfmt-dev nlohmann-json3-dev    # command line, text, JSON
  libtbb-dev                                    # the pool of workers that runs graphs
  zlib1g-dev libzstd-dev libunwind-dev          # packed input; call stacks in traces
  libssl-dev                                    # digests of input
  librapidcheck-dev catch2                      # laws
  libabsl-dev liblmdb-dev libsqlite3-dev        # the peers absl_cord, lmdb, sqlite
  libprotobuf-dev protobuf-compiler             # the peers protobuf, protobuf_arena
  libzmq3-dev                                   # links over ZeroMQ; the peer zeromq
  python3 python3-matplotlib python3-jinja2     # reports
)
copycost_test_packages=(
  clang runtime-of-clang llvm                   # a second compiler; its sanitizers, with names, and libFuzzer
  heaptrack zstd                                # traces are compared with its
  python3-pytest shellcheck clang-format        # tests of reports and scripts; the form of sources
  clang-tidy                                    # bugs in what everything else stands on
)

# Reads into $installed what is installed for this machine's architecture, and what that provides, a name a line. (A
# package that is there for two architectures answers twice.)
find_installed() {
  installed=$(dpkg-query -W -f '${db:Status-Status}\t${Architecture}\t${Package}\t${Provides}\n' |
    awk -F '\t' -v native="$(dpkg --print-architecture)" '$1 == "installed" && ($2 == native || $2 == "all") {
      print $3
      count = split($4, provided, ", *")
      for (i = 1; i <= count; ++i) { sub(/ .*/, "", provided[i]); if (provided[i] != "") print provided[i] }
    }')
}
is_installed() { grep -qxF -e "$1" <<<"$installed"; }

# What `clang` stands for, "14": in the package that is installed, or else in the one that apt would install. Nothing
# where neither is known.
version_of_clang() {
  local depends=''
  if is_installed clang; then
    depends=$(dpkg-query -W -f '${Depends}\n' clang)
  elif command -v apt-cache >/dev/null; then
    depends=$(apt-cache show --no-all-versions clang 2>&1 | sed -n 's/^Depends: //p')
  fi
  grep -oE '\bclang-[0-9]+\b' <<<"$depends" | head -n 1 | tr -dc 0-9 || true
}

# The package with the sanitizers and libFuzzer of clang VERSION: it has changed its name over time, and apt knows which
# it is. Nothing without a version.
runtime_of_clang() {
  local name
  if [ -z "$1" ]; then return; fi
  for name in "libclang-rt-$1-dev" "libclang-common-$1-dev"; do
    if is_installed "$name" || [ -n "$(apt-cache madison "$name" 2>&1)" ]; then echo "$name"; return; fi
  done
  echo "libclang-rt-$1-dev"
}
