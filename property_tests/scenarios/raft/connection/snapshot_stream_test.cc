// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <thread>

#include "harness/base/now.h"
#include "property_tests/scenarios/raft/link_pair.h"

namespace copycost::raft {
namespace {

// A source that lends its bytes: none of them may be looked at when the snapshot is over.
struct lender {
  explicit lender(std::size_t n, std::uint64_t seed)
      : bytes(std::make_unique<std::vector<std::byte>>(numbered(n, seed))) {}
  std::unique_ptr<std::vector<std::byte>> bytes;
  std::optional<snapshot_end> end;
  std::uint64_t fails_at = UINT64_MAX, begins = UINT64_MAX;
  outgoing_snapshot snapshot(std::uint64_t token, std::uint64_t have = 0) {
    outgoing_snapshot s;
    s.message.head = {.to = 2, .from = 1, .term = 3, .index = 77};
    s.message.head.type = message_type::snapshot;
    s.message.head.has = fields_of(dialect::etcd, s.message);
    s.total = bytes->size();
    s.token = token;
    s.have = have;
    s.source = [this](std::uint64_t at, std::size_t most) -> result<bytes_view> {
      if (begins == UINT64_MAX) begins = at;
      if (at >= fails_at) return error{errc::io_failed, 0, 0, 5};
      return bytes_view(*bytes).subspan(static_cast<std::size_t>(at), most);
    };
    s.done = [this](const snapshot_end& e) {
      end = e;
      bytes.reset();
    };
    return s;
  }
};

stream_pair chopped(stream_kind k, std::uint64_t seed, std::size_t most) {
  auto [a, b] = make_stream_pair(k, {.ring_bytes = 16384, .socket_bytes = 16384});
  return {std::make_unique<chopped_stream>(std::move(a), seed, most),
          std::make_unique<chopped_stream>(std::move(b), seed + 1, most)};
}
connection_options small_pieces() {
  connection_options o = members();
  o.piece = 4000;
  o.window = 15'000;
  o.batch = 9000;
  o.limit.streams = 3;
  return o;
}

TEST_CASE("raft snapshots: several at a time between other messages, whole and in order, over any stream") {
  for_designs([](facade& f) {
    if (!f.speaks(wire_format::native)) return;  // there are no pieces in other formats
    for (const stream_kind k : kStreamKinds) {
      INFO(name_of(k));
      std::vector<std::unique_ptr<lender>> from;
      link_pair p(f, chopped(k, 3, 3000), small_pieces());
      std::vector<std::vector<std::byte>> expected;
      for (const std::size_t n : {100'000u, 0u, 3999u}) {
        from.push_back(std::make_unique<lender>(n, n));
        expected.push_back(*from.back()->bytes);
        REQUIRE(p.a->link.send_snapshot(from.back()->snapshot(n), p.now));
      }
      lender one_more(5, 1);
      const auto full = p.a->link.send_snapshot(one_more.snapshot(5), p.now);
      CHECK(full.error() == error{errc::too_many_streams, 0, 3, 4});
      std::uint64_t index = 0;
      CHECK(p.run([&] {
        (void)p.a->link.send_lent(make_message(message_type::heartbeat, ++index, 0, 0).view);
        bool all = true;
        for (const auto& l : from) all = all && l->end;
        return all;
      }));
      for (std::size_t i = 0; i < from.size(); ++i) {
        CHECK((p.b->heard.snapshots[expected[i].size()] == expected[i]));
        CHECK((from[i]->end->how.ok() && from[i]->end->acknowledged == expected[i].size()));
      }
      CHECK(p.b->heard.ends.size() == 3);
      CHECK((p.b->heard.opening.index == 77 && p.b->heard.opening.type == message_type::snapshot));
      CHECK(p.run([&] {
        return p.a->link.bytes_waiting() == 0 && p.b->link.stats().received.units == p.a->link.stats().sent.units;
      }));
      CHECK((p.a->link.stats().sent.streamed_bytes == 103'999 && p.b->link.stats().received.streamed_bytes == 103'999));
      CHECK(p.a->link.stats().lost == std::array<std::uint64_t, kLanes>{});
    }
  });
}

// What stands on the wire in front of a heartbeat that was sent while a snapshot was on its way.
TEST_CASE("raft snapshots: a heartbeat is never written behind more than one piece") {
  for_designs([](facade& f) {
    if (!f.speaks(wire_format::native)) return;  // there are no pieces in other formats
    for (std::uint64_t seed = 1; seed < 6; ++seed) {
      auto [a, b] = make_stream_pair(stream_kind::pipe);
      auto chops = std::make_unique<chopped_stream>(std::move(a), seed, 700);
      chopped_stream& wire = *chops;
      wire.keep();
      lender from(200'000, 1);
      link_pair p(f, {std::move(chops), std::move(b)}, small_pieces());
      REQUIRE(p.a->link.send_snapshot(from.snapshot(1), p.now));
      std::vector<std::size_t> asked;
      std::mt19937_64 random(seed);
      CHECK(p.run([&] {
        if (random() % 10 == 0 && p.a->link.heartbeat(p.now)) asked.push_back(wire.written().size());
        return from.end.has_value();
      }));
      CHECK(p.run([&] { return p.a->link.bytes_waiting() == 0; }));
      // Where each heartbeat begins on the wire, and the piece that was cut by its sending.
      std::vector<std::size_t> began;
      const bytes_view all(wire.written());
      for (std::size_t at = 0; at < all.size();) {
        frame_head head;
        const auto sizes = read_head(framing::native, all.subspan(at), wire_limits{}, at, head);
        REQUIRE((sizes && sizes->needs == 0));
        if (head.type == frame_type::heartbeat) began.push_back(at);
        at += sizes->size + head.payload_length;
      }
      REQUIRE(began.size() == asked.size());
      REQUIRE(began.size() > 20);
      std::size_t behind = 0;
      for (std::size_t i = 0; i < began.size(); ++i) {
        const std::size_t others =
            40 * static_cast<std::size_t>(std::count_if(began.begin(), began.begin() + static_cast<std::ptrdiff_t>(i),
                                                        [&](std::size_t at) { return at >= asked[i]; }));
        CHECK(began[i] - asked[i] <= 4000 + kNativeHead + kIdBytes + others + 40);
        behind += began[i] - asked[i] > 40;
      }
      CHECK(behind > 0);
    }
  });
}

TEST_CASE("raft snapshots: memory of both ends is bounded by the window, whatever the size") {
  for_designs([](facade& f) {
    if (!f.speaks(wire_format::native)) return;  // there are no pieces in other formats
    link_pair p(f, make_stream_pair(stream_kind::socketpair), members());
    constexpr std::uint64_t kTotal = 64 * kMiB;
    std::vector<std::byte> buffer(64 * kKiB);
    std::optional<snapshot_end> end;
    outgoing_snapshot s;
    s.message.head.type = message_type::snapshot;
    s.message.head.has = fields_of(dialect::etcd, s.message);
    s.total = kTotal;
    s.token = 9;
    s.source = [&](std::uint64_t at, std::size_t most) -> result<bytes_view> {
      const std::size_t n = std::min(most, buffer.size());
      buffer[0] = static_cast<std::byte>(at >> 16);
      return bytes_view(buffer).first(n);
    };
    s.done = [&](const snapshot_end& e) { end = e; };
    struct counter : recorder {
      std::uint64_t bytes = 0;
      result<void> snapshot_piece(std::uint32_t, std::uint64_t offset, bytes_view piece) override {
        CHECK(piece[0] == static_cast<std::byte>(offset >> 16));
        bytes += piece.size();
        return {};
      }
    } sink;
    auto [x, y] = make_stream_pair(stream_kind::socketpair);
    connection<any_design> mine(p.a->context, std::move(x), members(), p.a->heard, 0);
    connection<any_design> its(p.b->context, std::move(y), members(), sink, 0);
    REQUIRE(mine.send_snapshot(std::move(s), 0));
    std::uint64_t most = 0;
    for (std::int64_t now = 0; !end && now < 1'000'000; ++now) {
      mine.pump(now);
      its.pump(now);
      p.b->context.applied();
      most = std::max({most, mine.reserved_bytes(), its.reserved_bytes()});
    }
    REQUIRE(end);
    CHECK((end->how.ok() && sink.bytes == kTotal));
    CHECK(most <= 256 * kKiB);
  });
}

TEST_CASE("raft snapshots: a new connection goes on where the last one was cut") {
  for_designs([](facade& f) {
    if (!f.speaks(wire_format::native)) return;  // there are no pieces in other formats
    std::vector<std::byte> expected = numbered(300'000, 4);
    std::vector<std::byte> kept;
    std::uint64_t have = 0;
    for (int round = 0; round < 20 && have < expected.size(); ++round) {
      lender from(300'000, 4);
      link_pair p(f, chopped(stream_kind::tcp, static_cast<std::uint64_t>(round) + 1, 3000), small_pieces());
      p.b->heard.snapshots[6] = kept;
      REQUIRE(p.a->link.send_snapshot(from.snapshot(6, have), p.now));
      const std::size_t until = round < 3 ? kept.size() + 60'000 : expected.size();
      CHECK(p.run([&] { return from.end || (until != expected.size() && p.b->heard.snapshots[6].size() >= until); }));
      if (!from.end) {
        const bool mine = round % 2 == 0;
        (mine ? p.a : p.b)->link.close();
        CHECK(p.run([&] { return !p.a->link.is_open() && !p.b->link.is_open(); }));
        REQUIRE(from.end);
        CHECK(from.end->how.error().code == errc::closed);
        CHECK(p.b->heard.ends.back().second.error().code == errc::closed);
      }
      CHECK(from.begins == kept.size());
      kept = p.b->heard.snapshots[6];
      CHECK(from.end->acknowledged <= kept.size());
      have = from.end->acknowledged;
    }
    CHECK((kept == expected));
  });
}

TEST_CASE("raft snapshots: whoever gives one up ends it on both sides, and the connection goes on") {
  for_designs([](facade& f) {
    if (!f.speaks(wire_format::native)) return;  // there are no pieces in other formats
    for (const int how : {0, 1, 2, 3, 4, 5}) {
      INFO("way " << how);
      lender from(100'000, 2), next(20'000, 3);
      // What is not read must still be written, or the write would be overdue first.
      link_pair p(f, how == 5 ? make_stream_pair(stream_kind::pipe) : chopped(stream_kind::pipe, 8, 900),
                  small_pieces());
      if (how == 0) p.b->heard.refuse_token = 3;
      if (how == 1) p.b->heard.fail_at = 30'000;
      if (how == 2) from.fails_at = 30'000;
      auto number = p.a->link.send_snapshot(from.snapshot(3), p.now);
      REQUIRE(number);
      const auto far = [&] { return from.end || p.b->heard.snapshots[3].size() >= 20'000; };
      CHECK(p.run(far));
      if (how == 3) CHECK(p.a->link.abort_snapshot(*number));
      if (how == 4) CHECK(p.b->link.abort_snapshot(*number));
      if (how == 5) {  // the receiver stops: nothing is acknowledged any more
        for (int i = 0; i < 40 && !from.end; ++i) p.a->link.pump(p.now += kSec / 2);
      }
      CHECK(p.run([&] { return from.end && (how == 0 || !p.b->heard.ends.empty()); }));
      REQUIRE_FALSE(from.end->how.ok());
      const errc expected[] = {errc::out_of_memory, errc::out_of_memory, errc::io_failed,
                               errc::closed,        errc::closed,        errc::timed_out};
      CHECK(from.end->how.error().code == expected[how]);
      if (how != 0) CHECK_FALSE(p.b->heard.ends[0].second.ok());
      CHECK_FALSE(p.a->link.abort_snapshot(*number));
      REQUIRE(p.a->link.send_snapshot(next.snapshot(4), p.now));
      CHECK(p.run([&] { return next.end.has_value(); }));
      CHECK(next.end->how.ok());
      CHECK((p.b->heard.snapshots[4] == numbered(20'000, 3)));
      CHECK((p.a->link.is_open() && p.b->link.is_open()));
    }
  });
}

TEST_CASE("raft snapshots: a sender that stops sending is given up by the receiver") {
  for_designs([](facade& f) {
    if (!f.speaks(wire_format::native)) return;  // there are no pieces in other formats
    lender from(100'000, 2);
    link_pair p(f, make_stream_pair(stream_kind::pipe), small_pieces());
    REQUIRE(p.a->link.send_snapshot(from.snapshot(3), p.now));
    CHECK(p.run([&] { return p.b->heard.snapshots[3].size() >= 20'000; }));
    for (int i = 0; i < 40 && p.b->heard.ends.empty(); ++i) p.b->link.pump(p.now += kSec / 2);
    REQUIRE(p.b->heard.ends.size() == 1);
    CHECK(p.b->heard.ends[0].second.error() == timed_out(operation::snapshot_receive));
  });
}

// Hand-made frames of a peer that does not keep to the rules.
TEST_CASE("raft snapshots: pieces out of order, too many, too long, of no stream") {
  for_designs([](facade& f) {
    if (!f.speaks(wire_format::native)) return;  // there are no pieces in other formats
    auto ends = make_stream_pair(stream_kind::pipe);
    side reader(f, std::move(ends.second), small_pieces(), 0);
    any_context context(f.context());
    any_encoder encoder(context, {});
    lender from(10'000, 1);
    std::vector<std::byte> opening;
    encode_opening(from.snapshot(1), opening);
    const auto put = [&](frame_type type, unsigned flags, std::uint32_t stream, std::uint64_t offset,
                         std::uint64_t token, bytes_view v) {
      frame_head h;
      h.type = type;
      h.flags = static_cast<std::uint8_t>(flags | frame_flag::has_id | frame_flag::piece);
      h.stream = stream;
      h.id = id_of({offset, token});
      any_frame frame;
      REQUIRE(encoder.frame(h, v, frame));
      std::vector<iovec> parts(frame.parts().begin(), frame.parts().end());
      REQUIRE(write_all(*ends.first, parts, 0).is(io_state::done));
      reader.link.pump(0);
    };
    const auto data = numbered(20'000, 1);
    const bytes_view all(data);
    const auto last_end = [&] {
      return reader.heard.ends.empty() ? errc::clean_eof : reader.heard.ends.back().second.error().code;
    };
    put(frame_type::request, 0, 1, 0, 1, opening);
    put(frame_type::raft_message, 0, 1, 0, 1, all.first(100));
    CHECK(reader.heard.snapshots[1].size() == 100);
    put(frame_type::raft_message, 0, 1, 50, 1, all.first(100));
    CHECK(last_end() == errc::stream_out_of_order);
    put(frame_type::raft_message, 0, 1, 100, 1, all.first(100));  // still on its way when it was given up
    CHECK(reader.link.stats().late_pieces == 1);
    reader.heard.snapshots.clear();
    put(frame_type::request, 0, 2, 0, 1, opening);
    put(frame_type::raft_message, 0, 2, 0, 1, all.first(10'001));
    CHECK(last_end() == errc::payload_too_large);
    put(frame_type::request, 0, 3, 0, 1, opening);
    put(frame_type::raft_message, frame_flag::last_piece, 3, 0, 1, all.first(10));
    CHECK((reader.heard.ends.size() == 3 && last_end() == errc::stream_out_of_order));
    put(frame_type::request, 0, 4, 0, 1, opening);
    put(frame_type::raft_message, 0, 4, 0, 2, all.first(10));  // another snapshot's
    CHECK((reader.heard.ends.size() == 4 && last_end() == errc::stream_out_of_order));
    for (std::uint32_t n = 5; n < 10; ++n) put(frame_type::request, 0, n, 0, 1, opening);
    CHECK(reader.link.stats().received.streams == 4 + 3);
    put(frame_type::request, 0, 2, 0, 1, opening);  // a number that was used
    CHECK(reader.link.stats().received.streams == 4 + 3);
    put(frame_type::raft_message, 0, 99, 0, 1, all.first(10));
    CHECK(reader.link.is_open());
    put(frame_type::response, 0, 99, 0, 1, {});
    CHECK(reader.link.stats().late_pieces == 2);
    put(frame_type::request, 0, 11, 0, 1, all.first(15));
    CHECK(reader.heard.over.at(0).code == errc::malformed_envelope);
  });
}

// Real time, two threads: the slowest round trip of heartbeats beside a snapshot.
std::int64_t slowest_beside(facade& f, stream_kind k, std::uint64_t total) {
  auto [x, y] = make_stream_pair(k);
  connection_options o = members();
  o.heartbeat_every_ns = 2 * kMs;
  std::atomic<bool> stop{false};
  struct sink : recorder {
    std::uint64_t bytes = 0;
    result<void> snapshot_piece(std::uint32_t, std::uint64_t, bytes_view piece) override {
      bytes += piece.size();
      return {};
    }
  } heard;
  std::thread receiver([&, &other = y] {
    any_context context(f.context());
    connection<any_design> link(context, std::move(other), members(), heard, now_ns());
    while (!stop && link.is_open()) {
      if (link.pump(now_ns()))
        context.applied();
      else
        link.wait(now_ns() + 20 * kMs);
    }
  });
  any_context context(f.context());
  recorder mine;
  connection<any_design> link(context, std::move(x), o, mine, now_ns());
  std::vector<std::byte> buffer(64 * kKiB);
  std::optional<snapshot_end> end;
  outgoing_snapshot s;
  s.message.head.type = message_type::snapshot;
  s.message.head.has = fields_of(dialect::etcd, s.message);
  s.total = total;
  s.token = 9;
  s.source = [&](std::uint64_t, std::size_t most) -> result<bytes_view> {
    return bytes_view(buffer).first(std::min(most, buffer.size()));
  };
  s.done = [&](const snapshot_end& e) { end = e; };
  REQUIRE(link.send_snapshot(std::move(s), now_ns()));
  const std::int64_t deadline = now_ns() + 120 * kSec;
  while (!end && link.is_open() && now_ns() < deadline)
    if (!link.pump(now_ns())) link.wait(now_ns() + kMs);
  stop = true;
  receiver.join();
  REQUIRE(end);
  CHECK((end->how.ok() && heard.bytes == total));
  CHECK(link.heart().times().count > 0);
  return link.heart().times().max_ns;
}
// A machine that is full may keep a thread waiting for longer than that, whatever it waits for; what is the
// connection's fault comes every time.
void check_heartbeats_beside(facade& f, stream_kind k, std::uint64_t total) {
  std::int64_t slowest = INT64_MAX;
  for (int tries = 0; tries < 5 && slowest >= 50 * kMs; ++tries) slowest = slowest_beside(f, k, total);
  INFO("slowest round trip: " << slowest << " ns");
  CHECK(slowest < 50 * kMs);
}

TEST_CASE("raft snapshots: no heartbeat is later than 50 ms beside 64 MiB on loopback") {
  for_designs([](facade& f) {
    if (!f.speaks(wire_format::native)) return;  // there are no pieces in other formats
    for (const stream_kind k : {stream_kind::tcp, stream_kind::unix_socket, stream_kind::ring}) {
      INFO(name_of(k));
      check_heartbeats_beside(f, k, 64 * kMiB);
    }
  });
}

TEST_CASE("raft snapshots: no heartbeat is later than 50 ms beside 1 GiB on loopback", "[.slow]") {
  for_designs([](facade& f) {
    if (f.speaks(wire_format::native)) check_heartbeats_beside(f, stream_kind::tcp, 1024 * kMiB);
  });
}

}  // namespace
}  // namespace copycost::raft
