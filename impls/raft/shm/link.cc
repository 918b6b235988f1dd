// SPDX-License-Identifier: Apache-2.0
#include "impls/raft/shm/link.h"

#include "harness/base/failure.h"
#include "harness/base/now.h"
#include "impls/raft/shm/link_detail.h"

namespace copycost::raft {
namespace {

constexpr std::int64_t kLingerNs = 1'000'000'000;

[[noreturn]] void fail(const char* why) {
  throw failure(exit_code::incorrect, std::string("shared memory link: ") + why);
}

// The memory of `x`, which is in the segment behind `fd` afterwards.
slab& moved_over(shm_context& x, int fd) {
  if (auto ok = x.attach(fd); !ok) throw failure(exit_code::internal, to_string(ok.error()));
  return *x.memory();
}

}  // namespace

record_memory link_records(slab& in, unsigned ring) {
  const std::span<std::byte> all = in.tenant();
  const std::size_t each = all.size() / kSlabRings & ~std::size_t{63};
  return record_memory(all.subspan(ring * each, each));
}

shm_link::taken_end::taken_end(slab& in, unsigned ring, slab::ring_end which) : in_(in), ring_(ring), which_(which) {
  record_lines& lines = link_records(in, ring).lines();
  auto& came = which == slab::ring_end::sender ? lines.sender_came : lines.receiver_came;
  if (came.exchange(1, std::memory_order_acq_rel) != 0 || !in.take_end(ring, which))
    fail("this end was taken before; a new link needs a new segment, or another pair");
}

void shm_link::taken_end::leave() {
  if (std::exchange(mine_, false)) in_.leave_end(ring_, which_);
}

shm_link::shm_link(shm_context& x, int fd, unsigned side, const link_options& o, unsigned pair)
    : memory_(moved_over(x, fd)),
      options_(o),
      out_end_(memory_, 2 * pair + side, slab::ring_end::sender),
      in_end_(memory_, 2 * pair + 1 - side, slab::ring_end::receiver),
      out_(link_records(memory_, 2 * pair + side)),
      in_(link_records(memory_, 2 * pair + 1 - side)),
      out_blocks_(memory_.queue(2 * pair + side)),
      in_blocks_(memory_.queue(2 * pair + 1 - side)),
      settled_(out_blocks_.next()) {
  COPYCOST_REQUIRE(side < 2 && pair < kSlabRings / 2);
}

shm_link::~shm_link() {
  give_up();
  // First, so that a peer which is leaving as well does not wait for us.
  in_end_.leave();
  const std::int64_t start = now_ns();
  while (settle() > 0 && !out_blocks_.is_broken() && out_end_.other() == slab::presence::here &&
         now_ns() - start < kLingerNs)
    out_blocks_.wait(kNapNs);
  out_end_.leave();
  settle();
}

std::uint32_t shm_link::settle() {
  std::array<std::atomic<std::uint32_t>*, kRingCapacity> gone;
  std::size_t size = 0;
  for (const std::uint32_t taken = out_blocks_.taken(); settled_ != taken; ++settled_)
    if (auto*& count = sent_[settled_ % kRingCapacity]; count != nullptr) gone[size++] = std::exchange(count, nullptr);
  memory_.drop_all({gone.data(), size});
  unsettled_bytes_ = 0;
  return out_blocks_.next() - settled_;
}

void shm_link::hang_up() {
  closed_ = true;
  in_end_.leave();
  out_end_.leave();
}

}  // namespace copycost::raft
