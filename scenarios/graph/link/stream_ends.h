// SPDX-License-Identifier: Apache-2.0
//
// Part of stream_link.h: batches on a byte stream, and on the way back how many items the consumer has taken. No design
// is known here.
//
//   producer  [batch][batch]...[batch without items: the end] ~~~~> consumer
//             <~~~~ [items taken so far u64][items taken so far u64]...
//
// Hostile peers: what a consumer says it has taken is believed only where it can be.
//
// Lifetime: owns its end of the stream.
// Threads: one at a time.
// Cost: a system call for a batch, and one to look at the way back.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "scenarios/common/bytes.h"
#include "scenarios/common/streams/byte_stream.h"
#include "scenarios/graph/error.h"

namespace copycost::graph {

class batch_stream_out {
 public:
  explicit batch_stream_out(std::unique_ptr<byte_stream> to) : to_(std::move(to)) {}

  // Nothing waits to be written.
  bool is_idle() const { return left_.empty(); }
  // Begins to write a batch. REQUIRES: is_idle(); what the views show stays until it is again.
  void begin(bytes_view front, std::span<const bytes_view> payloads);
  // Writes as much as there is room for. Errors: peer_gone, broken_link.
  result<void> write();
  // Reads what the consumer has taken. Errors: peer_gone (also where its end is closed in good order), broken_link.
  result<void> look(std::uint64_t pushed);
  // Waits until write() or look() finds something to do, until the deadline of now_ns().
  void wait(std::int64_t deadline_ns) { to_->wait(true, !is_idle(), deadline_ns); }
  std::uint64_t taken() const { return taken_; }
  // Nothing more is written; look() goes on.
  void shutdown() { to_->shutdown_write(); }
  // Hangs up; what was not written is forgotten.
  void close();

 private:
  std::unique_ptr<byte_stream> to_;
  std::vector<iovec> parts_;
  std::span<iovec> left_;  // of parts_
  std::array<std::byte, 8> word_{};
  std::size_t word_bytes_ = 0;
  std::uint64_t taken_ = 0;
};

class batch_stream_in {
 public:
  explicit batch_stream_in(std::unique_ptr<byte_stream> from) : from_(std::move(from)) {}

  // Reads into `room` until there are `least` bytes or nothing comes now; `have` of them are there before. False: there
  // are fewer. REQUIRES: least <= room.size(). Errors: peer_gone, broken_link.
  result<bool> fill(std::span<std::byte> room, std::size_t least, std::size_t& have);
  // Tells the producer how many items were taken so far, now or with the next call of tell() or wait().
  void tell(std::uint64_t taken);
  // Waits until fill() finds something, until the deadline of now_ns().
  void wait(std::int64_t deadline_ns);
  // Sends what the producer does not know yet, until the deadline.
  void finish(std::int64_t deadline_ns);
  void close() { from_->close(); }

 private:
  bool write_word();

  std::unique_ptr<byte_stream> from_;
  std::array<std::byte, 8> word_{};
  std::size_t word_left_ = 0;  // of word_, not written
  bool is_deaf_ = false;       // the producer reads nothing any more
  std::uint64_t taken_ = 0, told_ = 0;
};

}  // namespace copycost::graph
