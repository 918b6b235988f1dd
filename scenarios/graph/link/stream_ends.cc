// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/link/stream_ends.h"

#include <cerrno>

#include "harness/base/check.h"
#include "harness/base/now.h"
#include "scenarios/graph/link/batch/words.h"

namespace copycost::graph {
namespace {

// What ends a stream: the peer is gone, except where it broke the rules of what carries the stream.
error end_of(const io_result& r) {
  return {r.is(io_state::failed) && r.code == EPROTO ? errc::broken_link : errc::peer_gone, 0, 0, 0};
}

}  // namespace

// --- out ----------------------------------------------------------------------------------------------------------

void batch_stream_out::begin(bytes_view front, std::span<const bytes_view> payloads) {
  COPYCOST_REQUIRE(is_idle());
  parts_.clear();
  const auto add = [&](bytes_view piece) {
    if (!piece.empty()) parts_.push_back({const_cast<std::byte*>(piece.data()), piece.size()});
  };
  add(front);
  for (const bytes_view piece : payloads) add(piece);
  left_ = parts_;
}

result<void> batch_stream_out::write() {
  while (!left_.empty()) {
    const io_result r = to_->write(left_);
    if (r.is(io_state::would_block)) break;
    if (!r.is(io_state::done)) return end_of(r);
    left_ = drop_front(left_, r.bytes);
  }
  return {};
}

result<void> batch_stream_out::look(std::uint64_t pushed) {
  for (;;) {
    const io_result r = to_->read(std::span(word_).subspan(word_bytes_));
    if (r.is(io_state::would_block)) return {};
    if (!r.is(io_state::done)) return end_of(r);
    word_bytes_ += r.bytes;
    if (word_bytes_ < word_.size()) continue;
    word_bytes_ = 0;
    const auto taken = wire::load<std::uint64_t>(word_.data());
    if (taken < taken_ || taken > pushed) return error{errc::broken_link, 0, pushed, taken};
    taken_ = taken;
  }
}

void batch_stream_out::close() {
  left_ = {};
  to_->close();
}

// --- in -----------------------------------------------------------------------------------------------------------

result<bool> batch_stream_in::fill(std::span<std::byte> room, std::size_t least, std::size_t& have) {
  while (have < least) {
    const io_result r = from_->read(room.subspan(have));
    if (r.is(io_state::would_block)) return false;
    if (!r.is(io_state::done)) return end_of(r);
    have += r.bytes;
  }
  return true;
}

void batch_stream_in::tell(std::uint64_t taken) {
  taken_ = taken;
  write_word();
}

// True: there is more to write. A producer that is gone is seen by fill(), when nothing is left to read.
bool batch_stream_in::write_word() {
  while (!is_deaf_ && (word_left_ > 0 || told_ != taken_)) {
    if (word_left_ == 0) {
      wire::store(word_.data(), told_ = taken_);
      word_left_ = word_.size();
    }
    const iovec part{word_.data() + word_.size() - word_left_, word_left_};
    const io_result r = from_->write({&part, 1});
    if (r.is(io_state::would_block)) return true;
    is_deaf_ = !r.is(io_state::done);
    word_left_ -= r.bytes;
  }
  return false;
}

void batch_stream_in::wait(std::int64_t deadline_ns) {
  const bool more = write_word();
  from_->wait(true, more, deadline_ns);
}

void batch_stream_in::finish(std::int64_t deadline_ns) {
  while (write_word() && now_ns() < deadline_ns) from_->wait(false, true, deadline_ns);
}

}  // namespace copycost::graph
