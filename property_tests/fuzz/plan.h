// SPDX-License-Identifier: Apache-2.0
//
// What an input asks for beside its bytes. The first four bytes are the plan, the rest is what arrives:
//
//   [limits:2|pieces:2|applied:2|variant:2] [mode:2|place:6] [seed] [tail] bytes ...
//
//   limits   generous, small, tiny, or a megabyte            pieces  payloads above that many bytes come in pieces
//   applied  how often the batch ends (arena)                variant the target's own choice
//   mode     how the bytes are cut; place and seed say where
//   tail     above 0xFB: behind the bytes come their last ones again and again, up to 160 KiB, so that small inputs
//   reach
//            what large ones do
// Values; thread-safe.
#pragma once
#include <algorithm>
#include <cstdint>

#include "scenarios/raft/contract.h"

namespace copycost::raft::fuzz {

inline constexpr std::size_t kPlanBytes = 4;

enum class cutting : std::uint8_t { whole, in_two, one_by_one, at_random };

struct plan {
  inbox_options options;
  cutting mode = cutting::whole;
  std::uint8_t place = 0, seed = 0, variant = 0;
  unsigned applied_every = 0;  // units; 0: at the end only
  std::size_t tail = 0;
};

inline wire_limits limits_of(unsigned choice) {
  wire_limits l;
  if (choice == 1) {
    l.payload = 4 * kKiB;
    l.entries = 16;
  }
  if (choice == 2) {
    l.payload = 128;
    l.entries = 2;
    l.header = 32;
    l.streamed = 300;
  }
  if (choice == 3) {
    l.payload = kMiB;
    l.entries = 64 * kKiB;
  }
  return l;
}

// REQUIRES: kPlanBytes of `in`.
inline plan plan_of(wire_format format, const std::uint8_t* in) {
  constexpr std::size_t kAbove[] = {~std::size_t{0}, 0, 16, 512};
  constexpr std::size_t kTails[] = {512, 5 * kKiB, 70 * kKiB, 160 * kKiB};
  constexpr unsigned kApplied[] = {0, 1, 2, 5};
  plan p;
  p.options.format = format;
  p.options.limit = limits_of(in[0] & 3);
  p.options.stream_above = has_frames(format) ? kAbove[in[0] >> 2 & 3] : kAbove[0];
  p.options.from = 1;
  p.options.to = 2;
  p.applied_every = kApplied[in[0] >> 4 & 3];
  p.variant = in[0] >> 6;
  p.mode = static_cast<cutting>(in[1] & 3);
  p.place = in[1] >> 2;
  p.seed = in[2];
  if (in[3] >= 0xFC) p.tail = kTails[in[3] & 3];
  return p;
}

// How many bytes come next: never 0 while some are left, whatever the mode.
class cutter {
 public:
  // One by one only for some bytes, or a long input would take too long.
  cutter(const plan& p, cutting mode, std::size_t size)
      : mode_(mode), size_(size), state_(p.seed * 0x9E3779B97F4A7C15u + 1) {
    place_ = size * p.place / 64 + p.seed % 8;
  }
  std::size_t next(std::size_t at) {
    const std::size_t left = size_ - at;
    switch (mode_) {
      case cutting::whole:
        return left;
      case cutting::in_two:
        return at < place_ ? std::min(place_ - at, left) : left;
      case cutting::one_by_one:
        if (at < place_) return std::min(place_ - at, left);
        return at < place_ + kSingly ? 1 : left;
      case cutting::at_random:
        break;
    }
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    const std::size_t widest = size_ / 4 + 2;
    return std::min(1 + state_ % widest, left);
  }

 private:
  static constexpr std::size_t kSingly = 48;
  cutting mode_;
  std::size_t size_, place_;
  std::uint64_t state_;
};

}  // namespace copycost::raft::fuzz
