// SPDX-License-Identifier: Apache-2.0
//
// The ports of a node: where edges begin and end. Each has a name and a type; an edge joins ports of the same type.
//
//   "in":bytes --> [node] --> "out":bytes
//                         --> "dead":bytes (may be left open: what is sent there is dropped and counted)
//
// Threads: a value.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace copycost::graph {

inline constexpr std::size_t kPortsMax = 64;  // of a node, in each direction

// What runs through a port of no other type.
inline constexpr const char* kBytes = "bytes";

struct port {
  std::string name;
  std::string type = kBytes;
  bool required = true;  // an open one is an error
};

struct port_list {
  std::vector<port> inputs, outputs;
};

}  // namespace copycost::graph
