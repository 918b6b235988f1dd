// SPDX-License-Identifier: Apache-2.0
// What fuzzing found in etcd's append stream.
#include "scenarios/raft/wire/append_stream.h"

#include "impls/raft/slice/design.h"
#include "property_tests/catch.h"

namespace copycost::raft {
namespace {

message_view heartbeat(dialect d, std::uint64_t term) {
  message_view m;
  m.head.type = message_type::heartbeat;
  m.head.term = term;
  m.head.has = fields_of(d, m);
  return m;
}
// The bytes in the append stream, or the error.
result<std::vector<std::byte>> sent(const message_view& m) {
  slice_design::context x;
  slice_design::encoder encoder(x, {.format = wire_format::etcd_append, .limit = {}, .from = 1, .to = 2});
  slice_design::frame frame;
  if (auto ok = encoder.message(m, frame, nullptr); !ok) return ok.error();
  std::vector<std::byte> out;
  for (const iovec& part : frame.parts()) {
    const auto* const begin = static_cast<const std::byte*>(part.iov_base);
    out.insert(out.end(), begin, begin + part.iov_len);
  }
  return out;
}

// Type, from and to were looked at alone, as etcd does: everything else that the message said was lost without a word.
TEST_CASE("raft append stream: a heartbeat that says more than a link heartbeat is refused and not sent as one") {
  for (const dialect d : {dialect::etcd, dialect::raft_rs}) {
    const auto link = sent(heartbeat(d, 0));
    REQUIRE(link.ok());
    CHECK(link.value() == std::vector<std::byte>{kLinkHeartbeat});
    const auto more = sent(heartbeat(d, 7));
    REQUIRE(!more.ok());
    CHECK(more.error().code == errc::not_in_the_form);
  }
  message_view with_context = heartbeat(dialect::etcd, 0);
  const std::byte one{1};
  with_context.context = {&one, 1};
  with_context.head.has = fields_of(dialect::etcd, with_context);
  CHECK(!sent(with_context).ok());
}

}  // namespace
}  // namespace copycost::raft
