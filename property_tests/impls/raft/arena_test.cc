// SPDX-License-Identifier: Apache-2.0
// What fuzzing found in the arena.
#include <array>

#include "impls/raft/arena/design.h"
#include "property_tests/catch.h"

namespace copycost::raft {
namespace {

// Every refused message that had an entry kept the list for 512 of them, 28 KiB, until the batch ended: 13 bytes each
// for a peer that wants our memory.
TEST_CASE("raft arena: a message that is refused gives its list of entries back") {
  arena_design::context x;
  arena_design::inbox inbox(x, {.format = wire_format::etcd_message, .limit = {}});
  // Length 5; an empty entry; then a field of type 0x07, which does not exist.
  constexpr std::array<unsigned, 13> kUnit{0, 0, 0, 0, 0, 0, 0, 5, 0x3A, 0x00, 0x3A, 0x00, 0x07};
  const auto message_refused = [&](arena_message& m) {
    auto room = inbox.space();
    REQUIRE(room.ok());
    for (std::size_t i = 0; i < kUnit.size(); ++i) room.value()[i] = static_cast<std::byte>(kUnit[i]);
    inbox.wrote(kUnit.size());
    const auto a = inbox.next();
    REQUIRE(a.ok());
    REQUIRE(a.value().is_message());
    REQUIRE(!inbox.message(m).ok());
  };
  arena_message m;
  message_refused(m);
  const std::size_t used = x.batch().used_bytes();
  for (int i = 0; i < 100; ++i) message_refused(m);
  CHECK(x.batch().used_bytes() == used);
}

}  // namespace
}  // namespace copycost::raft
