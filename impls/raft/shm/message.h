// SPDX-License-Identifier: Apache-2.0
//
// A message of the shm design: what is decoded from a stream has one owner, the receive block; what came through a link
// has one for every block that its payload lies in, and a private block with its small payloads, which is used again.
//
// Lifetime: those of held_message.
// Threads: those of held_message.
// Cost: those of held_message.
#pragma once
#include "impls/raft/common/held_message.h"
#include "impls/raft/shm/bytes.h"

namespace copycost::raft {

class shm_message : public held_message<shm_bytes> {
  using base = held_message<shm_bytes>;

 public:
  shm_message() = default;
  static shm_message composed(const message_view& m, std::span<shm_bytes> owners) {
    return shm_message(base::composed(m, owners));
  }
  void clear() {
    if (ref spare = owner_.take_private(); spare.get() != nullptr && spare.get()->capacity() <= kKeptRoom)
      spare_ = std::move(spare);
    base::clear();
  }
  std::uint64_t retained_bytes() const {
    return base::retained_bytes() + (spare_.get() == nullptr ? 0 : spare_.get()->held_bytes());
  }

  // The owner of a payload of this message, or null. `hint`: where to look first; changed. VALID UNTIL: as view().
  const shm_bytes* owner_of(bytes_view data, std::size_t& hint) const {
    for (std::size_t next = hint; next < hint + 2 && next < more_.size(); ++next)
      if (holds(more_[next], data)) {
        hint = next;
        return &more_[next];
      }
    const shm_bytes* const found = base::owner_of(data);
    if (found != nullptr && found != &owner_) hint = static_cast<std::size_t>(found - more_.data());
    return found;
  }
  void add_owner(shm_bytes b) { more_.push_back(std::move(b)); }
  // A private block with room for `n` bytes: the one before, if it has. Null when there is no memory.
  ref room(std::size_t n) {
    if (spare_.get() != nullptr && spare_.get()->capacity() >= n) return std::move(spare_);
    return ref(ref_block::make(std::max(n, kRoomMin)));
  }

 private:
  static constexpr std::size_t kRoomMin = 256 - sizeof(ref_block);
  explicit shm_message(base&& b) : base(std::move(b)) {}
  ref spare_;
};

}  // namespace copycost::raft
