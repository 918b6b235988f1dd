// SPDX-License-Identifier: Apache-2.0
//
// Nothing that is read from the segment is believed twice: what decides about memory is copied first and checked then.
#include <algorithm>

#include "harness/base/now.h"
#include "impls/raft/shm/link.h"
#include "impls/raft/shm/link_detail.h"

namespace copycost::raft {
namespace {

constexpr error kClosed{errc::closed, 0, 0, 0};
constexpr error kImpossible{errc::malformed_message, 0, 0, 0};

}  // namespace

// Whether the sender may still send: what it sent before has arrived when it is seen to be gone.
bool shm_link::may_come(std::int64_t since_ns) const {
  const slab::presence peer = in_blocks_.other();
  return peer == slab::presence::here || (peer == slab::presence::not_yet && now_ns() - since_ns <= kLinkPatienceNs);
}

// Nothing more will come: what has come of an unfinished message is released.
error shm_link::give_up() {
  closed_ = true;
  do in_blocks_.drop_batch();
  while (!in_blocks_.is_broken() && in_blocks_.ready());
  return kClosed;
}

// The next block; empty when it is not one. Errors: closed.
result<shm_bytes> shm_link::next_piece() {
  for (std::int64_t start = 0; !in_blocks_.ready();) {
    if (start == 0) start = now_ns();
    in_blocks_.wait(kLinkNapNs);
    if (in_blocks_.ready()) break;
    if (may_come(start) && now_ns() - start <= kLinkPatienceNs && !in_blocks_.is_broken()) continue;
    if (in_blocks_.ready()) break;
    return give_up();
  }
  const auto& [message, block] = in_blocks_.next();
  if (block.count == nullptr) return shm_bytes();
  return shm_bytes(slab_ref(memory_, *block.count), {block.data, message.size});
}

// Puts the payloads that stayed where they are into the message.
result<void> shm_link::put_together(bytes_view references, std::size_t first, shm_message& out) {
  message_view& m = out.parts().view;
  auto& entries = out.entries().list;
  std::size_t total = 0;
  for (std::size_t at = 0; at < references.size(); at += sizeof(reference)) {
    reference r;
    std::memcpy(&r, references.data() + at, sizeof r);  // not payload: where a payload lies
    if (r.piece >= taken_.size() - first) return kImpossible;
    const bytes_view lies = taken_[first + r.piece].view();
    if (r.size == 0 || r.offset > lies.size() || r.size > lies.size() - r.offset) return kImpossible;
    if ((total += r.size) > options_.limit.payload)
      return error{errc::payload_too_large, 0, options_.limit.payload, total};
    const bool of_entry = r.place < 2 * entries.size();
    entry_view* const e = of_entry ? &entries[r.place / 2] : nullptr;
    const unsigned number = r.place % 2 == 0 ? entry_field::data : entry_field::context;
    bytes_view* const to = of_entry                      ? (number == entry_field::data ? &e->data : &e->context)
                           : r.place == kPlaceOfContext  ? &m.context
                           : r.place == kPlaceOfSnapshot ? &m.snapshot.data
                                                         : nullptr;
    const bool there = of_entry                     ? (e->has & bit(number)) != 0
                       : r.place == kPlaceOfContext ? (m.head.has & bit(field::context)) != 0
                                                    : (m.snapshot.has & bit(snapshot_field::data)) != 0;
    if (to == nullptr || !there || !to->empty()) return kImpossible;
    *to = lies.subspan(r.offset, r.size);
  }
  for (std::size_t i = first; i < taken_.size(); ++i) out.add_owner(std::move(taken_[i]));
  return {};
}

result<void> shm_link::read_body(bytes_view body, std::uint32_t count, std::size_t first, shm_message& out) {
  const std::size_t references = count * sizeof(reference);
  if (references > body.size()) return kImpossible;
  if (body.size() - references > options_.limit.payload)
    return error{errc::payload_too_large, 0, options_.limit.payload, body.size() - references};
  ref own = out.room(body.size());
  if (own.get() == nullptr) return error{errc::out_of_memory, 0, 0, body.size()};
  std::byte* const data = own.get()->data();
  counted_copy(data, body.data(), body.size());
  const bytes_view fields(data + references, body.size() - references);
  out.set_owner(shm_bytes(std::move(own), fields));
  if (auto ok = parse_message(fields, 0, options_.limit, out.parts(), out.entries()); !ok) return ok;
  return put_together({data, references}, first, out);
}

result<void> shm_link::take_message(bytes_view record, shm_message& out) {
  record_head h{};
  const std::size_t entries_max = 2 * options_.limit.entries + 2;
  if (record.size() >= sizeof h) std::memcpy(&h, record.data(), sizeof h);  // not payload: the record's head
  const std::size_t first = h.flags == kSpilled ? 1 : 0;
  if (record.size() < sizeof h || h.flags > kSpilled || h.references > entries_max || h.pieces > h.references + first ||
      h.pieces < first) {
    give_up();  // how many blocks belong to it is unknown
    return kImpossible;
  }
  for (std::uint32_t i = 0; i < h.pieces; ++i) {
    auto next = next_piece();
    if (!next) return next.error();
    taken_.push_back(std::move(next).value());
  }
  const shm_bytes spilled = first != 0 ? std::move(taken_[0]) : shm_bytes();
  return read_body(first != 0 ? spilled.view() : record.subspan(sizeof h), h.references, first, out);
}

result<bool> shm_link::try_receive(shm_message& out) {
  out.clear();
  if (closed_) return kClosed;
  const bytes_view record = in_.peek();
  if (record.empty()) {
    in_.give_back();
    if (!in_.is_broken()) return false;
    return give_up();
  }
  auto ok = take_message(record, out);
  taken_.clear();
  in_.pop(record.size());
  if (ok) return true;
  out.clear();
  return ok.error();
}

result<void> shm_link::receive(shm_message& out) {
  for (std::int64_t start = 0;;) {
    auto got = try_receive(out);
    if (!got) return got.error();
    if (*got) return {};
    if (start == 0) start = now_ns();
    in_.wait(kLinkNapNs);
    got = try_receive(out);
    if (!got) return got.error();
    if (*got) return {};
    if (may_come(start)) continue;
    got = try_receive(out);  // in this order: what it sent before it went is there now
    if (!got) return got.error();
    if (*got) return {};
    return give_up();
  }
}

}  // namespace copycost::raft
