// SPDX-License-Identifier: Apache-2.0
//
// Peers that stall, trickle, die, lie, or are not there.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "harness/base/now.h"
#include "property_tests/child.h"
#include "property_tests/memory_file.h"
#include "property_tests/scenarios/raft/link_pair.h"

namespace copycost::raft {
namespace {

std::vector<std::byte> framed(facade& f, wire_format w, const message_view& m) {
  any_context context(f.context());
  any_encoder encoder(context, {.format = w, .limit = {}, .copy_below = 0, .from = 1, .to = 2});
  any_frame frame;
  REQUIRE(encoder.message(m, frame, nullptr));
  std::vector<std::byte> out;
  for (const iovec& p : frame.parts()) {
    const auto* from = static_cast<const std::byte*>(p.iov_base);
    out.insert(out.end(), from, from + p.iov_len);
  }
  return out;
}
io_result put(byte_stream& to, bytes_view bytes) {
  iovec all{const_cast<std::byte*>(bytes.data()), bytes.size()};
  return write_all(to, {&all, 1}, 0);
}

TEST_CASE("raft faults: a peer that sends a byte a second, or stops within a frame, is cut off in time") {
  for_designs([](facade& f) {
    for (const wire_format w :
         {wire_format::compat, wire_format::native, wire_format::etcd_message, wire_format::etcd_append}) {
      if (!f.speaks(w)) continue;
      for (const bool stops : {false, true}) {
        for (const std::size_t above : {~std::size_t{0}, std::size_t{10}}) {  // whole, and in pieces
          if (above == 10 && !has_frames(w)) continue;
          INFO(name_of(w) << (stops ? ", stops" : ", a byte a second") << ", above " << above);
          auto [a, b] = make_stream_pair(stream_kind::pipe);
          connection_options o = members(w);
          o.stream_above = above;
          side reader(f, std::move(b), o, 0);
          const auto bytes = framed(f, w, make_message(message_type::append, 1, 1, 500).view);
          std::int64_t now = 0;
          // Whole frames with long pauses between them are no fault.
          for (int i = 0; i < 3; ++i) {
            REQUIRE(put(*a, bytes).is(io_state::done));
            reader.link.pump(now += 100 * kSec);
            reader.link.pump(now += 100 * kSec);
          }
          REQUIRE((reader.link.is_open() && reader.link.next_deadline() == INT64_MAX));
          const std::int64_t began = now;
          std::size_t sent = 0;
          while (reader.link.is_open() && now < began + 100 * kSec) {
            if (sent < (stops ? 50u : bytes.size() - 1))
              CHECK(put(*a, bytes_view(bytes).subspan(sent++, 1)).is(io_state::done));
            reader.link.pump(now);
            if (reader.link.is_open()) CHECK(reader.link.next_deadline() <= began + 6 * kSec);
            now += stops && sent < 50 ? kMs : kSec;
          }
          REQUIRE(reader.heard.over == std::vector{timed_out(operation::read_frame)});
          CHECK(now - began <= 7 * kSec);
        }
      }
    }
  });
}

TEST_CASE("raft faults: a peer that does not read is cut off in time, and costs no more than the limit") {
  for_designs([](facade& f) {
    auto [a, b] = make_stream_pair(stream_kind::pipe, {.ring_bytes = 16384, .socket_bytes = 0});
    connection_options o = members();
    o.limit.in_flight = 200'000;
    side writer(f, std::move(a), o, 0);
    const made_message m = make_message(message_type::append, 1, 1, 9000);
    std::int64_t now = 0;
    int refused = 0;
    for (; writer.link.is_open() && now < 100 * kSec; now += 100 * kMs) {
      refused += !writer.link.send_lent(m.view).ok();
      CHECK(writer.link.bytes_waiting() <= 200'000);
      writer.link.pump(now);
    }
    CHECK(writer.heard.over == std::vector{timed_out(operation::write)});
    CHECK((refused > 0 && now < 7 * kSec));
    CHECK(writer.link.stats().lost[1] > 0);
  });
}

TEST_CASE("raft faults: a reader that is slow but steady is not cut off") {
  for_designs([](facade& f) {
    auto [a, b] = make_stream_pair(stream_kind::pipe, {.ring_bytes = 4096, .socket_bytes = 0});
    side writer(f, std::move(a), members(), 0);
    const made_message m = make_message(message_type::append, 1, 1, 4 * kMiB);
    REQUIRE(writer.link.send_lent(m.view));
    std::vector<std::byte> into(4096);
    std::int64_t now = 0;
    for (; writer.link.bytes_waiting() != 0 && writer.link.is_open(); now += 50 * kMs) {  // 80 KiB a second: 51 s
      writer.link.pump(now);
      (void)b->read(into);
    }
    CHECK(writer.link.is_open());
    CHECK(now > 40 * kSec);
  });
}

TEST_CASE("raft faults: a killed peer is reported, with what is known of it") {
  for_designs([](facade& f) {
    for (const stream_kind k : kStreamKinds) {
      if (!joins_processes(k)) continue;
      for (const bool inside : {false, true}) {
        INFO(name_of(k) << (inside ? ", within a frame" : ", between frames"));
        const test::memory_file segment(stream_segment_bytes(k));
        auto mine = open_side(k, segment.fd, 0);
        const auto bytes = framed(f, wire_format::native, make_message(message_type::append, 1, 1, 500).view);
        const pid_t child = test::start_child([&] {
          auto its = open_side(k, segment.fd, 1);
          (void)put(*its, bytes);
          if (inside) (void)put(*its, bytes_view(bytes).first(40));
          for (;;) pause();
          return 0;
        });
        side reader(f, std::move(mine), members(), now_ns());
        bool answered = false;
        REQUIRE(reader.link.request("raft", "echo", {}, now_ns() + 60 * kSec, [&](result<rpc_response> r) {
          answered = !r.ok() && r.error().code == errc::closed;
        }));
        const std::size_t all = bytes.size() + (inside ? 40 : 0);
        while (reader.link.is_open() && reader.link.stats().received.bytes < all) {
          reader.link.wait(now_ns() + kSec);
          reader.link.pump(now_ns());
        }
        CHECK(reader.heard.count == 1);
        REQUIRE(test::kill_child(child) == 1000 + SIGKILL);
        const std::int64_t killed = now_ns();
        while (reader.link.is_open() && now_ns() < killed + 5 * kSec) {
          reader.link.wait(now_ns() + kSec);
          reader.link.pump(now_ns());
        }
        REQUIRE(reader.heard.over.size() == 1);
        const error why = reader.heard.over[0];
        CHECK(((why.code == errc::closed && why.got != 0) || why.code == (inside ? errc::truncated : errc::clean_eof)));
        if (why.code == errc::truncated)
          CHECK((why.at == bytes.size() && why.got == 40 && why.expected == bytes.size()));
        if (k == stream_kind::ring) CHECK(why == error{errc::closed, all, 0, ECONNRESET});
        CHECK(answered);
        CHECK(reader.link.send_lent(make_message(message_type::vote, 1, 0, 0).view).error().code == errc::closed);
      }
    }
  });
}

TEST_CASE("raft faults: a connect that hangs is timed out, a refused one says so") {
  stream_listener full(stream_kind::tcp, {}, 0);
  std::vector<std::unique_ptr<byte_stream>> taken;
  std::optional<error> why;
  for (int i = 0; i < 20 && !why; ++i) {
    auto r = connect_peer(full.address(), now_ns() + 50 * kMs);
    if (r)
      taken.push_back(std::move(r).value());
    else
      why = r.error();
  }
  REQUIRE(why);
  CHECK(*why == timed_out(operation::connect));
  CHECK(name_of(operation::connect) == "connect");
  stream_address gone = full.address();
  gone.port = 1;
  CHECK(connect_peer(gone, now_ns() + kSec).error() == error{errc::io_failed, 0, 0, ECONNREFUSED});
}

TEST_CASE("raft faults: what the peer does wrong ends the connection with the byte, and reserves nothing") {
  for_designs([](facade& f) {
    if (!f.speaks(wire_format::compat)) return;
    auto [a, b] = make_stream_pair(stream_kind::pipe);
    connection_options o = members(wire_format::compat);
    o.limit.payload = 100 * kMiB;
    side reader(f, std::move(b), o, 0);
    const auto good = framed(f, wire_format::compat, make_message(message_type::vote, 1, 0, 0).view);
    REQUIRE(put(*a, good).is(io_state::done));
    const unsigned char claim[13] = {0, 0, 0, 9, 2, 0, 0, 0, 0, 0, 0, 0x40, 6};  // 100 MiB
    REQUIRE(put(*a, std::as_bytes(std::span(claim))).is(io_state::done));
    reader.link.pump(0);
    CHECK((reader.link.is_open() && reader.heard.count == 1));
    if (!f.trusts_lengths()) CHECK(reader.link.reserved_bytes() <= 64 * kKiB + 4 * kKiB);
    a->close();
    reader.link.pump(0);
    CHECK(reader.heard.over == std::vector{error{errc::truncated, good.size(), 13 + 100 * kMiB, 13}});

    auto [c, d] = make_stream_pair(stream_kind::pipe);
    side other(f, std::move(d), members(wire_format::compat), 0);
    REQUIRE(put(*c, good).is(io_state::done));
    const unsigned char bad[13] = {0, 0, 0, 9, 5, 0, 0, 0, 0, 0, 0, 0, 0};
    REQUIRE(put(*c, std::as_bytes(std::span(bad))).is(io_state::done));
    other.link.pump(0);
    CHECK(other.heard.over == std::vector{error{errc::unknown_type, good.size() + 4, 4, 5}});
    std::vector<std::byte> rest(10);
    CHECK(c->read(rest).is(io_state::closed));
  });
}

TEST_CASE("raft faults: random bytes never crash a connection") {
  for_designs([](facade& f) {
    std::mt19937_64 random(17);
    for (int round = 0; round < 300; ++round) {
      const wire_format w = round % 2 == 0 ? wire_format::native : wire_format::compat;
      if (!f.speaks(w)) continue;
      auto [a, b] = make_stream_pair(stream_kind::pipe);
      connection_options o = members(w);
      o.stream_above = random() % 3 == 0 ? 100 : ~std::size_t{0};
      side reader(f, std::move(b), o, 0);
      reader.heard.refuse_token = 1;
      any_context context(f.context());
      any_encoder encoder(context, {.format = w, .limit = {}, .copy_below = 0, .from = 1, .to = 2});
      for (int i = 0; i < 30 && reader.link.is_open(); ++i) {
        frame_head h;
        h.type = static_cast<frame_type>(random() % kFrameTypes);
        h.flags = w == wire_format::native ? static_cast<std::uint8_t>(random() % 16)
                                           : static_cast<std::uint8_t>(random() % 2);
        h.stream = static_cast<std::uint32_t>(random() % 4);
        h.id = id_of({random() % 3, random() % 3});
        std::vector<std::byte> payload(random() % 300);
        for (auto& x : payload) x = static_cast<std::byte>(random() % 3 == 0 ? random() : 0);
        any_frame frame;
        REQUIRE(encoder.frame(h, payload, frame));
        std::vector<std::byte> bytes;
        for (const iovec& p : frame.parts()) {
          const auto* from = static_cast<const std::byte*>(p.iov_base);
          bytes.insert(bytes.end(), from, from + p.iov_len);
        }
        if (random() % 20 == 0) bytes[random() % bytes.size()] = static_cast<std::byte>(random());
        if (put(*a, bytes).is(io_state::done)) reader.link.pump(i);
        std::vector<std::byte> answers(10'000);
        (void)a->read(answers);
      }
      CHECK(reader.link.reserved_bytes() < 2 * kMiB);
    }
  });
}

}  // namespace
}  // namespace copycost::raft
