// SPDX-License-Identifier: Apache-2.0
//
// Items that wait to be sent as one batch: until there are enough of them, or bytes enough, or the oldest has waited
// long enough.
//
//   add(item, now) ... --> [oldest][item][item]  is_due(now)?  --> batch(): an item in wire form --> sent()
//
// The age is that of the oldest item that waits: the first item after a pause waits for others as any item does. There
// is one batch at a time, and it is in the order of add(): what waits longer is never sent later.
//
// Lifetime: the items that wait; they are dropped together, by sent().
// Threads: one at a time; the clock is the caller's.
// Cost: an item is not copied before batch() copies all payloads into their places; place for `items` of them is
// reserved at once.
#pragma once
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "scenarios/graph/link/batch/packing.h"
#include "scenarios/graph/node/node.h"

namespace copycost::graph {

inline constexpr std::uint64_t kBatchItemsMax = 1'000'000;
inline constexpr std::int64_t kBatchAgeMax = std::int64_t{3600} * 1'000'000'000;

// When a batch is due: whichever comes first.
struct batch_when {
  std::uint64_t items = 256;         // from 1 to kBatchItemsMax
  std::uint64_t bytes = 256 * 1024;  // of its body, from 1 to kBatchMax; a larger item travels alone
  std::int64_t age_ns = 5'000'000;   // of the oldest item, from 1 to kBatchAgeMax
  int level = 0;                     // of zstd; 0: it is not packed
};

template <design D>
class batcher {
 public:
  using item = typename D::item;

  // Errors: bad_parameter.
  static result<batcher> make(const batch_when& when) {
    const auto within = [](std::uint64_t got, std::uint64_t limit) { return got >= 1 && got <= limit; };
    if (!within(when.items, kBatchItemsMax)) return error{errc::bad_parameter, 0, kBatchItemsMax, when.items};
    if (!within(when.bytes, kBatchMax)) return error{errc::bad_parameter, 0, kBatchMax, when.bytes};
    const auto age = static_cast<std::uint64_t>(when.age_ns);
    if (!within(age, kBatchAgeMax)) return error{errc::bad_parameter, 0, kBatchAgeMax, age};
    batcher made(when);
    if (when.level == 0) return made;
    auto packer = batch_packer::make(when.level);
    if (!packer) return packer.error();
    made.packer_ = std::move(packer).value();
    return made;
  }

  // Takes the item, which came now. Errors: full: the batch goes first, and then there is room; those of
  // batch_writer::add(). On error `one` is unchanged.
  result<void> add(const typename D::context& names, item& one, std::int64_t now_ns) {
    if (held_.size() == when_.items) return error{errc::full, 0, when_.items, when_.items};
    held_.push_back(std::move(one));  // first: the writer keeps a view of where the payload lies from now on
    auto ok = writer_.add(names, held_.back().meta(), held_.back().bytes());
    if (ok && held_.size() > 1 && writer_.body_bytes() > when_.bytes) {
      ok = error{errc::full, 0, when_.bytes, writer_.body_bytes()};
      writer_.remove_last();
    }
    if (!ok) {
      one = std::move(held_.back());
      held_.pop_back();
      return ok;
    }
    if (held_.size() == 1) oldest_ns_ = now_ns;
    return {};
  }
  // Gives the item back that was added last. REQUIRES: an add() that succeeded was the last call of add(), take_back()
  // and sent().
  void take_back(item& one) {
    writer_.remove_last();
    one = std::move(held_.back());
    held_.pop_back();
  }

  bool empty() const { return held_.empty(); }
  std::size_t size() const { return held_.size(); }
  // Whether nothing more is waited for, whatever the time.
  bool is_full() const { return held_.size() >= when_.items || writer_.body_bytes() >= when_.bytes; }
  // When the batch is due at the latest; kNever: nothing waits.
  std::int64_t due_ns() const {
    if (empty()) return kNever;
    return is_full() ? oldest_ns_ : oldest_ns_ + when_.age_ns;
  }
  bool is_due(std::int64_t now_ns) const { return !empty() && now_ns >= due_ns(); }

  // What waits, in wire form, as an item whose key is the batch's number; it waits until sent(). COPIES: its payload;
  // the packer says what it copies. Errors: out_of_memory, out_of_room.
  result<item> batch(typename D::maker& by) {
    const metadata meta{0, number_, {}};
    auto draft = by.build(meta, writer_.wire_bytes());
    if (!draft) return draft.error();
    std::size_t used = writer_.wire_bytes();
    if (packer_) {
      const auto size = packer_->pack(writer_, number_, draft.value().bytes());
      if (!size) return size.error();
      used = size.value();
    } else {
      writer_.copy_to(number_, draft.value().bytes());
    }
    return by.seal(std::move(draft).value(), used);
  }
  // The batch is on its way: its items are dropped, and the next one has the next number.
  void sent() {
    D::drop(held_);
    held_.clear();
    writer_.clear();
    ++number_;
  }
  // Batches that were sent.
  std::uint64_t number() const { return number_; }
  // Null: batches are not packed. VALID UNTIL: this is destroyed.
  const pack_stats* packing() const { return packer_ ? &packer_->stats() : nullptr; }

 private:
  explicit batcher(const batch_when& when) : when_(when) { held_.reserve(when.items); }

  batch_when when_;
  std::vector<item> held_;  // never grows over what is reserved: the writer has views of what lies in items
  batch_writer writer_;
  std::optional<batch_packer> packer_;
  std::int64_t oldest_ns_ = 0;
  std::uint64_t number_ = 0;
};

}  // namespace copycost::graph
