// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/traffic/capture_legs.h"

#include <algorithm>

#include "harness/base/check.h"

namespace copycost::raft {

capture_legs::capture_legs(const trace& all, wire_format format) {
  COPYCOST_REQUIRE(format != wire_format::native);
  if (format == wire_format::etcd_append) {
    make_append(all);
    return;
  }
  list_.emplace_back();
  if (format == wire_format::compat) make_compat(all);
  capture_leg& one = list_.back();
  if (format == wire_format::etcd_message) one.stream = all.stream();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (format == wire_format::etcd_message)
      one.ends.push_back(i + 1 < all.size() ? all.offset(i + 1) : all.stream().size());
    one.messages.push_back(plain::read(all.message(i)));
  }
}

void capture_legs::make_append(const trace& all) {
  plain::append_legs split;
  for (std::size_t i = 0; i < all.size(); ++i) split.add(all.message(i));
  held_ = split.take();
  for (plain::append_leg& one : held_)
    list_.push_back({one.from, one.to, one.stream, std::move(one.ends), std::move(one.messages)});
}

// [u32 BE 9][u32 LE 2: a raft message][0: no id][u32 LE n][n bytes]; written out, so that frame.h has a second opinion
// to agree with.
void capture_legs::make_compat(const trace& all) {
  capture_leg& one = list_.back();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bytes_view m = all.message(i);
    for (const unsigned b : {0u, 0u, 0u, 9u, 2u, 0u, 0u, 0u, 0u}) frames_.push_back(static_cast<std::byte>(b));
    for (int shift = 0; shift < 32; shift += 8) frames_.push_back(static_cast<std::byte>(m.size() >> shift & 255));
    frames_.insert(frames_.end(), m.begin(), m.end());
    one.ends.push_back(frames_.size());
  }
  one.stream = frames_;
}

capture_legs::census capture_legs::count() const {
  census out;
  for (const capture_leg& l : list_) {
    out.bytes += l.stream.size();
    out.units += l.ends.size();
    for (std::size_t i = 0; i < l.ends.size(); ++i) {
      const plain::message& m = l.messages[i];
      out.largest = std::max<std::uint64_t>(out.largest, l.unit(i).size());
      out.payload += m.context.size() + m.snapshot_data.size();
      out.entries += m.entries.size();
      for (const plain::entry& e : m.entries) out.payload += e.data.size();
    }
  }
  return out;
}

}  // namespace copycost::raft
