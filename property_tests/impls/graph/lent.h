// SPDX-License-Identifier: Apache-2.0
//
// Memory that tests lend to designs: it is counted when it comes back, and then shows other bytes.
//
// Lifetime: outlives what adopted its bytes.
// Threads: lending is for one thread; bytes come back in any.
#pragma once
#include <atomic>
#include <cstdlib>
#include <deque>
#include <vector>

#include "scenarios/common/foreign_bytes.h"

namespace copycost::graph::test {

class lender {
 public:
  foreign_bytes lend(std::vector<std::byte> bytes) {
    loan& one = loans_.emplace_back();
    one.bytes = std::move(bytes);
    one.back = &back_;
    return {one.bytes, come_back, &one};
  }
  foreign_bytes lend(std::size_t size, unsigned fill) {
    return lend(std::vector<std::byte>(size, static_cast<std::byte>(fill)));
  }
  std::size_t lent() const { return loans_.size(); }
  std::size_t back() const { return back_.load(); }

 private:
  struct loan {
    std::vector<std::byte> bytes;
    std::atomic<std::size_t>* back = nullptr;
    bool is_back = false;
  };
  static void come_back(void* self, std::byte* data, std::size_t size) {
    loan& one = *static_cast<loan*>(self);
    if (one.is_back || data != one.bytes.data() || size != one.bytes.size()) std::abort();
    one.is_back = true;
    for (std::byte& b : one.bytes) b = std::byte{0xEE};
    ++*one.back;
  }
  std::deque<loan> loans_;
  std::atomic<std::size_t> back_{0};
};

}  // namespace copycost::graph::test
