// SPDX-License-Identifier: Apache-2.0
//
// A connected stream socket as a byte_stream.
//
// Lifetime: owns its descriptor.
// Threads: one at a time.
// Cost: one system call an operation.
#pragma once
#include "harness/base/fd.h"
#include "scenarios/common/streams/byte_stream.h"

namespace copycost {

class socket_stream final : public byte_stream {
 public:
  // Takes `fd`, which becomes non-blocking; for TCP the kind says whether sends are delayed. `inherited` (or -1) is the
  // peer's end, open here only until the first operation: with it open, the peer's death would not end the stream.
  // Throws failure{internal}.
  socket_stream(stream_kind kind, int fd, int inherited = -1);

  stream_kind kind() const override { return kind_; }
  io_result read(std::span<std::byte> into) override;
  io_result write(std::span<const iovec> parts) override;
  stream_ready wait(bool readable, bool writable, std::int64_t deadline_ns) override;
  void shutdown_write() override;
  void close() override;
  int descriptor() const override { return fd_; }

 private:
  static io_result failed(int code);

  stream_kind kind_;
  owned_fd fd_, inherited_;
};

}  // namespace copycost
