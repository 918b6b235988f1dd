// SPDX-License-Identifier: Apache-2.0
#include "harness/limits/gather_break_even.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <mutex>
#include <string>
#include <system_error>
#include <vector>

#include "harness/base/check.h"
#include "harness/base/now.h"

namespace copycost {
namespace {

constexpr std::size_t kHead = kBreakEvenHead, kSizeMin = 256, kSizeMax = kBreakEvenSizeMax;
constexpr unsigned kTurns = 25, kWarmTurns = 3;  // of both ways at one size
constexpr std::size_t kTurnBytes = 8 * 1024;     // so many in one turn, so that reading the clock does not count
constexpr double kClear = 0.02;                  // gathering has won: by so much
constexpr unsigned kClearSizes = 2;              // at so many sizes, one after the other

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), std::string("break-even of gather writes: ") + what);
}

class socket_pairs {
 public:
  explicit socket_pairs(unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      std::array<int, 2> ends{};
      if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) {
        const int code = errno;
        close_all();
        errno = code;
        fail("socketpair");
      }
      ends_.push_back(ends);
    }
  }
  ~socket_pairs() { close_all(); }
  socket_pairs(const socket_pairs&) = delete;
  socket_pairs& operator=(const socket_pairs&) = delete;
  auto begin() const { return ends_.begin(); }
  auto end() const { return ends_.end(); }

 private:
  void close_all() {
    for (const auto& e : ends_) {
      ::close(e[0]);
      ::close(e[1]);
    }
  }
  std::vector<std::array<int, 2>> ends_;
};

// Payload, the piece it is copied into, and where it is received. Benign distances modulo a page between them.
class socket_senders final : public two_senders {
 public:
  explicit socket_senders(unsigned writes)
      : pairs_(writes), payload_(kSizeMax), unit_(kHead + kSizeMax), in_(kHead + kSizeMax) {
    for (std::vector<std::byte>* v : {&payload_, &unit_, &in_}) std::memset(v->data(), 0x5A, v->size());
  }
  bool takes(std::size_t size) override {
    try {
      copied(size);
      return true;
    } catch (const std::system_error&) {
      return false;
    }
  }
  void copied(std::size_t size) override {
    const std::size_t all = kHead + size;
    std::memcpy(unit_.data() + kHead, payload_.data(), size);
    for (const auto& e : pairs_) whole(::send(e[0], unit_.data(), all, MSG_NOSIGNAL), all);
    receive(all);
  }
  void gathered(std::size_t size) override {
    std::array<iovec, 2> parts{iovec{unit_.data(), kHead}, iovec{payload_.data(), size}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    for (const auto& e : pairs_) whole(::sendmsg(e[0], &message, MSG_NOSIGNAL), kHead + size);
    receive(kHead + size);
  }

 private:
  static void whole(ssize_t moved, std::size_t expected) {
    if (moved < 0) fail("send");
    if (static_cast<std::size_t>(moved) != expected) {
      errno = EMSGSIZE;
      fail("a unit was cut");
    }
  }
  void receive(std::size_t all) {
    for (const auto& e : pairs_)
      for (std::size_t got = 0; got < all;) {
        const ssize_t n = ::recv(e[1], in_.data() + got, all - got, 0);
        if (n <= 0) fail("recv");
        got += static_cast<std::size_t>(n);
      }
  }
  socket_pairs pairs_;
  std::vector<std::byte> payload_, unit_, in_;
};

double median_of(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Both ways in turns, so that a machine that becomes slower becomes slower for both; medians.
two_ways timed(two_senders& on, std::size_t size) {
  const auto each = static_cast<double>(std::max<std::size_t>(1, kTurnBytes / size));
  std::vector<double> copied, gathered;
  for (unsigned turn = 0; turn < kWarmTurns + kTurns; ++turn) {
    const std::int64_t start = now_ns();
    for (double i = 0; i < each; ++i) on.copied(size);
    const std::int64_t half = now_ns();
    for (double i = 0; i < each; ++i) on.gathered(size);
    const std::int64_t end = now_ns();
    if (turn < kWarmTurns) continue;
    copied.push_back(static_cast<double>(half - start) / each);
    gathered.push_back(static_cast<double>(end - half) / each);
  }
  return {size, median_of(copied), median_of(gathered)};
}

double gain(const two_ways& p) { return std::log(p.copied_ns / p.gathered_ns); }  // of gathering
double ns_of(const two_ways& p) { return std::min(p.copied_ns, p.gathered_ns); }

}  // namespace

break_even break_even_of(std::span<const two_ways> measured) {
  COPYCOST_REQUIRE(!measured.empty());
  double lost = 0;  // if all are gathered
  for (const two_ways& p : measured) lost += std::max(0.0, -gain(p));
  double least = lost;
  std::size_t split = 0;  // the points before it are copied
  for (std::size_t k = 0; k < measured.size(); ++k) {
    lost += gain(measured[k]);  // copied instead: loses the gain, or no longer loses its opposite
    if (lost < least - 1e-12) {
      least = lost;
      split = k + 1;
    }
  }
  if (split == 0) return {measured.front().size, ns_of(measured.front())};
  if (split == measured.size()) return {2 * measured.back().size, ns_of(measured.back())};
  const two_ways &below = measured[split - 1], &above = measured[split];
  const double a = gain(below), b = gain(above);
  const double part = a < 0 && b > 0 ? a / (a - b) : 0.5;
  const double low = std::log(static_cast<double>(below.size)), high = std::log(static_cast<double>(above.size));
  const double bytes = std::exp(low + part * (high - low));
  return {static_cast<std::size_t>(bytes), ns_of(below) + part * (ns_of(above) - ns_of(below))};
}

break_even measured_break_even(two_senders& senders) {
  std::vector<two_ways> points;
  unsigned clear = 0;
  for (std::size_t size = kSizeMin; size <= kSizeMax && clear < kClearSizes; size *= 2) {
    if (!points.empty() && !senders.takes(size)) break;
    points.push_back(timed(senders, size));
    clear = points.back().copied_ns > points.back().gathered_ns * (1 + kClear) ? clear + 1 : 0;
  }
  return break_even_of(points);
}

const break_even& gather_break_even(unsigned writes) {
  COPYCOST_REQUIRE(writes >= 1 && writes <= kBreakEvenWritesMax);
  static std::array<std::once_flag, kBreakEvenWritesMax> once;
  static std::array<break_even, kBreakEvenWritesMax> known;
  std::call_once(once[writes - 1], [&] {
    socket_senders senders(writes);
    known[writes - 1] = measured_break_even(senders);
  });
  return known[writes - 1];
}

}  // namespace copycost
