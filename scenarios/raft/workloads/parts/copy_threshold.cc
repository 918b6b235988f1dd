// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/workloads/parts/copy_threshold.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <vector>

#include "harness/base/failure.h"
#include "harness/limits/gather_break_even.h"
#include "scenarios/common/streams/pairs.h"

namespace copycost::raft {
namespace {

class ring_senders final : public two_senders {
 public:
  explicit ring_senders(unsigned connections)
      : payload_(kBreakEvenSizeMax, std::byte{1}),
        unit_(kBreakEvenHead + kBreakEvenSizeMax, std::byte{1}),
        in_(unit_.size()) {
    for (unsigned i = 0; i < connections; ++i) pairs_.push_back(make_stream_pair(stream_kind::pipe));
  }
  bool takes(std::size_t size) override { return kBreakEvenHead + size <= kRingBytes; }
  void copied(std::size_t size) override {
    std::memcpy(unit_.data() + kBreakEvenHead, payload_.data(), size);  // not payload: a measurement
    const iovec whole{unit_.data(), kBreakEvenHead + size};
    pass({&whole, 1}, whole.iov_len);
  }
  void gathered(std::size_t size) override {
    const std::array<iovec, 2> parts{iovec{unit_.data(), kBreakEvenHead}, iovec{payload_.data(), size}};
    pass(parts, kBreakEvenHead + size);
  }

 private:
  void pass(std::span<const iovec> parts, std::size_t all) {
    bool whole = true;
    for (stream_pair& p : pairs_) whole = p.first->write(parts).bytes == all && whole;
    for (stream_pair& p : pairs_) whole = p.second->read(std::span(in_).first(all)).bytes == all && whole;
    if (!whole) throw failure(exit_code::internal, "break-even of gather writes: a ring did not take a unit");
  }
  std::vector<stream_pair> pairs_;
  std::vector<std::byte> payload_, unit_, in_;
};

std::size_t of_rings(unsigned connections) {
  static std::array<std::once_flag, kBreakEvenWritesMax> once;
  static std::array<std::size_t, kBreakEvenWritesMax> known;
  std::call_once(once[connections - 1], [&] {
    ring_senders senders(connections);
    known[connections - 1] = measured_break_even(senders).bytes;
  });
  return known[connections - 1];
}

}  // namespace

std::size_t measured_copy_below(stream_kind kind, unsigned connections) {
  const unsigned writes = std::min(connections, kBreakEvenWritesMax);
  return is_socket(kind) ? gather_break_even(writes).bytes : of_rings(writes);
}

}  // namespace copycost::raft
