// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <random>
#include <thread>
#include <vector>

#include "harness/base/failure.h"
#include "harness/base/now.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/memory_file.h"
#include "scenarios/common/mapped.h"
#include "scenarios/common/streams/listener.h"
#include "scenarios/common/streams/pairs.h"
#include "scenarios/common/streams/poll_wait.h"

namespace copycost {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
std::int64_t in_seconds(int n) { return now_ns() + n * kSecond; }

std::byte byte_at(std::uint64_t i) { return static_cast<std::byte>(i * 7 + i / 251); }
std::vector<std::byte> numbered(std::size_t n) {
  std::vector<std::byte> out(n);
  for (std::size_t i = 0; i < n; ++i) out[i] = byte_at(i);
  return out;
}
iovec part(std::vector<std::byte>& of, std::size_t at, std::size_t n) { return {of.data() + at, n}; }

// A child that runs `body` and then waits to be killed.
template <class Body>
pid_t start(Body&& body) {
  return test::start_child([&] {
    body();
    for (;;) pause();
    return 0;
  });
}
void stop(pid_t pid) { REQUIRE(test::kill_child(pid) == 1000 + SIGKILL); }

TEST_CASE("streams: kinds have names") {
  for (const stream_kind k : kStreamKinds) CHECK(stream_kind_named(name_of(k)) == k);
  CHECK_FALSE(stream_kind_named("quic"));
}

TEST_CASE("streams: random reads and writes of both ends in one thread move every byte in order") {
  std::mt19937_64 random(7);
  for (const stream_kind k : kStreamKinds) {
    INFO(name_of(k));
    auto [a, b] = make_stream_pair(k, {.ring_bytes = 4096, .socket_bytes = 8192});
    auto bytes = numbered(300'000);
    std::vector<std::byte> got(bytes.size());
    std::size_t sent = 0, received = 0;
    const std::int64_t deadline = in_seconds(20);
    while (received < bytes.size() && now_ns() < deadline) {
      std::vector<iovec> parts;
      std::size_t at = sent;
      for (auto n = random() % 40; n > 0 && at < bytes.size(); --n) {
        const std::size_t size = std::min<std::size_t>(random() % 900, bytes.size() - at);
        parts.push_back(part(bytes, at, size));
        at += size;
      }
      const io_result w = a->write(parts);
      REQUIRE((w.is(io_state::done) || w.is(io_state::would_block)));
      sent += w.bytes;
      const std::size_t room = std::min<std::size_t>(random() % 9000, bytes.size() - received);
      const io_result r = b->read(std::span(got).subspan(received, room));
      REQUIRE((r.is(io_state::done) || r.is(io_state::would_block)));
      if (r.is(io_state::would_block)) CHECK(r.bytes == 0);
      received += r.bytes;
      if (r.is(io_state::would_block) && sent > received) CHECK(b->wait(true, false, in_seconds(5)).readable);
    }
    REQUIRE(received == bytes.size());
    CHECK((got == bytes));
    CHECK(a->counters().bytes_out == bytes.size());
    CHECK(b->counters().bytes_in == bytes.size());
    CHECK((is_socket(k) ? a->counters().kernel_bytes : a->counters().user_bytes) == bytes.size());
    CHECK((is_socket(k) ? a->counters().user_bytes : a->counters().kernel_bytes) == 0);
    CHECK((a->counters().system_calls > 0) == is_socket(k));
  }
}

TEST_CASE("streams: two threads, both directions, sleeping and waking", "[threads]") {
  for (const stream_kind k : kStreamKinds) {
    INFO(name_of(k));
    auto [a, b] = make_stream_pair(k, {.ring_bytes = 16384, .socket_bytes = 0});
    constexpr std::size_t kRounds = 300, kSize = 20'000;
    auto bytes = numbered(kSize);
    std::thread echo([&other = b] {
      std::vector<std::byte> one(kSize);
      for (std::size_t i = 0; i < kRounds; ++i) {
        if (read_all(*other, one, in_seconds(20)).bytes != kSize) return;
        iovec all{one.data(), one.size()};
        if (write_all(*other, {&all, 1}, in_seconds(20)).bytes != kSize) return;
      }
    });
    std::size_t right = 0;
    std::vector<std::byte> back(kSize);
    for (std::size_t i = 0; i < kRounds; ++i) {
      iovec two[2] = {part(bytes, 0, 13), part(bytes, 13, kSize - 13)};
      if (!write_all(*a, two, in_seconds(20)).is(io_state::done)) break;
      right += read_all(*a, back, in_seconds(20)).is(io_state::done) && back == bytes;
    }
    echo.join();
    CHECK(right == kRounds);
  }
}

TEST_CASE("streams: what is left of parts begins behind what was written, in the middle of a part, too") {
  auto bytes = numbered(12);
  for (std::size_t n = 0; n <= bytes.size(); ++n) {
    std::vector<iovec> parts{part(bytes, 0, 3), {nullptr, 0}, part(bytes, 3, 4), part(bytes, 7, 5)};
    std::vector<std::byte> left;
    for (const iovec& p : drop_front(parts, n)) {
      const auto* const from = static_cast<const std::byte*>(p.iov_base);
      left.insert(left.end(), from, from + p.iov_len);
    }
    CHECK((left == std::vector<std::byte>(bytes.begin() + static_cast<std::ptrdiff_t>(n), bytes.end())));
  }
}

TEST_CASE("streams: more parts than one operation takes") {
  for (const stream_kind k : kStreamKinds) {
    INFO(name_of(k));
    auto [a, b] = make_stream_pair(k);
    auto bytes = numbered(3000);
    std::vector<iovec> parts;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      parts.push_back(part(bytes, i, 1));
      parts.push_back({nullptr, 0});
    }
    CHECK(write_all(*a, parts, in_seconds(5)).bytes == bytes.size());
    std::vector<std::byte> got(bytes.size());
    CHECK(read_all(*b, got, in_seconds(5)).bytes == bytes.size());
    CHECK((got == bytes));
  }
}

TEST_CASE("streams: one direction ends, the other goes on; a hang-up is the end of both") {
  for (const stream_kind k : kStreamKinds) {
    INFO(name_of(k));
    auto [a, b] = make_stream_pair(k);
    auto bytes = numbered(100);
    iovec all = part(bytes, 0, 100);
    CHECK(a->write({&all, 1}).bytes == 100);
    a->shutdown_write();
    CHECK(a->write({&all, 1}).is(io_state::closed));
    std::vector<std::byte> got(200);
    const io_result short_read = read_all(*b, got, in_seconds(5));
    CHECK((short_read.is(io_state::closed) && short_read.bytes == 100 && short_read.code == 0));
    CHECK(b->write({&all, 1}).bytes == 100);
    CHECK(read_all(*a, std::span(got).first(100), in_seconds(5)).is(io_state::done));
    b->close();
    CHECK(b->read(got).is(io_state::closed));
    CHECK(a->wait(true, true, in_seconds(5)).any());
    CHECK(a->read(got).is(io_state::closed));
  }
}

TEST_CASE("streams: a writer whose reader is gone is told, without a signal") {
  for (const stream_kind k : kStreamKinds) {
    INFO(name_of(k));
    auto [a, b] = make_stream_pair(k);
    b.reset();
    std::vector<std::byte> bytes(1 << 20);
    io_result r;
    for (int i = 0; i < 100 && r.is(io_state::done); ++i) {
      iovec all = part(bytes, 0, bytes.size());
      r = write_all(*a, {&all, 1}, in_seconds(5));
    }
    CHECK(r.is(io_state::closed));
    CHECK((r.code == EPIPE || r.code == ECONNRESET));
  }
}

TEST_CASE("streams: waiting ends at the deadline; a full stream takes no more") {
  for (const stream_kind k : kStreamKinds) {
    INFO(name_of(k));
    auto [a, b] = make_stream_pair(k);
    const std::int64_t began = now_ns();
    CHECK_FALSE(b->wait(true, false, began + 20'000'000).any());
    CHECK(now_ns() - began >= 20'000'000);
    CHECK_FALSE(b->wait(true, false, 0).any());
    std::vector<std::byte> bytes(64 << 20);
    iovec all = part(bytes, 0, bytes.size());
    const io_result r = write_all(*a, {&all, 1}, now_ns() + 50'000'000);
    CHECK((r.is(io_state::failed) && r.code == ETIMEDOUT));
    CHECK((r.bytes > 0 && r.bytes < bytes.size()));
    CHECK_FALSE(a->wait(false, true, 0).writable);
    const io_result nothing = read_all(*a, std::span(bytes).first(1), now_ns() + 1'000'000);
    CHECK((nothing.is(io_state::failed) && nothing.code == ETIMEDOUT));
  }
}

TEST_CASE("streams: wait_any finds the one that is ready, of any kinds") {
  for (const bool mixed : {false, true}) {
    auto [a, b] = make_stream_pair(stream_kind::socketpair);
    auto [c, d] = make_stream_pair(mixed ? stream_kind::pipe : stream_kind::tcp);
    std::vector<stream_wish> wishes{{b.get(), true, false, {}}, {d.get(), true, false, {}}};
    CHECK_FALSE(wait_any(wishes, now_ns() + 2'000'000));
    auto bytes = numbered(1);
    iovec all = part(bytes, 0, 1);
    CHECK(c->write({&all, 1}).bytes == 1);
    CHECK(wait_any(wishes, in_seconds(5)));
    CHECK_FALSE(wishes[0].ready.any());
    CHECK(wishes[1].ready.readable);
  }
}

TEST_CASE("streams: two processes talk, and a killed one is noticed") {
  for (const stream_kind k : kStreamKinds) {
    if (!joins_processes(k)) continue;
    INFO(name_of(k));
    test::memory_file segment(stream_segment_bytes(k));
    auto mine = open_side(k, segment.fd, 0);
    const pid_t child = start([&] {
      auto its = open_side(k, segment.fd, 1);
      std::vector<std::byte> got(5000);
      if (!read_all(*its, got, in_seconds(20)).is(io_state::done)) return;
      iovec all{got.data(), got.size()};
      if (!write_all(*its, {&all, 1}, in_seconds(20)).is(io_state::done)) return;
      for (;;) pause();
    });
    auto bytes = numbered(5000);
    iovec all = part(bytes, 0, bytes.size());
    CHECK(write_all(*mine, {&all, 1}, in_seconds(20)).is(io_state::done));
    std::vector<std::byte> got(bytes.size());
    CHECK(read_all(*mine, got, in_seconds(20)).is(io_state::done));
    CHECK((got == bytes));
    CHECK_FALSE(mine->wait(true, false, now_ns() + 1'000'000).any());
    stop(child);
    CHECK(mine->wait(true, false, in_seconds(5)).readable);
    const io_result end = read_all(*mine, got, in_seconds(5));
    CHECK(end.is(io_state::closed));
    if (k == stream_kind::ring) CHECK(end.code == ECONNRESET);
  }
}

TEST_CASE("streams: a third process that leaves does not keep a dead one's stream open") {
  for (const stream_kind k : kStreamKinds) {
    if (!joins_processes(k)) continue;
    INFO(name_of(k));
    test::memory_file segment(stream_segment_bytes(k));
    auto mine = open_side(k, segment.fd, 0);
    const pid_t peer = start([&] {
      auto its = open_side(k, segment.fd, 1);
      std::byte one{};
      iovec all{&one, 1};
      (void)write_all(*its, {&all, 1}, in_seconds(20));
      for (;;) pause();
    });
    const pid_t third = start([&] { leave_stream(k, segment.fd); });
    std::vector<std::byte> got(10);
    CHECK(read_all(*mine, std::span(got).first(1), in_seconds(20)).is(io_state::done));
    stop(peer);
    CHECK(read_all(*mine, got, in_seconds(10)).is(io_state::closed));
    stop(third);
  }
}

TEST_CASE("streams: a pipe does not join processes, and nobody takes an end that is taken") {
  test::memory_file segment(stream_segment_bytes(stream_kind::ring));
  CHECK_THROWS_AS(open_side(stream_kind::pipe, segment.fd, 0), failure);
  auto mine = open_side(stream_kind::ring, segment.fd, 0);
  CHECK_THROWS_AS(open_side(stream_kind::ring, segment.fd, 0), failure);
  test::memory_file small(4096);
  CHECK_THROWS_AS(open_side(stream_kind::ring, small.fd, 0), failure);
}

TEST_CASE("streams: an end of a ring that is made anew goes on where the last one stopped") {
  test::memory_file segment(stream_segment_bytes(stream_kind::ring));
  auto bytes = numbered(1000);
  std::vector<std::byte> got(1000);
  auto b = open_side(stream_kind::ring, segment.fd, 1);
  auto a = open_side(stream_kind::ring, segment.fd, 0);
  iovec all = part(bytes, 0, 1000);
  REQUIRE(a->write({&all, 1}).bytes == 1000);
  REQUIRE(read_all(*b, std::span(got).first(400), 0).bytes == 400);
  b.reset();
  b = open_side(stream_kind::ring, segment.fd, 1);
  CHECK(read_all(*b, std::span(got).subspan(400), 0).bytes == 600);
  CHECK((got == bytes));
}

TEST_CASE("streams: a ring's peer that writes indices that cannot be breaks the stream and nothing else") {
  std::mt19937_64 random(11);
  for (int round = 0; round < 2000; ++round) {
    test::memory_file segment(stream_segment_bytes(stream_kind::ring, {.ring_bytes = 4096}));
    const stream_options small{.ring_bytes = 4096, .socket_bytes = 0};
    auto mine = open_side(stream_kind::ring, segment.fd, 0, small);
    const mapped<byte_rings> hostile(segment.fd);
    std::vector<std::byte> bytes(5000);
    iovec all = part(bytes, 0, random() % 5000);
    if (all.iov_len != 0) REQUIRE(mine->write({&all, 1}).is(io_state::done));
    const std::uint64_t value = random() >> (random() % 64);
    hostile->way[0].head.store(round % 3 == 0 ? value : 0);
    hostile->way[1].tail.store(round % 3 == 1 ? value : 0);
    hostile->side[0].sleeps.store(static_cast<std::uint32_t>(random()));
    hostile->side[1].sleeps.store(static_cast<std::uint32_t>(random()));
    const io_result r = mine->read(bytes);
    if (round % 3 == 1 && value > 4096) {
      CHECK((r.is(io_state::failed) && r.code == EPROTO));
      CHECK(mine->wait(true, false, in_seconds(5)).readable);
    } else if (round % 3 == 1) {
      CHECK(r.bytes == value);
    }
    all = part(bytes, 0, 5000);
    const std::size_t had = std::min<std::size_t>(mine->counters().bytes_out, 4096);
    const io_result w = mine->write({&all, 1});
    if (round % 3 == 0 && value > had) CHECK((w.is(io_state::failed) && w.code == EPROTO));
    CHECK(mine->counters().bytes_out <= (round % 3 == 0 ? 2 * 4096u : 4096u));
  }
}

TEST_CASE("streams: listening, connecting, refusal, and a connect that hangs") {
  for (const stream_kind k : {stream_kind::unix_socket, stream_kind::tcp, stream_kind::tcp_delayed}) {
    INFO(name_of(k));
    stream_address gone;
    {
      stream_listener listener(k);
      gone = listener.address();
      CHECK(listener.accept(now_ns() + 1'000'000).code == ETIMEDOUT);
      stream_opened client = connect_stream(listener.address(), in_seconds(5));
      REQUIRE(client.stream != nullptr);
      stream_opened server = listener.accept(in_seconds(5));
      REQUIRE(server.stream != nullptr);
      auto bytes = numbered(10);
      iovec all = part(bytes, 0, 10);
      CHECK(client.stream->write({&all, 1}).bytes == 10);
      std::vector<std::byte> got(10);
      CHECK(read_all(*server.stream, got, in_seconds(5)).is(io_state::done));
      CHECK((got == bytes));
    }
    CHECK(connect_stream(gone, in_seconds(5)).code == ECONNREFUSED);
    stream_listener full(k, {}, 0);
    std::vector<stream_opened> taken;
    int code = 0;
    for (int i = 0; i < 20 && code == 0; ++i) {
      taken.push_back(connect_stream(full.address(), now_ns() + 50'000'000));
      code = taken.back().code;
    }
    CHECK(code == ETIMEDOUT);
  }
}

}  // namespace
}  // namespace copycost
