// SPDX-License-Identifier: Apache-2.0
//
// A second process of a law, and the page that both of them write on. The process is a fork without exec; it dies with
// its parent, and when the object is destroyed. Nothing in it may assert: it notes what is wrong. REQUIRES: one thread
// in this process when it is started. Throws std::system_error.
//
// Cost: a fork.
#pragma once
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <functional>
#include <string>

#include "harness/base/child.h"
#include "harness/base/failure.h"
#include "scenarios/event_store/laws/draw.h"

namespace copycost::event_store::properties {

// Memory that outlives each of the processes.
class notes {
 public:
  notes()
      : page_(static_cast<page*>(
            ::mmap(nullptr, sizeof(page), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
    if (page_ == MAP_FAILED) throw failure(exit_code::internal, "no memory for two processes");
  }
  ~notes() { ::munmap(page_, sizeof(page)); }
  notes(const notes&) = delete;
  notes& operator=(const notes&) = delete;

  // Zero at first; what they mean is the law's affair.
  std::atomic<std::uint64_t>& acknowledged() { return page_->words[0]; }
  std::atomic<std::uint64_t>& begun() { return page_->words[1]; }
  std::atomic<std::uint64_t>& truncated() { return page_->words[2]; }
  std::atomic<std::uint64_t>& truncating() { return page_->words[3]; }
  std::atomic<std::uint64_t>& stop() { return page_->words[4]; }

  // Keeps the first text.
  void add(const std::string& text) {
    if (text.empty() || page_->wrong.fetch_add(1) != 0) return;
    std::copy_n(text.data(), std::min(text.size(), sizeof page_->text - 1), page_->text);
  }
  // Empty where nothing is wrong.
  std::string first() const { return page_->wrong.load() == 0 ? std::string() : std::string(page_->text); }
  void check() const {
    if (const std::string text = first(); !text.empty()) RC_FAIL("in the other process: " + text);
  }

 private:
  struct page {
    std::atomic<std::uint64_t> words[5];
    std::atomic<int> wrong;
    char text[1000];
  };
  page* page_;
};

class other_process {
 public:
  other_process(notes& on, const std::function<void()>& work)
      : child_(child::fork_apart([&] {
          try {
            work();
          } catch (const std::exception& e) {
            on.add(e.what());
          } catch (...) {
            on.add("something was thrown");
          }
          return 0;
        })) {}
  other_process(const other_process&) = delete;
  other_process& operator=(const other_process&) = delete;

  // Ends it where it stands, and waits until nothing is left of it.
  void kill() {
    child_.kill(SIGKILL);
    (void)child_.wait();
  }
  // Whether it has come to its own end.
  bool wait() { return child_.wait().well(); }
  // Whether it has ended already; then wait() answers how.
  bool has_ended() { return child_.ended().has_value(); }

 private:
  child child_;
};

}  // namespace copycost::event_store::properties
