// SPDX-License-Identifier: Apache-2.0
//
// What a caller waits for at a stream, and what holds.
//
// Threads: a value.
#pragma once

namespace copycost {

class byte_stream;

struct stream_ready {
  bool readable = false, writable = false;  // the operation will not answer would_block; an end or error counts
  bool any() const { return readable || writable; }
};

struct stream_wish {
  byte_stream* stream = nullptr;
  bool readable = true, writable = false;
  stream_ready ready;  // the answer
};

}  // namespace copycost
