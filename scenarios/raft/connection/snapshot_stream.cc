// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/connection/snapshot_stream.h"

#include <algorithm>
#include <cstring>

namespace copycost::raft {

request_id id_of(piece_place p) {
  request_id id;
  std::memcpy(id.bytes.data(), &p.offset, sizeof p.offset);
  std::memcpy(id.bytes.data() + sizeof p.offset, &p.token, sizeof p.token);
  return id;
}
piece_place place_of(const request_id& id) {
  piece_place p;
  std::memcpy(&p.offset, id.bytes.data(), sizeof p.offset);
  std::memcpy(&p.token, id.bytes.data() + sizeof p.offset, sizeof p.token);
  return p;
}

void encode_opening(const outgoing_snapshot& s, std::vector<std::byte>& out) {
  out.resize(kOpeningBytes + encoded_size(s.message) + wire::kSlack);
  std::memcpy(out.data(), &s.total, sizeof s.total);
  std::memcpy(out.data() + sizeof s.total, &s.have, sizeof s.have);
  flat_writer w{out.data() + kOpeningBytes};
  encode_message(s.message, w);
  out.resize(static_cast<std::size_t>(w.at - out.data()));
}

result<std::uint32_t> snapshot_senders::open(outgoing_snapshot s, std::int64_t now_ns) {
  if (streams_.size() >= options_.limit.streams)
    return error{errc::too_many_streams, 0, options_.limit.streams, streams_.size() + 1};
  s.message = {};
  stream& made = streams_[++latest_];
  made.what = std::move(s);
  made.began_ns = now_ns;
  return latest_;
}

std::optional<snapshot_senders::outgoing_piece> snapshot_senders::next(std::optional<std::uint32_t>& gave_up) {
  for (std::size_t looked = 0; looked < streams_.size(); ++looked) {
    auto at = streams_.upper_bound(turn_);
    if (at == streams_.end()) at = streams_.begin();
    turn_ = at->first;
    stream& s = at->second;
    const std::uint64_t unacknowledged = s.next - s.acknowledged;
    if (!s.opened || s.next == s.what.total || unacknowledged >= options_.window) continue;
    const std::uint64_t most =
        std::min({static_cast<std::uint64_t>(options_.piece), s.what.total - s.next, options_.window - unacknowledged});
    auto bytes = s.what.source(s.next, static_cast<std::size_t>(most));
    if (bytes && (bytes->empty() || bytes->size() > most))
      bytes = error{errc::stream_out_of_order, s.next, most, bytes->size()};
    if (!bytes) {
      gave_up = at->first;
      end(at->first, bytes.error());
      return std::nullopt;
    }
    outgoing_piece p;
    p.bytes = *bytes;
    p.head.stream = at->first;
    p.head.id = id_of({s.next, s.what.token});
    s.next += bytes->size();
    p.head.flags = frame_flag::has_id | frame_flag::piece;
    if (s.next == s.what.total) p.head.flags |= frame_flag::last_piece;
    return p;
  }
  return std::nullopt;
}

result<void> snapshot_senders::acknowledged(std::uint32_t number, piece_place p, bool last, std::int64_t now_ns) {
  const auto at = streams_.find(number);
  if (at == streams_.end()) return error{errc::unknown_stream, 0, 0, number};
  stream& s = at->second;
  const bool right = p.token == s.what.token && p.offset >= s.acknowledged &&
                     p.offset <= (s.opened ? s.next : s.what.total) && (!last || p.offset == s.what.total);
  if (!right) {
    const error why{errc::stream_out_of_order, 0, s.next, p.offset};
    end(number, why);
    return why;
  }
  if (!s.opened) {
    s.opened = true;
    s.next = s.first = p.offset;
    s.began_ns = now_ns;
  }
  s.acknowledged = p.offset;
  if (last) end(number, {});
  return {};
}

bool snapshot_senders::end(std::uint32_t number, result<void> how) {
  const auto at = streams_.find(number);
  if (at == streams_.end()) return false;
  const stream s = std::move(at->second);
  streams_.erase(at);
  ending_(number);
  if (s.what.done) s.what.done({how, s.acknowledged});
  return true;
}

void snapshot_senders::end_all(const error& why) {
  while (!streams_.empty()) end(streams_.begin()->first, why);
}

std::int64_t snapshot_senders::deadline(const stream& s) const {
  return time_until(s.began_ns, options_.snapshot_timeout_ns, s.acknowledged - s.first, options_.min_bytes_per_s);
}
std::optional<std::uint32_t> snapshot_senders::overdue(std::int64_t now_ns) const {
  for (const auto& [number, s] : streams_)
    if (deadline(s) <= now_ns) return number;
  return std::nullopt;
}
std::int64_t snapshot_senders::next_deadline() const {
  std::int64_t first = INT64_MAX;
  for (const auto& [number, s] : streams_) first = std::min(first, deadline(s));
  return first;
}

result<incoming_snapshot> snapshot_receivers::parse(const frame_head& h, bytes_view payload, std::uint64_t at,
                                                    const wire_limits& l, message_parts& parts, entry_vector& entries) {
  if (payload.size() < kOpeningBytes)
    return error{errc::malformed_envelope, at + payload.size(), kOpeningBytes, payload.size()};
  incoming_snapshot s;
  s.stream = h.stream;
  s.token = place_of(h.id).token;
  std::memcpy(&s.total, payload.data(), sizeof s.total);
  std::memcpy(&s.have, payload.data() + sizeof s.total, sizeof s.have);
  parts.clear();
  entries.list.clear();
  auto ok = parse_message(payload.subspan(kOpeningBytes), at + kOpeningBytes, l, parts, entries);
  if (!ok) return ok.error();
  s.message = parts.view;
  return s;
}

result<void> snapshot_receivers::admits(std::uint32_t number) const {
  if (number <= latest_) return error{errc::unknown_stream, 0, latest_, number};
  if (streams_.size() >= options_.limit.streams)
    return error{errc::too_many_streams, 0, options_.limit.streams, streams_.size() + 1};
  return {};
}

void snapshot_receivers::open(const incoming_snapshot& s, std::uint64_t begin, std::int64_t now_ns) {
  refuse(s.stream);
  streams_[s.stream] = {s.total, s.token, begin, begin, now_ns, true};
}

result<void> snapshot_receivers::takes(const frame_head& h, std::size_t size) const {
  const auto at = streams_.find(h.stream);
  if (at == streams_.end()) return error{errc::unknown_stream, 0, 0, h.stream};
  const stream& s = at->second;
  const piece_place p = place_of(h.id);
  if (p.offset != s.received || p.token != s.token || size == 0)
    return error{errc::stream_out_of_order, 0, s.received, p.offset};
  if (size > s.total - s.received) return error{errc::payload_too_large, 0, s.total, s.received + size};
  const bool last = (h.flags & frame_flag::last_piece) != 0;
  if (last != (s.received + size == s.total)) return error{errc::stream_out_of_order, 0, s.total, s.received + size};
  return {};
}

snapshot_receivers::stream* snapshot_receivers::find(std::uint32_t number) {
  const auto at = streams_.find(number);
  return at == streams_.end() ? nullptr : &at->second;
}

std::int64_t snapshot_receivers::deadline(const stream& s) const {
  return time_until(s.began_ns, options_.snapshot_timeout_ns, s.received - s.first, options_.min_bytes_per_s);
}
std::optional<std::uint32_t> snapshot_receivers::overdue(std::int64_t now_ns) const {
  for (const auto& [number, s] : streams_)
    if (deadline(s) <= now_ns) return number;
  return std::nullopt;
}
std::int64_t snapshot_receivers::next_deadline() const {
  std::int64_t first = INT64_MAX;
  for (const auto& [number, s] : streams_) first = std::min(first, deadline(s));
  return first;
}

}  // namespace copycost::raft
