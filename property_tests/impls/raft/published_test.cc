// SPDX-License-Identifier: Apache-2.0
// Goal: the original's path is as it was: its buffers, its copies, its parts, what it reserves. Method: each counted.
#include <array>
#include <cstring>

#include "impls/raft/published/design.h"
#include "property_tests/catch.h"

namespace copycost::raft {
namespace {

published_encoder compat_encoder() {
  encoder_options o;
  o.format = wire_format::compat;
  return published_encoder(o);
}

message_view append_of(bytes_view data, entry_view& e) {
  e.term = 1;
  e.index = 2;
  e.data = data;
  e.has = fields_of(dialect::etcd, e);
  message_view m;
  m.head.type = message_type::append;
  m.entries = {&e, 1};
  m.head.has = fields_of(dialect::etcd, m);
  return m;
}

std::uint64_t copied_by(auto work) {
  const std::uint64_t before = t_own_counts.copied_bytes;
  work();
  return t_own_counts.copied_bytes - before;
}

TEST_CASE("published: one write up to 65,536 bytes, and length, head and 32 KiB at a time above") {
  const std::vector<std::byte> payload(100'000);
  published_encoder e = compat_encoder();
  published_frame f;
  REQUIRE(e.frame({}, bytes_view(payload).first(65'536), f).ok());
  CHECK(f.parts().size() == 1);
  REQUIRE(e.frame({}, bytes_view(payload).first(65'537), f).ok());
  REQUIRE(f.parts().size() == 5);
  CHECK((f.parts()[0].iov_len == 4 && f.parts()[1].iov_len == 9 && f.parts()[2].iov_len == 32'768));
  CHECK(f.parts()[4].iov_len == 1);
  CHECK(f.size() == 13 + 65'537);
}

TEST_CASE("published: a payload is copied twice on its way out, and four times in a request") {
  const std::vector<std::byte> payload(1000);
  entry_view entry;
  const message_view m = append_of(payload, entry);
  const std::uint64_t size = encoded_size(m);
  published_encoder e = compat_encoder();
  published_frame f;
  CHECK(copied_by([&] { REQUIRE(e.message(m, f, nullptr).ok()); }) == 1000 + size);
  CHECK(copied_by([&] { REQUIRE(e.request(m, f, {}).ok()); }) == 1000 + 3 * size + 40);  // names go along the last time
  CHECK(f.size() == size + 69);                                                          // 4 + 25 + 40
}

TEST_CASE("published: a frame of 13 bytes that claims 16 MiB has them reserved") {
  published_design::context x;
  inbox_options o;
  o.format = wire_format::compat;
  published_design::inbox in(x, o);
  std::array<std::byte, kHeadBytesMax> head{};
  frame_head h;
  h.payload_length = 16 * kMiB;
  const std::size_t size = write_head(framing::compat, h, head.data());
  REQUIRE(size == 13);
  for (std::size_t came = 0; came < size;) {
    const auto space = in.space();
    REQUIRE(space.ok());
    const std::size_t n = std::min(space.value().size(), size - came);
    std::memcpy(space.value().data(), head.data() + came, n);
    in.wrote(n);
    came += n;
  }
  CHECK(in.reserved_bytes() >= 16 * kMiB);
}

}  // namespace
}  // namespace copycost::raft
