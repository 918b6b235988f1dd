// SPDX-License-Identifier: Apache-2.0
//
// A message and the owners of its payload, for designs whose owner is a value (Bytes). A decoded message has one owner,
// of the whole unit's payload; a composed one has as many as it was given.
//
// Bytes has, beside the contract's: part(view) const -> result<Bytes>, an owner of a part of what it owns.
//
// Lifetime: owns what it holds.
// Threads: one at a time.
// Cost: clear() keeps the memory of the lists, so decoding into it again allocates nothing.
#pragma once
#include <utility>

#include "scenarios/raft/contract.h"

namespace copycost::raft {

template <class Bytes, class Entries = entry_vector>
class held_message {
 public:
  // VALID UNTIL: this is destroyed, moved from or changed.
  const message_view& view() const { return parts_.view; }
  result<Bytes> share_data(std::size_t i) const {
    const bytes_view data = parts_.view.entries[i].data;
    if (const Bytes* owner = owner_of(data)) return owner->part(data);
    return Bytes();
  }
  std::uint64_t retained_bytes() const {
    std::uint64_t sum = owner_.retained_bytes();
    for (const Bytes& b : more_) sum += b.retained_bytes();
    return sum;
  }
  void clear() {
    parts_.clear();
    entries_.list.clear();
    owner_ = {};
    more_.clear();
  }

  // For those who fill it. VALID UNTIL: as view().
  message_parts& parts() { return parts_; }
  Entries& entries() { return entries_; }
  void set_owner(Bytes owner) { owner_ = std::move(owner); }
  bool refers() const { return refers_to_bytes(parts_.view); }

  // Moves every view by as much as its bytes were moved.
  void rebase(const std::byte* from, const std::byte* to) {
    const auto moved = [&](bytes_view& v) {
      if (!v.empty() && v.data() != kConfStateOfNone.data()) v = {to + (v.data() - from), v.size()};
    };
    for (entry_view& e : entries_.list) {
      moved(e.data);
      moved(e.context);
    }
    for (unknown_field& u : parts_.unknown) moved(u.bytes);
    message_view& m = parts_.view;
    moved(m.context);
    moved(m.snapshot.data);
    moved(m.snapshot.conf_state);
  }

  // compose(): a message of one's own.
  static held_message composed(const message_view& m, std::span<Bytes> owners) {
    held_message out;
    out.parts_.view = m;
    out.entries_.list.assign(m.entries.begin(), m.entries.end());   // not payload: a list of views
    out.parts_.unknown.assign(m.unknown.begin(), m.unknown.end());  // not payload: a list of views
    out.parts_.view.entries = out.entries_.view();
    out.parts_.view.unknown = out.parts_.unknown;
    out.more_.reserve(owners.size());
    for (Bytes& b : owners) out.more_.push_back(std::move(b));
    return out;
  }

 protected:
  static bool holds(const Bytes& owner, bytes_view data) {
    const bytes_view all = owner.view();
    return !data.empty() && data.data() >= all.data() && data.data() + data.size() <= all.data() + all.size();
  }
  // The owner of a payload, or null. VALID UNTIL: as view().
  const Bytes* owner_of(bytes_view data) const {
    if (holds(owner_, data)) return &owner_;
    for (const Bytes& b : more_)
      if (holds(b, data)) return &b;
    return nullptr;
  }

  message_parts parts_;
  Entries entries_;
  Bytes owner_;
  std::vector<Bytes> more_;
};

}  // namespace copycost::raft
