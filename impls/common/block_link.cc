// SPDX-License-Identifier: Apache-2.0
#include "impls/common/block_link.h"

#include <algorithm>
#include <string>

#include "harness/base/failure.h"
#include "harness/base/now.h"

namespace copycost {

void link_failed(const char* why) { throw failure(exit_code::incorrect, std::string("shared memory link: ") + why); }

taken_end::taken_end(slab& in, unsigned ring, slab::ring_end which, const char* why_not)
    : in_(in), ring_(ring), which_(which) {
  if (!in_.take_end(ring, which)) link_failed(why_not);
}

void taken_end::leave() {
  if (std::exchange(mine_, false)) in_.leave_end(ring_, which_);
}

std::uint32_t block_sender::settle() {
  release_before(out_.taken());
  return under_way();
}

void block_sender::forget() { release_before(out_.next()); }

void block_sender::release_before(std::uint32_t message) {
  std::array<std::atomic<std::uint32_t>*, kRingCapacity> gone;
  std::size_t size = 0;
  // Not backwards: what was forgotten is released already.
  for (; static_cast<std::int32_t>(message - settled_) > 0; ++settled_)
    if (auto*& count = sent_[settled_ % kRingCapacity]; count != nullptr) gone[size++] = std::exchange(count, nullptr);
  memory_.drop_all({gone.data(), size});
}

void block_sender::finish() {
  constexpr std::int64_t kLingerNs = 1'000'000'000;
  const std::int64_t start = now_ns();
  while (settle() > 0 && !out_.is_broken() && end_.other() == slab::presence::here && now_ns() - start < kLingerNs)
    out_.wait(kLinkNapNs);
  end_.leave();
  settle();
}

// Takes what is there, at most kBatch messages: our own reference first, and only then the place in the ring.
bool block_receiver::fetch() {
  const std::uint32_t count = std::min(in_.ready(), kBatch);
  if (count == 0) return false;
  std::array<block_message, kBatch> messages;
  std::array<held_block, kBatch> blocks;
  for (std::uint32_t i = 0; i < count; ++i) messages[i] = in_.peek(i);
  memory_.hold({messages.data(), count}, blocks);
  in_.pop(count);
  for (std::uint32_t i = 0; i < count; ++i) batch_[i] = {messages[i], blocks[i]};
  next_ = 0;
  size_ = count;
  return true;
}

void block_receiver::drop_batch() {
  for (; next_ < size_; ++next_)
    if (auto* const count = batch_[next_].block.count; count != nullptr) memory_.drop(*count);
}

}  // namespace copycost
