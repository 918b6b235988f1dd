// SPDX-License-Identifier: Apache-2.0
//
// A message as the original has it: every field of bytes is a vector of its own, and every decoding makes all of them
// anew.
//
// Lifetime: owns what it holds.
// Threads: one at a time.
// Cost: an allocation and a copy for every field of bytes.
#pragma once
#include <vector>

#include "impls/raft/common/owned_bytes.h"
#include "scenarios/raft/wire/parse.h"

namespace copycost::raft {

class published_message {
 public:
  published_message() = default;
  published_message(published_message&&) noexcept = default;
  published_message& operator=(published_message&&) noexcept = default;

  // VALID UNTIL: this is destroyed, moved from or changed.
  const message_view& view() const { return view_; }
  // COPIES: the entry's data. Errors: out_of_memory.
  result<copy_bytes> share_data(std::size_t i) const { return copy_bytes::of(view_.entries[i].data); }
  std::uint64_t retained_bytes() const { return owned_; }
  void clear();
  // Owned vectors of all that `m` shows. COPIES: all of it. Errors: out_of_memory; then this is empty.
  result<void> own(const message_view& m);

 private:
  struct owned_entry {
    copy_bytes data, context;
  };
  result<void> own(bytes_view from, copy_bytes& to, bytes_view& shown);
  result<void> own_all(const message_view& m);

  message_view view_;
  std::vector<owned_entry> entries_;
  std::vector<copy_bytes> others_;
  copy_bytes context_, snapshot_, conf_state_;
  // What view() shows of them: no part of the original, and kept from message to message.
  std::vector<entry_view> shown_;
  std::vector<unknown_field> unknown_;
  std::uint64_t owned_ = 0;
};

}  // namespace copycost::raft
