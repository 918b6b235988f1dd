// SPDX-License-Identifier: Apache-2.0
//
// The producer's end of a link over sockets of libzmq, for every design: items travel in batches, a message each.
//
//   push, push_some --> [batch written into a message] --> libzmq ~~~~> consumer
//   items that are on their way <-- items taken so far
//
// Lifetime: not longer than the context.
// Threads: one at a time.
// Cost: a message for each call of push and push_some. COPIES: each payload, into the message, where libzmq would not
// know when it may be freed otherwise; as base64 in JSON.
#pragma once
#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "harness/base/now.h"
#include "scenarios/graph/link/batch/batch_writer.h"
#include "scenarios/graph/link/batch/json/json_batch.h"
#include "scenarios/graph/link/link.h"
#include "scenarios/graph/link/zeromq/message_form.h"

namespace copycost::graph {

template <design D>
class message_link_out final : public link_out<D> {
 public:
  using item = typename D::item;

  message_link_out(const typename D::context& names, std::unique_ptr<zeromq_socket> to, message_form form,
                   const link_options& options = {})
      : names_(names),
        options_(options),
        form_(form),
        since_ns_(now_ns()),
        to_(std::move(to)),
        writer_(limits_of(options)) {}
  message_link_out(const message_link_out&) = delete;
  message_link_out& operator=(const message_link_out&) = delete;
  ~message_link_out() override {
    if (ended_ && !has_failed()) static_cast<void>(drain(now_ns() + options_.linger_ns));
  }

  // Errors beside those of link.h: what the writer of the form says of the item.
  result<void> push(item& one, std::int64_t deadline_ns) override {
    if (const auto ok = may_push(one); !ok) return ok;
    if (!has_room(one.size())) {
      ++stats_.waits;
      while (!has_room(one.size())) {
        if (ended_) return *ended_;
        if (now_ns() >= deadline_ns) return error{errc::late, 0, 0, 0};
        to_->wait(true, waiting_.has_value(), deadline_ns);
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
    for (pump(); !has_failed() && (taken_ != stats_.items || waiting_ || ends_later_); pump()) {
      if (now_ns() >= deadline_ns) return error{errc::late, 0, 0, 0};
      to_->wait(true, waiting_.has_value(), deadline_ns);
    }
    if (has_failed()) return *ended_;
    return {};
  }
  void close() override {
    if (ended_) return;
    ended_ = error{errc::closed, 0, 0, 0};
    ends_later_ = true;
    pump();
  }
  // VALID UNTIL: this is destroyed.
  const link_stats& stats() const override { return stats_; }

 private:
  // How much was pushed up to the end of a batch.
  struct mark {
    std::uint64_t items, bytes;
  };

  bool has_failed() const { return ended_ && ended_->code != errc::closed; }
  result<void> may_push(const item& one) const {
    if (ended_) return *ended_;
    const std::uint64_t most = item_max(form_, options_);
    if (one.size() > most) return error{errc::too_large, 0, most, one.size()};
    return {};
  }
  bool has_room(std::uint64_t size) {
    const std::uint64_t items = stats_.items - taken_, bytes = stats_.bytes - bytes_taken_;
    if (waiting_ || items >= options_.items / 2 || bytes + size > options_.bytes / 2) pump();
    return !ended_ && !waiting_ && stats_.items - taken_ < options_.items &&
           stats_.bytes - bytes_taken_ + size <= options_.bytes;
  }
  // As many of the first as one batch and the limits take. REQUIRES: has_room() for the first. Errors: those of the
  // first, with which nothing has changed.
  result<std::size_t> send(std::span<item> items) {
    std::uint64_t bytes = stats_.bytes - bytes_taken_, payload = 0;
    std::size_t n = 0;
    for (const std::size_t most = std::min(items.size(), kStreamBatchItems); n < most; ++n) {
      const std::uint64_t size = items[n].size();
      if (n + stats_.items - taken_ >= options_.items || bytes + payload + size > options_.bytes) break;
      if (n > 0 && payload + size > kStreamBatchBytes) break;
      if (const auto ok = add(items[n]); !ok) {
        if (n == 0) return ok.error();
        break;
      }
      payload += size;
    }
    auto batch = written();
    if (!batch) return batch.error();
    D::drop(items.first(n));
    stats_.items += n;
    stats_.bytes += payload;
    marks_.push_back({stats_.items, stats_.bytes});
    waiting_.emplace(std::move(*batch));
    pump();
    return n;
  }
  result<void> add(const item& one) {
    if (form_ == message_form::json) return json_.add(names_, one.meta(), one.bytes());
    return writer_.add(names_, one.meta(), one.bytes());
  }
  // The batch of what was added, which is the end of the link where nothing was.
  result<zeromq_message> written() {
    auto m = form_ == message_form::json ? zeromq_message::of(json_.take(number_)) : written_in_binary();
    writer_.clear();
    if (m) ++number_;
    return m;
  }
  result<zeromq_message> written_in_binary() {
    auto m = zeromq_message::of_size(writer_.wire_bytes());
    if (m) writer_.copy_to(number_, m->bytes());
    return m;
  }
  result<void> send_waiting() {
    if (!waiting_) return {};
    auto sent = to_->send(*waiting_);
    if (!sent) return sent.error();
    if (*sent) waiting_.reset();
    return {};
  }
  // Sends what waits, and looks at what the consumer has taken.
  void pump() {
    if (has_failed()) return;
    if (const auto ok = send_waiting(); !ok) return fail(ok.error());
    if (ends_later_ && !waiting_) {
      auto end = written();
      if (!end) return fail(end.error());
      ends_later_ = false;
      waiting_.emplace(std::move(*end));
      if (const auto ok = send_waiting(); !ok) return fail(ok.error());
    }
    for (zeromq_message one;;) {
      auto come = to_->receive(one);
      if (!come) return fail(come.error());
      if (!*come) break;
      if (const auto ok = note_taken(one.bytes()); !ok) return fail(ok.error());
    }
    if (!to_->has_come() && now_ns() - since_ns_ > options_.patience_ns) fail({errc::peer_gone, 0, 0, 0});
  }
  result<void> note_taken(std::span<const std::byte> said) {
    const std::uint64_t taken = said.size() == sizeof taken ? wire::load<std::uint64_t>(said.data()) : 0;
    if (taken < taken_ || taken > stats_.items) return error{errc::broken_link, 0, stats_.items, taken};
    stats_.taken = taken_ = taken;
    for (; !marks_.empty() && marks_.front().items <= taken_; marks_.pop_front()) bytes_taken_ = marks_.front().bytes;
    return {};
  }
  void fail(const error& why) {
    // A consumer that has taken everything may go as soon as it knows the end.
    if (ended_ && !waiting_ && !ends_later_ && taken_ == stats_.items && why.code == errc::peer_gone) return;
    ended_ = why;
    stats_.undelivered = stats_.items - taken_;
    waiting_.reset();
  }

  const typename D::context& names_;
  const link_options options_;
  const message_form form_;
  const std::int64_t since_ns_;
  const std::unique_ptr<zeromq_socket> to_;
  batch_writer writer_;
  json_writer json_{json_payload::base64};
  std::optional<zeromq_message> waiting_;  // libzmq had no room for it yet
  bool ends_later_ = false;                // the end of the link is to be sent behind it
  std::uint64_t number_ = 0, taken_ = 0, bytes_taken_ = 0;
  std::deque<mark> marks_;  // of batches that are on their way
  std::optional<error> ended_;
  link_stats stats_;
};

}  // namespace copycost::graph
