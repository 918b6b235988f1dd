// SPDX-License-Identifier: Apache-2.0
//
// A message of libprotobuf, and what the contract wants to see of it. Owner says where it lives (on the heap, in an
// arena):
//   raftpb::Message& ready()   one to parse into; it may hold what it held
//   const raftpb::Message* there() const, void clear()
//
// Lifetime: owns what it holds.
// Threads: one at a time.
// Cost: libprotobuf's, and a view of each entry.
#pragma once
#include <raftpb.pb.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "impls/raft/common/owned_bytes.h"
#include "scenarios/raft/wire/parse.h"

namespace copycost::raft {

// What a message of libprotobuf shows, unknown fields excepted. VALID UNTIL: the message changes, or `entries` does.
message_view view_of(const raftpb::Message& m, std::vector<entry_view>& entries);
// The same message for libprotobuf, unknown fields included. COPIES: all payloads. REQUIRES: `out` is empty.
void to_proto(const message_view& m, raftpb::Message& out);

// Unknown fields as they came, kept as bytes of one's own.
struct kept_unknown {
  std::vector<unknown_field> fields;
  std::vector<std::string> bytes;
  void clear() {
    fields.clear();
    bytes.clear();
  }
  void keep(std::span<const unknown_field> from);  // COPIES: their bytes
};

// Whether any part of it has fields that it does not know, or values of an enumeration that it does not know.
bool has_unknown(const raftpb::Message& m);

template <class Owner>
class protobuf_message {
 public:
  // VALID UNTIL: this is destroyed, moved from or changed.
  const message_view& view() const { return view_; }
  result<copy_bytes> share_data(std::size_t i) const { return copy_bytes::of(view_.entries[i].data); }  // COPIES: it
  // What its bytes take; libprotobuf does not say what it keeps besides.
  std::uint64_t retained_bytes() const {
    return entry_bytes(view_) + view_.context.size() + view_.snapshot.data.size() + view_.snapshot.conf_state.size();
  }
  void clear() {
    owner_.clear();
    shown_.clear();
    unknown_.clear();
    view_ = {};
  }
  // COPIES: every field of bytes. Errors: those of parse_message(); then this is empty.
  result<void> parse(bytes_view in, std::uint64_t at, const wire_limits& l) {
    shown_.clear();
    unknown_.clear();
    view_ = {};
    raftpb::Message& m = owner_.ready();
    // The library counts in int: what is larger it has not read.
    const bool ok =
        std::in_range<int>(in.size()) && m.ParseFromArray(in.empty() ? "" : static_cast<const void*>(in.data()),
                                                          static_cast<int>(in.size()));  // fits: compared before
    if (!ok || has_unknown(m) || static_cast<std::size_t>(m.entries_size()) > l.entries) {
      if (auto strict = as_we_read_it(in, at, l, ok); !strict) {
        clear();
        return strict;
      }
    }
    show(m);
    return {};
  }
  // COPIES: all payloads.
  void own(const message_view& m) {
    clear();
    raftpb::Message& mine = owner_.ready();
    mine.Clear();
    to_proto(m, mine);
    unknown_.keep(m.unknown);
    show(mine);
  }

 private:
  void show(const raftpb::Message& m) {
    view_ = view_of(m, shown_);
    view_.unknown = unknown_.fields;
  }
  // libprotobuf says neither where nor what is wrong, and takes fields of a wrong type for unknown ones: what the
  // contract says about such a message is asked of our parser. It is none of the messages that are timed.
  result<void> as_we_read_it(bytes_view in, std::uint64_t at, const wire_limits& l, bool accepted) {
    message_parts parts;
    entry_vector entries;
    if (auto ok = parse_message(in, at, l, parts, entries); !ok) return ok;
    if (!accepted) return error{errc::malformed_message, at, 0, 0};
    unknown_.keep(parts.unknown);
    return {};
  }

  Owner owner_;
  std::vector<entry_view> shown_;
  kept_unknown unknown_;
  message_view view_;
};

// A message on the heap, used again when the holder is.
class heap_owner {
 public:
  raftpb::Message& ready() {
    if (message_ == nullptr) message_ = std::make_unique<raftpb::Message>();
    return *message_;
  }
  void clear() {
    if (message_ != nullptr) message_->Clear();
  }

 private:
  std::unique_ptr<raftpb::Message> message_;
};

}  // namespace copycost::raft
