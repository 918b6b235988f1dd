// SPDX-License-Identifier: Apache-2.0
#include "impls/raft/shm/link.h"

#include "harness/base/failure.h"
#include "harness/base/now.h"
#include "impls/raft/shm/link_detail.h"

namespace copycost::raft {
namespace {

constexpr const char* kTaken = "this end was taken before; a new link needs a new segment, or another pair";

// The memory of `x`, which is in the segment behind `fd` afterwards.
slab& moved_over(shm_context& x, int fd) {
  if (auto ok = x.attach(fd); !ok) throw failure(exit_code::internal, to_string(ok.error()));
  return *x.memory();
}

// The memory, where no process has had this end of the ring before.
slab& first_of(slab& in, unsigned ring, slab::ring_end which) {
  record_lines& lines = link_records(in, ring).lines();
  auto& came = which == slab::ring_end::sender ? lines.sender_came : lines.receiver_came;
  if (came.exchange(1, std::memory_order_acq_rel) != 0) link_failed(kTaken);
  return in;
}

}  // namespace

record_memory link_records(slab& in, unsigned ring) {
  const std::span<std::byte> all = in.tenant();
  const std::size_t each = all.size() / kSlabRings & ~std::size_t{63};
  return record_memory(all.subspan(ring * each, each));
}

shm_link::shm_link(shm_context& x, int fd, unsigned side, const link_options& o, unsigned pair)
    : memory_(moved_over(x, fd)),
      options_(o),
      out_blocks_(first_of(memory_, 2 * pair + side, slab::ring_end::sender), 2 * pair + side, kTaken),
      in_blocks_(first_of(memory_, 2 * pair + 1 - side, slab::ring_end::receiver), 2 * pair + 1 - side, kTaken),
      out_(link_records(memory_, 2 * pair + side)),
      in_(link_records(memory_, 2 * pair + 1 - side)) {
  COPYCOST_REQUIRE(side < 2 && pair < kSlabRings / 2);
}

shm_link::~shm_link() {
  give_up();
  // First, so that a peer which is leaving as well does not wait for us.
  in_blocks_.leave();
  out_blocks_.finish();
}

std::uint32_t shm_link::settle() {
  unsettled_bytes_ = 0;
  return out_blocks_.settle();
}

void shm_link::hang_up() {
  closed_ = true;
  in_blocks_.leave();
  out_blocks_.leave();
}

}  // namespace copycost::raft
