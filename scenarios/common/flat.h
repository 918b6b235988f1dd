// SPDX-License-Identifier: Apache-2.0
//
// A flat form of structured values: fields one after the other, without pads, little-endian.
//
//   number       u8, u32, u64, i64
//   text         u32 length, then as many bytes (UTF-8 by convention, not looked at)
//   optional     u32 0xFFFFFFFF: there is none; otherwise as text
//   list         u32 count, then as many texts
//
// flat_writer appends. flat_reader reads any bytes without harm: it never reads behind them and never allocates more
// than they justify. After the first fault it answers zeros and empty texts until the caller asks for the fault.
//
// Lifetime: what a reader answers borrows from the bytes that it was made over.
// Threads: a value.
// Cost: linear.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/check.h"
#include "scenarios/common/bytes.h"

namespace copycost {
static_assert(std::endian::native == std::endian::little);

class flat_writer {
 public:
  explicit flat_writer(std::string& to) : to_(&to) {}
  template <class T>
  void number(T value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);  // not payload: a number
    to_->append(bytes, sizeof value);
  }
  // REQUIRES: fewer than 2^32 - 1 bytes.
  void text(std::string_view value) {
    COPYCOST_ASSERT(value.size() < kNone);
    number(static_cast<std::uint32_t>(value.size()));  // fits: required
    to_->append(value);
  }
  template <class Text>
  void optional(const std::optional<Text>& value) {
    if (value)
      text(*value);
    else
      number(kNone);
  }
  template <class Texts>
  void list(const Texts& all) {
    number(static_cast<std::uint32_t>(all.size()));  // fits: each takes four bytes of a body
    for (const auto& one : all) text(one);
  }

  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

 private:
  std::string* to_;
};

class flat_reader {
 public:
  explicit flat_reader(bytes_view bytes) : all_(reinterpret_cast<const char*>(bytes.data()), bytes.size()) {}

  template <class T>
  T number() {
    T value{};
    const std::string_view bytes = take(sizeof value);
    if (!bytes.empty()) std::memcpy(&value, bytes.data(), sizeof value);  // not payload: a number
    return value;
  }
  // A number below `end`; a fault at its place otherwise.
  template <class T>
  T below(T end) {
    const std::size_t at = at_;
    const T value = number<T>();
    if (!fault_ && value >= end) fail(at);
    return fault_ ? T{} : value;
  }
  bool flag() { return below<std::uint8_t>(2) != 0; }
  std::string_view text() { return take(number<std::uint32_t>()); }  // VALID UNTIL: the bytes change
  std::optional<std::string_view> optional() {                       // VALID UNTIL: the bytes change
    const auto size = number<std::uint32_t>();
    if (fault_ || size == flat_writer::kNone) return std::nullopt;
    return take(size);
  }
  // VALID UNTIL: the bytes change.
  std::vector<std::string_view> list() {
    std::vector<std::string_view> all;
    const std::uint32_t count = entries(sizeof(std::uint32_t));
    all.reserve(count);
    for (std::uint32_t i = 0; i < count && !fault_; ++i) all.push_back(text());
    return all;
  }
  // How many entries follow, of at least so many bytes each: a fault where they cannot all be there.
  std::uint32_t entries(std::size_t least) {
    const std::size_t at = at_;
    const auto count = number<std::uint32_t>();
    if (!fault_ && count > (all_.size() - at_) / least) fail(at);
    return fault_ ? 0 : count;
  }

  // The first fault, or where something stands behind the last field; none: all is well.
  std::optional<std::size_t> fault() const {
    if (fault_) return fault_;
    return at_ == all_.size() ? std::nullopt : std::optional(at_);
  }
  bool failed() const { return fault_.has_value(); }
  void fail(std::size_t at) {
    if (!fault_) fault_ = at;
  }
  std::size_t at() const { return at_; }

 private:
  std::string_view take(std::size_t size) {  // VALID UNTIL: the bytes change
    if (fault_) return {};
    if (size > all_.size() - at_) {
      fail(at_);
      return std::string_view();
    }
    const std::string_view taken = all_.substr(at_, size);
    at_ += size;
    return taken;
  }
  std::string_view all_;
  std::size_t at_ = 0;
  std::optional<std::size_t> fault_;
};

// Names that must come in the order of their bytes, each once: what is canonical has one form only.
class name_order {
 public:
  // VALID UNTIL: the bytes change.
  std::string_view next(flat_reader& from) {
    const std::size_t at = from.at();
    const std::string_view name = from.text();
    if (!from.failed() && last_ && name <= *last_) from.fail(at);
    last_ = name;
    return name;
  }

 private:
  std::optional<std::string_view> last_;
};

}  // namespace copycost
