// SPDX-License-Identifier: Apache-2.0
//
// The oracle of items: payload and metadata in standard containers, names as text. Nothing here knows a design.
//
// Threads: a value.
// Cost: everything copies.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace copycost::graph {

struct model_item {
  std::vector<std::byte> bytes;
  std::string source;
  std::uint64_t key = 0;
  std::vector<std::pair<std::string, std::string>> headers;

  // The same payload, or a part of it, under the metadata of `other`.
  model_item part(std::size_t pos, std::size_t len, const model_item& other) const {
    const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(pos);
    return {{from, from + static_cast<std::ptrdiff_t>(len)}, other.source, other.key, other.headers};
  }
};

}  // namespace copycost::graph
