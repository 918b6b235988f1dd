// SPDX-License-Identifier: Apache-2.0
//
// A message of libzmq: bytes that libzmq frees, or that it gives back when it has sent them.
//
// Lifetime: owns the message until it is sent or released.
// Threads: a value that only moves.
// Cost: 64 bytes; a message of more than 33 bytes is an allocation of libzmq's.
// Source: libzmq, zmq_msg_init_data(3).
#pragma once
#include <zmq.h>

#include <memory>
#include <string>
#include <utility>

#include "scenarios/common/foreign_bytes.h"
#include "scenarios/graph/error.h"

namespace copycost::graph {

class zeromq_message {
 public:
  zeromq_message() { zmq_msg_init(&is_); }
  zeromq_message(zeromq_message&& o) noexcept : zeromq_message() { zmq_msg_move(&is_, &o.is_); }
  zeromq_message& operator=(zeromq_message&& o) noexcept {
    if (this != &o) zmq_msg_move(&is_, &o.is_);  // closes what was here
    return *this;
  }
  ~zeromq_message() { zmq_msg_close(&is_); }

  // Room for so many bytes, not initialised. Errors: out_of_memory.
  static result<zeromq_message> of_size(std::size_t size) {
    zeromq_message made;
    if (zmq_msg_init_size(&made.is_, size) != 0) return error{errc::out_of_memory, 0, 0, size};
    return made;
  }
  // The text itself goes; nothing is copied. Errors: out_of_memory.
  static result<zeromq_message> of(std::string text) {
    auto owned = std::make_unique<std::string>(std::move(text));
    zeromq_message made;
    const auto release = [](void*, void* text_is) { delete static_cast<std::string*>(text_is); };
    if (zmq_msg_init_data(&made.is_, owned->data(), owned->size(), release, owned.get()) != 0)
      return error{errc::out_of_memory, 0, 0, owned->size()};
    static_cast<void>(owned.release());  // the message deletes it
    return made;
  }
  // VALID UNTIL: the message is destroyed, moved from or sent.
  std::span<std::byte> bytes() { return {static_cast<std::byte*>(zmq_msg_data(&is_)), zmq_msg_size(&is_)}; }
  // For an item that is to own them. REQUIRES: heap memory, given up here: the bytes must not move again.
  static foreign_bytes lent_by(std::unique_ptr<zeromq_message> m) {
    const auto bytes = m->bytes();
    return {bytes, [](void* owner, std::byte*, std::size_t) { delete static_cast<zeromq_message*>(owner); },
            m.release()};
  }
  // For the functions of libzmq. VALID UNTIL: the message is destroyed or moved from.
  zmq_msg_t* raw() { return &is_; }

 private:
  zmq_msg_t is_;
};

}  // namespace copycost::graph
