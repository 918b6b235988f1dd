// SPDX-License-Identifier: Apache-2.0
#include "impls/raft/published/write.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "scenarios/raft/wire/encode.h"

namespace copycost::raft {
namespace {

constexpr std::size_t kEstimate = 36;  // what the original takes for length and head
constexpr std::size_t kHeadReserve = 256;
constexpr std::string_view kService = "raft", kMethod = "raft.message";

std::byte* put_text(std::byte* at, std::string_view text) {
  const std::uint64_t size = text.size();
  std::memcpy(at, &size, sizeof size);                      // not payload: lengths and names
  std::memcpy(at + sizeof size, text.data(), text.size());  // not payload: lengths and names
  return at + sizeof size + text.size();
}

}  // namespace

void published_frame::add(const std::byte* data, std::size_t size) {
  if (size == 0) return;
  parts_.push_back({const_cast<std::byte*>(data), size});  // written from, never to
  size_ += size;
}

void published_frame::clear() {
  payload_ = {};
  head_ = {};
  whole_ = {};
  parts_.clear();
  size_ = 0;
}

result<copy_bytes> published_encoder::serialised(const message_view& m) const {
  if (auto ok = check_counts(m, options_.limit); !ok) return ok.error();
  const std::size_t size = encoded_size(m);
  if (size > options_.limit.payload) return error{errc::payload_too_large, 0, options_.limit.payload, size};
  auto bytes = copy_bytes::fresh(size + wire::kVarintMax + wire::kSlack);
  if (!bytes) return bytes;
  flat_writer w{bytes->writable().data()};
  encode_message(m, w);
  return bytes;
}

result<void> published_encoder::written(frame_head h, bytes_view payload, published_frame& out) const {
  if (payload.size() > options_.limit.payload)
    return error{errc::payload_too_large, 0, options_.limit.payload, payload.size()};
  h.payload_length = static_cast<std::uint32_t>(payload.size());  // fits: compared with the limit, which 32 bits hold
  const std::size_t room = kEstimate + payload.size();
  auto buffer = copy_bytes::fresh(room);
  if (buffer && room < kHeadReserve) buffer = copy_bytes::fresh(kHeadReserve);  // the reserve makes it grow at once
  if (!buffer) return buffer.error();
  out.head_ = std::move(buffer).value();
  const std::size_t head = write_head(framing::compat, h, out.head_.writable().data());
  if (payload.size() > kPublishedLarge) {
    constexpr std::size_t kLength = 4;
    out.add(out.head_.view().data(), kLength);
    out.add(out.head_.view().data() + kLength, head - kLength);
    for (std::size_t at = 0; at < payload.size(); at += kPublishedPiece)
      out.add(payload.data() + at, std::min(kPublishedPiece, payload.size() - at));
    return {};
  }
  auto whole = copy_bytes::fresh(head + payload.size());
  if (!whole) return whole.error();
  out.whole_ = std::move(whole).value();
  std::byte* const to = out.whole_.writable().data();
  std::memcpy(to, out.head_.view().data(), head);  // not payload: the head
  counted_copy(to + head, payload.data(), payload.size());
  out.add(to, head + payload.size());
  return {};
}

result<void> published_encoder::frame(frame_head h, bytes_view payload, published_frame& out) {
  out.clear();
  return written(h, payload, out);
}

result<void> published_encoder::message(const message_view& m, published_frame& out, const request_id* id) {
  out.clear();
  auto bytes = serialised(m);
  if (!bytes) return bytes.error();
  out.payload_ = std::move(bytes).value();
  frame_head h;
  if (id != nullptr) {
    h.flags = frame_flag::has_id;
    h.id = *id;
  }
  return written(h, out.payload_.view().first(encoded_size(m)), out);
}

result<void> published_encoder::request(const message_view& m, published_frame& out, const request_id& id) {
  out.clear();
  auto bytes = serialised(m);
  if (!bytes) return bytes.error();
  const std::uint64_t size = encoded_size(m);
  auto argument = copy_bytes::of(bytes->view().first(size));  // the request owns its argument
  if (!argument) return argument.error();
  auto body = copy_bytes::fresh(3 * sizeof size + kService.size() + kMethod.size() + size);
  if (!body) return body.error();
  std::byte* at = put_text(put_text(body->writable().data(), kService), kMethod);
  std::memcpy(at, &size, sizeof size);  // not payload: a length
  counted_copy(at + sizeof size, argument->view().data(), size);
  out.payload_ = std::move(body).value();
  return written({.type = frame_type::request, .flags = frame_flag::has_id, .id = id}, out.payload_.view(), out);
}

}  // namespace copycost::raft
