// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/common/segment_format.h"

#include <fmt/format.h>

#include <charconv>

#include "scenarios/common/crc32c.h"

namespace copycost::event_store {
namespace {

constexpr std::string_view kEventsMagic = "ccevents", kFirstMagic = "ccfirst\n", kEnding = ".events";
constexpr std::size_t kDigits = 20, kVersionAt = 8, kSumAt = 12, kFirstAt = 16;

template <class T>
void put(std::byte* to, std::size_t at, T value) {
  std::memcpy(to + at, &value, sizeof value);  // not payload: a field of a header
}
template <class T>
T get(bytes_view from, std::size_t at) {
  T value;
  std::memcpy(&value, from.data() + at, sizeof value);  // not payload: a field of a header
  return value;
}

// Of everything but itself.
std::uint32_t sum_of(bytes_view bytes) { return crc32c(crc32c(0, bytes.first(kSumAt)), bytes.subspan(kSumAt + 4)); }

void frame(std::span<std::byte> bytes, std::string_view magic) {
  std::memcpy(bytes.data(), magic.data(), magic.size());  // not payload: the magic
  put(bytes.data(), kVersionAt, kFormatVersion);
  put(bytes.data(), kSumAt, sum_of(bytes));
}

// Magic, version and checksum of `size` bytes.
result<void> check_frame(bytes_view bytes, std::size_t size, std::string_view magic, sequence first) {
  auto corrupt = [&](std::size_t at) { return error{.code = errc::corrupt_record, .seq = first, .at = at}; };
  if (bytes.size() < magic.size()) return corrupt(bytes.size());
  if (std::string_view(reinterpret_cast<const char*>(bytes.data()), magic.size()) != magic)
    return error{.code = errc::foreign_file, .got = get<std::uint64_t>(bytes, 0)};
  if (bytes.size() < kSumAt) return corrupt(bytes.size());
  if (const auto version = get<std::uint32_t>(bytes, kVersionAt); version != kFormatVersion)
    return error{.code = errc::unsupported_version, .at = kVersionAt, .expected = kFormatVersion, .got = version};
  if (bytes.size() < size) return corrupt(bytes.size());
  if (get<std::uint32_t>(bytes, kSumAt) != sum_of(bytes.first(size))) return corrupt(kSumAt);
  return {};
}

}  // namespace

std::array<std::byte, kFileHeader> encode(const file_header& h) {
  std::array<std::byte, kFileHeader> bytes{};
  put(bytes.data(), kFirstAt, h.first);
  put(bytes.data(), 24, h.created_ms);
  put(bytes.data(), 32, h.before.high);
  put(bytes.data(), 40, h.before.low);
  frame(bytes, kEventsMagic);
  return bytes;
}

result<file_header> decode_header(bytes_view bytes, sequence first) {
  if (const auto fine = check_frame(bytes, kFileHeader, kEventsMagic, first); !fine.ok()) return fine.error();
  file_header h;
  h.first = get<std::uint64_t>(bytes, kFirstAt);
  h.created_ms = get<std::uint64_t>(bytes, 24);
  h.before = {get<std::uint64_t>(bytes, 32), get<std::uint64_t>(bytes, 40)};
  if (h.first != first) return error{.code = errc::corrupt_record, .seq = first, .at = kFirstAt};
  return h;
}

std::array<std::byte, kMark> encode_mark(sequence first) {
  std::array<std::byte, kMark> bytes{};
  put(bytes.data(), kFirstAt, first);
  frame(bytes, kFirstMagic);
  return bytes;
}

result<sequence> decode_mark(bytes_view bytes) {
  if (const auto fine = check_frame(bytes, kMark, kFirstMagic, kStart); !fine.ok()) return fine.error();
  return get<std::uint64_t>(bytes, kFirstAt);
}

std::string file_name(sequence first) { return fmt::format("{:0{}}{}", first, kDigits, kEnding); }

std::optional<sequence> first_of(std::string_view name) {
  if (name.size() != kDigits + kEnding.size() || !name.ends_with(kEnding)) return {};
  sequence first = 0;
  const auto read = std::from_chars(name.data(), name.data() + kDigits, first);
  if (read.ec != std::errc() || read.ptr != name.data() + kDigits) return {};
  return first;
}

}  // namespace copycost::event_store
