// SPDX-License-Identifier: Apache-2.0
//
// Numbers in items: how a node reads them, and how it answers one.
//
// Threads: safe, pure functions.
// Cost: some ns.
#pragma once
#include <charconv>
#include <cstring>
#include <functional>

#include "scenarios/graph/contract.h"

namespace copycost::graph {

// What node_failed says in `got` when an aggregate fails on an item.
enum class number_trouble : std::uint64_t { not_a_number = 1, sum_too_large = 2 };
inline error trouble_with(number_trouble t) { return {errc::node_failed, 0, 0, static_cast<std::uint64_t>(t)}; }

template <design D>
using number_reader = std::function<result<std::int64_t>(const typename D::item&)>;

// The payload is a decimal number and nothing else, except one \n at its end. Errors: node_failed.
inline result<std::int64_t> decimal_in(bytes_view text) {
  const char* const begin = reinterpret_cast<const char*>(text.data());
  const char* end = begin + text.size();
  if (end != begin && end[-1] == '\n') --end;
  std::int64_t number = 0;
  const auto [stop, wrong] = std::from_chars(begin, end, number);
  if (wrong != std::errc() || stop != end) return trouble_with(number_trouble::not_a_number);
  return number;
}
// Eight bytes at `pos`, the lowest first. Errors: node_failed.
inline result<std::int64_t> number_at(bytes_view bytes, std::size_t pos) {
  if (pos > bytes.size() || bytes.size() - pos < 8) return trouble_with(number_trouble::not_a_number);
  std::uint64_t number = 0;
  for (std::size_t i = 8; i-- > 0;) number = number << 8 | static_cast<std::uint64_t>(bytes[pos + i]);
  return static_cast<std::int64_t>(number);
}
// An item of these eight bytes. Errors: those of build() and seal().
template <class Maker>
auto item_of_number(Maker& maker, const metadata& meta, std::int64_t number) -> decltype(maker.copy(meta, {})) {
  auto draft = maker.build(meta, 8);
  if (!draft) return draft.error();
  for (unsigned i = 0; i < 8; ++i)
    draft->bytes()[i] = static_cast<std::byte>(static_cast<std::uint64_t>(number) >> (8 * i));
  return maker.seal(std::move(draft).value(), 8);
}

}  // namespace copycost::graph
