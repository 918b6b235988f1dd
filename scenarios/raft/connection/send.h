// SPDX-License-Identifier: Apache-2.0
//
// Part of connection.h: the sending half of a connection: what may be queued, how it is encoded, and how it is written.
#pragma once
#include "scenarios/raft/connection/connection.h"

namespace copycost::raft {

template <class D>
void connection<D>::tell_unreachable(const error& why) {
  ++stats_.unreachable_reports;
  handler_.unreachable(why);
}

template <class D>
void connection<D>::drop(lane l) {
  ++stats_.dropped[static_cast<std::size_t>(l)];
  if (lanes_overflow_) return;
  lanes_overflow_ = true;
  tell_unreachable({errc::backpressure, 0, options_.limit.lane, out_.count(l)});
}

// Whether so many bytes more may wait in the lane.
template <class D>
result<void> connection<D>::admits(lane l, std::size_t bytes) {
  if (!is_open()) return error{errc::closed, 0, 0, 0};
  if (out_.count(l) >= options_.limit.lane) {
    const error why{errc::backpressure, 0, options_.limit.lane, out_.count(l)};
    drop(l);
    return why;
  }
  if (out_.bytes() + bytes > options_.limit.in_flight) {
    ++stats_.refused;
    return error{errc::backpressure, 0, options_.limit.in_flight, out_.bytes() + bytes};
  }
  return {};
}

// Bytes of a message's unit in front of its payload.
template <class D>
std::size_t connection<D>::head_of(const typename D::frame& frame) const {
  if (has_frames(options_.format)) return head_size(framing_of(options_.format), frame_head{});
  if (options_.format == wire_format::etcd_message) return kLengthBytes;
  return *static_cast<const std::byte*>(frame.parts()[0].iov_base) == kFull ? 1 + kLengthBytes : 1;
}

template <class D>
result<void> connection<D>::queue_message(const message_view& m, message* owner) {
  const lane l = lane_for(m.head.type);
  // A frame of msgappv2 that was encoded must go out; so here the size is looked at before.
  const bool leans = options_.format == wire_format::etcd_append;
  if (auto ok = admits(l, leans ? encoded_size(m) : 0); !ok) return ok;
  item_pointer one = out_.fresh();
  auto ok = encoder_.message(m, one->frame, nullptr);
  if (ok && !leans) ok = admits(l, one->frame.size());
  if (!ok) {
    out_.give_back(std::move(one));
    if (ok.error().code != errc::backpressure) ++stats_.refused;
    return ok;
  }
  one->size = one->frame.size();
  one->type = frame_type::raft_message;
  one->message = static_cast<int>(m.head.type);
  one->payload = one->size - head_of(one->frame);
  if (owner != nullptr) one->owner = std::move(*owner);
  ++stats_.accepted[static_cast<std::size_t>(l)];
  out_.put(l, std::move(one));
  return {};
}

template <class D>
result<void> connection<D>::send(message&& m) {
  return queue_message(m.view(), &m);
}
template <class D>
result<void> connection<D>::send_lent(const message_view& m) {
  return queue_message(m, nullptr);
}

// Encodes the frame whose payload is one->bytes, and queues it.
template <class D>
result<void> connection<D>::queue_frame(lane l, frame_head h, item_pointer one) {
  if (auto ok = admits(l, one->bytes.size()); !ok) return ok;
  if (auto ok = encoder_.frame(h, one->bytes, one->frame); !ok) return ok;
  one->size = one->frame.size();
  one->type = h.type;
  one->payload = one->bytes.size();
  ++stats_.accepted[static_cast<std::size_t>(l)];
  out_.put(l, std::move(one));
  return {};
}

// What keeps snapshots going must not be dropped; there is no more of it than streams and windows allow.
template <class D>
void connection<D>::queue_control(frame_head h, bytes_view payload) {
  if (!is_open()) return;
  item_pointer one = out_.fresh();
  one->bytes.assign(payload.begin(), payload.end());
  if (auto ok = encoder_.frame(h, one->bytes, one->frame); !ok) return fail(ok.error());
  one->size = one->frame.size();
  one->type = h.type;
  one->payload = payload.size();
  ++stats_.accepted[static_cast<std::size_t>(lane::control)];
  out_.put(lane::control, std::move(one));
}

template <class D>
result<void> connection<D>::request(std::string_view service, std::string_view method, bytes_view payload,
                                    std::int64_t deadline_ns, rpc_completion done) {
  request_id id;
  const std::uint64_t number = next_request_++;
  std::memcpy(id.bytes.data(), &number, sizeof number);
  std::memcpy(id.bytes.data() + sizeof number, &options_.self, sizeof options_.self);
  return request(id, {service, method, payload}, deadline_ns, std::move(done));
}

template <class D>
result<void> connection<D>::request(const request_id& id, const rpc_request& r, std::int64_t deadline_ns,
                                    rpc_completion done) {
  if (!has_frames(options_.format)) return error{errc::not_in_the_form, 0, 0, 0};
  if (auto ok = requests_.add(id, std::move(done), deadline_ns); !ok) return ok;
  frame_head h;
  h.type = frame_type::request;
  h.flags = frame_flag::has_id;
  h.id = id;
  item_pointer one = out_.fresh();
  encode(r, one->bytes);
  stats_.envelope_bytes_copied += r.payload.size();
  if (auto ok = queue_frame(lane::append, h, std::move(one)); !ok) {
    (void)requests_.take(id);
    return ok;
  }
  ++stats_.requests;
  return {};
}

template <class D>
void connection<D>::respond(const request_id& id, const rpc_response& r) {
  frame_head h;
  h.type = frame_type::response;
  h.flags = frame_flag::has_id;
  h.id = id;
  item_pointer one = out_.fresh();
  encode(r, one->bytes);
  if (r.payload) stats_.envelope_bytes_copied += r.payload->size();
  const auto ok = queue_frame(lane::control, h, std::move(one));
  if (!ok && r.success && ok.error().code == errc::payload_too_large)
    respond(id, {false, {}, to_string(errc::payload_too_large)});
}

template <class D>
result<void> connection<D>::heartbeat(std::int64_t now_ns, bytes_view payload) {
  if (options_.format == wire_format::etcd_message) return error{errc::not_in_the_form, 0, 0, 0};
  if (options_.format == wire_format::etcd_append) {
    heart_.send_unanswered(now_ns);
    message_view link;
    link.head.type = message_type::heartbeat;
    return queue_message(link, nullptr);
  }
  if (!is_open()) return error{errc::closed, 0, 0, 0};
  frame_head h;
  h.type = frame_type::heartbeat;
  h.flags = frame_flag::has_id;
  h.id = heart_.send(now_ns);
  item_pointer one = out_.fresh();
  one->bytes.assign(payload.begin(), payload.end());
  stats_.envelope_bytes_copied += payload.size();
  return queue_frame(lane::control, h, std::move(one));
}

template <class D>
result<std::uint32_t> connection<D>::send_snapshot(outgoing_snapshot s, std::int64_t now_ns) {
  if (options_.format != wire_format::native) return error{errc::not_in_the_form, 0, 0, field::snapshot};
  if (!is_open()) return error{errc::closed, 0, 0, 0};
  std::vector<std::byte> opening;
  encode_opening(s, opening);
  if (opening.size() > options_.limit.payload)
    return error{errc::payload_too_large, 0, options_.limit.payload, opening.size()};
  frame_head h;
  h.type = frame_type::request;
  h.flags = frame_flag::has_id | frame_flag::piece;
  h.id = id_of({s.have, s.token});
  auto number = senders_.open(std::move(s), now_ns);
  if (!number) return number.error();
  h.stream = *number;
  queue_control(h, opening);
  ++stats_.sent.streams;
  return *number;
}

template <class D>
void connection<D>::give_up_piece(std::uint32_t stream, errc why, bool answer) {
  frame_head h;
  h.type = frame_type::error;
  h.stream = stream;
  h.flags = static_cast<std::uint8_t>(frame_flag::piece | (answer ? frame_flag::answer : 0));
  const std::byte code{static_cast<std::uint8_t>(why)};
  queue_control(h, {&code, 1});
}

template <class D>
bool connection<D>::abort_snapshot(std::uint32_t stream) {
  const error why{errc::closed, 0, 0, 0};
  if (senders_.end(stream, why)) {
    give_up_piece(stream, errc::closed, false);
    return true;
  }
  if (!receivers_.end(stream)) return false;
  give_up_piece(stream, errc::closed, true);
  handler_.snapshot_ended(stream, why);
  return true;
}

// The next piece of a snapshot, when nothing else waits that would fill the write.
template <class D>
void connection<D>::refill() {
  while (is_open() && senders_.size() != 0 && !out_.has_piece() && out_.bytes() < options_.batch) {
    std::optional<std::uint32_t> gave_up;
    auto p = senders_.next(gave_up);
    if (gave_up) {
      give_up_piece(*gave_up, errc::closed, false);
      continue;
    }
    if (!p) return;
    item_pointer one = out_.fresh();
    if (auto ok = encoder_.frame(p->head, p->bytes, one->frame); !ok) {
      out_.give_back(std::move(one));
      senders_.end(p->head.stream, ok.error());
      give_up_piece(p->head.stream, ok.error().code, false);
      continue;
    }
    one->size = one->frame.size();
    one->payload = p->bytes.size();
    one->stream = p->head.stream;
    ++stats_.accepted[static_cast<std::size_t>(lane::snapshot)];
    out_.put(lane::snapshot, std::move(one));
    return;
  }
}

template <class D>
void connection<D>::finished(const item& i) {
  traffic& t = stats_.sent;
  ++t.units;
  ++t.frames[static_cast<std::size_t>(i.type)];
  ++t.sizes[size_bucket(i.payload)];
  if (i.message >= 0) ++t.messages[static_cast<std::size_t>(i.message)];
  if (i.stream != 0) t.streamed_bytes += i.payload;
}

template <class D>
bool connection<D>::write(std::int64_t now_ns) {
  std::size_t moved = 0;
  while (is_open() && !write_ended_ && moved < options_.turn) {
    refill();
    if (!is_open() || out_.empty()) break;
    parts_.clear();
    out_.gather(parts_, options_.batch);
    std::size_t wanted = 0;
    for (const iovec& p : parts_) wanted += p.iov_len;
    const io_result r = stream_->write(parts_);
    if (r.is(io_state::would_block)) break;
    if (!r.is(io_state::done)) {
      write_ended_ = true;
      write_code_ = r.code;
      break;
    }
    ++stats_.writes;
    stats_.sent.bytes += r.bytes;
    moved += r.bytes;
    bool front_is_new = false;
    out_.wrote(r.bytes, [&](const item& i) {
      finished(i);
      front_is_new = true;
    });
    if (front_is_new) front_began_ns_.reset();
    if (r.bytes < wanted) break;
  }
  if (out_.empty())
    front_began_ns_.reset();
  else if (!front_began_ns_)
    front_began_ns_ = now_ns;
  if (moved != 0 && lanes_overflow_ && is_open()) {
    for (const lane l : {lane::control, lane::append, lane::snapshot})
      if (out_.count(l) >= options_.limit.lane) return true;
    lanes_overflow_ = false;
    handler_.reachable();
  }
  return moved != 0;
}

}  // namespace copycost::raft
