// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "property_tests/scenarios/raft/link_pair.h"
#include "scenarios/raft/traffic/frame_feed.h"

namespace copycost::raft {
namespace {

// What a receiver that gives 100 MiB to a sink has reserved at most, and whether every byte came in order.
std::uint64_t received(facade& f, std::size_t size, bool pieces, std::size_t most) {
  any_context context(f.context());
  const std::vector<std::byte> source = numbered(64 * kKiB, 7);
  frame_receiver<any_design> receiver(context, source, size, pieces, most);
  std::uint64_t at = 0, peak = 0;
  bool same = true;
  receiver.one([&](bytes_view part) {
    for (std::size_t i = 0; i < part.size();) {
      const std::size_t in = (at + i) % source.size(), n = std::min(source.size() - in, part.size() - i);
      same = same && std::memcmp(part.data() + i, source.data() + in, n) == 0;
      i += n;
    }
    at += part.size();
    peak = std::max(peak, receiver.reserved_bytes());
  });
  CHECK(at == size);
  CHECK(same);
  return peak;
}

TEST_CASE("raft receive: 100 MiB to a sink need 512 KiB, but in the published design") {
  for (const facade_entry& e : all_facades()) {
    if (e.system != "raft") continue;
    INFO("design " << e.design);
    const auto f = e.make();
    const std::uint64_t peak = received(static_cast<facade&>(*f), 100 * kMiB, true, 64 * kKiB);
    if (e.design == "published")
      CHECK(peak >= 100 * kMiB);
    else
      CHECK(peak <= 512 * kKiB);
  }
}

// How often the room for one frame changes while it arrives.
int rooms_for(facade& f, std::size_t size) {
  any_context context(f.context());
  inbox_options o;
  o.format = wire_format::compat;
  o.limit.payload = size;
  any_inbox inbox(context, o);
  std::vector<std::byte> unit(kHeadBytesMax + size);
  frame_head h;
  h.payload_length = static_cast<std::uint32_t>(size);
  unit.resize(write_head(framing::compat, h, unit.data()) + size);
  std::uint64_t room = 0;
  int rooms = 0;
  for (std::size_t at = 0; at < unit.size();) {
    auto space = inbox.space();
    REQUIRE(space);
    const std::size_t n = std::min({space->size(), unit.size() - at, std::size_t{1460}});
    std::memcpy(space->data(), unit.data() + at, n);
    inbox.wrote(n);
    at += n;
    auto a = inbox.next();
    REQUIRE(a);
    CHECK((a->what == arrival::unit) == (at == unit.size()));
    if (inbox.reserved_bytes() != room) {
      room = inbox.reserved_bytes();
      ++rooms;
    }
  }
  return rooms;
}

// With room for 16 times what has come, these missed the room for all by a head, and had a second one of nearly the
// same size.
TEST_CASE("raft receive: a payload of a power of two has no room that is nearly enough") {
  for_designs([](facade& f) {
    CHECK(rooms_for(f, kMiB) <= 2);
    CHECK(rooms_for(f, 16 * kMiB) <= 3);
  });
}

}  // namespace
}  // namespace copycost::raft
