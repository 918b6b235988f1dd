// SPDX-License-Identifier: Apache-2.0
//
// One end of a Unix stream socket between two processes of an episode. The first process makes both ends before the
// second one is started; the second one finds its number in a segment that they share, because it inherits descriptors.
//
// Lifetime: owns its descriptor.
// Threads: one at a time.
// Cost: one system call a send, one or more a receive; the kernel copies every byte twice, once into the socket and
// once out of it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace copycost {

class socket_end {
 public:
  static constexpr std::size_t kSegmentBytes = 4096;

  // `side` 0 makes the pair, side 1 joins. REQUIRES: side 1 is constructed in a process that was started after side 0
  // was constructed. Throws failure{internal}.
  socket_end(int segment_fd, unsigned side);
  ~socket_end();
  socket_end(const socket_end&) = delete;
  socket_end& operator=(const socket_end&) = delete;

  // Sends both parts with one call where the kernel takes them. Throws failure{internal}: the other end is gone, or
  // takes nothing for half a minute.
  void send(std::span<const std::byte> head, std::span<const std::byte> body);
  // Fills the whole span. Throws failure{internal}: the other end is gone, or sends nothing for half a minute.
  void receive(std::span<std::byte> into);
  // Lets the other end fail at once instead of waiting.
  void hang_up();

 private:
  void close_inherited();

  int own_ = -1;
  int other_ = -1;  // the peer's end, open here only until the peer has it
};

}  // namespace copycost
