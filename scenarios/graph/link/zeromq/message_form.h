// SPDX-License-Identifier: Apache-2.0
//
// What is in a message of a ZeroMQ link, and the limits that both of its ends keep.
//
//   binary  a batch in the wire form of batch/
//   json    the same batch as JSON, payload in base64, as published pipelines send it
//
// A batch without items is the end of the link. On the way back a message of 8 bytes says how many items were taken.
//
// Threads: safe; pure functions.
#pragma once
#include <algorithm>
#include <cstdint>

#include "scenarios/graph/link/batch/words.h"
#include "scenarios/graph/link/stream_limits.h"
#include "scenarios/graph/link/zeromq/socket.h"

namespace copycost::graph {

enum class message_form { binary, json };

// JSON writes three bytes as four characters, and each name once more for each item.
inline batch_limits limits_of_json(batch_limits limits) {
  limits.bytes *= 2;
  return limits;
}
// The largest message.
inline std::uint64_t message_max(message_form form, const batch_limits& limits) {
  return form == message_form::json ? limits_of_json(limits).bytes : kBatchHead + limits.bytes;
}
// The largest item: its message is an item of the consumer's.
inline std::uint64_t item_max(message_form form, const link_options& options) {
  return form == message_form::json ? std::min(options.bytes, kItemMax / 2) : options.bytes;
}

// Errors: out_of_memory.
inline result<zeromq_message> taken_message(std::uint64_t taken) {
  auto m = zeromq_message::of_size(sizeof taken);
  if (m) wire::store(m->bytes().data(), taken);
  return m;
}

}  // namespace copycost::graph
