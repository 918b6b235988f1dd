// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/link/batch/head.h"

#include <algorithm>

#include "harness/base/check.h"
#include "scenarios/common/crc32c.h"
#include "scenarios/graph/link/batch/words.h"

namespace copycost::graph {
namespace {

using wire::load;
using wire::store;

// Where the fields are.
constexpr std::size_t kVersionAt = 4, kFormAt = 6, kNumberAt = 8, kItemsAt = 16, kHeadersAt = 20, kNamesAt = 24,
                      kUnpackedAt = 28, kPackedAt = 32, kBodyCrcAt = 36, kHeadCrcAt = 40;

result<void> at_most(std::uint64_t at, std::uint64_t limit, std::uint64_t got) {
  if (got > limit) return error{errc::bad_length, at, limit, got};
  return {};
}

result<void> plausible_form(const batch_head& head) {
  if (head.form == batch_form::stored) return at_most(kPackedAt, head.unpacked, head.packed);
  if (head.form != batch_form::zstd)
    return error{errc::bad_compression, kFormAt, 0, static_cast<std::uint64_t>(head.form)};
  // What does not become smaller is stored.
  if (head.packed >= head.unpacked || head.unpacked / kExpansionMax > head.packed)
    return error{errc::bad_compression, kPackedAt, head.unpacked, head.packed};
  return {};
}

result<void> plausible(const batch_head& head, const batch_limits& limits) {
  if (const auto ok = at_most(kItemsAt, limits.items, head.items); !ok) return ok;
  if (const auto ok = at_most(kHeadersAt, limits.headers, head.headers); !ok) return ok;
  if (const auto ok = at_most(kNamesAt, limits.names, head.names); !ok) return ok;
  if (const auto ok = at_most(kUnpackedAt, std::min(limits.bytes, kBatchMax), head.unpacked); !ok) return ok;
  const std::uint64_t least = std::uint64_t{head.items} * kItemRecord + std::uint64_t{head.headers} * kHeaderRecord +
                              std::uint64_t{head.names} * kNameRecord;
  if (head.unpacked < least) return error{errc::truncated_input, kUnpackedAt, least, head.unpacked};
  // Stored: as many bytes follow as it has. at_most() in plausible_form() sees more of them, this sees fewer.
  if (head.form == batch_form::stored && head.packed < head.unpacked)
    return error{errc::truncated_input, kPackedAt, head.unpacked, head.packed};
  if (head.items == 0 && head.unpacked != 0) return error{errc::bad_length, kUnpackedAt, 0, head.unpacked};
  return plausible_form(head);
}

}  // namespace

void write_head(const batch_head& head, std::span<std::byte> to) {
  COPYCOST_REQUIRE(to.size() >= kBatchHead);
  std::byte* at = store(to.data(), kBatchMagic);
  at = store(at, kBatchVersion);
  at = store(at, static_cast<std::uint16_t>(head.form));
  at = store(at, head.number);
  for (const std::uint32_t field : {head.items, head.headers, head.names, head.unpacked, head.packed, head.body_crc})
    at = store(at, field);
  store(at, crc32c(0, to.first(kHeadCrcAt)));
}

result<batch_head> read_head(bytes_view in, const batch_limits& limits) {
  if (in.size() >= sizeof kBatchMagic)
    if (const auto magic = load<std::uint32_t>(in.data()); magic != kBatchMagic)
      return error{errc::bad_magic, 0, kBatchMagic, magic};
  if (in.size() < kBatchHead) return error{errc::truncated_input, 0, kBatchHead, in.size()};
  const std::byte* const from = in.data();
  if (const auto version = load<std::uint16_t>(from + kVersionAt); version != kBatchVersion)
    return error{errc::unsupported_version, kVersionAt, kBatchVersion, version};
  const std::uint32_t sum = crc32c(0, in.first(kHeadCrcAt)), said = load<std::uint32_t>(from + kHeadCrcAt);
  if (sum != said) return error{errc::bad_checksum, kHeadCrcAt, said, sum};
  batch_head head;
  head.form = static_cast<batch_form>(load<std::uint16_t>(from + kFormAt));
  head.number = load<std::uint64_t>(from + kNumberAt);
  head.items = load<std::uint32_t>(from + kItemsAt);
  head.headers = load<std::uint32_t>(from + kHeadersAt);
  head.names = load<std::uint32_t>(from + kNamesAt);
  head.unpacked = load<std::uint32_t>(from + kUnpackedAt);
  head.packed = load<std::uint32_t>(from + kPackedAt);
  head.body_crc = load<std::uint32_t>(from + kBodyCrcAt);
  if (const auto ok = plausible(head, limits); !ok) return ok.error();
  return head;
}

result<batch_head> read_whole(bytes_view in, const batch_limits& limits) {
  const auto head = read_head(in, limits);
  if (!head) return head;
  const bytes_view body = in.subspan(kBatchHead);
  if (body.size() < head->packed) return error{errc::truncated_input, kBatchHead, head->packed, body.size()};
  if (body.size() > head->packed) return error{errc::trailing_bytes, kBatchHead + head->packed, 0, 0};
  if (const std::uint32_t sum = crc32c(0, body); sum != head->body_crc)
    return error{errc::bad_checksum, kBodyCrcAt, head->body_crc, sum};
  return head;
}

}  // namespace copycost::graph
