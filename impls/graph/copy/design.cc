// SPDX-License-Identifier: Apache-2.0
#include "impls/graph/copy/design.h"

#include <algorithm>

#include "harness/ledger/witness/counters.h"

namespace copycost::graph {

bool copy_item::make(const metadata& meta, std::size_t size) {
  const std::size_t bytes = block_bytes(meta.headers.size(), size);
  if (bytes > 0) {
    block_ = static_cast<std::byte*>(std::malloc(bytes));
    if (block_ == nullptr) return false;
    std::ranges::copy(meta.headers, reinterpret_cast<header*>(block_));  // not payload: headers
  }
  size_ = capacity_ = static_cast<std::uint32_t>(size);        // fits: kItemMax
  headers_ = static_cast<std::uint32_t>(meta.headers.size());  // fits: kHeadersMax
  source_ = meta.source;
  key_ = meta.key;
  return true;
}

bool copy_item::clone_into(copy_item& empty) const {
  if (!empty.make(meta(), size_)) return false;
  if (size_ > 0) counted_copy(empty.payload(), payload(), size_);
  return true;
}

result<copy_item> copy_maker::copy(const metadata& meta, bytes_view bytes) {
  auto draft = build(meta, bytes.size());
  if (!draft) return draft.error();
  if (!bytes.empty()) counted_copy(draft->bytes().data(), bytes.data(), bytes.size());
  return std::move(draft->made_);
}

result<copy_item> copy_maker::adopt(const metadata& meta, foreign_bytes&& bytes) {
  auto made = copy(meta, bytes.bytes());
  if (made) bytes.reset();
  return made;
}

result<copy_draft> copy_maker::build(const metadata& meta, std::size_t size) {
  if (const auto ok = fits(meta, size); !ok) return ok.error();
  copy_draft draft;
  if (!draft.made_.make(meta, size)) return error{errc::out_of_memory, 0, 0, size};
  return draft;
}

result<copy_item> copy_maker::seal(copy_draft&& draft, std::size_t used) {
  if (used > draft.made_.size_) return error{errc::out_of_range, used, draft.made_.size_, 0};
  draft.made_.size_ = static_cast<std::uint32_t>(used);
  return std::move(draft.made_);
}

result<copy_item> copy_maker::part(const copy_item& of, std::size_t pos, std::size_t len, const metadata& meta) {
  if (const auto ok = fits(meta, 0); !ok) return ok.error();
  if (const auto ok = inside(pos, len, of.size()); !ok) return ok.error();
  return copy(meta, of.bytes().subspan(pos, len));
}

result<void> copy_design::fan_out(item&& one, std::span<item> to) {
  for (item& place : to.first(to.size() - 1)) {
    if (one.clone_into(place)) continue;
    drop(to);
    return error{errc::out_of_memory, 0, 0, one.size()};
  }
  to.back() = std::move(one);
  return {};
}

}  // namespace copycost::graph
