// SPDX-License-Identifier: Apache-2.0
//
// zeromq: a third party's messages (libzmq) as items. A message of up to 33 bytes lies in the handle; a larger one is a
// block that libzmq counts.
//
//   item [zmq_msg_t 64 bytes|size|headers|source|key] --> [headers ...|payload ...] of libzmq, or payload that is lent
//
// A message learns that it is shared when it is first copied, and writes that into itself. Each message is therefore
// copied and closed once when it is made, so that threads may share it at once afterwards.
//
// Lifetime: a block dies with its last message.
// Threads: a value; messages that share a block may be used and dropped in different threads.
// Cost: share is a locked addition, or a copy of the handle for small payload; part and adopt are two allocations.
// Source: libzmq, src/msg.cpp.
#pragma once
#include <zmq.h>

#include <utility>

#include "impls/graph/common/names.h"
#include "scenarios/graph/contract.h"

namespace copycost::graph {

class zeromq_item {
 public:
  zeromq_item() { zmq_msg_init(&message_); }
  zeromq_item(zeromq_item&& o) noexcept : zeromq_item() { take(o); }
  zeromq_item& operator=(zeromq_item&& o) noexcept {
    if (this != &o) take(o);
    return *this;
  }
  ~zeromq_item() { zmq_msg_close(&message_); }

  std::size_t size() const { return size_; }
  // VALID UNTIL: the item is destroyed, moved from or changed.
  bytes_view bytes() const { return {payload(), size_}; }
  // VALID UNTIL: the item is destroyed, moved from or changed.
  metadata meta() const { return {source_, key_, {first_header(), headers_}}; }
  // COPIES: a payload of up to 33 bytes, with its headers.
  zeromq_item share() const {
    zeromq_item other;
    zmq_msg_copy(&other.message_, const_cast<zmq_msg_t*>(&message_));  // marked as shared before: nothing is written
    other.describe_as(*this);
    return other;
  }
  std::uint64_t use_count() const { return 0; }  // libzmq does not tell
  std::uint64_t held_bytes() const { return block() == nullptr ? 0 : zmq_msg_size(const_cast<zmq_msg_t*>(&message_)); }

 private:
  friend class zeromq_maker;
  friend class zeromq_draft;
  // VALID UNTIL: the item is destroyed or moved from.
  std::byte* block() const { return static_cast<std::byte*>(zmq_msg_data(const_cast<zmq_msg_t*>(&message_))); }
  // VALID UNTIL: the item is destroyed or moved from.
  std::byte* payload() const { return block() + (outside_ == nullptr ? headers_ * sizeof(header) : 0); }
  // VALID UNTIL: the item is destroyed or moved from.
  const header* first_header() const {
    return outside_ != nullptr ? outside_ : reinterpret_cast<const header*>(block());
  }
  void describe_as(const zeromq_item& o) {
    outside_ = o.outside_;
    size_ = o.size_;
    headers_ = o.headers_;
    source_ = o.source_;
    key_ = o.key_;
  }
  void take(zeromq_item& o) {
    zmq_msg_move(&message_, &o.message_);  // closes what was here
    describe_as(o);
    o.describe_as(zeromq_item());
  }
  void mark_as_shared();

  zmq_msg_t message_;
  const header* outside_ = nullptr;  // where the headers lie when they are not in front of the payload
  std::uint32_t size_ = 0, headers_ = 0;
  name_id source_ = 0;
  std::uint64_t key_ = 0;
};

class zeromq_draft {
 public:
  // VALID UNTIL: the draft is destroyed, moved from or sealed.
  std::span<std::byte> bytes() { return {made_.payload(), made_.size_}; }

 private:
  friend class zeromq_maker;
  zeromq_item made_;
};

class zeromq_maker {
 public:
  explicit zeromq_maker(process_names&) {}
  result<zeromq_item> copy(const metadata& meta, bytes_view bytes);  // COPIES: bytes.size()
  result<zeromq_item> adopt(const metadata& meta, foreign_bytes&& bytes);
  result<zeromq_draft> build(const metadata& meta, std::size_t size);
  result<zeromq_item> seal(zeromq_draft&& draft, std::size_t used);
  result<zeromq_item> part(const zeromq_item& of, std::size_t pos, std::size_t len, const metadata& meta);
  // COPIES: one.size(): libzmq does not tell whether a message is the only one.
  // VALID UNTIL: the item is shared, moved from or destroyed.
  result<std::span<std::byte>> make_unique(zeromq_item& one);
  void end_batch() {}

 private:
  template <class Owner>
  result<zeromq_item> lent(const metadata& meta, std::span<std::byte> bytes, Owner&& owner);
};

struct zeromq_design {
  static constexpr design_traits traits{};  // a small message is copied with its handle
  using context = process_names;
  using maker = zeromq_maker;
  using item = zeromq_item;
  using draft = zeromq_draft;

  static result<void> fan_out(item&& one, std::span<item> to) {
    for (item& place : to.first(to.size() - 1)) place = one.share();
    to.back() = std::move(one);
    return {};
  }
  static void drop(std::span<item> all) {
    for (item& one : all) one = item();
  }
};
static_assert(design<zeromq_design>);

}  // namespace copycost::graph
