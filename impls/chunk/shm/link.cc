// SPDX-License-Identifier: Apache-2.0
#include "impls/chunk/shm/link.h"

#include <algorithm>

#include "harness/base/failure.h"
#include "harness/base/now.h"

namespace copycost::chunk {
namespace {

constexpr long kNapNs = 1'000'000;  // between two looks at whether the peer still lives
constexpr std::int64_t kLingerNs = 1'000'000'000;

[[noreturn]] void fail(const char* why) {
  throw failure(exit_code::incorrect, std::string("shared memory link: ") + why);
}

// The memory of `x`, which is in the segment behind `fd` afterwards.
slab& moved_over(shm_design::context& x, int fd) {
  if (x.memory().segment().is_same_file(fd)) return x.memory();
  auto there = shm_design::context::attach(fd);
  if (!there) throw failure(exit_code::internal, to_string(there.error()));
  x = std::move(there).value();
  return x.memory();
}

// Throws when nothing can be expected of the peer any more: it is gone, never came, or broke the ring.
void must_be_there(slab::presence peer, bool is_broken, std::int64_t since_ns) {
  if (is_broken) fail("the other process spoilt the ring");
  if (peer == slab::presence::gone) fail("the other process is gone");
  if (peer == slab::presence::not_yet && now_ns() - since_ns > shm_design::process_link::kPatienceNs)
    fail("the other process never came");
}

}  // namespace

shm_design::process_link::taken_end::taken_end(slab& in, unsigned ring, slab::ring_end which)
    : in_(in), ring_(ring), which_(which) {
  in_.reclaim();  // a dead owner of the end releases it
  if (!in_.take_end(ring, which)) fail("this end belongs to another process");
}

void shm_design::process_link::taken_end::leave() {
  if (std::exchange(mine_, false)) in_.leave_end(ring_, which_);
}

shm_design::process_link::process_link(context& x, int fd, unsigned role, unsigned pair)
    : memory_(moved_over(x, fd)),
      out_end_(memory_, 2 * pair + role, slab::ring_end::sender),
      in_end_(memory_, 2 * pair + 1 - role, slab::ring_end::receiver),
      out_(memory_.queue(2 * pair + role)),
      arrivals_(memory_.queue(2 * pair + 1 - role)),
      settled_(out_.next()) {}

shm_design::process_link::~process_link() {
  for (; inbox_next_ < inbox_size_; ++inbox_next_)
    if (auto* count = inbox_[inbox_next_].block.count; count != nullptr) memory_.drop(*count);
  // First, so that a peer which is leaving as well does not wait for us.
  in_end_.leave();
  const std::int64_t start = now_ns();
  while (settle() > 0 && !out_.is_broken() && out_end_.other() == slab::presence::here && now_ns() - start < kLingerNs)
    out_.wait(kNapNs);
  out_end_.leave();
  settle();
}

std::uint32_t shm_design::process_link::settle() {
  std::array<std::atomic<std::uint32_t>*, kRingCapacity> gone;
  std::size_t size = 0;
  for (const std::uint32_t taken = out_.taken(); settled_ != taken; ++settled_)
    if (auto*& count = sent_[settled_ % kRingCapacity]; count != nullptr) gone[size++] = std::exchange(count, nullptr);
  memory_.drop_all({gone.data(), size});
  return out_.next() - settled_;
}

void shm_design::process_link::hang_up() {
  in_end_.leave();
  out_end_.leave();
}

result<void> shm_design::process_link::send(chunk&& c) {
  if (out_.next() - settled_ >= kRingCapacity / 2) settle();
  const auto is_full = [&] { return out_.next() - settled_ == kRingCapacity; };
  for (const std::int64_t start = is_full() ? now_ns() : 0; is_full();) {
    out_.wait(kNapNs);
    const slab::presence peer = out_end_.other();
    if (settle() == kRingCapacity) must_be_there(peer, out_.is_broken(), start);
  }
  block_message m;
  auto* const count = c.owner().count();
  COPYCOST_REQUIRE(count == nullptr || c.owner().where() == &memory_);
  // fits: at most kSizeMax (contract.h)
  if (count != nullptr) m = memory_.message(*count, c.view().data(), static_cast<std::uint32_t>(c.size()));
  m.tag = c.at().stream;
  m.number = c.at().offset;
  sent_[out_.next() % kRingCapacity] = c.take_owner().release();
  out_.push(m);
  out_.publish();
  return {};
}

// Takes what is there, at most kBatch messages: our own reference first, and only then the place in the ring.
bool shm_design::process_link::fetch() {
  const std::uint32_t count = std::min(arrivals_.ready(), kBatch);
  if (count == 0) return false;
  std::array<block_message, kBatch> messages;
  std::array<held_block, kBatch> blocks;
  for (std::uint32_t i = 0; i < count; ++i) messages[i] = arrivals_.peek(i);
  memory_.hold({messages.data(), count}, blocks);
  arrivals_.pop(count);
  for (std::uint32_t i = 0; i < count; ++i) inbox_[i] = {messages[i], blocks[i]};
  inbox_next_ = 0;
  inbox_size_ = count;
  return true;
}

result<shm_design::chunk> shm_design::process_link::hand_out(const arrived& a) const {
  const place at{a.message.tag, a.message.number};
  shm_owner owner = a.block.count != nullptr ? shm_owner(&memory_, a.block.count) : shm_owner();
  if (a.block.count == nullptr && (a.message.block != kNoBlock || a.message.size != 0))
    return error{errc::expired, at.offset, 0, a.message.size};
  if (const auto ok = fits(at, a.message.size); !ok) return ok.error();
  return chunk(at, {a.block.data, a.message.size}, std::move(owner));
}

std::optional<result<shm_design::chunk>> shm_design::process_link::try_receive() {
  if (inbox_next_ == inbox_size_ && !fetch()) return std::nullopt;
  return hand_out(inbox_[inbox_next_++]);
}

result<shm_design::chunk> shm_design::process_link::receive() {
  if (auto got = try_receive()) return std::move(*got);
  for (const std::int64_t start = now_ns();;) {
    arrivals_.wait(kNapNs);
    // In this order: what a peer sent before it went has arrived when it is seen to be gone.
    const slab::presence peer = in_end_.other();
    if (auto got = try_receive()) return std::move(*got);
    must_be_there(peer, arrivals_.is_broken(), start);
  }
}

}  // namespace copycost::chunk
