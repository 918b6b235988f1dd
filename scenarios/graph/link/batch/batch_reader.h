// SPDX-License-Identifier: Apache-2.0
//
// A batch as items: each is a part of the block that the batch arrived in, so that no payload is copied. A batch that
// is packed is unpacked into one draft, of which the items are parts. Designs that do not refer to payload where it is
// copy each item once.
//
//   item: [head | records | names | payload payload ...]  --next()-->  part, part, ...
//
// Lifetime: what next() gives outlives the reader and the batch.
// Threads: one at a time.
// Cost: a checksum of the batch; a look-up for each name of the batch, and none for each item; a part an item.
#pragma once
#include <cstdint>
#include <vector>

#include "scenarios/graph/link/batch/batch_view.h"
#include "scenarios/graph/link/batch/packing.h"

namespace copycost::graph {

struct read_stats {
  std::uint64_t batches = 0, items = 0;  // opened, made
  std::uint64_t refused = 0;             // batches with something wrong
  std::uint64_t left_behind = 0;         // items of a batch that another one, or close(), came before
};

template <design D>
class batch_reader {
 public:
  using item = typename D::item;

  using maker = typename D::maker;

  explicit batch_reader(typename D::context& context, const batch_limits& limits = {})
      : context_(context), limits_(limits) {}

  // Opens the batch that `batch` has as its payload. It is checked as a whole: after an error there is nothing to read.
  // REQUIRES: `batch` stays as and where it is until the last item is read, or close().
  // Errors: those of read_whole() and batch_view::parse(); bad_compression, names_full, out_of_memory, out_of_room.
  result<void> open(maker& by, const item& batch) { return open(by, batch.bytes(), &batch); }
  // The same of bytes that are no item, for designs that copy parts. REQUIRES: they stay as and where they are as long.
  result<void> open(maker& by, bytes_view batch) requires(!D::traits.zero_copy) { return open(by, batch, nullptr); }

  // Makes the next item in `into`, which is dropped first. False: there is none left. After an error the same item is
  // the next one. Errors: out_of_memory, out_of_room.
  result<bool> next(maker& by, item& into) {
    if (next_ == view_.items()) return false;
    const batch_item one = view_.item(next_);
    headers_.clear();
    for (std::uint32_t i = 0; i < one.headers; ++i) {
      const auto [name, value] = view_.header_at(one.first_header + i);
      headers_.push_back({names_[name], names_[value]});
    }
    auto made = make(by, {names_[one.source], one.key, headers_}, one);
    if (!made) return made.error();
    into = std::move(made).value();
    ++stats_.items;
    if (++next_ == view_.items()) release();
    return true;
  }
  // Passes over the next item, which was read before. REQUIRES: left() > 0.
  void skip() {
    if (++next_ == view_.items()) release();
  }

  std::uint32_t left() const { return view_.items() - next_; }
  const batch_head& head() const { return head_; }  // of the batch that was opened last
  void close() {
    stats_.left_behind += left();
    release();
  }
  const read_stats& stats() const { return stats_; }

 private:
  result<void> open(maker& by, bytes_view batch, const item* whole) {
    close();
    const auto ok = opened(by, batch, whole);
    if (ok) {
      ++stats_.batches;
      return ok;
    }
    ++stats_.refused;
    close();
    return ok;
  }
  result<void> opened(maker& by, bytes_view batch, const item* whole) {
    const auto head = read_whole(batch, limits_);
    if (!head) return head.error();
    head_ = head.value();
    whole_ = whole;
    body_at_ = kBatchHead;
    bytes_view body = batch.subspan(kBatchHead);
    if (head_.form == batch_form::zstd) {
      if (const auto ok = unpack(by, body); !ok) return ok;
      body = unpacked_.bytes();
    }
    const auto view = batch_view::parse(head_, body);
    if (!view) return view.error();
    if (const auto ok = intern(view.value()); !ok) return ok;
    view_ = view.value();
    next_ = 0;
    return {};
  }
  result<void> unpack(maker& by, bytes_view packed) {
    if (const auto ok = batch_unpacker::check(head_, packed); !ok) return ok;
    auto draft = by.build({}, head_.unpacked);
    if (!draft) return draft.error();
    if (const auto ok = unpacker_.unpack(head_, packed, draft.value().bytes()); !ok) return ok;
    auto sealed = by.seal(std::move(draft).value(), head_.unpacked);
    if (!sealed) return sealed.error();
    unpacked_ = std::move(sealed).value();
    whole_ = &unpacked_;
    body_at_ = 0;
    return {};
  }
  result<void> intern(const batch_view& batch) {
    names_.assign(1, 0);
    for (std::uint32_t i = 1; i <= batch.names(); ++i) {
      const auto id = context_.intern(batch.name(i));
      if (!id) return id.error();
      names_.push_back(id.value());
    }
    return {};
  }
  result<item> make(maker& by, const metadata& meta, const batch_item& one) {
    if constexpr (D::traits.zero_copy)
      return by.part(*whole_, body_at_ + one.position, one.payload.size(), meta);
    else
      return by.copy(meta, one.payload);
  }
  void release() {
    view_ = {};
    next_ = 0;
    whole_ = nullptr;
    unpacked_ = item();
  }

  typename D::context& context_;
  const batch_limits limits_;
  batch_unpacker unpacker_;
  batch_head head_;
  const item* whole_ = nullptr;  // whose payload the view is of: the caller's, or unpacked_; null where no item is
  item unpacked_;
  std::size_t body_at_ = 0;
  batch_view view_;
  std::uint32_t next_ = 0;
  std::vector<name_id> names_;   // of the batch's names, in the context
  std::vector<header> headers_;  // of one item
  read_stats stats_;
};

}  // namespace copycost::graph
