// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "harness/base/check.h"
#include "harness/base/now.h"
#include "impls/raft/shm/link.h"
#include "impls/raft/shm/link_detail.h"

namespace copycost::raft {
namespace {

constexpr error kClosed{errc::closed, 0, 0, 0};
// So many blocks, or so many bytes of them, that the receiver may have taken are looked at again.
constexpr std::uint32_t kSettleBlocks = 8;
constexpr std::uint64_t kSettleBytes = 4 * kMiB;

bool any_from(const message_view& m, std::size_t size) {
  for (const entry_view& e : m.entries)
    if (e.data.size() >= size || e.context.size() >= size) return true;
  return m.context.size() >= size || m.snapshot.data.size() >= size;
}

}  // namespace

// One more payload that stays where it is: `data` is empty afterwards.
result<void> shm_link::refer(const shm_message& m, std::uint32_t place, bytes_view& data, std::size_t& hint) {
  if (data.empty() || data.size() < options_.copy_below) return {};
  const shm_bytes* const owner = m.owner_of(data, hint);
  bytes_view lies = data;
  slab_ref block;
  if (owner != nullptr && owner->block().where() == &memory_ && owner->block().count() != nullptr) {
    if (!pieces_.empty() && pieces_.back().block.count() == owner->block().count()) {  // the block of the one before
      passed_piece& p = pieces_.back();
      const std::byte *const begin = std::min(p.begin, data.data()), *const end =
                                                                         std::max(p.end, data.data() + data.size());
      if (end - begin <= std::ptrdiff_t{0x7FFFFFFF}) {
        p.begin = begin;
        p.end = end;
        // fits: one a payload of a message
        references_.push_back({data, place, static_cast<std::uint32_t>(pieces_.size() - 1)});
        data = {};
        return {};
      }
    }
    block = owner->block().share();
  } else if (const held_block got = memory_.allocate(data.size()); got.count != nullptr) {
    counted_copy(got.data, data.data(), data.size());
    lies = {got.data, data.size()};
    block = slab_ref(memory_, *got.count);
  }
  if (block.count() == nullptr) return error{errc::out_of_memory, 0, 0, data.size()};
  references_.push_back({lies, place, static_cast<std::uint32_t>(pieces_.size())});  // fits: one a payload of a message
  pieces_.push_back({std::move(block), lies.data(), lies.data() + lies.size()});
  data = {};
  return {};
}

// Which payloads stay where they are, and the message without them. What `has` does not name is not sent at all.
result<void> shm_link::plan(const shm_message& m) {
  rest_ = m.view();
  entries_.assign(rest_.entries.begin(), rest_.entries.end());  // not payload: views
  rest_.entries = entries_;
  std::size_t hint = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto place = static_cast<std::uint32_t>(2 * i);
    entry_view& e = entries_[i];
    if ((e.has & bit(entry_field::data)) != 0)
      if (auto ok = refer(m, place, e.data, hint); !ok) return ok;
    if ((e.has & bit(entry_field::context)) != 0)
      if (auto ok = refer(m, place + 1, e.context, hint); !ok) return ok;
  }
  const std::uint32_t has = rest_.head.has;
  if ((has & bit(field::snapshot)) != 0 && (rest_.snapshot.has & bit(snapshot_field::data)) != 0)
    if (auto ok = refer(m, kPlaceOfSnapshot, rest_.snapshot.data, hint); !ok) return ok;
  return (has & bit(field::context)) != 0 ? refer(m, kPlaceOfContext, rest_.context, hint) : result<void>{};
}

void shm_link::write_body(const message_view& rest, std::byte* at) const {
  for (const outgoing& r : references_) {
    const passed_piece& p = pieces_[r.piece];
    const reference out{r.place, r.piece, static_cast<std::uint32_t>(r.data.data() - p.begin),
                        static_cast<std::uint32_t>(r.data.size())};  // fits: a block of the memory, which 32 bits count
    std::memcpy(at, &out, sizeof out);                               // not payload: where a payload lies
    at += sizeof out;
  }
  flat_writer w{at};
  encode_message(rest, w);
}

// Waits until ready() is not null. Errors: closed.
template <class Ring, class Ready>
auto shm_link::waited_for(Ring& ring, Ready ready) -> result<decltype(ready())> {
  auto got = ready();
  for (std::int64_t start = 0; !got;) {
    if (start == 0) start = now_ns();
    ring.wait(kLinkNapNs);
    if ((got = ready())) break;
    const slab::presence peer = out_blocks_.other();
    const bool never_came = peer == slab::presence::not_yet && now_ns() - start > kLinkPatienceNs;
    if (peer != slab::presence::gone && !never_came && !ring.is_broken()) continue;
    closed_ = true;
    return kClosed;
  }
  return got;
}

void shm_link::push(passed_piece& p) {
  const auto size = static_cast<std::uint32_t>(p.end - p.begin);
  const block_message m = memory_.message(*p.block.count(), p.begin, size);
  unsettled_bytes_ += size;
  out_blocks_.push(m, p.block.release());
}

// The record has been written. As a rule the receiver finds the blocks there when it sees the record; where there are
// more than the ring takes, they follow.
result<void> shm_link::send_pieces() {
  if (out_blocks_.under_way() >= kSettleBlocks || unsettled_bytes_ >= kSettleBytes) settle();
  const auto room = [&] { return kRingCapacity - out_blocks_.under_way(); };
  if (pieces_.size() <= room()) {
    for (passed_piece& p : pieces_) push(p);
    out_blocks_.publish();
    out_.publish();
    return {};
  }
  out_.publish();
  for (passed_piece& p : pieces_) {
    if (auto ok = waited_for(out_blocks_, [&] { return !out_blocks_.is_full() || settle() < kRingCapacity; }); !ok)
      return ok.error();
    push(p);
    out_blocks_.publish();
  }
  return {};
}

// The body as a block of its own.
result<void> shm_link::spill(const message_view& rest, std::size_t body) {
  const held_block got = memory_.allocate(body + record_memory::kSlack);
  if (got.count == nullptr) return error{errc::out_of_memory, 0, 0, body};
  write_body(rest, got.data);
  pieces_.insert(pieces_.begin(), {slab_ref(memory_, *got.count), got.data, got.data + body});
  return {};
}

// Whether the blocks can go at once; more than the ring ever takes have to wait in any case.
bool shm_link::pieces_fit() {
  const auto fit = [&] { return kRingCapacity - out_blocks_.under_way() >= pieces_.size(); };
  return pieces_.size() > kRingCapacity || fit() || (settle(), fit());
}

result<void> shm_link::send_planned(const message_view& rest, bool waits) {
  const std::size_t body = references_.size() * sizeof(reference) + encoded_size(rest);
  // fits: one a payload of a message
  record_head h{static_cast<std::uint32_t>(sizeof(record_head)), 0, static_cast<std::uint32_t>(references_.size()), 0};
  if (body + sizeof h > out_.size_max()) {
    if (auto ok = spill(rest, body); !ok) return ok;
    h.flags = kSpilled;
  } else {
    h.size += static_cast<std::uint32_t>(body);
  }
  h.pieces = static_cast<std::uint32_t>(pieces_.size());  // fits: one a payload of a message
  if (!waits && (out_.room(h.size) == nullptr || !pieces_fit())) return error{errc::backpressure, 0, 0, h.size};
  auto at = waited_for(out_, [&] { return out_.room(h.size); });
  if (!at) return at.error();
  std::memcpy(*at, &h, sizeof h);  // not payload: the record's head
  if (h.flags != kSpilled) write_body(rest, *at + sizeof h);
  out_.wrote(h.size);
  if (!pieces_.empty()) return send_pieces();
  out_.publish();
  return {};
}

result<void> shm_link::send_one(const shm_message& m, bool waits) {
  if (closed_) return kClosed;
  const message_view& v = m.view();
  if (auto ok = check_counts(v, options_.limit); !ok) return ok;
  if (const std::size_t size = encoded_size(v); size > options_.limit.payload)
    return error{errc::payload_too_large, 0, options_.limit.payload, size};
  const bool refers = any_from(v, std::max<std::size_t>(options_.copy_below, 1));
  result<void> ok;
  if (refers) ok = plan(m);
  if (ok) ok = send_planned(refers ? rest_ : v, waits);
  pieces_.clear();
  references_.clear();
  return ok;
}

}  // namespace copycost::raft
