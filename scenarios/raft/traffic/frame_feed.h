// SPDX-License-Identifier: Apache-2.0
//
// A compatible frame of any size, written by a sender that needs no memory for it; and an inbox that takes it from the
// other end of a stream. Both are in one thread. Only the kernel copies payload.
//
//   source [64 KiB] --again and again--> [head|payload] --stream--> inbox --next()--> unit, or pieces --> consumer
//
// Lifetime: the source outlives a feed, the context a receiver, which owns its inbox and both ends.
// Threads: one at a time.
// Cost: system calls; the feed allocates nothing.
#pragma once
#include <algorithm>
#include <array>
#include <vector>

#include "harness/base/failure.h"
#include "scenarios/common/must.h"
#include "scenarios/common/streams/pairs.h"
#include "scenarios/raft/contract.h"

namespace copycost::raft {

class frame_feed {
 public:
  // REQUIRES: the source is not empty.
  frame_feed(bytes_view source, std::size_t size) : source_(source), size_(size) {
    head_.payload_length = static_cast<std::uint32_t>(size);
    head_bytes_ = write_head(framing::compat, head_, bytes_.data());
    parts_.reserve(kAtOnce / source.size() + 3);
  }
  // The next frame begins. REQUIRES: the one before was written to its end.
  void begin() { at_ = 0; }
  // Writes as much as the stream takes; true when the frame has gone. Throws failure when the stream does not take it.
  bool write(byte_stream& to) {
    while (at_ != head_bytes_ + size_) {
      gather();
      const io_result r = to.write(parts_);
      if (r.is(io_state::would_block)) return false;
      if (!r.is(io_state::done)) throw failure(exit_code::incorrect, "a frame cannot be written: the stream has ended");
      at_ += r.bytes;
    }
    return true;
  }

 private:
  static constexpr std::size_t kAtOnce = 256 * kKiB;  // bytes asked for in one write: more than a socket takes

  void gather() {
    parts_.clear();
    if (at_ < head_bytes_) parts_.push_back({bytes_.data() + at_, head_bytes_ - at_});
    const std::size_t begin = at_ < head_bytes_ ? 0 : at_ - head_bytes_, end = std::min(size_, begin + kAtOnce);
    for (std::size_t i = begin; i < end;) {
      const std::size_t in = i % source_.size(), n = std::min(source_.size() - in, end - i);
      parts_.push_back({const_cast<std::byte*>(source_.data()) + in, n});  // is not written to
      i += n;
    }
  }

  bytes_view source_;
  std::size_t size_, at_ = 0, head_bytes_ = 0;
  frame_head head_;
  std::array<std::byte, kHeadBytesMax> bytes_{};
  std::vector<iovec> parts_;
};

template <class D>
class frame_receiver {
 public:
  // Frames of `size` bytes of payload, made of the source. `pieces`: they are shown as they arrive, in pieces of at
  // most `most` bytes; otherwise each is shown whole. Throws failure{internal} where there is no socket.
  frame_receiver(typename D::context& context, bytes_view source, std::size_t size, bool pieces, std::size_t most)
      : feed_(source, size),
        most_(most),
        ends_(make_stream_pair(stream_kind::socketpair)),
        context_(context),
        inbox_(context, options(size, pieces)) {}

  // One frame from end to end; shows every part of its payload in order: show(bytes_view). Throws failure.
  template <class Show>
  void one(Show&& show) {
    feed_.begin();
    for (bool sent = false, came = false; !came;) {
      if (!sent) sent = feed_.write(*ends_.first);
      came = take(show);
    }
    if constexpr (has_batches<D>) context_.applied();
  }
  std::uint64_t reserved_bytes() const { return inbox_.reserved_bytes(); }

 private:
  static inbox_options options(std::size_t size, bool pieces) {
    inbox_options o;
    o.format = wire_format::compat;
    if (pieces)
      o.stream_above = 0;
    else
      o.limit.payload = std::max(o.limit.payload, size);
    return o;
  }
  // What the stream has; true when the frame has come.
  template <class Show>
  bool take(Show& show) {
    for (;;) {
      bool last = false;
      for (arrived a = next(); a.what != arrival::none; a = next()) {
        show(a.payload);
        last = a.last;
      }
      if (last) return true;
      auto space = inbox_.space();
      if (!space) failed_with("", space.error());
      const io_result r = ends_.second->read(space->first(std::min(space->size(), most_)));
      if (r.is(io_state::would_block)) return false;
      if (!r.is(io_state::done)) throw failure(exit_code::incorrect, "a frame cannot be read: the stream has ended");
      inbox_.wrote(r.bytes);
    }
  }
  arrived next() {
    auto a = inbox_.next();
    if (!a) throw failure(exit_code::incorrect, to_string(a.error()));
    return *a;
  }

  frame_feed feed_;
  std::size_t most_;
  stream_pair ends_;
  typename D::context& context_;
  typename D::inbox inbox_;
};

}  // namespace copycost::raft
