// SPDX-License-Identifier: Apache-2.0
#include "impls/raft/published/message.h"

namespace copycost::raft {

void published_message::clear() {
  view_ = {};
  entries_ = std::vector<owned_entry>();
  others_ = std::vector<copy_bytes>();  // nothing is used again
  context_ = {};
  snapshot_ = {};
  conf_state_ = {};
  shown_.clear();
  unknown_.clear();
  owned_ = 0;
}

result<void> published_message::own(bytes_view from, copy_bytes& to, bytes_view& shown) {
  if (from.empty()) return {};
  auto bytes = copy_bytes::of(from);
  if (!bytes) return bytes.error();
  to = std::move(bytes).value();
  shown = to.view();
  owned_ += shown.size();
  return {};
}

result<void> published_message::own_all(const message_view& m) {
  view_ = m;
  for (const entry_view& e : m.entries) {  // one by one, as they are found
    owned_entry& mine = entries_.emplace_back();
    entry_view& shown = shown_.emplace_back(e);
    if (auto ok = own(e.data, mine.data, shown.data); !ok) return ok;
    if (auto ok = own(e.context, mine.context, shown.context); !ok) return ok;
  }
  for (const unknown_field& u : m.unknown) {
    unknown_field& shown = unknown_.emplace_back(u);
    if (auto ok = own(u.bytes, others_.emplace_back(), shown.bytes); !ok) return ok;
  }
  if (auto ok = own(m.context, context_, view_.context); !ok) return ok;
  if (auto ok = own(m.snapshot.data, snapshot_, view_.snapshot.data); !ok) return ok;
  return own(m.snapshot.conf_state, conf_state_, view_.snapshot.conf_state);
}

result<void> published_message::own(const message_view& m) {
  clear();
  shown_.reserve(m.entries.size());
  auto ok = own_all(m);
  if (!ok) clear();
  view_.entries = shown_;
  view_.unknown = unknown_;
  return ok;
}

}  // namespace copycost::raft
