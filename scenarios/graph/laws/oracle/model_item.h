// SPDX-License-Identifier: Apache-2.0
//
// The model of an item in standard containers: names are their text, payload is bytes of its own, and every operation
// copies everything. Slow, and obviously right.
//
//   item   [source id|key|header ids] --> payload somewhere, shared or not
//   model  {source text, key, pairs of texts, vector of bytes}
//
// Threads: a value.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/graph/contract.h"

namespace copycost::graph {

struct model_meta {
  std::string source;
  std::uint64_t key = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  friend bool operator==(const model_meta&, const model_meta&) = default;
};

struct model_item {
  model_meta meta;
  std::vector<std::byte> bytes;
  friend bool operator==(const model_item&, const model_item&) = default;
};

namespace oracle {

// Errors: too_large, too_many_headers: those of every way of making an item.
result<void> may_make(const model_meta& meta, std::uint64_t size);
// COPIES: bytes.size(). Errors: as may_make().
result<model_item> made(const model_meta& meta, bytes_view bytes);
// [pos, pos + len) of an item under other metadata. COPIES: len. Errors: out_of_range, too_many_headers.
result<model_item> part(const model_item& of, std::uint64_t pos, std::uint64_t len, const model_meta& meta);

// How the two differ, in one line; empty where they are equal.
std::string difference(const model_item& seen, const model_item& expected);

}  // namespace oracle
}  // namespace copycost::graph
