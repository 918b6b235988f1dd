// SPDX-License-Identifier: Apache-2.0
//
// The consumer's end of a link over a byte stream, for every design: a batch is read into memory of the design, and its
// items are parts of it. Names are interned as they arrive.
//
//   stream --> [draft: batch | head of the next one] --> item of the batch --> part, part, ... --> pop, pop_some
//
// The next batch is read when the last one is popped. A batch is checked as a whole, and has the next number: what was
// lost, doubled or damaged on the way ends the link, and nothing of it is popped.
//
// Lifetime: not longer than the context. Items that were popped outlive it, and keep their batch, where the design
// refers to payload where it is.
// Threads: one at a time.
// Cost: a system call a batch; that of batch_reader.h an item. COPIES: in designs that copy parts, each payload.
#pragma once
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "harness/base/now.h"
#include "scenarios/graph/link/batch/batch_reader.h"
#include "scenarios/graph/link/link.h"
#include "scenarios/graph/link/stream_ends.h"
#include "scenarios/graph/link/stream_limits.h"

namespace copycost::graph {

template <design D>
class stream_link_in final : public link_in<D> {
 public:
  using item = typename D::item;

  // REQUIRES: options.bytes is at least that of the producer.
  stream_link_in(typename D::context& x, std::unique_ptr<byte_stream> from, const link_options& options = {})
      : options_(options), limits_(limits_of(options)), from_(std::move(from)), maker_(x), reader_(x, limits_) {}
  stream_link_in(const stream_link_in&) = delete;
  stream_link_in& operator=(const stream_link_in&) = delete;
  ~stream_link_in() override { abandon(); }

  result<void> pop(item& into, std::int64_t deadline_ns) override {
    auto got = try_pop(into);
    if (got && !*got) ++stats_.waits;
    for (; got && !*got; got = try_pop(into)) {
      if (now_ns() >= deadline_ns) return error{errc::late, 0, 0, 0};
      from_.wait(deadline_ns);
    }
    if (!got) return got.error();
    return {};
  }
  result<std::size_t> pop_some(std::span<item> into) override {
    std::size_t n = 0;
    for (; n < into.size(); ++n) {
      // What has arrived is enough: to look for more costs a system call.
      if (n > 0 && reader_.left() == 0) break;
      auto got = try_pop(into[n]);
      if (!got && n == 0) return got.error();
      if (!got || !*got) break;
    }
    return n;
  }
  void abandon() override {
    if (!ended_) end({errc::closed, 0, 0, 0});
  }
  // VALID UNTIL: this is destroyed.
  const link_stats& stats() const override { return stats_; }

 private:
  // False: none is there.
  result<bool> try_pop(item& into) {
    if (ended_) return *ended_;
    if (reader_.left() == 0) {
      auto come = next_batch();
      if (!come || !*come) return come;
    }
    auto got = reader_.next(maker_, into);
    if (!got) return got;
    ++stats_.items;
    stats_.bytes += into.size();
    if (reader_.left() == 0) {
      batch_ = item();  // its items keep it
      maker_.end_batch();
    }
    return true;
  }

  // Goes on reading the next batch, and opens it. After an error that is not the end it is tried again.
  result<bool> next_batch() {
    if (!is_whole_) {
      if (auto ok = read_batch(); !ok || !*ok) return ok;
      is_whole_ = true;
    }
    if (const auto ok = reader_.open(maker_, batch_); !ok)
      return of_machine(ok.error()) || ok.error().code == errc::names_full ? ok.error() : refuse(ok.error());
    is_whole_ = false;
    ++number_;
    from_.tell(taken_ += reader_.left());
    return true;
  }
  // True: batch_ is the next one.
  result<bool> read_batch() {
    if (!draft_) {
      auto come = from_.fill(next_head_, kBatchHead, next_bytes_);
      if (!come) return end(come.error());
      if (!*come) return false;
      if (const auto ok = begin_batch(); !ok) return ok.error();
    }
    const std::span<std::byte> room = draft_->bytes();
    const std::size_t whole = room.size() - kBatchHead;
    auto come = from_.fill(room, whole, draft_bytes_);
    if (!come) return end(come.error());
    if (!*come) return false;
    next_bytes_ = draft_bytes_ - whole;
    // not payload: the head of the next batch
    std::copy_n(room.begin() + static_cast<std::ptrdiff_t>(whole), next_bytes_, next_head_.begin());
    auto sealed = maker_.seal(std::move(*draft_), whole);
    draft_.reset();
    if (!sealed) return refuse(sealed.error());
    batch_ = std::move(*sealed);
    return true;
  }
  // Takes memory for the batch of which the head has come.
  result<void> begin_batch() {
    const auto head = read_head(next_head_, limits_);
    if (!head) return refuse(head.error());
    if (head->number != number_) return refuse({errc::broken_link, 0, number_, head->number});
    if (head->items == 0) {
      from_.finish(now_ns() + options_.linger_ns);
      return end({errc::closed, 0, 0, 0});
    }
    auto draft = maker_.build({}, kBatchHead + head->packed + kBatchHead);
    if (!draft) return of_machine(draft.error()) ? draft.error() : refuse(draft.error());
    draft_.emplace(std::move(*draft));
    std::copy(next_head_.begin(), next_head_.end(), draft_->bytes().begin());  // not payload: a head
    draft_bytes_ = kBatchHead;
    next_bytes_ = 0;
    return {};
  }

  error refuse(const error& why) {
    ++stats_.refused;
    return end(why);
  }
  error end(const error& why) {
    ended_ = why;
    stats_.undelivered += reader_.left();
    reader_.close();
    batch_ = item();
    draft_.reset();
    from_.close();
    return why;
  }

  const link_options options_;
  const batch_limits limits_;
  batch_stream_in from_;
  typename D::maker maker_;
  batch_reader<D> reader_;
  std::array<std::byte, kBatchHead> next_head_{};
  std::size_t next_bytes_ = 0;              // of next_head_, that have come
  std::optional<typename D::draft> draft_;  // of the batch that is being read, and the head of the next one
  std::size_t draft_bytes_ = 0;
  item batch_;
  bool is_whole_ = false;  // batch_ has come and is not open yet
  std::uint64_t number_ = 0, taken_ = 0;
  std::optional<error> ended_;
  link_stats stats_;
};

}  // namespace copycost::graph
