// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/capture_legs.h"

#include <algorithm>

#include "harness/core/check.h"

namespace copycost::raft {

capture_legs::capture_legs(const trace& all, wire_format format) {
  COPYCOST_REQUIRE(format == wire_format::etcd_message || format == wire_format::etcd_append);
  if (format == wire_format::etcd_append) {
    plain::append_legs split;
    for (std::size_t i = 0; i < all.size(); ++i) split.add(all.message(i));
    held_ = split.take();
    for (plain::append_leg& one : held_)
      list_.push_back({one.from, one.to, one.stream, std::move(one.ends), std::move(one.messages)});
    return;
  }
  capture_leg one;
  one.stream = all.stream();
  for (std::size_t i = 0; i < all.size(); ++i) {
    one.ends.push_back(i + 1 < all.size() ? all.offset(i + 1) : all.stream().size());
    one.messages.push_back(plain::read(all.message(i)));
  }
  list_.push_back(std::move(one));
}

capture_legs::census capture_legs::count() const {
  census out;
  for (const capture_leg& l : list_) {
    out.bytes += l.stream.size(), out.units += l.ends.size();
    for (std::size_t i = 0; i < l.ends.size(); ++i) {
      const plain::message& m = l.messages[i];
      out.largest = std::max<std::uint64_t>(out.largest, l.unit(i).size());
      out.payload += m.context.size() + m.snapshot_data.size();
      for (const plain::entry& e : m.entries) out.payload += e.data.size();
    }
  }
  return out;
}

}  // namespace copycost::raft
