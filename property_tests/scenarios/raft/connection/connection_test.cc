// SPDX-License-Identifier: Apache-2.0
#include "property_tests/scenarios/raft/link_pair.h"

namespace copycost::raft {
namespace {

constexpr wire_format kFormats[] = {wire_format::compat, wire_format::native, wire_format::etcd_message,
                                    wire_format::etcd_append};

stream_pair chopped(stream_kind k, std::uint64_t seed, std::size_t most = 5000) {
  auto [a, b] = make_stream_pair(k, {.ring_bytes = 16384, .socket_bytes = 16384});
  return {std::make_unique<chopped_stream>(std::move(a), seed, most),
          std::make_unique<chopped_stream>(std::move(b), seed + 1, most)};
}

// Frames of messages that were taken into a lane and are not written to their end; one of them may have been begun.
std::size_t in_lane(const connection_stats& s, std::size_t l, bool one_lane) {
  std::uint64_t sent = 0;
  for (std::size_t t = 0; t < kMessageTypes; ++t)
    if (one_lane || static_cast<std::size_t>(lane_of(static_cast<message_type>(t))) == l) sent += s.sent.messages[t];
  return static_cast<std::size_t>(s.accepted[one_lane ? static_cast<std::size_t>(lane::append) : l] - sent);
}

// Random messages, some lent and some given, over streams that cut as they please: each lane keeps its order, nothing
// is lost that was accepted, nothing comes twice or changed, and what was not accepted is counted.
void check_schedule(facade& f, wire_format w, stream_kind k, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  connection_options o = members(w);
  o.limit.lane = 20;
  o.copy_below = random() % 3 == 0 ? 600 : 0;
  o.batch = 1 + random() % 30'000;
  link_pair p(f, chopped(k, seed), o);
  std::deque<made_message> lent;
  std::vector<std::vector<std::byte>> expected[kLanes];
  constexpr message_type kTypes[] = {message_type::heartbeat, message_type::append,          message_type::append,
                                     message_type::vote,      message_type::append_response, message_type::propose,
                                     message_type::snapshot};
  std::uint64_t refused = 0, index = 1;
  for (int i = 0; i < 400; ++i) {
    const bool appends = w == wire_format::etcd_append;  // carries nothing else
    const message_type type = appends ? message_type::append : kTypes[random() % std::size(kTypes)];
    const bool entries = type == message_type::append || type == message_type::propose;
    made_message m =
        make_message(type, index++, entries ? random() % 5 : 0, random() % 3 == 0 ? random() % 9000 : random() % 60);
    const auto bytes = flat(m.view);
    const std::size_t l = p.b->heard.one_lane ? 0 : static_cast<std::size_t>(lane_of(type));
    result<void> ok;
    if (random() % 2 == 0) {
      ok = p.a->link.send_lent(m.view);
      lent.push_back(std::move(m));
    } else {
      std::vector<any_bytes> owners;
      for (entry_view& e : m.entries) {
        auto owner = p.a->context.copy(e.data);
        REQUIRE(owner);
        e.data = owner->view();
        owners.push_back(std::move(owner).value());
      }
      auto own = p.a->context.compose(m.view, owners);
      REQUIRE(own);
      ok = p.a->link.send(std::move(own).value());
    }
    if (ok)
      expected[l].push_back(bytes);
    else {
      REQUIRE(ok.error().code == errc::backpressure);
      ++refused;
    }
    // A lane takes what it has room for, whatever waits in the others.
    const std::size_t waiting = in_lane(p.a->link.stats(), l, p.b->heard.one_lane) - (ok ? 1 : 0);
    CHECK((ok ? waiting <= o.limit.lane : waiting >= o.limit.lane));
    for (auto n = random() % 6; n > 0; --n) (random() % 2 == 0 ? p.a : p.b)->link.pump(p.now);
  }
  CHECK(p.run([&] { return p.a->link.bytes_waiting() == 0; }));
  const auto& s = p.a->link.stats();
  CHECK(p.run([&] { return p.b->link.stats().received.units == s.sent.units; }));
  for (std::size_t l = 0; l < kLanes; ++l) CHECK((p.b->heard.messages[l] == expected[l]));
  std::uint64_t accepted = 0, dropped = 0, lost = 0;
  for (std::size_t l = 0; l < kLanes; ++l) {
    accepted += s.accepted[l];
    dropped += s.dropped[l];
    lost += s.lost[l];
  }
  CHECK((accepted == s.sent.units && dropped == refused && lost == 0));
  CHECK(p.b->link.stats().received.bytes == s.sent.bytes);
  CHECK(p.b->link.stats().received.messages == s.sent.messages);
  CHECK(p.b->link.stats().received.sizes == s.sent.sizes);
}

TEST_CASE("raft connection: any schedule over any stream, in every format") {
  for_designs([](facade& f) {
    std::uint64_t seed = 1;
    for (const stream_kind k : kStreamKinds)
      for (const wire_format w : kFormats) {
        if (!f.speaks(w)) continue;
        INFO(name_of(k) << ", " << name_of(w));
        check_schedule(f, w, k, ++seed);
      }
  });
}

TEST_CASE("raft connection: a lane that is full drops, counts and reports; bytes in flight are refused") {
  for_designs([](facade& f) {
    connection_options o = members();
    o.limit.lane = 3;
    o.limit.in_flight = 10'000;
    link_pair p(f, make_stream_pair(stream_kind::pipe), o);
    const made_message beat = make_message(message_type::heartbeat, 1, 0, 0);
    for (int i = 0; i < 5; ++i) {
      const auto ok = p.a->link.send_lent(beat.view);
      CHECK(ok.ok() == (i < 3));
      if (!ok) CHECK(ok.error() == error{errc::backpressure, 0, 3, 3});
    }
    CHECK(p.a->heard.unreached == std::vector{error{errc::backpressure, 0, 3, 3}});
    CHECK_FALSE(p.a->link.is_reachable());
    const made_message big = make_message(message_type::append, 1, 1, 20'000);
    CHECK(p.a->link.send_lent(big.view).error().code == errc::backpressure);
    const auto& s = p.a->link.stats();
    CHECK((s.dropped[0] == 2 && s.dropped[1] == 0 && s.refused == 1 && s.accepted[0] == 3));
    CHECK(p.run([&] { return p.b->heard.count == 3; }, 0, 10));
    CHECK((p.a->link.is_reachable() && p.a->heard.reached == 1));
    CHECK(p.a->link.send_lent(beat.view));
    p.a->link.close();
    CHECK(s.lost[0] == 1);
    CHECK(p.a->link.send_lent(beat.view).error().code == errc::closed);
  });
}

TEST_CASE("raft connection: a full lane is full for itself alone, and what elections hang on goes out beside it") {
  for_designs([](facade& f) {
    if (!f.speaks(wire_format::native)) return;
    constexpr message_type kOf[kLanes] = {message_type::vote, message_type::append, message_type::snapshot};
    for (std::size_t full = 0; full < kLanes; ++full)
      for (const bool reports : {false, true}) {  // whether the full lane has dropped something before
        INFO("full lane " << full << ", drops " << reports);
        connection_options o = members();
        o.limit.lane = 5;
        link_pair p(f, make_stream_pair(stream_kind::pipe, {.ring_bytes = 4096, .socket_bytes = 0}), o);
        const made_message of[kLanes] = {make_message(kOf[0], 1, 0, 0), make_message(kOf[1], 2, 1, 3000),
                                         make_message(kOf[2], 3, 0, 0)};
        for (int i = 0; i < 5; ++i) CHECK(p.a->link.send_lent(of[full].view));
        if (reports) CHECK(p.a->link.send_lent(of[full].view).error() == error{errc::backpressure, 0, 5, 5});
        for (std::size_t l = 0; l < kLanes; ++l)
          for (int i = 0; i < 5 && l != full; ++i) CHECK(p.a->link.send_lent(of[l].view));
        const auto& s = p.a->link.stats();
        for (std::size_t l = 0; l < kLanes; ++l) CHECK((s.accepted[l] == 5 && s.dropped[l] == (reports && l == full)));
        for (int i = 0; i < 2; ++i) {
          p.a->link.pump(p.now);
          p.b->link.pump(p.now);
        }
        CHECK(p.b->heard.messages[0].size() == 5);
        CHECK(p.b->heard.messages[1].size() < 5);
        CHECK(p.b->heard.messages[2].empty());
        CHECK(p.run([&] { return p.b->heard.count == 15; }, 0, 100));
      }
  });
}

TEST_CASE("raft connection: the 20,000th message, request and heartbeat are as the first") {
  for_designs([](facade& f) {
    if (!f.speaks(wire_format::native)) return;
    link_pair p(f, make_stream_pair(stream_kind::pipe), members());
    p.b->heard.serve = [](const rpc_request& r, rpc_reply& reply) -> result<void> {
      reply.has_payload = true;
      reply.payload.assign(r.payload.begin(), r.payload.end());
      return {};
    };
    constexpr std::uint64_t kOften = 20'500;
    std::uint64_t answered = 0, wrong = 0;
    for (std::uint64_t i = 1; i <= kOften && wrong == 0; ++i) {
      const auto payload = numbered(1 + i % 40, i);
      const made_message m = make_message(i % 3 == 0 ? message_type::vote : message_type::append, i, i % 3, i % 40);
      const auto done = [&](result<rpc_response> r) {
        answered += r.ok() && r->success && r->payload && std::ranges::equal(*r->payload, payload);
      };
      wrong += !p.a->link.send_lent(m.view).ok();
      wrong += !p.a->link.request("raft", "echo", payload, p.now + kSec, done).ok();
      wrong += !p.a->link.heartbeat(p.now, payload).ok();
      p.run([&] { return answered == i && p.a->link.heart().times().count == i && p.b->heard.count == i; }, 0, 10);
      auto& heard = p.b->heard.messages[static_cast<std::size_t>(lane_of(m.view.head.type))];
      wrong += answered != i || p.a->link.heart().times().count != i || heard.size() != 1 || heard[0] != flat(m.view);
      heard.clear();
      if (wrong != 0) FAIL("wrong the " << i << ". time");
    }
    const auto& s = p.a->link.stats();
    CHECK((answered == kOften && s.accepted[0] + s.accepted[1] == 3 * kOften && s.refused == 0));
    CHECK((p.a->link.requests_waiting() == 0 && p.a->link.bytes_waiting() == 0 && s.unreachable_reports == 0));
  });
}

TEST_CASE("raft connection: what elections hang on overtakes appends that wait") {
  for_designs([](facade& f) {
    if (!f.speaks(wire_format::native)) return;
    link_pair p(f, make_stream_pair(stream_kind::pipe, {.ring_bytes = 4096, .socket_bytes = 0}), members());
    const made_message append = make_message(message_type::append, 1, 1, 1000),
                       vote = make_message(message_type::vote, 1, 0, 0);
    for (int i = 0; i < 20; ++i) CHECK(p.a->link.send_lent(append.view));
    CHECK(p.a->link.heartbeat(p.now));
    CHECK(p.a->link.send_lent(vote.view));
    const traffic& got = p.b->link.stats().received;
    const auto turn = [&] {
      p.a->link.pump(p.now);
      p.b->link.pump(p.now);
    };
    turn();
    CHECK((got.frames[static_cast<std::size_t>(frame_type::heartbeat)] == 1 && p.b->heard.messages[0].size() == 1));
    CHECK(p.b->heard.messages[1].size() < 5);
    CHECK(p.a->link.heartbeat(p.now));  // while a part of an append is written
    turn();
    CHECK((got.frames[static_cast<std::size_t>(frame_type::heartbeat)] == 2 && p.b->heard.messages[1].size() < 9));
    CHECK(p.run([&] { return p.b->heard.messages[1].size() == 20; }, 0, 100));
  });
}

TEST_CASE("raft connection: a limit of the payload holds for the writer and for the reader") {
  for_designs([](facade& f) {
    for (const wire_format w : kFormats) {
      if (!f.speaks(w)) continue;
      INFO(name_of(w));
      auto [a, b] = make_stream_pair(stream_kind::pipe);
      connection_options wide = members(w), narrow = members(w);
      narrow.limit.payload = 1000;
      side writer(f, std::move(a), wide, 0), reader(f, std::move(b), narrow, 0);
      const made_message big = make_message(message_type::append, 1, 1, 1001);
      CHECK(reader.link.send_lent(big.view).error().code == errc::payload_too_large);
      CHECK(reader.link.stats().refused == 1);
      CHECK(writer.link.send_lent(big.view));
      writer.link.pump(0);
      reader.link.pump(0);
      REQUIRE(reader.heard.over.size() == 1);
      CHECK(reader.heard.over[0].code == errc::payload_too_large);
      writer.link.pump(0);
      CHECK_FALSE(writer.link.is_open());
    }
  });
}

TEST_CASE("raft connection: heartbeats are answered, timed, and missed") {
  for_designs([](facade& f) {
    for (const wire_format w : {wire_format::compat, wire_format::native}) {
      if (!f.speaks(w)) continue;
      INFO(name_of(w));
      connection_options o = members(w);
      o.heartbeat_every_ns = 100 * kMs;
      auto [a, b] = make_stream_pair(stream_kind::pipe);
      side mine(f, std::move(a), o, 0);
      o.heartbeat_every_ns = 0;
      side its(f, std::move(b), o, 0);
      std::int64_t now = 0;
      for (int i = 0; i < 10; ++i) {
        mine.link.pump(now);
        its.link.pump(now + 1 * kMs);
        mine.link.pump(now + (i + 2) * kMs);
        now += 100 * kMs;
      }
      const round_trips& t = mine.link.heart().times();
      CHECK((t.count == 10 && t.min_ns == 2 * kMs && t.max_ns == 11 * kMs && t.last_ns == 11 * kMs));
      CHECK((t.smoothed_ns > t.min_ns && t.smoothed_ns < t.max_ns));
      CHECK(mine.link.is_reachable());
      CHECK(mine.link.next_deadline() == now);
      for (int i = 0; i < 3; ++i, now += 100 * kMs) mine.link.pump(now);
      CHECK(mine.heard.unreached.empty());
      for (int i = 0; i < 5; ++i, now += 100 * kMs) mine.link.pump(now);
      CHECK(mine.heard.unreached == std::vector{timed_out(operation::heartbeat)});
      CHECK((mine.link.heart().missed() == 7 && !mine.link.is_reachable() && mine.link.is_open()));
      its.link.pump(now);
      mine.link.pump(now);
      CHECK((mine.heard.reached == 1 && mine.link.is_reachable()));
      CHECK(mine.link.stats().late_answers == 0);
    }
  });
}

TEST_CASE("raft connection: heartbeats carry and bring back a payload; a link heartbeat of msgappv2 is one byte") {
  for_designs([](facade& f) {
    if (!f.speaks(wire_format::native)) return;  // in compat the answer is a response without a payload
    link_pair p(f, make_stream_pair(stream_kind::pipe), members());
    CHECK(p.a->link.heartbeat(p.now, numbered(64, 1)));
    CHECK(p.run([&] { return p.a->link.heart().times().count == 1; }, 0, 5));
    CHECK(p.a->link.stats().received.sizes[size_bucket(64)] == 1);
    if (!f.speaks(wire_format::etcd_append)) return;
    connection_options o = members(wire_format::etcd_append);
    o.heartbeat_every_ns = kSec;
    link_pair q(f, make_stream_pair(stream_kind::pipe), o);
    q.run([] { return false; }, 100 * kMs, 35);
    CHECK((q.a->link.stats().sent.bytes == 4 && q.b->link.stats().received.units == 4));
    CHECK(q.a->link.is_reachable());
  });
}

TEST_CASE("raft connection: requests are answered, refused, expire, and late answers are dropped") {
  for_designs([](facade& f) {
    for (const wire_format w : {wire_format::compat, wire_format::native}) {
      if (!f.speaks(w)) continue;
      INFO(name_of(w));
      connection_options o = members(w);
      o.limit.requests = 3;
      link_pair p(f, make_stream_pair(stream_kind::pipe), o);
      p.b->heard.serve = [](const rpc_request& r, rpc_reply& reply) -> result<void> {
        if (r.method == "none") return error{errc::unknown_method, 0, 0, 0};
        if (r.method == "fails") {
          reply.success = false;
          reply.error_text = "on purpose";
        }
        reply.has_payload = true;
        reply.payload.assign(r.payload.begin(), r.payload.end());
        return {};
      };
      std::vector<std::string> answers;
      const auto done = [&](result<rpc_response> r) {
        if (!r)
          answers.push_back(std::string(to_string(r.error().code)));
        else if (r->success)
          answers.push_back("ok " + std::to_string(r->payload->size()));
        else
          answers.push_back(std::string(*r->error_text));
      };
      const auto payload = numbered(300, 2);
      const std::int64_t deadline = p.now + kSec;
      CHECK(p.a->link.request("raft", "echo", payload, deadline, done));
      CHECK(p.a->link.request("raft", "none", payload, deadline, done));
      CHECK(p.a->link.request("raft", "fails", payload, deadline, done));
      CHECK(p.a->link.request("raft", "echo", payload, deadline, done).error().code == errc::too_many_requests);
      CHECK(p.run([&] { return answers.size() == 3; }, 0, 10));
      CHECK(answers == std::vector<std::string>{"ok 300", "Unknown service/method: raft/none", "on purpose"});
      answers.clear();
      request_id mine;
      mine.bytes[3] = std::byte{9};
      CHECK(p.a->link.request(mine, {"raft", "echo", payload}, deadline, done));
      CHECK(p.a->link.request(mine, {"raft", "echo", payload}, deadline, done).error().code == errc::duplicate_request);
      p.a->link.pump(p.now);
      p.a->link.pump(deadline);
      CHECK(answers == std::vector<std::string>{"timed_out"});
      CHECK(p.run([&] { return p.a->link.stats().late_answers == 1; }, 0, 10));
      CHECK((p.a->link.stats().requests_expired == 1 && p.a->link.requests_waiting() == 0));
      answers.clear();
      CHECK(p.a->link.request("raft", "echo", payload, deadline + kSec, done));
      p.b->link.close();
      CHECK(p.run([&] { return !p.a->link.is_open(); }, 0, 10));
      CHECK(answers == std::vector<std::string>{"closed"});
    }
  });
}

TEST_CASE("raft connection: a message of somebody else ends a bound connection") {
  for_designs([](facade& f) {
    for (const bool bound : {true, false}) {
      auto [a, b] = make_stream_pair(stream_kind::pipe);
      connection_options o = members();
      o.bound = bound;
      // Its peer is 2; the messages are from 1.
      side liar(f, std::move(a), members(), 0), reader(f, std::move(b), o, 0);
      CHECK(liar.link.send_lent(make_message(message_type::vote, 1, 0, 0).view));
      liar.link.pump(0);
      reader.link.pump(0);
      CHECK(reader.link.is_open() != bound);
      if (bound) CHECK(reader.heard.over == std::vector{error{errc::peer_mismatch, 0, 2, 1}});
    }
  });
}

TEST_CASE("raft connection: in compat large frames go to a sink in pieces, with bounded memory") {
  for_designs([](facade& f) {
    for (const wire_format w : {wire_format::compat, wire_format::native}) {
      if (!f.speaks(w)) continue;
      INFO(name_of(w));
      connection_options o = members(w);
      o.stream_above = 64 * kKiB;
      link_pair p(f, chopped(stream_kind::socketpair, 5, 100'000), o);
      const made_message big = make_message(message_type::append, 1, 1, 8 * kMiB),
                         small = make_message(message_type::vote, 2, 0, 0);
      REQUIRE(p.a->link.send_lent(big.view));
      REQUIRE(p.a->link.send_lent(big.view));
      std::uint64_t most = 0;
      const std::size_t size = encoded_size(big.view);
      for (const int wanted : {1, 2}) {
        CHECK(p.run([&] {
          most = std::max(most, p.b->link.reserved_bytes());
          return p.b->heard.larges == wanted;
        }));
        CHECK((p.b->heard.whole == flat(big.view)));
      }
      CHECK((f.trusts_lengths() || most <= 256 * kKiB));
      REQUIRE(p.a->link.send_lent(small.view));
      CHECK(p.run([&] { return p.b->heard.count == 1; }));
      CHECK((p.b->link.stats().received.streams == 2 && p.b->link.stats().received.streamed_bytes == 2 * size));
    }
  });
}

}  // namespace
}  // namespace copycost::raft
