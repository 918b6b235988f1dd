// SPDX-License-Identifier: Apache-2.0
#include "harness/base/check.h"
#include "impls/raft/common/protobuf_codec.h"
#include "scenarios/common/crc32c.h"

namespace copycost::raft {

result<std::byte*> protobuf_frame::begin(std::size_t n) {
  if (room_.view().size() < n) {
    auto room = copy_bytes::fresh(std::max(n, std::size_t{256}));
    if (!room) return room.error();
    room_ = std::move(room).value();
  }
  part_ = {room_.writable().data(), n};
  return room_.writable().data();
}

template <class Fill>
result<void> protobuf_encoder::framed(frame_head h, std::size_t size, protobuf_frame& out, Fill fill) const {
  if (size > options_.limit.payload) return error{errc::payload_too_large, 0, options_.limit.payload, size};
  const bool frames = has_frames(options_.format);
  const framing f = framing_of(options_.format);
  const std::size_t head = frames ? head_size(f, h) : kLengthBytes;
  auto at = out.begin(head + size);
  if (!at) return at.error();
  fill(*at + head);
  if (!frames) {
    store_big(*at, size);
    return {};
  }
  h.payload_length = static_cast<std::uint32_t>(size);
  h.payload_crc = f == framing::native ? crc32c(0, {*at + head, size}) : 0;
  write_head(f, h, *at);
  return {};
}

result<void> protobuf_encoder::message(const message_view& m, protobuf_frame& out, const request_id* id) {
  if (auto ok = check_counts(m, options_.limit); !ok) return ok;
  if (id != nullptr && !has_frames(options_.format)) return error{errc::not_in_the_form, 0, 0, 0};
  message_.Clear();
  to_proto(m, message_);
  frame_head h;
  if (id != nullptr) {
    h.flags = frame_flag::has_id;
    h.id = *id;
  }
  return framed(h, message_.ByteSizeLong(), out,
                [&](std::byte* at) { message_.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(at)); });
}

result<void> protobuf_encoder::frame(frame_head h, bytes_view payload, protobuf_frame& out) {
  COPYCOST_ASSERT(has_frames(options_.format));
  return framed(h, payload.size(), out, [&](std::byte* at) { counted_copy(at, payload.data(), payload.size()); });
}

}  // namespace copycost::raft
