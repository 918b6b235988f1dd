// SPDX-License-Identifier: Apache-2.0
//
// Where two processes that are to be joined by a link find each other: a file of zeros that both have open, and a
// folder.
//
//   file    [port u32]  of the one that binds, when it listens over TCP; or what the carrier lays out there
//   folder  link-WAY    the Unix socket of the one that binds
//
// Lifetime: both are the caller's.
// Threads: one at a time in each process.
// Cost: a mapping and some system calls, once a link.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "scenarios/graph/link/zeromq/socket.h"

namespace copycost::graph {

struct meeting {
  static constexpr std::size_t kBytes = 4096;  // of the file

  int segment = -1;
  std::string folder = {};
  unsigned way = 0;   // which of several links; in one segment each has its own
  unsigned side = 0;  // 0: this process was there first; 1: it was started by that one
};

// Side 0 binds; side 1 waits until it has. Throws failure{internal}; failure{incorrect} where side 0 does not come.
std::unique_ptr<zeromq_socket> socket_at(const meeting& at, bool over_tcp, std::int64_t patience_ns,
                                         std::int64_t linger_ns);

}  // namespace copycost::graph
