// SPDX-License-Identifier: Apache-2.0
//
// A case of a law as text: rapidcheck's random state, the size and the way of the shrinking, in base 64; and the case
// that runs, in memory that outlives its process. For run_laws.cc only: includes rapidcheck.
//
// Threads: a value.
// Cost: about 100 characters a case, a microsecond.
#pragma once
#include <rapidcheck.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/failure.h"

namespace copycost {

// Base 64 with the alphabet for file names (RFC 4648, section 5), without padding.
inline constexpr std::string_view kReplayDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

inline std::string replay_code(const rc::detail::Reproduce& of) {
  std::vector<std::uint8_t> bytes;
  rc::detail::serialize(of, std::back_inserter(bytes));
  std::string code;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); bit += 6) {
    const unsigned next = bit / 8 + 1 < bytes.size() ? bytes[bit / 8 + 1] : 0u;
    code += kReplayDigits[((unsigned{bytes[bit / 8]} << 8 | next) >> (10 - bit % 8)) & 63u];
  }
  return code;
}

// Throws failure{usage} when the text is no code.
inline rc::detail::Reproduce from_replay_code(std::string_view code) {
  std::vector<std::uint8_t> bytes;
  unsigned held = 0, bits = 0;
  for (const char c : code) {
    const std::size_t digit = kReplayDigits.find(c);
    if (digit == std::string_view::npos)
      throw failure(exit_code::usage, std::string("replay: '") + c + "' is no digit of a code");
    held = held << 6 | static_cast<unsigned>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<std::uint8_t>(held >> bits));
    }
  }
  rc::detail::Reproduce out{};
  try {
    rc::detail::deserialize(bytes.begin(), bytes.end(), out);
  } catch (const rc::detail::SerializationException&) {
    throw failure(exit_code::usage, "replay: the code behind '@' is cut off");
  }
  return out;
}

// The case that runs, in memory that a process leaves behind when it dies.
class last_case {
 public:
  last_case()
      : kept_(static_cast<content*>(
            ::mmap(nullptr, sizeof(content), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
    if (kept_ == MAP_FAILED) throw failure(exit_code::internal, "no memory for the case that runs");
  }
  ~last_case() { ::munmap(kept_, sizeof(content)); }
  last_case(const last_case&) = delete;
  last_case& operator=(const last_case&) = delete;

  void note(const rc::Random& random, int size) {
    const std::string code = replay_code({random, size, {}});
    kept_->size = std::min(code.size(), sizeof kept_->code);
    std::copy_n(code.data(), kept_->size, kept_->code);
    ++kept_->cases;
  }
  int cases() const { return kept_->cases; }
  std::string code() const { return {kept_->code, kept_->size}; }

 private:
  struct content {
    int cases;
    std::size_t size;
    char code[1024];
  };
  content* kept_;
};

}  // namespace copycost
