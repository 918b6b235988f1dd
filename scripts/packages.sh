# SPDX-License-Identifier: Apache-2.0
# The Debian packages that copycost is built with; sourced by scripts/setup. One list, with the reason for each line.
copycost_packages=(
  g++ cmake ninja-build ccache pkg-config git   # build
  libmimalloc-dev libbenchmark-dev              # the allocator under the hooks; the clock
  libcli11-dev libfmt-dev nlohmann-json3-dev    # command line, text, JSON
  zlib1g-dev libzstd-dev libunwind-dev          # packed input; call stacks in traces
  librapidcheck-dev catch2                      # laws
  libabsl-dev liblmdb-dev libsqlite3-dev        # the peers absl_cord, lmdb, sqlite
  libprotobuf-dev protobuf-compiler             # the peers protobuf, protobuf_arena
  python3 python3-matplotlib python3-jinja2     # reports
)
copycost_test_packages=(
  clang libclang-rt-14-dev                      # a second compiler, the sanitizers, libFuzzer
  heaptrack zstd                                # traces are compared with its
  python3-pytest
)
