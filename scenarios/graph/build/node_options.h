// SPDX-License-Identifier: Apache-2.0
//
// What becomes of an item that a node fails on.
//
//   take() fails --> again, after backoff_ns, up to `retries` times --> what `on_error` says
//
// Threads: a value.
#pragma once
#include <cstdint>
#include <string>

namespace copycost::graph {

enum class error_strategy : std::uint8_t {
  stop,        // the whole graph stops with the error
  skip,        // the item is dropped and counted
  dead_letter  // the item leaves, as it was, on the port `dead_letter`
};

struct node_options {
  error_strategy on_error = error_strategy::stop;
  unsigned retries = 0;
  std::int64_t backoff_ns = 0;
  // The output for items that failed. One that the node does not have is added behind its own outputs, with the type of
  // its first input, and must be connected. Only with error_strategy::dead_letter.
  std::string dead_letter = "dead";
};

}  // namespace copycost::graph
