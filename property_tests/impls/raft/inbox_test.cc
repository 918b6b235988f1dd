// SPDX-License-Identifier: Apache-2.0
// Goal: bytes that arrive one by one, or a few at a time, do not make what has come move again and again. Method: a
// large unit in small pieces through the inboxes that share the rule; what they move is counted.
#include <cstring>

#include "impls/raft/arena/design.h"
#include "impls/raft/copy/design.h"
#include "impls/raft/slice/design.h"
#include "property_tests/catch.h"
#include "scenarios/raft/workloads/parts/common.h"

namespace copycost::raft {
namespace {

// Bytes that an inbox moves until a unit of `size` has come.
template <class D>
std::uint64_t moved(std::size_t size, std::size_t piece) {
  const workloads::asked a{message_type::append, 1, size, wire_format::compat};
  const std::vector<std::byte> payload(size);
  const workloads::made_stream stream(a, workloads::made_messages(a, payload));
  typename D::context x;
  typename D::inbox inbox(x, workloads::inbox_options_of(a));
  const std::uint64_t before = t_own_counts.copied_bytes;
  for (std::size_t came = 0; came < stream.bytes.size();) {
    REQUIRE(inbox.next().value().what == arrival::none);
    const auto space = inbox.space();
    const std::size_t n = std::min({piece, space.value().size(), stream.bytes.size() - came});
    std::memcpy(space.value().data(), stream.bytes.data() + came, n);
    inbox.wrote(n);
    came += n;
  }
  const std::uint64_t copied = t_own_counts.copied_bytes - before;
  CHECK(inbox.next().value().what == arrival::unit);
  return copied;
}

// It asked for 16 times what had come at every call, and for a whole page behind the last byte: a mebibyte in pieces of
// one byte moved gigabytes, and one in pieces of 16 KiB moved twice.
TEMPLATE_TEST_CASE("inbox: a unit in small pieces moves a seventh of itself at most", "", copy_design, slice_design,
                   arena_design) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{100}, std::size_t{1460}}) {
    CAPTURE(piece);
    CHECK(moved<TestType>(300'000, piece) <= 300'000 / 3);  // the first 64 KiB
    CHECK(moved<TestType>(kMiB, piece) <= kMiB / 7);
    CHECK(moved<TestType>(70'000, piece) <= 70'000 / 7);
  }
  CHECK(moved<TestType>(kMiB, 16 * kKiB) <= kMiB / 7 + 16 * kKiB);
}

}  // namespace
}  // namespace copycost::raft
