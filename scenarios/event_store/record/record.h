// SPDX-License-Identifier: Apache-2.0
//
// An event as bytes: the same in memory, in a shared mapping and in a file, so that a view is a pointer.
//
//   [size u32|crc u32|seq u64|id 2 x u64|time i64|kind u16|lengths 4 x u16|behind u16|head u32|payload|names] pad to 8
//    0        4       8       16         32       40 |     42              50         52       56      ^ kind name,
//                                                    |                                                 entity, related,
//                                                    top bit: more of the same append follows          source
//
// Little-endian. `size` counts everything but the pad, which is zero. Names are UTF-8 by convention; nothing checks it.
// Some fields have a value only in files, and are 0 in memory:
//   crc, head        CRC32C of bytes [8, size), and of [0, 4) and [8, 52): a damaged length differs from a record that
//                    was cut short
//   behind           how many events in front of this one were not known to be on the disk when it was written (65,535:
//                    that many or more): a hole differs from damage
//   top bit of kind  the next record is of the same append: a batch is found as a whole or not at all
//
// Lifetime: a view borrows; it is valid as long as what it was read from.
// Threads: safe; pure functions.
// Cost: encoding copies the payload once (COPIES:), and nothing where the payload is written in place.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "harness/ledger/witness/counters.h"
#include "scenarios/common/bytes.h"
#include "scenarios/event_store/record/error.h"
#include "scenarios/event_store/record/kinds.h"
#include "scenarios/event_store/record/ulid.h"

namespace copycost::event_store {
static_assert(std::endian::native == std::endian::little);

using sequence = std::uint64_t;
// In front of the first event: the checkpoint of who has seen nothing. kStart + 1 is 0.
inline constexpr sequence kStart = ~sequence{0};

inline constexpr std::size_t kRecordHeader = 56, kNameMax = 1024, kRecordMax = std::size_t{64} << 20;
inline constexpr std::size_t padded(std::size_t size) { return (size + 7) & ~std::size_t{7}; }

// What an append takes. Borrows everything.
struct draft {
  kind what = kind::other;
  std::string_view kind_name;  // of `other`, 1 to kNameMax bytes; empty otherwise
  std::string_view entity;     // 1 to kNameMax bytes; may be empty for worker_unhealthy only
  std::string_view related;    // a second entity: the dependency resolved, the name before a renaming; may be empty
  std::string_view source;     // the id that the event has where it comes from; may be empty
  std::int64_t time = 0;       // when it happened, as its source says; never looked at by the store
  bytes_view payload;
};

namespace detail {
inline constexpr std::uint16_t kMore = 0x8000;  // of `kind`
}

// A borrowed event. VALID UNTIL: see the function that made it.
class event_view {
 public:
  explicit event_view(const std::byte* record) : at_(record) {}

  std::uint32_t size() const { return read<std::uint32_t>(0); }  // of the record without its pad
  std::uint32_t checksum() const { return read<std::uint32_t>(4); }
  sequence seq() const { return read<std::uint64_t>(8); }
  std::uint16_t behind() const { return read<std::uint16_t>(50); }
  ulid id() const { return {read<std::uint64_t>(16), read<std::uint64_t>(24)}; }
  std::int64_t time() const { return read<std::int64_t>(32); }
  kind what() const { return static_cast<kind>(read<std::uint16_t>(40) & ~detail::kMore); }
  bool more() const { return (read<std::uint16_t>(40) & detail::kMore) != 0; }  // the append does not end here
  // VALID UNTIL: as the view, here and below.
  bytes_view payload() const { return {at_ + kRecordHeader, payload_size()}; }
  std::string_view kind_name() const {  // VALID UNTIL: as the view
    return what() == kind::other ? text(0, length(0)) : to_string(what());
  }
  // VALID UNTIL: as the view
  std::string_view entity() const { return text(length(0), length(1)); }
  // VALID UNTIL: as the view
  std::string_view related() const { return text(length(0) + length(1), length(2)); }
  // VALID UNTIL: as the view
  std::string_view source() const { return text(length(0) + length(1) + length(2), length(3)); }
  // VALID UNTIL: as the view
  bytes_view record() const { return {at_, size()}; }
  // VALID UNTIL: as the view.
  const std::byte* next() const { return at_ + padded(size()); }

 private:
  template <class T>
  T read(std::size_t at) const {
    T value;
    std::memcpy(&value, at_ + at, sizeof value);
    return value;
  }
  std::size_t payload_size() const { return size() - kRecordHeader - length(0) - length(1) - length(2) - length(3); }
  std::size_t length(unsigned name) const { return read<std::uint16_t>(42 + 2 * name); }
  std::string_view text(std::size_t from, std::size_t n) const {  // VALID UNTIL: as the view
    return {reinterpret_cast<const char*>(at_) + kRecordHeader + payload_size() + from, n};
  }
  const std::byte* at_;
};

// Bytes of the record of `d` with a payload of `payload` bytes, without the pad.
inline std::size_t record_size(const draft& d, std::size_t payload) {
  return kRecordHeader + payload + d.kind_name.size() + d.entity.size() + d.related.size() + d.source.size();
}
// Errors: bad_name, size_exceeded (the record would have more than `limit` bytes).
result<void> check_draft(const draft& d, std::size_t payload, std::size_t limit);

namespace detail {
// Everything but the payload and the checksum. Answers where the payload goes. REQUIRES: check_draft(); room for
// padded(record_size()) bytes. VALID UNTIL: the memory is.
inline std::byte* write_frame(std::byte* to, sequence seq, const ulid& id, const draft& d, std::size_t payload) {
  auto put = [to](std::size_t at, auto value) { std::memcpy(to + at, &value, sizeof value); };
  const std::size_t size = record_size(d, payload);
  const std::uint64_t zero = 0;
  std::memcpy(to + padded(size) - 8, &zero, 8);  // the pad; what else it covers is written below
  put(0, static_cast<std::uint64_t>(size));
  put(8, seq);
  put(16, id.high);
  put(24, id.low);
  put(32, d.time);
  put(40, static_cast<std::uint64_t>(d.what) | static_cast<std::uint64_t>(d.kind_name.size()) << 16 |
              static_cast<std::uint64_t>(d.entity.size()) << 32 | static_cast<std::uint64_t>(d.related.size()) << 48);
  put(48, static_cast<std::uint64_t>(d.source.size()));
  std::byte* name = to + kRecordHeader + payload;
  for (const std::string_view n : {d.kind_name, d.entity, d.related, d.source})
    if (!n.empty()) {
      std::memcpy(name, n.data(), n.size());
      name += n.size();
    }
  return to + kRecordHeader;
}
}  // namespace detail

// Writes the record; the checksum is left 0. COPIES: the payload. REQUIRES: check_draft(); room for the padded record.
inline void write_record(std::byte* to, sequence seq, const ulid& id, const draft& d) {
  counted_copy(detail::write_frame(to, seq, id, d, d.payload.size()), d.payload.data(), d.payload.size());
}

// Puts `behind`, `more` (of the same append follows) and both checksums where they belong. REQUIRES: write_record();
// no other thread looks at it.
void seal_record(std::byte* record, sequence behind, bool more = false);

// What stands at the front of bytes from elsewhere: everything is checked.
enum class found : std::uint8_t {
  whole,    // a record, with the right checksums
  partial,  // the front of a record: more bytes are needed than there are
  nothing,  // a header's worth of zeros: nothing was written here
  damaged,  // anything else
};
// `size`: of a record with a right head, the padded size that it has or would have; 0 otherwise. Never reads behind
// `bytes`.
found look(bytes_view bytes, std::size_t& size);

}  // namespace copycost::event_store
