// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/record/ulid.h"

namespace copycost::event_store {
namespace {
constexpr char kDigits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // no I, L, O, U

int digit_of(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  for (int i = 0; i < 32; ++i)
    if (kDigits[i] == c) return i;
  return -1;
}
}  // namespace

std::string to_string(const ulid& id) {
  std::string text(26, '0');
  std::uint64_t high = id.high, low = id.low;
  for (std::size_t i = 26; i-- > 0;) {
    text[i] = kDigits[low & 31u];
    low = low >> 5 | (high & 31u) << 59;
    high >>= 5;
  }
  return text;
}

std::optional<ulid> ulid_of(std::string_view text) {
  if (text.size() != 26 || digit_of(text[0]) > 7) return std::nullopt;  // 26 x 5 is 130 bits; the first two are 0
  ulid id;
  for (const char c : text) {
    const int d = digit_of(c);
    if (d < 0) return std::nullopt;
    id.high = id.high << 5 | id.low >> 59;
    id.low = id.low << 5 | static_cast<unsigned>(d);
  }
  return id;
}

}  // namespace copycost::event_store
