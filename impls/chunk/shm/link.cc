// SPDX-License-Identifier: Apache-2.0
#include "impls/chunk/shm/link.h"

#include "harness/base/failure.h"
#include "harness/base/now.h"

namespace copycost::chunk {
namespace {

constexpr const char* kNotOurs = "this end belongs to another process";

// The memory of `x`, which is in the segment behind `fd` afterwards.
slab& moved_over(shm_design::context& x, int fd) {
  if (!x.memory().segment().is_same_file(fd)) {
    auto there = shm_design::context::attach(fd);
    if (!there) throw failure(exit_code::internal, to_string(there.error()));
    x = std::move(there).value();
  }
  x.memory().reclaim();  // a dead owner of an end releases it
  return x.memory();
}

// Throws when nothing can be expected of the peer any more: it is gone, never came, or broke the ring.
void must_be_there(slab::presence peer, bool is_broken, std::int64_t since_ns) {
  if (is_broken) link_failed("the other process spoilt the ring");
  if (peer == slab::presence::gone) link_failed("the other process is gone");
  if (peer == slab::presence::not_yet && now_ns() - since_ns > kLinkPatienceNs)
    link_failed("the other process never came");
}

}  // namespace

shm_design::process_link::process_link(context& x, int fd, unsigned role, unsigned pair)
    : memory_(moved_over(x, fd)),
      out_(memory_, 2 * pair + role, kNotOurs),
      in_(memory_, 2 * pair + 1 - role, kNotOurs) {}

shm_design::process_link::~process_link() {
  in_.drop_batch();
  // First, so that a peer which is leaving as well does not wait for us.
  in_.leave();
  out_.finish();
}

std::uint32_t shm_design::process_link::settle() { return out_.settle(); }

void shm_design::process_link::hang_up() {
  in_.leave();
  out_.leave();
}

result<void> shm_design::process_link::send(chunk&& c) {
  if (out_.under_way() >= kRingCapacity / 2) settle();
  for (const std::int64_t start = out_.is_full() ? now_ns() : 0; out_.is_full();) {
    out_.wait(kLinkNapNs);
    const slab::presence peer = out_.other();
    if (settle() == kRingCapacity) must_be_there(peer, out_.is_broken(), start);
  }
  block_message m;
  auto* const count = c.owner().count();
  COPYCOST_REQUIRE(count == nullptr || c.owner().where() == &memory_);
  // fits: at most kSizeMax (contract.h)
  if (count != nullptr) m = memory_.message(*count, c.view().data(), static_cast<std::uint32_t>(c.size()));
  m.tag = c.at().stream;
  m.number = c.at().offset;
  out_.push(m, c.take_owner().release());
  out_.publish();
  return {};
}

result<shm_design::chunk> shm_design::process_link::hand_out(const block_receiver::arrived& a) const {
  const place at{a.message.tag, a.message.number};
  shm_owner owner = a.block.count != nullptr ? shm_owner(&memory_, a.block.count) : shm_owner();
  if (a.block.count == nullptr && (a.message.block != kNoBlock || a.message.size != 0))
    return error{errc::expired, at.offset, 0, a.message.size};
  if (const auto ok = fits(at, a.message.size); !ok) return ok.error();
  return chunk(at, {a.block.data, a.message.size}, std::move(owner));
}

std::optional<result<shm_design::chunk>> shm_design::process_link::try_receive() {
  if (!in_.ready()) return std::nullopt;
  return hand_out(in_.next());
}

result<shm_design::chunk> shm_design::process_link::receive() {
  if (auto got = try_receive()) return std::move(*got);
  for (const std::int64_t start = now_ns();;) {
    in_.wait(kLinkNapNs);
    // In this order: what a peer sent before it went has arrived when it is seen to be gone.
    const slab::presence peer = in_.other();
    if (auto got = try_receive()) return std::move(*got);
    must_be_there(peer, in_.is_broken(), start);
  }
}

}  // namespace copycost::chunk
