// SPDX-License-Identifier: Apache-2.0
#include "impls/raft/published/read.h"

#include <algorithm>
#include <cstring>

#include "harness/base/check.h"

namespace copycost::raft {

published_inbox::published_inbox(const inbox_options& o) : options_(o), scanned_(o.limit) {
  if (o.stream_above < o.limit.streamed) scanned_.payload = std::max(scanned_.payload, scanned_.streamed);
  scanned_.header = std::min<std::size_t>(scanned_.header, head_.size() - 4);
}

result<std::span<std::byte>> published_inbox::space() {
  settle();
  if (failed_) return std::span<std::byte>(nowhere_);
  if (arriving_.head_size == 0) return std::span(head_).subspan(head_come_, head_needs_ - head_come_);
  const std::span<std::byte> all = arriving_.payload.writable();
  if (come_ == zeroed_) {  // the large way: the next 32 KiB
    const std::size_t n = std::min(kPublishedPiece, all.size() - come_);
    std::memset(all.data() + zeroed_, 0, n);
    zeroed_ += n;
  }
  return all.subspan(come_, zeroed_ - come_);
}

void published_inbox::wrote(std::size_t n) {
  if (failed_ || n == 0) return;
  if (arriving_.head_size == 0) {
    head_come_ += n;
    COPYCOST_ASSERT(head_come_ <= head_needs_);
    if (head_come_ == head_needs_) head_came();
    return;
  }
  come_ += n;
  COPYCOST_ASSERT(come_ <= arriving_.head.payload_length);
  if (come_ == arriving_.head.payload_length) unit_came();
}

// As much of the head as was asked for.
void published_inbox::head_came() {
  frame_head head;
  auto read = read_head(framing::compat, bytes_view(head_).first(head_come_), scanned_, arriving_at_, head);
  if (!read) return fail(read.error());
  if (read->needs > head_come_) {
    head_needs_ = read->needs;
    return;
  }
  const std::size_t length = head.payload_length;
  if (length <= options_.stream_above && length > options_.limit.payload)
    return fail(
        {errc::payload_too_large, arriving_at_ + length_place(framing::compat, head), options_.limit.payload, length});
  arriving_.head = head;
  arriving_.head_size = read->size;
  if (length == 0) return unit_came();
  auto room = copy_bytes::fresh(length);
  if (!room) return fail(room.error());
  arriving_.payload = std::move(room).value();
  if (length > kPublishedLarge) return;
  std::memset(arriving_.payload.writable().data(), 0, length);
  zeroed_ = length;
}

void published_inbox::unit_came() {
  arriving_at_ += arriving_.head_size + arriving_.head.payload_length;
  come_units_.push_back(std::move(arriving_));
  arriving_ = {};
  head_come_ = come_ = zeroed_ = 0;
  head_needs_ = 4;
}

void published_inbox::settle() {
  if (!shown_) return;
  const unit& done = come_units_.front();
  at_ += done.head.payload_length + (done.head.payload_length > options_.stream_above ? 0 : done.head_size);
  come_units_.pop_front();
  shown_ = false;
}

result<arrived> published_inbox::next() {
  settle();
  arrived a;
  a.at = at_;
  if (!come_units_.empty()) {
    const unit& u = come_units_.front();
    a.head = u.head;
    a.head_size = u.head_size;
    a.size = u.head_size + u.head.payload_length;
    a.payload = u.payload.view();
    a.what = arrival::unit;
    if (u.head.payload_length > options_.stream_above) {
      a.what = arrival::piece;
      at_ += u.head_size;
    }
    shown_ = true;
    return a;
  }
  if (failed_) return *failed_;
  a.needs = arriving_.head_size == 0 ? head_needs_ : arriving_.head_size + arriving_.head.payload_length;
  if (arriving_.head.payload_length > options_.stream_above) {
    a.head = arriving_.head;
    a.head_size = arriving_.head_size;
  }
  return a;
}

result<void> published_inbox::message(published_message& out) {
  const unit& u = come_units_.front();
  COPYCOST_ASSERT(shown_);
  out.clear();
  auto bytes = copy_bytes::of(u.payload.view());  // the shared buffer becomes an owned vector
  if (!bytes) return bytes.error();
  parts_.clear();
  entries_.list.clear();
  if (auto ok = parse_message(bytes->view(), at_ + u.head_size, options_.limit, parts_, entries_); !ok) return ok;
  return out.own(parts_.view);
}

result<copy_bytes> published_inbox::payload() { return copy_bytes::of(come_units_.front().payload.view()); }

result<void> published_inbox::ended() const {
  if (failed_) return *failed_;
  const std::size_t there = arriving_.head_size == 0 ? head_come_ : arriving_.head_size + come_;
  if (there == 0) return {};
  const std::size_t needs =
      arriving_.head_size == 0 ? head_needs_ : arriving_.head_size + arriving_.head.payload_length;
  return error{errc::truncated, arriving_at_, std::max(needs, there + 1), there};
}

std::uint64_t published_inbox::reserved_bytes() const {
  std::uint64_t sum = head_.size() + arriving_.payload.view().size();
  for (const unit& u : come_units_) sum += u.payload.view().size();
  return sum;
}

}  // namespace copycost::raft
