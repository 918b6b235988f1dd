// SPDX-License-Identifier: Apache-2.0
//
// Strict UTF-8: validation, repair, and decoding of a stream that arrives in pieces cut at arbitrary places.
//
// Well-formed is what table 3-7 of the Unicode Standard 15.0 says: no overlong forms, no surrogates, nothing above
// U+10FFFF. What is not well-formed falls into maximal subparts (section 3.9, "U+FFFD Substitution of Maximal
// Subparts"): the longest start of a well-formed sequence, or one byte.
//
// Lifetime: functions borrow their argument; a decoder owns up to four carried bytes.
// Threads: safe, pure functions; a decoder is a value.
// Cost: ASCII 32 bytes a step; other characters one at a time; no allocation except in to_lossy() on invalid input.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace copycost::utf8 {

inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
inline constexpr std::size_t kCharacterMax = 4;                   // bytes of the longest character

// The length in bytes of the longest well-formed prefix; bytes.size() when everything is valid. An incomplete
// character at the end is not part of it.
std::size_t valid_prefix(std::span<const std::byte> bytes);

// Bytes in front of an incomplete character at the end: bytes.size() minus 0 to 3 bytes that more input could complete.
// Invalid bytes count as complete, at the end too: no later byte can repair them, so there is nothing to carry.
// Looks at the last three bytes only, so it says nothing about validity further in front.
std::size_t complete_prefix(std::span<const std::byte> bytes);

// The character or maximal subpart at the front of some bytes.
enum class form : std::uint8_t { whole, invalid, incomplete };
struct character {
  std::size_t length = 0;  // bytes; of the maximal subpart where it is invalid, of what is there where incomplete
  form what = form::whole;
};
// REQUIRES: bytes is not empty.
character first_character(std::span<const std::byte> bytes);

// Text that is borrowed where it was valid, and owned where it had to be repaired.
class lossy_text {
 public:
  explicit lossy_text(std::string_view borrowed) : borrowed_(borrowed) {}
  explicit lossy_text(std::string repaired) : own_(std::move(repaired)), copied_(true) {}
  // VALID UNTIL: this object is destroyed, moved from or assigned; where !copied(), as the bytes it was made from.
  std::string_view text() const { return copied_ ? std::string_view(own_) : borrowed_; }
  bool copied() const { return copied_; }

 private:
  std::string_view borrowed_;
  std::string own_;
  bool copied_ = false;
};

// The bytes as text, with U+FFFD for each maximal subpart that is not well-formed (an incomplete character at the end
// is one). COPIES: the valid parts, only when something is invalid. Throws std::bad_alloc.
lossy_text to_lossy(std::span<const std::byte> bytes);

// strict: the first invalid byte ends decoding. lossy: U+FFFD stands for each maximal subpart, as in to_lossy().
enum class mode : std::uint8_t { strict, lossy };

// Decodes a stream piece by piece. A character that is cut by a boundary is carried (at most three bytes) and
// delivered whole with the next piece; all other text is delivered as views into the piece, without copying.
class decoder {
 public:
  explicit decoder(mode m = mode::strict) : mode_(m) {}

  // Calls sink(std::string_view) with valid text in order; views are VALID UNTIL: the sink returns. Answers false when
  // the stream is invalid (strict only): valid_up_to() says where, and later pieces deliver nothing.
  template <class Sink>
  bool feed(std::span<const std::byte> bytes, Sink&& sink);

  // Ends the stream: answers whether it ended at a character's boundary and was valid. A carried rest is delivered as
  // U+FFFD in lossy mode, dropped in strict mode. The decoder is then ready for another stream.
  template <class Sink>
  bool finish(Sink&& sink);

  // Bytes of the stream in front of the first invalid (strict only) or still incomplete character.
  std::uint64_t valid_up_to() const { return valid_up_to_; }
  // Bytes that wait for the rest of their character: 0 to 3.
  std::size_t carried() const { return carried_; }

 private:
  template <class Sink>
  bool complete_carried(std::span<const std::byte>& bytes, Sink& sink);
  template <class Sink>
  bool deliver(std::span<const std::byte> text, Sink& sink);
  template <class Sink>
  bool deliver_invalid(std::size_t length, Sink& sink);

  std::uint64_t valid_up_to_ = 0;
  std::byte carry_[kCharacterMax] = {};
  std::uint8_t carried_ = 0;
  mode mode_;
  bool failed_ = false;
};

template <class Sink>
bool decoder::deliver(std::span<const std::byte> text, Sink& sink) {
  valid_up_to_ += text.size();
  if (!text.empty()) sink(std::string_view(reinterpret_cast<const char*>(text.data()), text.size()));
  return true;
}

template <class Sink>
bool decoder::deliver_invalid(std::size_t length, Sink& sink) {
  if (mode_ == mode::strict) {
    failed_ = true;
    return false;
  }
  valid_up_to_ += length;
  sink(kReplacement);
  return true;
}

// Moves bytes from the front of the piece to the carried ones until their character is decided.
template <class Sink>
bool decoder::complete_carried(std::span<const std::byte>& bytes, Sink& sink) {
  while (carried_ > 0 && !bytes.empty()) {
    carry_[carried_] = bytes.front();
    const character c = first_character({carry_, carried_ + std::size_t{1}});
    if (c.what == form::invalid) {  // the carried bytes are the maximal subpart; the new byte starts something else
      const std::size_t length = carried_;
      if (!deliver_invalid(length, sink)) return false;
      carried_ = 0;
      break;
    }
    bytes = bytes.subspan(1);
    ++carried_;
    if (c.what == form::incomplete) continue;
    carried_ = 0;
    deliver({carry_, c.length}, sink);
  }
  return true;
}

template <class Sink>
bool decoder::feed(std::span<const std::byte> bytes, Sink&& sink) {
  if (failed_ || !complete_carried(bytes, sink)) return false;
  while (!bytes.empty()) {
    const std::size_t valid = valid_prefix(bytes);
    deliver(bytes.first(valid), sink);
    bytes = bytes.subspan(valid);
    if (bytes.empty()) break;
    const character c = first_character(bytes);
    if (c.what == form::incomplete) {
      for (const std::byte b : bytes) carry_[carried_++] = b;
      break;
    }
    if (!deliver_invalid(c.length, sink)) return false;
    bytes = bytes.subspan(c.length);
  }
  return true;
}

template <class Sink>
bool decoder::finish(Sink&& sink) {
  const bool whole = !failed_ && carried_ == 0;
  if (carried_ > 0 && mode_ == mode::lossy) sink(kReplacement);
  *this = decoder(mode_);
  return whole;
}

}  // namespace copycost::utf8
