// SPDX-License-Identifier: Apache-2.0
#include "impls/graph/zeromq/design.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "harness/ledger/witness/counters.h"

namespace copycost::graph {

void zeromq_item::mark_as_shared() {
  zmq_msg_t other;
  zmq_msg_init(&other);
  zmq_msg_copy(&other, &message_);
  zmq_msg_close(&other);
}

result<zeromq_draft> zeromq_maker::build(const metadata& meta, std::size_t size) {
  if (const auto ok = fits(meta, size); !ok) return ok.error();
  zeromq_draft draft;
  zeromq_item& made = draft.made_;
  if (zmq_msg_init_size(&made.message_, meta.headers.size() * sizeof(header) + size) != 0)
    return error{errc::out_of_memory, 0, 0, size};
  std::ranges::copy(meta.headers, reinterpret_cast<header*>(made.block()));  // not payload: headers
  made.size_ = static_cast<std::uint32_t>(size);                             // fits: kItemMax
  made.headers_ = static_cast<std::uint32_t>(meta.headers.size());           // fits: kHeadersMax
  made.source_ = meta.source;
  made.key_ = meta.key;
  return draft;
}

result<zeromq_item> zeromq_maker::seal(zeromq_draft&& draft, std::size_t used) {
  if (used > draft.made_.size_) return error{errc::out_of_range, used, draft.made_.size_, 0};
  draft.made_.size_ = static_cast<std::uint32_t>(used);
  draft.made_.mark_as_shared();
  return std::move(draft.made_);
}

result<zeromq_item> zeromq_maker::copy(const metadata& meta, bytes_view bytes) {
  auto draft = build(meta, bytes.size());
  if (!draft) return draft.error();
  if (!bytes.empty()) counted_copy(draft->bytes().data(), bytes.data(), bytes.size());
  return seal(std::move(draft).value(), bytes.size());
}

// What keeps lent bytes alive, with the headers of the message that borrows them.
template <class Owner>
struct lender {
  Owner owner;
  std::vector<header> headers;
};

template <class Owner>
result<zeromq_item> zeromq_maker::lent(const metadata& meta, std::span<std::byte> bytes, Owner&& owner) {
  auto held = std::make_unique<lender<Owner>>();
  held->headers.assign(meta.headers.begin(), meta.headers.end());  // not payload: headers
  zeromq_item made;
  const auto release = [](void*, void* hint) { delete static_cast<lender<Owner>*>(hint); };
  if (zmq_msg_init_data(&made.message_, bytes.data(), bytes.size(), release, held.get()) != 0) {
    zmq_msg_init(&made.message_);
    return error{errc::out_of_memory, 0, 0, bytes.size()};
  }
  held->owner = std::forward<Owner>(owner);  // only now: on error it is still the caller's
  made.outside_ = held->headers.data();
  made.size_ = static_cast<std::uint32_t>(bytes.size());            // fits: kItemMax
  made.headers_ = static_cast<std::uint32_t>(meta.headers.size());  // fits: kHeadersMax
  made.source_ = meta.source;
  made.key_ = meta.key;
  (void)held.release();  // the message's from here on
  made.mark_as_shared();
  return made;
}

result<zeromq_item> zeromq_maker::adopt(const metadata& meta, foreign_bytes&& bytes) {
  if (const auto ok = fits(meta, bytes.bytes().size()); !ok) return ok.error();
  if (bytes.bytes().empty()) {
    auto made = copy(meta, {});
    if (made) bytes.reset();
    return made;
  }
  return lent(meta, bytes.bytes(), std::move(bytes));
}

result<zeromq_item> zeromq_maker::part(const zeromq_item& of, std::size_t pos, std::size_t len, const metadata& meta) {
  if (const auto ok = fits(meta, 0); !ok) return ok.error();
  if (const auto ok = inside(pos, len, of.size()); !ok) return ok.error();
  // Payload inside of a handle moves with it: it is copied.
  const auto* const handle = reinterpret_cast<const std::byte*>(&of.message_);
  const bool is_inside = of.payload() >= handle && of.payload() < handle + sizeof of.message_;
  if (len == 0 || is_inside) return copy(meta, of.bytes().subspan(pos, len));
  return lent(meta, {of.payload() + pos, len}, of.share());
}

result<std::span<std::byte>> zeromq_maker::make_unique(zeromq_item& one) {
  auto own = copy(one.meta(), one.bytes());
  if (!own) return own.error();
  one = std::move(own).value();
  return std::span(one.payload(), one.size_);
}

}  // namespace copycost::graph
