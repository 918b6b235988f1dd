// SPDX-License-Identifier: Apache-2.0
// Items as plain values, for tests of batches: made, drawn, written and compared.
#pragma once
#include <rapidcheck.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "property_tests/catch.h"
#include "scenarios/common/crc32c.h"
#include "scenarios/graph/items/names/name_table.h"
#include "scenarios/graph/link/batch/batch_view.h"
#include "scenarios/graph/link/batch/batch_writer.h"
#include "scenarios/graph/link/batch/words.h"

namespace copycost::graph {

struct plain_item {
  std::uint64_t key = 0;
  std::string source;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string payload;
  friend bool operator==(const plain_item&, const plain_item&) = default;
};

inline bytes_view bytes_of(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }
inline std::string text_of(bytes_view bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

inline name_id known(name_table& names, std::string_view name) {
  const auto id = names.intern(name);
  REQUIRE(id.ok());
  return id.value();
}

inline result<void> add(batch_writer& to, name_table& names, const plain_item& one) {
  std::vector<header> headers;
  for (const auto& [name, value] : one.headers) headers.push_back({known(names, name), known(names, value)});
  return to.add(names, {known(names, one.source), one.key, headers}, bytes_of(one.payload));
}

inline std::vector<std::byte> copied(const batch_writer& w, std::uint64_t number = 0) {
  std::vector<std::byte> out(w.wire_bytes());
  w.copy_to(number, out);
  return out;
}

// REQUIRES: the items live until it is written.
inline std::vector<std::byte> written(const std::vector<plain_item>& all, std::uint64_t number = 0) {
  name_table names;
  batch_writer w;
  for (const plain_item& one : all) REQUIRE(add(w, names, one).ok());
  return copied(w, number);
}

inline plain_item item_of(const batch_view& batch, std::uint32_t i) {
  const batch_item one = batch.item(i);
  plain_item out{one.key, std::string(batch.name(one.source)), {}, text_of(one.payload)};
  for (std::uint32_t k = 0; k < one.headers; ++k) {
    const auto [name, value] = batch.header_at(one.first_header + k);
    out.headers.emplace_back(batch.name(name), batch.name(value));
  }
  return out;
}

inline result<batch_view> parsed(bytes_view in, const batch_limits& limits = {}) {
  const auto head = read_whole(in, limits);
  if (!head) return head.error();
  return batch_view::parse(head.value(), in.subspan(kBatchHead));
}

inline std::vector<plain_item> items_of(const batch_view& batch) {
  std::vector<plain_item> all;
  for (std::uint32_t i = 0; i < batch.items(); ++i) all.push_back(item_of(batch, i));
  return all;
}

// Changes a field and makes the checksums right again: what a hostile sender does.
template <class T>
void forge(std::vector<std::byte>& batch, std::size_t at, T value) {
  wire::store(batch.data() + at, value);
  wire::store(batch.data() + 36, crc32c(0, bytes_view(batch).subspan(kBatchHead)));
  wire::store(batch.data() + 40, crc32c(0, bytes_view(batch).first(40)));
}

// Names with many repeats, payload of zeros, text and noise, of sizes around powers of two.
inline rc::Gen<plain_item> any_item_value() {
  const auto name = rc::gen::weightedOneOf<std::string>(
      {{4, rc::gen::element<std::string>("", "a", "source", "content-type", std::string("n\0l", 3))},
       {1, rc::gen::container<std::string>(rc::gen::arbitrary<char>())}});
  const auto payload = rc::gen::weightedOneOf<std::string>(
      {{3, rc::gen::container<std::string>(rc::gen::arbitrary<char>())},
       {1, rc::gen::map(rc::gen::inRange<std::size_t>(0, 5000), [](std::size_t n) { return std::string(n, 'z'); })},
       {1, rc::gen::just(std::string())}});
  return rc::gen::build<plain_item>(
      rc::gen::set(&plain_item::key), rc::gen::set(&plain_item::source, name),
      rc::gen::set(&plain_item::headers,
                   rc::gen::container<std::vector<std::pair<std::string, std::string>>>(rc::gen::pair(name, name))),
      rc::gen::set(&plain_item::payload, payload));
}
inline rc::Gen<std::vector<plain_item>> any_items() {
  return rc::gen::container<std::vector<plain_item>>(any_item_value());
}

}  // namespace copycost::graph
