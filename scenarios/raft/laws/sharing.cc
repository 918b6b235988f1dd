// SPDX-License-Identifier: Apache-2.0
//
// The law about threads: a context belongs to one, and what it made may be dropped by any, where the design says so.
// Built with ThreadSanitizer it is also a test of the orderings.
#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

#include "scenarios/common/laws/law_list.h"
#include "scenarios/raft/laws/draw.h"

namespace copycost::raft::properties {
namespace {

// A message on its way to another thread, with an owner of the data of its first entry, and what both must say.
struct passed {
  any_message message;
  any_bytes data;
  model_message said;

  bool is_right() const {
    return difference(message.view(), said).empty() &&
           (said.entries.empty() || same_bytes(data.view(), said.entries[0].data));
  }
};

class mailbox {
 public:
  void put(passed p) {
    const std::lock_guard lock(mutex_);
    held_.push_back(std::move(p));
  }
  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  // Nothing: there is none now. `ended`: nor will there be.
  std::optional<passed> get(bool& ended) {
    const std::lock_guard lock(mutex_);
    ended = ended_ && held_.empty();
    if (held_.empty()) return std::nullopt;
    std::optional<passed> p(std::move(held_.front()));
    held_.pop_front();
    return p;
  }

 private:
  std::mutex mutex_;
  std::deque<passed> held_;  // guarded by mutex_
  bool ended_ = false;       // guarded by mutex_
};

// One who only looks and drops. Nothing here may throw: an assertion belongs to the thread that runs the property.
void drop(mailbox& mail, std::atomic<int>& wrong, std::uint64_t seed) {
  rng random(seed);
  std::deque<passed> kept;
  for (bool ended = false; !ended;) {
    if (auto p = mail.get(ended))
      kept.push_back(std::move(*p));
    else
      std::this_thread::yield();
    while (kept.size() > random.below(8)) {
      if (!kept.front().is_right()) ++wrong;
      kept.pop_front();
    }
  }
  for (const passed& p : kept)
    if (!p.is_right()) ++wrong;
}

// Receives a stream, and gives every second message away.
void receive(any_inbox& inbox, const drawn_stream& s, mailbox& mail) {
  any_message m;
  for (std::size_t i = 0, came = 0; i < s.units.size();) {
    const arrived a = must(inbox.next());
    if (a.what == arrival::none) {
      const std::span<std::byte> room = must(inbox.space());
      const std::size_t n = std::min({room.size(), s.bytes.size() - came, std::size_t{500}});
      std::copy_n(s.bytes.begin() + static_cast<std::ptrdiff_t>(came), n, room.begin());
      inbox.wrote(n);
      came += n;
      continue;
    }
    if (a.is_message()) {
      must(inbox.message(m));
      model_message said = model_of(m.view());
      any_bytes data = said.entries.empty() ? any_bytes() : must(m.share_data(0));
      if (i % 2 == 0) {
        mail.put({std::move(m), std::move(data), std::move(said)});
        m = {};
      }
    }
    ++i;
  }
}

void threads_drop_what_another_received(facade_maker make) {
  const auto f = design_of<facade>(make);
  if (!f->drops_anywhere()) throw not_offered{"another thread"};
  rng random = draw_rng("stream");
  const drawn_stream s =
      some_stream(random, draw_format(*f), draw_number("units", 1, 400), {.entries = 3, .bytes = 300});
  const std::uint64_t count = draw_number("threads", 1, 3), seed = draw_number("seed", 0, 999);
  any_context x(f->context());
  any_inbox inbox(x, s.in);
  std::atomic<int> wrong{0};
  mailbox mail;
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t t = 0; t < count; ++t) threads.emplace_back([&, t] { drop(mail, wrong, seed + t); });
    try {
      receive(inbox, s, mail);
    } catch (...) {  // the others must come to their end first
      mail.end();
      throw;
    }
    mail.end();
  }
  RC_ASSERT(wrong.load() == 0);
}

}  // namespace

law_list sharing() {
  return {
      law_of<threads_drop_what_another_received>(
          "messages and bytes may be looked at and dropped by other threads while theirs goes on receiving",
          {.cost = 10, .threads = kThreads}),
  };
}

}  // namespace copycost::raft::properties
