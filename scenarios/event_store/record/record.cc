// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/record/record.h"

#include <algorithm>

#include "scenarios/common/crc32c.h"

namespace copycost::event_store {

result<void> check_draft(const draft& d, std::size_t payload, std::size_t limit) {
  auto bad = [](std::string_view name) {
    return error{.code = errc::bad_name, .expected = kNameMax, .got = name.size()};
  };
  if ((d.what == kind::other) == d.kind_name.empty()) return bad(d.kind_name);
  if (d.entity.empty() && d.what != kind::worker_unhealthy) return bad(d.entity);
  for (const std::string_view name : {d.kind_name, d.entity, d.related, d.source})
    if (name.size() > kNameMax) return bad(name);
  if (payload > limit || record_size(d, payload) > limit)
    return error{.code = errc::size_exceeded, .expected = limit, .got = record_size(d, payload)};
  return {};
}

namespace {

std::uint32_t head_sum(const std::byte* record) { return crc32c(crc32c(0, {record, 4}), {record + 8, 44}); }
std::uint32_t record_sum(const std::byte* record, std::size_t size) { return crc32c(0, {record + 8, size - 8}); }
std::uint32_t word(const std::byte* at) {
  std::uint32_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace

// Fields are stored eight bytes at a time, as the checksum loads them: a load behind a narrower store would wait for
// it.
void seal_record(std::byte* record, sequence behind, bool more) {
  const auto load = [record](std::size_t at) {
    std::uint64_t value;
    std::memcpy(&value, record + at, sizeof value);
    return value;
  };
  const auto store = [record](std::size_t at, std::uint64_t value) { std::memcpy(record + at, &value, sizeof value); };
  store(40, load(40) | (more ? std::uint64_t{detail::kMore} : 0));
  const std::uint64_t tail = (load(48) & 0xFFFF) | std::min<sequence>(behind, 0xFFFF) << 16;
  store(48, tail);
  store(48, tail | std::uint64_t{head_sum(record)} << 32);
  const std::uint32_t sum = record_sum(record, word(record));
  std::memcpy(record + 4, &sum, sizeof sum);
}

namespace {

bool all_zero(bytes_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

// Whether the lengths inside of a record of `size` bytes add up. REQUIRES: size >= kRecordHeader.
bool adds_up(const std::byte* record, std::size_t size) {
  std::uint16_t lengths[5];  // kind, four names
  std::memcpy(lengths, record + 40, sizeof lengths);
  lengths[0] &= static_cast<std::uint16_t>(~detail::kMore);
  if (lengths[0] >= kKinds) return false;
  std::size_t names = 0;
  for (unsigned i = 1; i <= 4; ++i) {
    if (lengths[i] > kNameMax) return false;
    names += lengths[i];
  }
  return kRecordHeader + names <= size && (lengths[1] > 0) == (lengths[0] == unsigned(kind::other));
}

}  // namespace

found look(bytes_view bytes, std::size_t& size) {
  size = 0;
  const std::byte* const record = bytes.data();
  if (all_zero(bytes.first(std::min(bytes.size(), kRecordHeader)))) return found::nothing;
  if (bytes.size() < kRecordHeader) return found::partial;
  const std::size_t said = word(record);
  if (word(record + 52) != head_sum(record) || said < kRecordHeader || said > kRecordMax || !adds_up(record, said))
    return found::damaged;
  size = padded(said);
  if (size > bytes.size()) return found::partial;
  if (word(record + 4) != record_sum(record, said) || !all_zero(bytes.subspan(said, size - said)))
    return found::damaged;
  return found::whole;
}

}  // namespace copycost::event_store
