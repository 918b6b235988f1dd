// SPDX-License-Identifier: Apache-2.0
#include "impls/raft/common/gather.h"

#include <new>

#include "harness/base/check.h"

namespace copycost::raft {

struct gather_encoder::writer {
  std::byte* at;
  std::byte* part;  // where the part begins that is being written
  gather_frame& out;
  std::size_t copy_below;

  writer(gather_frame& o, std::size_t below) : at(o.scratch_.get()), part(at), out(o), copy_below(below) {
    out.parts_.clear();
    out.size_ = 0;
  }
  void payload(bytes_view bytes) {
    if (bytes.size() < copy_below) {
      counted_copy(at, bytes.data(), bytes.size());
      at += bytes.size();
    } else if (!bytes.empty()) {
      end_part();
      add(const_cast<std::byte*>(bytes.data()), bytes.size());  // writev does not write there
    }
  }
  void end_part() {
    if (at != part) add(part, static_cast<std::size_t>(at - part));
    part = at;
  }

 private:
  void add(std::byte* data, std::size_t size) {
    out.parts_.push_back({data, size});
    out.size_ += size;
  }
};

// Bytes of payloads that are not copied.
std::size_t gather_encoder::referred(const message_view& m) const {
  std::size_t n = 0;
  const auto add = [&](std::uint32_t has, unsigned field, bytes_view v) {
    if ((has & bit(field)) != 0 && v.size() >= options_.copy_below) n += v.size();
  };
  for (const entry_view& e : m.entries) {
    add(e.has, entry_field::data, e.data);
    add(e.has, entry_field::context, e.context);
  }
  add(m.head.has, field::context, m.context);
  if ((m.head.has & bit(field::snapshot)) != 0) add(m.snapshot.has, snapshot_field::data, m.snapshot.data);
  return n;
}

result<void> gather_encoder::make_room(std::size_t bytes, gather_frame& out) {
  bytes += wire::kVarintMax + wire::kSlack;
  if (bytes <= out.room_) return {};
  const std::size_t room = std::max(bytes, std::size_t{256});
  auto* fresh = new (std::nothrow) std::byte[room];
  if (fresh == nullptr) return error{errc::out_of_memory, 0, 0, room};
  out.scratch_.reset(fresh);
  out.room_ = room;
  return {};
}

// The head, in front of everything, once the payload is known.
void gather_encoder::finish(framing f, frame_head& h, gather_frame& out) {
  const std::size_t head = head_size(f, h);
  h.payload_length = static_cast<std::uint32_t>(out.size_ - head);
  if (f == framing::native) {
    bool first = true;
    for (const iovec& p : out.parts_) {
      bytes_view bytes(static_cast<const std::byte*>(p.iov_base), p.iov_len);
      if (first) {
        bytes = bytes.subspan(head);
        first = false;
      }
      h.payload_crc = crc32c(h.payload_crc, bytes);
    }
  }
  write_head(f, h, out.scratch_.get());
}

result<void> gather_encoder::frame(frame_head h, bytes_view payload, gather_frame& out) {
  COPYCOST_ASSERT(has_frames(options_.format));
  if (payload.size() > options_.limit.payload)
    return error{errc::payload_too_large, 0, options_.limit.payload, payload.size()};
  const framing f = framing_of(options_.format);
  const std::size_t copied = payload.size() < options_.copy_below ? payload.size() : 0;
  if (auto ok = make_room(kHeadBytesMax + copied, out); !ok) return ok;
  writer w(out, options_.copy_below);
  w.at += head_size(f, h);
  w.payload(payload);
  w.end_part();
  h.payload_crc = 0;
  finish(f, h, out);
  return {};
}

result<void> gather_encoder::framed(const message_view& m, gather_frame& out, const request_id* id) {
  const std::size_t size = encoded_size(m);
  if (size > options_.limit.payload) return error{errc::payload_too_large, 0, options_.limit.payload, size};
  if (auto ok = make_room(kHeadBytesMax + size - referred(m), out); !ok) return ok;
  writer w(out, options_.copy_below);
  if (has_frames(options_.format)) {
    frame_head h;
    if (id != nullptr) {
      h.flags = frame_flag::has_id;
      h.id = *id;
    }
    w.at += head_size(framing_of(options_.format), h);
    encode_message(m, w);
    w.end_part();
    finish(framing_of(options_.format), h, out);
    return {};
  }
  if (options_.format == wire_format::etcd_append) *w.at++ = kFull;
  store_big(w.at, size);
  w.at += kLengthBytes;
  encode_message(m, w);
  w.end_part();
  return {};
}

result<void> gather_encoder::appended(const message_view& m, gather_frame& out) {
  if (append_.elides(m)) {
    const std::size_t size = elided_size(m);
    if (size > options_.limit.payload) return error{errc::payload_too_large, 0, options_.limit.payload, size};
    if (auto ok = make_room(1 + size - referred(m), out); !ok) return ok;
    writer w(out, options_.copy_below);
    *w.at++ = kElided;
    encode_elided(m, w);
    w.end_part();
    append_.passed_elided(m.entries.size());
    return {};
  }
  if (append_state::is_link_heartbeat(m)) {
    if (auto ok = make_room(1, out); !ok) return ok;
    writer w(out, 0);
    *w.at++ = kLinkHeartbeat;
    w.end_part();
    return {};
  }
  if (m.head.type != message_type::append) return error{errc::not_in_the_form, 0, 0, field::type};
  auto ok = framed(m, out, nullptr);
  if (ok) append_.passed_full(m.head, m.entries);
  return ok;
}

result<void> gather_encoder::message(const message_view& m, gather_frame& out, const request_id* id) {
  if (auto ok = check_counts(m, options_.limit); !ok) return ok;
  if (id != nullptr && !has_frames(options_.format)) return error{errc::not_in_the_form, 0, 0, 0};
  return options_.format == wire_format::etcd_append ? appended(m, out) : framed(m, out, id);
}

}  // namespace copycost::raft
