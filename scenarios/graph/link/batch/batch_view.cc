// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/link/batch/batch_view.h"

#include "harness/base/check.h"
#include "scenarios/graph/items/names/name_table.h"

namespace copycost::graph {
namespace {

// An error at a byte of the body, counted from the start of the batch.
error at_byte(errc code, std::size_t in_body, std::uint64_t expected, std::uint64_t got) {
  return {code, kBatchHead + in_body, expected, got};
}

}  // namespace

result<batch_view> batch_view::parse(const batch_head& head, bytes_view body) {
  COPYCOST_REQUIRE(body.size() == head.unpacked);
  batch_view made;
  made.body_ = body;
  made.items_ = head.items;
  made.headers_ = head.headers;
  made.names_ = head.names;
  // read_head() has seen that the records are there: what they say can be read.
  COPYCOST_REQUIRE(made.texts_at() <= body.size());
  if (const auto ok = made.check_names(); !ok) return ok.error();
  if (const auto ok = made.check_headers(); !ok) return ok.error();
  if (const auto ok = made.check_items(); !ok) return ok.error();
  return made;
}

result<void> batch_view::check_names() {
  const std::size_t room = body_.size() - texts_at();
  std::uint32_t before = 0;
  for (std::uint32_t i = 0; i < names_; ++i) {
    const std::uint32_t end = name_end(i);
    const std::size_t at = name_ends_at() + std::size_t{i} * kNameRecord;
    // Not empty: that name is 0.
    if (end <= before) return at_byte(errc::bad_length, at, before, end);
    if (end > room) return at_byte(errc::truncated_input, at, end, room);
    if (end - before > kNameMax) return at_byte(errc::too_large, at, kNameMax, end - before);
    before = end;
  }
  payload_at_ = texts_at() + before;
  return {};
}

result<void> batch_view::check_headers() const {
  for (std::uint32_t i = 0; i < headers_; ++i) {
    const auto [name, value] = header_at(i);
    const std::size_t at = headers_at() + std::size_t{i} * kHeaderRecord;
    if (name > names_) return at_byte(errc::bad_length, at, names_, name);
    if (value > names_) return at_byte(errc::bad_length, at + 4, names_, value);
  }
  return {};
}

result<void> batch_view::check_items() const {
  const std::size_t room = body_.size() - payload_at_;
  std::uint32_t payload = 0, seen = 0;
  for (std::uint32_t i = 0; i < items_; ++i) {
    const std::size_t at = std::size_t{i} * kItemRecord;
    const std::uint32_t end = payload_end(i), last = headers_end(i);
    if (end < payload) return at_byte(errc::bad_length, at + 8, payload, end);
    if (end > room) return at_byte(errc::truncated_input, at + 8, end, room);
    if (end - payload > kItemMax) return at_byte(errc::too_large, at + 8, kItemMax, end - payload);
    if (last < seen) return at_byte(errc::bad_length, at + 12, seen, last);
    if (last > headers_) return at_byte(errc::bad_length, at + 12, headers_, last);
    if (last - seen > kHeadersMax) return at_byte(errc::too_many_headers, at + 12, kHeadersMax, last - seen);
    if (source(i) > names_) return at_byte(errc::bad_length, at + 16, names_, source(i));
    payload = end;
    seen = last;
  }
  if (payload != room) return at_byte(errc::trailing_bytes, payload_at_ + payload, 0, 0);
  if (seen != headers_) return at_byte(errc::trailing_bytes, headers_at() + std::size_t{seen} * kHeaderRecord, 0, 0);
  return {};
}

std::string_view batch_view::name(std::uint32_t id) const {
  if (id == 0) return {};
  COPYCOST_ASSERT(id <= names_);
  const std::uint32_t begin = id == 1 ? 0 : name_end(id - 2), end = name_end(id - 1);
  return {reinterpret_cast<const char*>(body_.data()) + texts_at() + begin, end - begin};
}

}  // namespace copycost::graph
