// SPDX-License-Identifier: Apache-2.0
//
// What can go wrong with items, channels, graphs and what carries them, the same in every design.
//
// Threads: a value.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace copycost::graph {

enum class errc : std::uint8_t {
  // Items.
  out_of_range,      // at: the position asked for; expected: the size there is
  too_large,         // expected: the limit; got: the size asked for
  too_many_headers,  // expected: the limit; got: how many
  out_of_memory,     // got: the size asked for
  out_of_room,       // the design's own memory is used up; expected: bytes left; got: the size asked for
  names_full,        // expected: how many names there can be
  // Channels. What was to be pushed is still the caller's.
  full,
  empty,
  closed,
  late,  // a deadline passed
  // Building a graph. `at` and `got` are the numbers of nodes or edges as they were added.
  bad_name,          // at: the position in the name
  duplicate_node,    // at: the node that has the name already
  unknown_node,      // at: the edge
  unknown_port,      // at: the edge
  type_mismatch,     // at: the edge
  duplicate_edge,    // at: the edge that is there already
  port_taken,        // at: the edge that the input has already
  cycle,             // at: a node on it
  unconnected_port,  // at: the node; got: the number of the port; expected: 0 for an input, 1 for an output
  empty_graph,
  bad_parameter,  // expected: the limit; got: the value
  // Running it.
  node_failed,      // at: the node; got: a number of the node's own
  not_running,      // a call that needs a running graph
  not_paused,       // resume() without pause()
  already_running,  // start() twice
  stopped,          // stop_now() came in between
  // Batches and links. `at` is the byte.
  truncated_input,      // expected: bytes needed; got: bytes there are
  trailing_bytes,       // at: where the batch ends
  bad_magic,            // expected, got: the first word
  unsupported_version,  // expected, got
  bad_checksum,         // expected, got: CRC32C
  bad_length,           // expected: the limit; got
  bad_compression,      // what is compressed does not unpack to what was said
  bad_text,             // not the JSON that was expected
  peer_gone,            // the other process died, or never came
  no_segment,           // got: errno
  broken_link,          // a peer does not keep to the protocol
};

struct error {
  errc code{};
  std::uint64_t at = 0, expected = 0, got = 0;
  friend bool operator==(const error&, const error&) = default;
};
// "type_mismatch: edge 3"; one line, no final period.
std::string to_string(const error&);
// VALID UNTIL: the program ends.
std::string_view to_string(errc);
// Of the machine, not of the design: what it could not do is not wrong.
inline bool of_machine(const error& e) {
  return e.code == errc::out_of_memory || e.code == errc::out_of_room || e.code == errc::no_segment;
}

template <class T>
using result = copycost::result<T, error>;

}  // namespace copycost::graph
