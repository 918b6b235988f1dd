// SPDX-License-Identifier: Apache-2.0
//
// The signature pattern: payload bytes that can be recognised wherever a copy of them turns up.
//
//   payload       |cell 0  |cell 1  |cell 2  | ...              8 bytes each
//   binary cell   '~' and seven bytes with the top bit set: 14 bits of epoch, 35 bits of cell number
//   text cell     '~' and seven characters that are valid text
//
// '~' occurs only at the start of a cell, so a copy is found at any alignment, and its cell numbers say which bytes
// were copied. The epoch is new for every episode, so what an earlier episode left in freed memory is not counted. The
// last byte of a cell depends on the epoch too, so that a copy which cuts a cell is not completed by the bytes of an
// earlier episode that lie behind it.
//
// Threads: safe; pure functions.
// Cost: writing about a memset; counting about a walk over the memory.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace copycost::pattern {

inline constexpr std::size_t kCellBytes = 8;
inline constexpr unsigned kEpochBits = 14;
inline constexpr std::uint16_t kEpochs = 1u << kEpochBits;  // valid epochs are 1 .. kEpochs - 1; 0 is "no pattern"
inline constexpr unsigned char kMark = 0x7E;

// The cell with number `index` (35 bits) of `epoch`, as it lies in memory on a little-endian machine.
inline std::uint64_t cell(std::uint16_t epoch, std::uint64_t index) {
  std::uint64_t value = kMark;
  value |= (0x80ull | (epoch & 127u)) << 8 | (0x80ull | (epoch >> 7 & 127u)) << 16;
  for (unsigned group = 0; group < 5; ++group)  // most significant group first, the low seven bits in the last byte
    value |= (0x80ull | (index >> (28 - 7 * group) & 127u)) << (24 + 8 * group);
  return value ^ static_cast<std::uint64_t>(epoch & 127u) << 56;
}

// The first cell number of payload `id`: payloads of up to 16 MiB do not share cell numbers (ids wrap at 2^14).
inline std::uint64_t first_cell(std::uint64_t id) { return (id & 0x3FFFu) << 21; }

// Writes the pattern of payload `id` over `size` bytes; the last cell is cut where the size is no multiple of 8.
// `begin` is the position in the payload at which `target` starts. REQUIRES: begin is a multiple of 8.
inline void write(void* target, std::size_t size, std::uint16_t epoch, std::uint64_t id, std::size_t begin = 0) {
  auto* out = static_cast<unsigned char*>(target);
  std::uint64_t index = first_cell(id) + begin / kCellBytes;
  std::size_t cells = size / kCellBytes;
  while (cells > 0) {
    const std::uint64_t base = cell(epoch, index & ~127ull);
    std::uint64_t low = index & 127u;
    const std::uint64_t run = cells < 128 - low ? cells : 128 - low;
    for (std::uint64_t k = 0; k < run; ++k, ++low) {
      const std::uint64_t value = base ^ low << 56;
      __builtin_memcpy(out + k * kCellBytes, &value, kCellBytes);
    }
    out += run * kCellBytes;
    index += run;
    cells -= static_cast<std::size_t>(run);
  }
  const std::uint64_t last = cell(epoch, index);
  for (std::size_t i = 0; i < size % kCellBytes; ++i) out[i] = static_cast<unsigned char>(last >> (8 * i));
}

inline constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// A text cell: two characters of epoch (12 bits), four of cell number (24 bits), and one that closes the cell: it
// depends on all the others. `out` has room for 8 characters.
inline void text_cell(char* out, std::uint16_t epoch, std::uint64_t index) {
  out[0] = static_cast<char>(kMark);
  out[1] = kAlphabet[epoch & 63u];
  out[2] = kAlphabet[epoch >> 6 & 63u];
  std::uint64_t close = epoch;
  for (unsigned i = 0; i < 4; ++i) {
    const std::uint64_t group = index >> (18 - 6 * i) & 63u;
    out[3 + i] = kAlphabet[group];
    close ^= group;
  }
  out[7] = kAlphabet[close & 63u];
}

namespace detail {
inline bool is_binary_cell(const unsigned char* p, std::uint16_t epoch, std::uint64_t& index) {
  std::uint64_t value;
  __builtin_memcpy(&value, p, kCellBytes);
  constexpr std::uint64_t kTop = 0x8080808080808000ull;
  if ((value & 0xFF) != kMark || (value & kTop) != kTop) return false;
  if ((value >> 8 & 127u) != (epoch & 127u) || (value >> 16 & 127u) != (epoch >> 7 & 127u)) return false;
  index = 0;
  for (unsigned group = 0; group < 5; ++group) index = index << 7 | (value >> (24 + 8 * group) & 127u);
  index ^= epoch & 127u;
  return true;
}
// The place of a character in the alphabet, or 64.
inline unsigned place_of(unsigned char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return 26u + c - 'a';
  if (c >= '0' && c <= '9') return 52u + c - '0';
  return c == '+' ? 62 : c == '/' ? 63 : 64;
}
inline bool is_text_cell(const unsigned char* p, std::uint16_t epoch) {
  if (p[0] != kMark || p[1] != static_cast<unsigned char>(kAlphabet[epoch & 63u]) ||
      p[2] != static_cast<unsigned char>(kAlphabet[epoch >> 6 & 63u]))
    return false;
  unsigned close = epoch & 63u;
  for (unsigned i = 3; i < 7; ++i) {
    const unsigned group = place_of(p[i]);
    if (group > 63) return false;
    close ^= group;
  }
  return p[7] == static_cast<unsigned char>(kAlphabet[close]);
}
// Finds where a cell of one epoch may begin: sixteen places at a time, because memory is full of cells of earlier
// episodes.
class cell_finder {
 public:
  explicit cell_finder(std::uint16_t epoch)
      : binary_{static_cast<unsigned char>(0x80u | (epoch & 127u)),
                static_cast<unsigned char>(0x80u | (epoch >> 7 & 127u))},
        text_{static_cast<unsigned char>(kAlphabet[epoch & 63u]),
              static_cast<unsigned char>(kAlphabet[epoch >> 6 & 63u])} {}

  // The first place at or behind `p` with a whole cell's room and the first three bytes of a cell, or null.
  const unsigned char* next(const unsigned char* p, const unsigned char* end) const {
    for (; static_cast<std::size_t>(end - p) >= sizeof(sixteen) + 2; p += sizeof(sixteen)) {
      const sixteen mark = load(p), second = load(p + 1), third = load(p + 2);
      const auto found = (mark == kMark) & (((second == binary_[0]) & (third == binary_[1])) |
                                            ((second == text_[0]) & (third == text_[1])));
      std::uint64_t halves[2];
      __builtin_memcpy(halves, &found, sizeof halves);
      if ((halves[0] | halves[1]) != 0) break;
    }
    for (; static_cast<std::size_t>(end - p) >= kCellBytes; ++p)
      if (p[0] == kMark && ((p[1] == binary_[0] && p[2] == binary_[1]) || (p[1] == text_[0] && p[2] == text_[1])))
        return p;
    return nullptr;
  }

 private:
  using sixteen = unsigned char __attribute__((vector_size(16)));
  static sixteen load(const unsigned char* p) {
    sixteen out;
    __builtin_memcpy(&out, p, sizeof out);
    return out;
  }
  unsigned char binary_[2], text_[2];
};

// Bytes of the run of binary cells around the one at `at`, with `cut` the cut cells at both ends included, the one in
// front only where nothing else is in front of it; `next` is behind the run.
inline std::size_t binary_run(const unsigned char* at, const unsigned char* begin, const unsigned char* end,
                              std::uint16_t epoch, std::uint64_t index, bool cut, const unsigned char*& next) {
  std::size_t bytes = 0;
  const std::uint64_t before = cell(epoch, index - 1);
  std::size_t front = 0;
  while (cut && front + 1 < kCellBytes && at - front > begin &&
         *(at - front - 1) == static_cast<unsigned char>(before >> (8 * (kCellBytes - front - 1))))
    ++front;
  // What lies in front of the run and is no part of it, a checksum for one, may look like the end of a cell by chance.
  if (at - front == begin) bytes += front;
  const unsigned char* p = at;
  std::uint64_t number = index;
  for (std::uint64_t expected = index; static_cast<std::size_t>(end - p) >= kCellBytes; ++expected) {
    if (!is_binary_cell(p, epoch, number) || number != expected) break;
    p += kCellBytes;
    bytes += kCellBytes;
    index = expected;
  }
  const std::uint64_t after = cell(epoch, index + 1);
  for (unsigned i = 0; cut && i < kCellBytes && p < end; ++i, ++p, ++bytes)
    if (*p != static_cast<unsigned char>(after >> (8 * i))) break;
  next = p;
  return bytes;
}
}  // namespace detail

// Whether the memory is exactly one copy (a memcpy's source), whose ends may cut cells, or a larger area in which
// copies lie, whose neighbours could look like the end of a cell by chance.
enum class extent { one_copy, area };

// Bytes of `epoch`'s pattern in a piece of memory, at any alignment. One binary copy is counted to the byte when it
// holds a whole cell (any piece of 15 bytes does). Of text, whole cells are counted. A lone binary cell with something
// else around it is nothing: in an area it may be a register that the producer's own code spilt, in a copy of much that
// is no payload (ids, checksums) one is found by chance every 2^29 bytes. REQUIRES: the memory is readable. Never
// allocates; safe inside a memcpy hook.
inline std::size_t count(const void* memory, std::size_t size, std::uint16_t epoch, extent what = extent::one_copy) {
  const auto* begin = static_cast<const unsigned char*>(memory);
  const unsigned char* end = begin + size;
  const unsigned char* p = begin;
  const unsigned char* counted = begin;  // bytes before it belong to a run that was counted
  std::size_t bytes = 0;
  const detail::cell_finder cells(epoch);
  while ((p = cells.next(p, end)) != nullptr) {
    std::uint64_t index = 0;
    if (detail::is_binary_cell(p, epoch, index)) {
      const unsigned char* const at = p;
      const std::size_t run = detail::binary_run(at, counted, end, epoch, index, what == extent::one_copy, p);
      const bool alone = run == kCellBytes && (what == extent::area || (at != begin && p != end));
      if (!alone) bytes += run;
      counted = p;
    } else if (detail::is_text_cell(p, epoch)) {
      bytes += kCellBytes;
      p += kCellBytes;
      counted = p;
    } else {
      ++p;
    }
  }
  return bytes;
}

// Calls see(begin, end) for each run of whole cells of `epoch`'s pattern, in order; a lone binary cell is none (see
// count). REQUIRES: the memory is readable and does not change meanwhile. Never allocates.
template <class See>
void each_run(const void* memory, std::size_t size, std::uint16_t epoch, See see) {
  const auto* p = static_cast<const unsigned char*>(memory);
  const unsigned char* const end = p + size;
  const detail::cell_finder cells(epoch);
  while ((p = cells.next(p, end)) != nullptr) {
    const unsigned char* const begin = p;
    std::uint64_t index = 0;
    while (static_cast<std::size_t>(end - p) >= kCellBytes &&
           (detail::is_binary_cell(p, epoch, index) || detail::is_text_cell(p, epoch)))
      p += kCellBytes;
    if (p - begin > static_cast<std::ptrdiff_t>(kCellBytes)) see(begin, p);
    if (p == begin) ++p;
  }
}

}  // namespace copycost::pattern
