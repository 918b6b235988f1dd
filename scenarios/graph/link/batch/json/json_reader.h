// SPDX-License-Identifier: Apache-2.0
//
// A batch in JSON as items, in the way of batch_reader.h: a payload that is a text without escapes is a part of the
// block that the JSON arrived in; others are copied once more.
//
// Lifetime: what next() gives outlives the reader and the batch.
// Threads: one at a time.
// Cost: a parse; a look-up for each name of each item, because JSON says each of them again.
#pragma once
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "scenarios/graph/link/batch/batch_reader.h"
#include "scenarios/graph/link/batch/json/json_batch.h"

namespace copycost::graph {

template <design D>
class json_reader {
 public:
  using item = typename D::item;
  using maker = typename D::maker;

  explicit json_reader(typename D::context& context, const batch_limits& limits = {})
      : context_(context), limits_(limits) {}

  // REQUIRES: `batch` stays as and where it is until the last item is read, or close().
  // Errors: those of json_batch::parse().
  result<void> open(maker&, const item& batch) {
    const auto ok = parse(batch.bytes());
    if (ok) whole_ = &batch;
    return ok;
  }
  // The same of bytes that are no item, for designs that copy parts. REQUIRES: they stay as and where they are as long.
  result<void> open(maker&, bytes_view batch) requires(!D::traits.zero_copy) { return parse(batch); }

  // Makes the next item in `into`. False: there is none left. After an error the same item is the next one.
  // Errors: names_full, out_of_memory, out_of_room.
  result<bool> next(maker& by, item& into) {
    if (left() == 0) return false;
    const json_item& one = batch_->items()[next_];
    metadata meta{0, one.key, {}};
    if (const auto ok = intern(one, meta); !ok) return ok.error();
    auto made = make(by, meta, one);
    if (!made) return made.error();
    into = std::move(made).value();
    ++stats_.items;
    if (++next_ == batch_->items().size()) release();
    return true;
  }

  std::uint64_t number() const { return number_; }  // of the batch that was opened last
  std::size_t left() const { return batch_ ? batch_->items().size() - next_ : 0; }
  void close() {
    stats_.left_behind += left();
    release();
  }
  const read_stats& stats() const { return stats_; }

 private:
  result<void> parse(bytes_view text) {
    close();
    auto parsed = json_batch::parse(text, limits_);
    if (!parsed) {
      ++stats_.refused;
      return parsed.error();
    }
    ++stats_.batches;
    number_ = parsed.value().number();
    if (!parsed.value().items().empty()) batch_.emplace(std::move(parsed).value());
    return {};
  }
  result<void> intern(const json_item& one, metadata& meta) {
    const auto source = context_.intern(one.source);
    if (!source) return source.error();
    meta.source = source.value();
    headers_.clear();
    for (const auto& [name, value] : batch_->headers_of(one)) {
      const auto first = context_.intern(name), second = context_.intern(value);
      if (!first) return first.error();
      if (!second) return second.error();
      headers_.push_back({first.value(), second.value()});
    }
    meta.headers = headers_;
    return {};
  }
  result<item> make(maker& by, const metadata& meta, const json_item& one) {
    if constexpr (D::traits.zero_copy)
      if (one.is_borrowed) return by.part(*whole_, one.position, one.payload.size(), meta);
    return by.copy(meta, one.payload);
  }
  void release() {
    batch_.reset();
    next_ = 0;
    whole_ = nullptr;
  }

  typename D::context& context_;
  const batch_limits limits_;
  std::optional<json_batch> batch_;
  const item* whole_ = nullptr;
  std::size_t next_ = 0;
  std::uint64_t number_ = 0;
  std::vector<header> headers_;  // of one item
  read_stats stats_;
};

}  // namespace copycost::graph
