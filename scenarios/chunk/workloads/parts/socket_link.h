// SPDX-License-Identifier: Apache-2.0
//
// Chunks of one stream from one process to another by sending their bytes: what a design does that cannot share memory
// between processes. Message: [u64 offset | u64 size | bytes], in the machine's byte order.
//
// Lifetime: borrows the context.
// Threads: one at a time; one side sends, the other receives.
// Cost: see socket_end.
#pragma once
#include <span>
#include <utility>

#include "scenarios/chunk/contract.h"
#include "scenarios/common/socket_end.h"

namespace copycost::chunk {

template <design D>
class socket_link {
 public:
  static constexpr std::size_t kSegmentBytes = socket_end::kSegmentBytes;

  // Side 0 sends, side 1 receives. Throws failure{internal}.
  socket_link(typename D::context& x, int segment_fd, unsigned side)
      : context_(x), stream_(x.intern("stream")), end_(segment_fd, side) {}

  // Throws failure{internal} when the other process is gone.
  result<void> send(const typename D::chunk& c) {
    const head h{c.at().offset, c.size()};
    end_.send(std::as_bytes(std::span(&h, 1)), c.view());
    return {};
  }
  // Receives into memory of the design. Errors: those of build(), wrote() and seal(). Throws as send().
  result<typename D::chunk> receive() {
    head h{};
    end_.receive(std::as_writable_bytes(std::span(&h, 1)));
    auto b = context_.build({stream_, h.offset}, static_cast<std::size_t>(h.size));
    if (!b) return b.error();
    end_.receive(b->space().first(static_cast<std::size_t>(h.size)));
    if (auto ok = b->wrote(static_cast<std::size_t>(h.size)); !ok) return ok.error();
    return context_.seal(std::move(b).value());
  }
  void hang_up() { end_.hang_up(); }

 private:
  struct head {
    std::uint64_t offset, size;
  };
  typename D::context& context_;
  stream_id stream_;
  socket_end end_;
};

}  // namespace copycost::chunk
