// SPDX-License-Identifier: Apache-2.0
// etcd before 3.6 writes an empty snapshot into every message, with a conf state of two bytes.
#include "impls/raft/copy/design.h"
#include "impls/raft/slice/design.h"
#include "property_tests/catch.h"

using namespace copycost::raft;

namespace {

message_view heartbeat_of_etcd_3_4() {
  message_view m;
  m.head.type = message_type::heartbeat;
  m.head.to = 0xACEFA26FABCC49DE;
  m.head.from = 7;
  m.head.commit = 300;
  m.snapshot.has = bit(snapshot_field::metadata);
  m.snapshot.metadata_has = bit(metadata_field::conf_state) | bit(metadata_field::index) | bit(metadata_field::term);
  m.snapshot.conf_state = kConfStateOfNone;
  m.head.has = fields_of(dialect::etcd, m);
  return m;
}

template <class D>
void check() {
  typename D::context x;
  typename D::encoder encoder(x, {.format = wire_format::etcd_message});
  typename D::inbox inbox(x, {.format = wire_format::etcd_message});
  typename D::frame sent, again;
  REQUIRE(encoder.message(heartbeat_of_etcd_3_4(), sent, nullptr));
  auto space = inbox.space();
  REQUIRE(space);
  REQUIRE(sent.parts().size() == 1);
  const iovec& part = sent.parts()[0];
  std::memcpy(space->data(), part.iov_base, part.iov_len);
  inbox.wrote(part.iov_len);
  REQUIRE(inbox.next().value().is_message());
  typename D::message m;
  REQUIRE(inbox.message(m));
  CHECK(m.retained_bytes() == 0);
  CHECK(m.view().snapshot.conf_state.data() == kConfStateOfNone.data());
  REQUIRE(encoder.message(m.view(), again, nullptr));
  REQUIRE(again.size() == sent.size());
  CHECK(std::memcmp(again.parts()[0].iov_base, part.iov_base, part.iov_len) == 0);
}

}  // namespace

TEST_CASE("regression: an empty snapshot of etcd 3.4 keeps no bytes and is encoded as it came") {
  check<copy_design>();
  check<slice_design>();
}
