// SPDX-License-Identifier: Apache-2.0
//
// The consumer's end of a link over sockets of libzmq, for every design: a message is adopted, and its items are parts
// of it, where the design refers to payload where it is; otherwise each payload is copied out of the message.
//
//   libzmq --> [message: batch] --adopt--> item of the batch --> part, part, ... --> pop, pop_some
//
// A batch is checked as a whole, and has the next number.
//
// Lifetime: not longer than the context. Items that were popped outlive it, and keep their message where they are
// parts.
// Threads: one at a time; a message is freed where its last item is dropped.
// Cost: a look into the socket a batch; that of the form's reader an item. COPIES: in designs that copy parts, each
// payload; in those that cannot adopt, each batch.
#pragma once
#include <memory>
#include <optional>
#include <utility>

#include "harness/base/now.h"
#include "scenarios/graph/link/batch/batch_reader.h"
#include "scenarios/graph/link/batch/json/json_reader.h"
#include "scenarios/graph/link/link.h"
#include "scenarios/graph/link/zeromq/message_form.h"

namespace copycost::graph {

template <design D>
class message_link_in final : public link_in<D> {
 public:
  using item = typename D::item;

  // REQUIRES: options.bytes is at least that of the producer.
  message_link_in(typename D::context& x, std::unique_ptr<zeromq_socket> from, message_form form,
                  const link_options& options = {})
      : options_(options),
        limits_(limits_of(options)),
        form_(form),
        since_ns_(now_ns()),
        from_(std::move(from)),
        maker_(x),
        binary_(x, limits_),
        json_(x, limits_of_json(limits_)) {}
  message_link_in(const message_link_in&) = delete;
  message_link_in& operator=(const message_link_in&) = delete;
  ~message_link_in() override { abandon(); }

  result<void> pop(item& into, std::int64_t deadline_ns) override {
    auto got = try_pop(into);
    if (got && !*got) ++stats_.waits;
    for (; got && !*got; got = try_pop(into)) {
      if (now_ns() >= deadline_ns) return error{errc::late, 0, 0, 0};
      from_->wait(true, is_told_later_, deadline_ns);
    }
    if (!got) return got.error();
    return {};
  }
  result<std::size_t> pop_some(std::span<item> into) override {
    std::size_t n = 0;
    for (; n < into.size(); ++n) {
      if (n > 0 && left() == 0) break;
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
  std::size_t left() const { return form_ == message_form::json ? json_.left() : binary_.left(); }
  // False: none is there.
  result<bool> try_pop(item& into) {
    if (ended_) return *ended_;
    if (left() == 0) {
      auto come = next_batch();
      if (!come || !*come) return come;
    }
    auto got = form_ == message_form::json ? json_.next(maker_, into) : binary_.next(maker_, into);
    if (!got) return got;
    ++stats_.items;
    stats_.bytes += into.size();
    if (left() == 0) {
      batch_ = item();  // its items keep it
      message_.reset();
      maker_.end_batch();
    }
    return true;
  }
  // Receives the next batch and opens it. After an error that is not the end it is tried again.
  result<bool> next_batch() {
    if (is_told_later_) tell();
    if (!has_come_) {
      zeromq_message come;
      auto got = from_->receive(come);
      if (got && !*got && !from_->has_come() && now_ns() - since_ns_ > options_.patience_ns)
        return end({errc::peer_gone, 0, 0, 0});
      if (!got) return end(got.error());
      if (!*got) return false;
      if (come.bytes().size() > message_max(form_, limits_))
        return refuse({errc::bad_length, 0, message_max(form_, limits_), come.bytes().size()});
      message_ = zeromq_message::lent_by(std::make_unique<zeromq_message>(std::move(come)));
      has_come_ = true;
    }
    if (const auto ok = open(); !ok)
      return of_machine(ok.error()) || ok.error().code == errc::names_full ? ok.error() : refuse(ok.error());
    has_come_ = is_adopted_ = false;
    ++number_;
    if (left() == 0) return end({errc::closed, 0, 0, 0});
    taken_ += left();
    tell();
    return true;
  }
  result<void> open() {
    if constexpr (D::traits.zero_copy) {
      if (!is_adopted_) {
        auto made = maker_.adopt({}, std::move(message_));  // on an error the message is still there
        if (!made) return made.error();
        batch_ = std::move(*made);
        is_adopted_ = true;
      }
      return opened(batch_);
    } else {
      return opened(bytes_view(message_.bytes()));
    }
  }
  template <class Batch>
  result<void> opened(const Batch& batch) {
    if (form_ == message_form::json) {
      if (const auto ok = json_.open(maker_, batch); !ok) return ok;
      return is_next(json_.number());
    }
    if (const auto ok = binary_.open(maker_, batch); !ok) return ok;
    return is_next(binary_.head().number);
  }
  result<void> is_next(std::uint64_t number) const {
    if (number != number_) return error{errc::broken_link, 0, number_, number};
    return {};
  }
  // Says what was taken, now or before the next batch.
  void tell() {
    auto m = taken_message(taken_);
    auto sent = m ? from_->send(*m) : result<bool>(false);
    is_told_later_ = sent && !*sent;  // a producer that is gone is seen when nothing is left to receive
  }
  error refuse(const error& why) {
    ++stats_.refused;
    return end(why);
  }
  error end(const error& why) {
    ended_ = why;
    stats_.undelivered += left();
    binary_.close();
    json_.close();
    batch_ = item();
    message_.reset();
    from_.reset();
    return why;
  }

  const link_options options_;
  const batch_limits limits_;
  const message_form form_;
  const std::int64_t since_ns_;
  std::unique_ptr<zeromq_socket> from_;
  typename D::maker maker_;
  batch_reader<D> binary_;
  json_reader<D> json_;
  foreign_bytes message_;                       // that is being read, where it is not adopted
  item batch_;                                  // the same, adopted
  bool has_come_ = false, is_adopted_ = false;  // a message that is not open yet
  bool is_told_later_ = false;
  std::uint64_t number_ = 0, taken_ = 0;
  std::optional<error> ended_;
  link_stats stats_;
};

}  // namespace copycost::graph
