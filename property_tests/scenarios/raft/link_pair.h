// SPDX-License-Identifier: Apache-2.0
//
// Two connections of one design under test, what they passed to their members, and streams that give and take as they
// please. Lifetime: one test. Not thread-safe. The clock is the test's.
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "property_tests/catch.h"
#include "scenarios/common/streams/pairs.h"
#include "scenarios/raft/any_raft.h"
#include "scenarios/raft/connection/connection.h"

namespace copycost::raft {

constexpr std::int64_t kMs = 1'000'000, kSec = 1'000'000'000;

inline std::vector<std::byte> numbered(std::size_t n, std::uint64_t seed) {
  std::vector<std::byte> out(n);
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::byte>((i + seed) * 131 + (i >> 8) + seed / 7);
  return out;
}
inline std::vector<std::byte> flat(const message_view& m) {
  std::vector<std::byte> out(encoded_size(m) + wire::kSlack);
  flat_writer w{out.data()};
  encode_message(m, w);
  out.resize(encoded_size(m));
  return out;
}

// A message whose bytes it keeps.
struct made_message {
  message_view view;
  std::vector<entry_view> entries;
  std::vector<std::vector<std::byte>> bytes;
};
inline made_message make_message(message_type type, std::uint64_t index, std::size_t entries, std::size_t size) {
  made_message m;
  m.view.head = {.to = 2, .from = 1, .term = 5, .log_term = 5, .index = index, .commit = index};
  m.view.head.type = type;
  for (std::size_t i = 0; i < entries; ++i) {
    m.bytes.push_back(numbered(size, index + i));
    entry_view e;
    e.term = 5;
    e.index = index + 1 + i;
    e.data = m.bytes.back();
    e.has = fields_of(dialect::etcd, e);
    m.entries.push_back(e);
  }
  m.view.entries = m.entries;
  m.view.head.has = fields_of(dialect::etcd, m.view) | (entries != 0 ? bit(field::entries) : 0);
  return m;
}

// Gives and takes a random part of what it is asked for, and sometimes nothing.
class chopped_stream final : public byte_stream {
 public:
  chopped_stream(std::unique_ptr<byte_stream> s, std::uint64_t seed, std::size_t most = 5000)
      : is_(std::move(s)), random_(seed), most_(most) {}
  stream_kind kind() const override { return is_->kind(); }
  io_result read(std::span<std::byte> into) override {
    if (random_() % 4 == 0) return {io_state::would_block, 0, 0};
    return is_->read(into.first(std::min(into.size(), 1 + random_() % most_)));
  }
  io_result write(std::span<const iovec> parts) override {
    if (random_() % 4 == 0) return {io_state::would_block, 0, 0};
    std::size_t left = 1 + random_() % most_;
    std::vector<iovec> some;
    for (iovec p : parts) {
      p.iov_len = std::min(p.iov_len, left);
      left -= p.iov_len;
      if (p.iov_len != 0) some.push_back(p);
      if (left == 0) break;
    }
    const io_result r = is_->write(some);
    std::size_t kept = r.bytes;
    for (const iovec& p : some) {
      const std::size_t n = std::min(kept, p.iov_len);
      const auto* from = static_cast<const std::byte*>(p.iov_base);
      if (keeps_) written_.insert(written_.end(), from, from + n);
      kept -= n;
    }
    return r;
  }
  stream_ready wait(bool r, bool w, std::int64_t d) override { return is_->wait(r, w, d); }
  void shutdown_write() override { is_->shutdown_write(); }
  void close() override { is_->close(); }
  void keep() { keeps_ = true; }
  const std::vector<std::byte>& written() const { return written_; }

 private:
  std::unique_ptr<byte_stream> is_;
  std::mt19937_64 random_;
  std::size_t most_;
  bool keeps_ = false;
  std::vector<std::byte> written_;
};

// Remembers everything.
struct recorder : connection_handler<any_design> {
  std::vector<std::vector<std::byte>> messages[kLanes];
  bool one_lane = false, keep = true;
  std::vector<error> unreached, over;
  int reached = 0;
  std::vector<std::byte> large, whole;  // a large frame on its way, and the latest that has come
  int larges = 0;                       // whole ones
  std::uint64_t count = 0;
  // Snapshots: bytes by token, kept over connections.
  std::map<std::uint64_t, std::vector<std::byte>> snapshots;
  std::map<std::uint32_t, std::uint64_t> tokens;
  std::vector<std::pair<std::uint32_t, result<void>>> ends;
  std::uint64_t refuse_token = UINT64_MAX, fail_at = UINT64_MAX;
  message_head opening;
  std::function<result<void>(const rpc_request&, rpc_reply&)> serve;

  void message(any_message&& m) override {
    ++count;
    if (keep) messages[one_lane ? 0 : static_cast<std::size_t>(lane_of(m.view().head.type))].push_back(flat(m.view()));
  }
  result<void> request(const rpc_request& r, rpc_reply& reply) override {
    return serve ? serve(r, reply) : connection_handler::request(r, reply);
  }
  result<void> large_piece(const arrived& a) override {
    if (a.offset == 0) large.clear();
    CHECK(a.offset == large.size());
    large.insert(large.end(), a.payload.begin(), a.payload.end());
    if (a.last) {
      whole = std::move(large);
      ++larges;
    }
    return {};
  }
  result<std::uint64_t> snapshot_begins(const incoming_snapshot& s) override {
    if (s.token == refuse_token) return error{errc::out_of_memory, 0, 0, 1};
    opening = s.message.head;
    tokens[s.stream] = s.token;
    return std::uint64_t{snapshots[s.token].size()};
  }
  result<void> snapshot_piece(std::uint32_t stream, std::uint64_t offset, bytes_view piece) override {
    auto& all = snapshots[tokens.at(stream)];
    CHECK(offset == all.size());
    if (offset + piece.size() > fail_at) return error{errc::out_of_memory, 0, 0, piece.size()};
    all.insert(all.end(), piece.begin(), piece.end());
    return {};
  }
  void snapshot_ended(std::uint32_t stream, result<void> how) override { ends.emplace_back(stream, how); }
  void unreachable(const error& why) override { unreached.push_back(why); }
  void reachable() override { ++reached; }
  void closed(const error& why) override { over.push_back(why); }
};

struct side {
  side(facade& f, std::unique_ptr<byte_stream> s, const connection_options& o, std::int64_t now)
      : context(f.context()), link(context, std::move(s), o, heard, now) {
    heard.one_lane = o.format == wire_format::etcd_append;
  }
  any_context context;
  recorder heard;
  connection<any_design> link;
};
struct link_pair {
  link_pair(facade& f, stream_pair s, const connection_options& o, std::int64_t start = 1000 * kSec) : now(start) {
    connection_options other = o;
    std::swap(other.self, other.peer);
    a = std::make_unique<side>(f, std::move(s.first), o, now);
    b = std::make_unique<side>(f, std::move(s.second), other, now);
  }
  // Turns of both until nothing moves for a while, or the condition holds.
  template <class Until>
  bool run(Until&& until, std::int64_t step = 0, int turns = 200'000) {
    for (int i = 0; i < turns; ++i) {
      if (until()) return true;
      a->link.pump(now);
      b->link.pump(now);
      now += step;
    }
    return until();
  }
  std::int64_t now;
  std::unique_ptr<side> a, b;
};

inline connection_options members(wire_format w = wire_format::native) {
  connection_options o;
  o.format = w;
  o.self = 1;
  o.peer = 2;
  return o;
}

// Calls body(facade, design) for every design of the system.
template <class Body>
void for_designs(Body&& body) {
  int seen = 0;
  for (const facade_entry& e : all_facades()) {
    if (e.system != "raft") continue;
    INFO("design " << e.design);
    const auto f = e.make();
    body(static_cast<facade&>(*f));
    ++seen;
  }
  CHECK(seen >= 3);
}

}  // namespace copycost::raft
