// SPDX-License-Identifier: Apache-2.0
//
// The bundled trace's packed bytes, put into the program by the assembler. CMake says where the file lies and compiles
// this again when it changes; a compiler that is called by hand from the project's root finds it without.
#include <cstddef>
#include <span>

#ifndef COPYCOST_EMBEDDED_FILE
#define COPYCOST_EMBEDDED_FILE "scenarios/raft/traffic/trace/etcd.bin.zst"
#endif

__asm__(
    ".pushsection .rodata\n"
    ".balign 16\n"
    ".globl copycost_raft_trace\n"
    ".hidden copycost_raft_trace\n"
    "copycost_raft_trace:\n"
    ".incbin \"" COPYCOST_EMBEDDED_FILE
    "\"\n"
    ".globl copycost_raft_trace_end\n"
    ".hidden copycost_raft_trace_end\n"
    "copycost_raft_trace_end:\n"
    ".byte 0\n"
    ".popsection\n");

extern "C" const std::byte copycost_raft_trace[], copycost_raft_trace_end[];

namespace copycost::raft::detail {

// VALID UNTIL: the program ends.
std::span<const std::byte> packed_trace() {
  return {copycost_raft_trace, static_cast<std::size_t>(copycost_raft_trace_end - copycost_raft_trace)};
}

}  // namespace copycost::raft::detail
