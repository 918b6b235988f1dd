// SPDX-License-Identifier: Apache-2.0
//
// A byte_stream over two byte rings in memory: private memory between threads (pipe), or a segment between processes
// (ring).
//
//   write: copy into the ring, move tail, ring the bell if the peer sleeps
//   read:  copy out of the ring, move head, ring the bell if the peer sleeps
//   dead:  each end of a segment holds a lock of the file, which the kernel drops when its process is gone
//
// Lifetime: keeps its memory; the segment's descriptor stays the caller's.
// Threads: an end belongs to one thread at a time.
// Cost: a look at the other's index only when the copy of it is used up; one ordered store an operation; a system call
// only to sleep, to wake a sleeper, and to ask whether a silent peer lives (one in 256 fruitless operations, and while
// asleep every 50 ms).
// Source: Lamport (1977), single-producer ring; sleeping as in futexes are tricky (Drepper, 2005).
#pragma once
#include <memory>

#include "harness/base/fd.h"
#include "scenarios/common/streams/byte_stream.h"
#include "scenarios/common/streams/ring_memory.h"

namespace copycost {

// Memory of a pair of rings. Shared by the ends that live in one process, or mapped from a segment.
class ring_storage {
 public:
  // Private memory. REQUIRES (both): capacity is a power of two of at least a page. Throws failure{internal}.
  explicit ring_storage(std::size_t capacity);
  // Maps a segment of ring_segment_bytes(capacity) bytes and takes the lock of `side`: throws failure{internal} when
  // another end has it, or when the file is too small.
  ring_storage(int segment_fd, unsigned side, std::size_t capacity);
  ~ring_storage();
  ring_storage(const ring_storage&) = delete;
  ring_storage& operator=(const ring_storage&) = delete;

  byte_rings& rings() const { return *static_cast<byte_rings*>(memory_); }  // VALID UNTIL: this is destroyed
  // VALID UNTIL: this is destroyed.
  std::byte* bytes_of(unsigned way) const {
    return static_cast<std::byte*>(memory_) + byte_rings::kBytes + way * capacity_;
  }
  std::size_t capacity() const { return capacity_; }
  bool is_segment() const { return fd_ >= 0; }
  // Whether the process of that side has joined and is gone. Cost: a system call.
  bool is_gone(unsigned side) const;
  bool is_mine() const;  // false in a child made by fork()

 private:
  void* memory_ = nullptr;
  std::size_t capacity_;
  owned_fd fd_;  // an open file of our own: carries the lock
  int pid_;
};

class ring_stream final : public byte_stream {
 public:
  // REQUIRES: side < 2, and no other stream is that side.
  ring_stream(stream_kind kind, std::shared_ptr<ring_storage> storage, unsigned side);
  ~ring_stream() override;

  stream_kind kind() const override { return kind_; }
  // COPIES: what it moves. A peer that breaks the rules is failed, EPROTO.
  io_result read(std::span<std::byte> into) override;
  // COPIES: what it moves.
  io_result write(std::span<const iovec> parts) override;
  stream_ready wait(bool readable, bool writable, std::int64_t deadline_ns) override;
  void shutdown_write() override;
  void close() override;

 private:
  ring_memory_way& in() const { return storage_->rings().way[1 - side_]; }
  ring_memory_way& out() const { return storage_->rings().way[side_]; }
  void wake_peer();
  void close_ways();
  bool peer_is_gone();
  bool sees_input();   // bytes can be read; says when the peer breaks the rules
  std::size_t room();  // bytes can be written; likewise
  io_result nothing_to_read();
  io_result no_room();
  stream_ready look(bool readable, bool writable, bool ask);
  void sleep(bool readable, bool writable, std::int64_t until_ns);

  const stream_kind kind_;
  const std::shared_ptr<ring_storage> storage_;
  const unsigned side_;
  const std::size_t capacity_;
  std::uint64_t head_, tail_;            // ours: read, and written
  std::uint64_t tail_seen_, head_seen_;  // copies of the peer's
  std::uint32_t fruitless_ = 0;
  bool closed_ = false, shut_ = false, broken_ = false, gone_ = false;
};

}  // namespace copycost
