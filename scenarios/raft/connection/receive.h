// SPDX-License-Identifier: Apache-2.0
//
// Part of connection.h: the receiving half of a connection: units to the handler, answers, deadlines, and the end.
#pragma once
#include "scenarios/raft/connection/connection.h"

namespace copycost::raft {

template <class D>
connection<D>::connection(typename D::context& context, std::unique_ptr<byte_stream> stream,
                          const connection_options& o, handler& h, std::int64_t now_ns)
    : options_(o),
      handler_(h),
      stream_(std::move(stream)),
      encoder_(context,
               {.format = o.format, .limit = o.limit, .copy_below = o.copy_below, .from = o.self, .to = o.peer}),
      inbox_(context,
             {.format = o.format, .limit = o.limit, .stream_above = o.stream_above, .from = o.peer, .to = o.self}),
      heart_(o.format == wire_format::etcd_message ? 0 : o.heartbeat_every_ns, o.missed_limit, now_ns),
      requests_(o.limit.requests),
      senders_(options_,
               [this](std::uint32_t n) {
                 if (out_.let_go_of(n)) ++stats_.lost[static_cast<std::size_t>(lane::snapshot)];
               }),
      receivers_(options_) {
  COPYCOST_REQUIRE(o.piece > 0 && o.window > 0 && o.batch > 0 && o.turn > 0 && o.min_bytes_per_s > 0);
}

template <class D>
connection<D>::~connection() {
  if (is_open()) close();
}

template <class D>
void connection<D>::fail(const error& why) {
  if (!is_open()) return;
  why_ = why;
  stream_->close();
  out_.clear([&](const item& i) { ++stats_.lost[static_cast<std::size_t>(i.in)]; });
  const error closed{errc::closed, 0, 0, why.code == errc::closed ? why.got : 0};
  requests_.clear([&](const request_id&, rpc_completion done) { done(closed); });
  senders_.end_all(closed);
  while (receivers_.size() != 0) {
    const std::uint32_t number = receivers_.all().begin()->first;
    receivers_.end(number);
    handler_.snapshot_ended(number, closed);
  }
  handler_.closed(why);
}

template <class D>
bool connection<D>::pump(std::int64_t now_ns) {
  if (!is_open()) return false;
  bool moved = read(now_ns);
  if (is_open()) check_deadlines(now_ns);
  if (is_open()) moved |= write(now_ns);
  if (is_open() && write_ended_) {
    // The peer takes no more; what it has sent before is still seen.
    while (is_open() && read(now_ns)) {
    }
    fail({errc::closed, stats_.received.bytes, 0, static_cast<std::uint64_t>(write_code_)});
  }
  return moved;
}

template <class D>
bool connection<D>::read(std::int64_t now_ns) {
  std::size_t moved = 0;
  while (is_open() && moved < options_.turn) {
    auto space = inbox_.space();
    if (!space) {
      fail(space.error());
      return true;
    }
    const std::span<std::byte> into = space->first(std::min(space->size(), options_.turn));
    const io_result r = stream_->read(into);
    if (r.is(io_state::would_block)) break;
    if (r.is(io_state::closed)) {
      ended(r.code);
      return true;
    }
    if (r.is(io_state::failed)) {
      fail({errc::io_failed, 0, 0, static_cast<std::uint64_t>(r.code)});
      return true;
    }
    inbox_.wrote(r.bytes);
    moved += r.bytes;
    stats_.received.bytes += r.bytes;
    drain(now_ns);
    if (r.bytes < into.size()) break;
  }
  if (moved != 0 && is_open()) {
    watch_unit(now_ns);
    acknowledge();
  }
  return moved != 0;
}

template <class D>
void connection<D>::drain(std::int64_t now_ns) {
  while (is_open()) {
    auto a = inbox_.next();
    if (!a) return fail(a.error());
    if (a->what == arrival::none) {
      if (a->head.payload_length != 0) {
        large_ = true;
        large_at_ = a->at;
      }  // its head has come, and no byte behind it
      return;
    }
    take(*a, now_ns);
  }
}

template <class D>
void connection<D>::ended(int code) {
  if (code != 0) return fail({errc::closed, stats_.received.bytes, 0, static_cast<std::uint64_t>(code)});
  if (auto ok = inbox_.ended(); !ok) return fail(ok.error());
  fail({errc::clean_eof, stats_.received.bytes, 0, 0});
}

template <class D>
void connection<D>::take(const arrived& a, std::int64_t now_ns) {
  if (a.what == arrival::piece) return take_large(a);
  traffic& t = stats_.received;
  ++t.units;
  ++t.frames[static_cast<std::size_t>(a.head.type)];
  ++t.sizes[size_bucket(a.payload.size())];
  if (a.kind == unit_kind::link_heartbeat) return;
  if ((a.head.flags & frame_flag::piece) != 0) return take_piece(a, now_ns);
  if (a.is_message()) return take_message(a);
  switch (a.head.type) {
    case frame_type::heartbeat:
      return take_heartbeat(a, now_ns);
    case frame_type::request:
      return take_request(a);
    case frame_type::response:
      return take_response(a, now_ns);
    case frame_type::error:
      return handler_.peer_error(a.payload);
    case frame_type::raft_message:
      return;
  }
}

template <class D>
void connection<D>::take_message(const arrived& a) {
  if (auto ok = inbox_.message(received_); !ok) return fail(ok.error());
  const message_head& h = received_.view().head;
  if (options_.bound && h.from != options_.peer) return fail({errc::peer_mismatch, a.at, options_.peer, h.from});
  ++stats_.received.messages[static_cast<std::size_t>(h.type)];
  handler_.message(std::move(received_));
}

// Answered with the same id and payload; in compat, which knows no answers, with a successful response.
template <class D>
void connection<D>::take_heartbeat(const arrived& a, std::int64_t now_ns) {
  if ((a.head.flags & frame_flag::answer) != 0) {
    if (!heart_.answered(a.head.id, now_ns)) ++stats_.late_answers;
    return;
  }
  if (!a.head.has_id()) return;
  if (options_.format == wire_format::compat) return respond(a.head.id, {});
  item_pointer one = out_.fresh();
  one->bytes.assign(a.payload.begin(), a.payload.end());
  stats_.envelope_bytes_copied += a.payload.size();
  frame_head h;
  h.type = frame_type::heartbeat;
  h.flags = frame_flag::has_id | frame_flag::answer;
  h.id = a.head.id;
  (void)queue_frame(lane::control, h, std::move(one));  // a full lane has been counted
}

template <class D>
void connection<D>::take_request(const arrived& a) {
  rpc_reply reply;
  std::string text;
  auto r = parse_request(a.payload, a.at);
  if (r) {
    const auto ok = handler_.request(*r, reply);
    if (!ok && ok.error().code == errc::unknown_method)
      text = "Unknown service/method: " + std::string(r->service) + "/" + std::string(r->method);
    else if (!ok)
      text = to_string(ok.error());
    else if (!reply.success)
      text = reply.error_text;
    reply.success = reply.success && ok.ok();
  } else {
    reply.success = false;
    text = to_string(r.error());
  }
  ++stats_.requests_answered;
  if (!is_open() || !a.head.has_id()) return;
  rpc_response answer{reply.success, {}, {}};
  if (reply.success && reply.has_payload) answer.payload = reply.payload;
  if (!reply.success) answer.error_text = text;
  respond(a.head.id, answer);
}

template <class D>
void connection<D>::take_response(const arrived& a, std::int64_t now_ns) {
  if (options_.format == wire_format::compat && a.head.has_id() && heart_.answered(a.head.id, now_ns)) return;
  std::optional<rpc_completion> done;
  if (a.head.has_id()) done = requests_.take(a.head.id);
  if (!done) {
    ++stats_.late_answers;
    return;
  }
  (*done)(parse_response(a.payload, a.at));
}

template <class D>
void connection<D>::take_large(const arrived& a) {
  if ((a.head.flags & frame_flag::piece) != 0)
    return fail({errc::payload_too_large, a.at, options_.stream_above, a.head.payload_length});
  traffic& t = stats_.received;
  if (a.offset == 0) ++t.streams;
  t.streamed_bytes += a.payload.size();
  large_ = !a.last;
  large_at_ = a.at;
  if (a.last) {
    ++t.units;
    ++t.frames[static_cast<std::size_t>(a.head.type)];
    ++t.sizes[size_bucket(a.head.payload_length)];
  }
  if (auto ok = handler_.large_piece(a); !ok) fail(ok.error());
}

template <class D>
void connection<D>::take_piece(const arrived& a, std::int64_t now_ns) {
  const bool last = (a.head.flags & frame_flag::last_piece) != 0;
  switch (a.head.type) {
    case frame_type::request:
      return take_opening(a, now_ns);
    case frame_type::raft_message:
      return take_data(a);
    case frame_type::response: {
      const auto ok = senders_.acknowledged(a.head.stream, place_of(a.head.id), last, now_ns);
      if (ok) return;
      if (ok.error().code == errc::unknown_stream)
        ++stats_.late_pieces;
      else
        give_up_piece(a.head.stream, ok.error().code, false);
      return;
    }
    case frame_type::error: {
      const bool known =
          !a.payload.empty() && static_cast<unsigned>(a.payload[0]) <= static_cast<unsigned>(errc::io_failed);
      const error why{known ? static_cast<errc>(a.payload[0]) : errc::closed, a.at, 0, a.head.stream};
      if ((a.head.flags & frame_flag::answer) != 0) {
        if (!senders_.end(a.head.stream, why)) ++stats_.late_pieces;
      } else if (receivers_.end(a.head.stream)) {
        handler_.snapshot_ended(a.head.stream, why);
      } else {
        ++stats_.late_pieces;
      }
      return;
    }
    case frame_type::heartbeat:
      return fail({errc::unknown_flags, a.at, 0, a.head.flags});
  }
}

template <class D>
void connection<D>::take_opening(const arrived& a, std::int64_t now_ns) {
  auto s = snapshot_receivers::parse(a.head, a.payload, a.at + kNativeHead + kIdBytes, options_.limit, opening_,
                                     opening_entries_);
  if (!s) return fail(s.error());
  const std::uint64_t from = s->message.head.from;
  if (options_.bound && from != options_.peer) return fail({errc::peer_mismatch, a.at, options_.peer, from});
  if (auto ok = receivers_.admits(s->stream); !ok) {
    receivers_.refuse(s->stream);
    return give_up_piece(s->stream, ok.error().code, true);
  }
  auto begin = handler_.snapshot_begins(*s);
  if (!is_open()) return;
  if (begin && *begin > s->total) begin = error{errc::stream_out_of_order, 0, s->total, *begin};
  if (!begin) {
    receivers_.refuse(s->stream);
    return give_up_piece(s->stream, begin.error().code, true);
  }
  ++stats_.received.streams;
  ++stats_.received.messages[static_cast<std::size_t>(message_type::snapshot)];
  receivers_.open(*s, *begin, now_ns);
}

template <class D>
void connection<D>::take_data(const arrived& a) {
  const std::uint32_t number = a.head.stream;
  auto ok = receivers_.takes(a.head, a.payload.size());
  if (!ok && ok.error().code == errc::unknown_stream && receivers_.was_known(number)) {
    ++stats_.late_pieces;  // it was given up while the piece was on its way
    return;
  }
  if (ok) {
    stats_.received.streamed_bytes += a.payload.size();
    ok = handler_.snapshot_piece(number, receivers_.find(number)->received, a.payload);
  }
  if (!is_open()) return;
  snapshot_receivers::stream* const s = receivers_.find(number);
  if (ok && s == nullptr) return;  // the handler gave it up
  if (!ok) {
    if (receivers_.end(number)) handler_.snapshot_ended(number, ok);
    return give_up_piece(number, ok.error().code, true);
  }
  s->received += a.payload.size();
  s->owes = true;
}

// One acknowledgement a turn for each stream that has moved; the last one ends it.
template <class D>
void connection<D>::acknowledge() {
  for (auto at = receivers_.all().begin(); at != receivers_.all().end() && is_open();) {
    const std::uint32_t number = at->first;
    snapshot_receivers::stream& s = at->second;
    ++at;
    if (!s.owes) continue;
    s.owes = false;
    const bool all = s.received == s.total;
    frame_head h;
    h.type = frame_type::response;
    h.stream = number;
    h.id = id_of({s.received, s.token});
    h.flags = static_cast<std::uint8_t>(frame_flag::has_id | frame_flag::piece | (all ? frame_flag::last_piece : 0));
    queue_control(h, {});
    if (!all || !is_open()) continue;
    receivers_.end(number);
    handler_.snapshot_ended(number, {});
    at = receivers_.all().upper_bound(number);  // the handler may have ended others
  }
}

// Since when the unit that has begun to arrive is on its way.
template <class D>
void connection<D>::watch_unit(std::int64_t now_ns) {
  const std::uint64_t at = large_ ? large_at_ : inbox_.position();
  if (at == stats_.received.bytes) return unit_began_ns_.reset();
  if (unit_began_ns_ && at == unit_at_) return;
  unit_began_ns_ = now_ns;
  unit_at_ = at;
}

template <class D>
std::int64_t connection<D>::frame_deadline() const {
  if (!unit_began_ns_) return INT64_MAX;
  return time_until(*unit_began_ns_, options_.frame_timeout_ns, stats_.received.bytes - unit_at_,
                    options_.min_bytes_per_s);
}
template <class D>
std::int64_t connection<D>::write_deadline() const {
  if (!front_began_ns_) return INT64_MAX;
  return time_until(*front_began_ns_, options_.write_timeout_ns, out_.written_of_front(), options_.min_bytes_per_s);
}
template <class D>
std::int64_t connection<D>::next_deadline() const {
  return std::min({frame_deadline(), write_deadline(), heart_.next_deadline(), senders_.next_deadline(),
                   receivers_.next_deadline(), requests_.next_deadline().value_or(INT64_MAX)});
}

template <class D>
void connection<D>::check_deadlines(std::int64_t now_ns) {
  if (frame_deadline() <= now_ns) return fail(timed_out(operation::read_frame));
  if (write_deadline() <= now_ns) return fail(timed_out(operation::write));
  requests_.expire(now_ns, [&](const request_id&, rpc_completion done) {
    ++stats_.requests_expired;
    done(timed_out(operation::request));
  });
  if (is_open() && heart_.is_due(now_ns)) {
    if (auto ok = heartbeat(now_ns); !ok && !is_open()) return;
  }
  if (heart_.is_alive() != was_alive_ && is_open()) {
    was_alive_ = heart_.is_alive();
    if (was_alive_)
      handler_.reachable();
    else
      tell_unreachable(timed_out(operation::heartbeat));
  }
  while (is_open()) {
    const auto number = senders_.overdue(now_ns);
    if (!number) break;
    senders_.end(*number, timed_out(operation::snapshot_send));
    give_up_piece(*number, errc::timed_out, false);
  }
  while (is_open()) {
    const auto number = receivers_.overdue(now_ns);
    if (!number) break;
    receivers_.end(*number);
    give_up_piece(*number, errc::timed_out, true);
    handler_.snapshot_ended(*number, timed_out(operation::snapshot_receive));
  }
}

}  // namespace copycost::raft
