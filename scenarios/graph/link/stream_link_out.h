// SPDX-License-Identifier: Apache-2.0
//
// The producer's end of a link over a byte stream, for every design: items travel in batches, in the wire form of
// batch/. Payload is lent to the system call, and stays with its items until the stream has taken it.
//
//   push, push_some --> [batch: records, names | views of payload] --writev--> stream
//   items that are on their way <-- items taken so far
//
// What close() sends when the stream is full goes out with drain(), or when this end is destroyed. Then what the
// consumer has not taken is waited for, up to linger_ns, so that the stream is not reset under it.
//
// Lifetime: not longer than the context.
// Threads: one at a time.
// Cost: a batch for each call of push and push_some: records, a checksum and a system call. COPIES: nothing; the stream
// does.
#pragma once
#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "harness/base/now.h"
#include "scenarios/graph/link/batch/batch_writer.h"
#include "scenarios/graph/link/link.h"
#include "scenarios/graph/link/stream_ends.h"
#include "scenarios/graph/link/stream_limits.h"

namespace copycost::graph {

template <design D>
class stream_link_out final : public link_out<D> {
 public:
  using item = typename D::item;

  stream_link_out(const typename D::context& names, std::unique_ptr<byte_stream> to, const link_options& options = {})
      : names_(names), options_(options), to_(std::move(to)), writer_(limits_of(options)) {
    held_.reserve(kStreamBatchItems);
  }
  stream_link_out(const stream_link_out&) = delete;
  stream_link_out& operator=(const stream_link_out&) = delete;
  ~stream_link_out() override {
    const std::int64_t until = now_ns() + options_.linger_ns;
    const auto wait_for = [&](auto&& done) {
      while (!has_failed() && !done() && now_ns() < until) {
        to_.wait(until);
        pump(true);
      }
    };
    pump(true);
    wait_for([&] { return to_.is_idle() && !ends_later_; });
    to_.shutdown();
    wait_for([&] { return to_.taken() == stats_.items; });
    to_.close();
  }

  // Errors beside those of link.h: what batch_writer says of the item.
  result<void> push(item& one, std::int64_t deadline_ns) override {
    if (const auto ok = may_push(one); !ok) return ok;
    if (!has_room(one.size())) {
      ++stats_.waits;
      while (!has_room(one.size())) {
        if (ended_) return *ended_;
        if (now_ns() >= deadline_ns) return error{errc::late, 0, 0, 0};
        to_.wait(deadline_ns);
      }
    }
    const auto sent = send({&one, 1});
    if (!sent) return sent.error();
    return {};
  }
  result<std::size_t> push_some(std::span<item> items) override {
    if (items.empty()) return std::size_t{0};
    if (const auto ok = may_push(items[0]); !ok) return ok.error();
    if (has_room(items[0].size())) return send(items);
    if (ended_) return *ended_;
    return std::size_t{0};
  }
  result<void> drain(std::int64_t deadline_ns) override {
    for (pump(true); !has_failed() && (to_.taken() != stats_.items || !to_.is_idle() || ends_later_); pump(true)) {
      if (now_ns() >= deadline_ns) return error{errc::late, 0, 0, 0};
      to_.wait(deadline_ns);
    }
    if (has_failed()) return *ended_;
    return {};
  }
  void close() override {
    if (ended_) return;
    ended_ = error{errc::closed, 0, 0, 0};
    ends_later_ = true;
    pump(false);
  }
  // VALID UNTIL: this is destroyed.
  const link_stats& stats() const override { return stats_; }

 private:
  // How much was pushed up to the end of a batch.
  struct mark {
    std::uint64_t items, bytes;
  };

  bool has_failed() const { return ended_ && ended_->code != errc::closed; }
  std::uint64_t items_on_way() const { return stats_.items - to_.taken(); }
  std::uint64_t bytes_on_way() const { return stats_.bytes - bytes_taken_; }

  result<void> may_push(const item& one) const {
    if (ended_) return *ended_;
    if (one.size() > options_.bytes) return error{errc::too_large, 0, options_.bytes, one.size()};
    return {};
  }
  // Whether a batch can begin, with an item of that size.
  bool has_room(std::uint64_t size) {
    const auto fits = [&] {
      return to_.is_idle() && items_on_way() < options_.items && bytes_on_way() + size <= options_.bytes;
    };
    // To look costs a system call: not before half of it is on its way.
    pump(!fits() || items_on_way() >= options_.items / 2 || bytes_on_way() >= options_.bytes / 2);
    return !ended_ && fits();
  }
  // As many of the first as one batch and the limits take. REQUIRES: has_room() for the first. Errors: those of the
  // first.
  result<std::size_t> send(std::span<item> items) {
    std::uint64_t bytes = bytes_on_way();
    writer_.clear();
    for (item& one : items.first(std::min(items.size(), kStreamBatchItems))) {
      bytes += one.size();
      if (held_.size() + items_on_way() >= options_.items || bytes > options_.bytes) break;
      held_.push_back(std::move(one));  // first: the writer keeps a view of where the payload lies from now on
      const auto ok = writer_.add(names_, held_.back().meta(), held_.back().bytes());
      if (!ok) {
        one = std::move(held_.back());
        held_.pop_back();
        if (held_.empty()) return ok.error();
        break;
      }
      if (writer_.body_bytes() >= kStreamBatchBytes) break;
    }
    const std::size_t n = held_.size();
    stats_.items += n;
    stats_.bytes += writer_.payload_bytes();
    marks_.push_back({stats_.items, stats_.bytes});
    to_.begin(writer_.front(number_++), writer_.payloads());
    pump(false);
    return n;
  }
  // Writes what waits, and looks at what the consumer has taken.
  void pump(bool looks) {
    if (has_failed()) return;
    auto ok = looks ? to_.look(stats_.items) : result<void>();
    if (ok) ok = to_.write();
    if (ok && to_.is_idle()) {
      drop_held();
      if (std::exchange(ends_later_, false)) {
        writer_.clear();
        to_.begin(writer_.front(number_++), {});
        ok = to_.write();
      }
    }
    if (!ok) static_cast<void>(to_.look(stats_.items));  // what it took before it went may be there to read
    note_taken();
    if (!ok) fail(ok.error());
  }
  void note_taken() {
    stats_.taken = to_.taken();
    for (; !marks_.empty() && marks_.front().items <= stats_.taken; marks_.pop_front())
      bytes_taken_ = marks_.front().bytes;
  }
  void fail(const error& why) {
    // A consumer that has taken everything may go as soon as it knows the end.
    if (ended_ && !ends_later_ && stats_.taken == stats_.items && why.code == errc::peer_gone) return to_.close();
    ended_ = why;
    stats_.undelivered = items_on_way();
    to_.close();
    drop_held();
  }
  void drop_held() {
    D::drop(held_);
    held_.clear();
  }

  const typename D::context& names_;
  const link_options options_;
  batch_stream_out to_;
  batch_writer writer_;
  std::vector<item> held_;  // of the batch that is being written; never grows over what is reserved
  std::uint64_t number_ = 0, bytes_taken_ = 0;
  std::deque<mark> marks_;   // of batches that are on their way
  bool ends_later_ = false;  // the end of the link is to be sent
  std::optional<error> ended_;
  link_stats stats_;
};

}  // namespace copycost::graph
