// SPDX-License-Identifier: Apache-2.0
#include "scenarios/common/laws/draw.h"

#include <algorithm>
#include <cstring>

namespace copycost {

std::uint64_t draw_number(const std::string& name, std::uint64_t low, std::uint64_t high) {
  return *shrinking(uniform(low, high), low).as(name);
}

bool draw_bool(const std::string& name) { return draw_number(name, 0, 1) != 0; }

std::uint64_t draw_one_of(const std::string& name, const std::vector<std::uint64_t>& values) {
  return values[draw_number(name + " (index)", 0, values.size() - 1)];
}

rng draw_rng(const std::string& name) { return rng(draw_number(name + " seed", 0, 99'999)); }

byte_string random_bytes(std::size_t size, rng& random) {
  byte_string bytes(size);
  for (std::size_t i = 0; i < size; i += 8) {
    const std::uint64_t word = random.next();
    std::memcpy(bytes.data() + i, &word, std::min<std::size_t>(8, size - i));
  }
  return bytes;
}

}  // namespace copycost
