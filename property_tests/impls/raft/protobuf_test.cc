// SPDX-License-Identifier: Apache-2.0
// Goal: our parser and encoder say what libprotobuf says. Method: random messages, as both dialects write them, through
// both; the same bytes damaged, where both accept them the same fields, and where only one does, the differences that
// are known.
#include <eraftpb.pb.h>

#include "harness/base/rng.h"
#include "impls/raft/common/protobuf_codec.h"
#include "property_tests/catch.h"
#include "scenarios/raft/wire/encode.h"

namespace copycost::raft {
namespace {

using byte_list = std::vector<std::byte>;

std::uint64_t some_number(rng& random) { return random.next() >> random.below(64); }

// A message, and what its views show.
struct made {
  std::vector<byte_list> payloads;
  std::vector<entry_view> entries;
  message_view view;

  bytes_view payload(rng& random) {
    byte_list& p = payloads.emplace_back(random.below(3) == 0 ? 0 : random.below(300));
    for (std::byte& b : p) b = static_cast<std::byte>(random.next());
    return p;
  }
};

std::unique_ptr<made> some_message(rng& random, dialect d) {
  auto out = std::make_unique<made>();
  message_view& m = out->view;
  message_head& h = m.head;
  h.type = static_cast<message_type>(random.below(d == dialect::etcd ? kMessageTypes : 19));
  for (std::uint64_t* n : {&h.to, &h.from, &h.term, &h.log_term, &h.index, &h.commit, &h.reject_hint, &h.vote})
    if (random.below(3) != 0) *n = some_number(random);
  h.reject = random.below(2) != 0;
  if (d == dialect::raft_rs)
    for (std::uint64_t* n : {&h.deprecated_priority, &h.commit_term, &h.priority})
      if (random.below(3) == 0) *n = some_number(random);
  out->payloads.reserve(64);
  for (std::uint64_t n = random.below(8); n != 0; --n) {
    entry_view& e = out->entries.emplace_back();
    e.type = static_cast<entry_type>(random.below(3));
    e.term = some_number(random);
    e.index = some_number(random);
    e.data = out->payload(random);
    if (d == dialect::raft_rs) {
      e.sync_log = random.below(2) != 0;
      e.context = out->payload(random);
    }
    e.has = fields_of(d, e);
  }
  m.entries = out->entries;
  if (random.below(3) == 0) m.context = out->payload(random);
  if (random.below(4) == 0) {
    m.snapshot.data = out->payload(random);
    m.snapshot.index = random.next();
    m.snapshot.term = 1 + random.below(9);
    m.snapshot.has = static_cast<std::uint8_t>(bit(snapshot_field::metadata) |
                                               (m.snapshot.data.empty() ? 0 : bit(snapshot_field::data)));
    m.snapshot.metadata_has = static_cast<std::uint8_t>(bit(metadata_field::index) | bit(metadata_field::term));
  }
  h.has = fields_of(d, m);
  return out;
}

std::string encoded(const message_view& m) {
  std::string out(encoded_size(m) + wire::kVarintMax + wire::kSlack, '\0');
  flat_writer w{reinterpret_cast<std::byte*>(out.data())};
  encode_message(m, w);
  out.resize(encoded_size(m));
  CHECK(w.at == reinterpret_cast<std::byte*>(out.data()) + out.size());
  return out;
}

bytes_view bytes_of(const std::string& s) { return std::as_bytes(std::span(s.data(), s.size())); }

void same(const message_view& a, const message_view& b) {
  const auto equal = [](bytes_view x, bytes_view y) { return std::equal(x.begin(), x.end(), y.begin(), y.end()); };
  CHECK(a.head == b.head);
  REQUIRE(a.entries.size() == b.entries.size());
  for (std::size_t i = 0; i < a.entries.size(); ++i) {
    const entry_view &x = a.entries[i], &y = b.entries[i];
    CHECK((x.type == y.type && x.term == y.term && x.index == y.index && x.sync_log == y.sync_log && x.has == y.has));
    CHECK((equal(x.data, y.data) && equal(x.context, y.context)));
  }
  const snapshot_view &x = a.snapshot, &y = b.snapshot;
  CHECK((x.index == y.index && x.term == y.term && x.has == y.has && x.metadata_has == y.metadata_has));
  CHECK((equal(x.data, y.data) && equal(x.conf_state, y.conf_state) && equal(a.context, b.context)));
}

TEST_CASE("protobuf: random messages of both dialects are the same fields and bytes") {
  rng random(20240611);
  for (int i = 0; i < 3000; ++i) {
    const auto m = some_message(random, i % 2 == 0 ? dialect::etcd : dialect::raft_rs);
    raftpb::Message theirs;
    to_proto(m->view, theirs);
    const std::string bytes = encoded(m->view);
    REQUIRE(theirs.SerializeAsString() == bytes);
    raftpb::Message parsed;
    REQUIRE(parsed.ParseFromString(bytes));
    std::vector<entry_view> shown;
    same(view_of(parsed, shown), m->view);
    message_parts parts;
    entry_vector entries;
    REQUIRE(parse_message(bytes_of(bytes), 0, {}, parts, entries).ok());
    same(parts.view, m->view);
    CHECK(parts.unknown.empty());
  }
}

TEST_CASE("protobuf: raft-rs's own classes write what we write") {
  rng random(7);
  for (int i = 0; i < 2000; ++i) {
    const auto m = some_message(random, dialect::raft_rs);
    const std::string bytes = encoded(m->view);
    eraftpb::Message theirs;
    REQUIRE(theirs.ParseFromString(bytes));
    CHECK(static_cast<std::uint8_t>(theirs.msg_type()) == static_cast<std::uint8_t>(m->view.head.type));
    CHECK(theirs.commit_term() == m->view.head.commit_term);
    CHECK(static_cast<std::size_t>(theirs.entries_size()) == m->view.entries.size());
    CHECK(theirs.SerializeAsString() == bytes);
  }
}

TEST_CASE("protobuf: no bytes at all are a message without fields in both") {
  raftpb::Message theirs;
  CHECK(theirs.ParseFromString(""));
  message_parts parts;
  entry_vector entries;
  CHECK(parse_message({}, 0, {}, parts, entries).ok());
  CHECK(parts.view.head.has == 0);
  CHECK(encoded(parts.view).empty());
}

void spoil(std::string& bytes, rng& random) {
  for (std::uint64_t n = random.between(1, 4); n != 0 && !bytes.empty(); --n) {
    const auto at = static_cast<std::size_t>(random.below(bytes.size()));
    switch (random.below(4)) {
      case 0:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
        break;
      case 1:
        bytes.erase(at, random.below(4));
        break;
      case 2:
        bytes.insert(at, bytes.substr(at, random.below(6)));
        break;
      default:
        bytes[at] = static_cast<char>(random.next());
    }
  }
}

// What we accept libprotobuf accepts, and sees the same fields in it; and both write the same bytes, where there are no
// fields that neither knows (of those libprotobuf keeps the shortest varint, and we what came).
TEST_CASE("protobuf: spoilt messages that we accept are the same to libprotobuf") {
  rng random(99);
  unsigned accepted = 0, refused_by_us_alone = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string bytes = encoded(some_message(random, i % 2 == 0 ? dialect::etcd : dialect::raft_rs)->view);
    spoil(bytes, random);
    message_parts parts;
    entry_vector entries;
    const bool ours = parse_message(bytes_of(bytes), 0, {}, parts, entries).ok();
    raftpb::Message theirs;
    const bool parsed = theirs.ParseFromString(bytes);
    if (!ours) {
      refused_by_us_alone += parsed ? 1 : 0;
      continue;
    }
    CAPTURE(i);
    REQUIRE(parsed);
    ++accepted;
    std::vector<entry_view> shown;
    same(view_of(theirs, shown), parts.view);
    CHECK(has_unknown(theirs) == !parts.unknown.empty());
    if (parts.unknown.empty()) CHECK(theirs.SerializeAsString() == encoded(parts.view));
  }
  CHECK(accepted > 1000);          // the test is about something
  CHECK(refused_by_us_alone > 0);  // the differences below
}

// Answers whether we accept it; libprotobuf does.
bool only_we_refuse(const std::string& bytes) {
  raftpb::Message theirs;
  message_parts parts;
  entry_vector entries;
  return theirs.ParseFromString(bytes) && !parse_message(bytes_of(bytes), 0, {}, parts, entries).ok();
}

TEST_CASE("protobuf: what libprotobuf accepts and we refuse") {
  using namespace std::string_literals;
  CHECK(only_we_refuse("\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"s));  // a varint of more than 64 bits
  CHECK(only_we_refuse("\x08\x18"s));  // a type that does not exist: unknown to them
  // A number with the wire type of bytes: unknown.
  CHECK(only_we_refuse("\x12\x00"s));
  CHECK(only_we_refuse("\xa3\x06\xa4\x06"s));  // a group
  CHECK(only_we_refuse("\x4a\x00\x4a\x00"s));  // a second snapshot: merged by them
}

}  // namespace
}  // namespace copycost::raft
