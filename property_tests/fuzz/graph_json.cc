// SPDX-License-Identifier: Apache-2.0
//
// One batch of graph items as JSON. What is accepted is JSON for another parser too, says the same there, and comes
// back when it is written again.
#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/failure.h"
#include "harness/base/json.h"
#include "property_tests/fuzz/check.h"
#include "scenarios/graph/link/batch/json/base64.h"
#include "scenarios/graph/link/batch/json/json_batch.h"

namespace copycost::graph::fuzz {
namespace {

constexpr batch_limits kLimits{.items = 4096, .headers = 8192, .names = 4096, .bytes = 1 << 20};

// Names that are numbered as they are asked for.
struct numbered {
  std::vector<std::string_view> all{""};
  name_id number(std::string_view name) {
    all.push_back(name);
    return static_cast<name_id>(all.size() - 1);
  }
  std::string_view name(name_id id) const { return all[id]; }
};

bool same_headers(const json& other, std::span<const std::pair<std::string_view, std::string_view>> all) {
  const auto& headers = other.items();
  if (headers.size() != all.size()) return false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& pair = headers[i].items();
    if (pair.size() != 2 || pair[0].text() != all[i].first || pair[1].text() != all[i].second) return false;
  }
  return true;
}

void same_payload(const json& other, const json_item& one, std::string_view text) {
  if (other.has("base64")) {  // there is one text for some bytes
    std::string again;
    base64::encode(one.payload, again);
    FUZZ_CHECK(other["base64"].text() == again && !one.is_borrowed, "another payload in base64");
    return;
  }
  const std::string_view payload = other["text"].text();
  FUZZ_CHECK(same_bytes(std::as_bytes(std::span(payload)), one.payload), "another payload");
  FUZZ_CHECK(!one.is_borrowed || text.substr(one.position, payload.size()) == payload, "borrowed from elsewhere");
}

json parsed_elsewhere(std::string_view text) {
  try {
    return json::parse(text, "batch");
  } catch (const failure&) {
    FUZZ_CHECK(false, "accepted, and no JSON");
  }
  return {};
}

// What the other parser keeps to the last digit.
bool same_number(const json& other, std::uint64_t number) {
  const auto whole = other.whole();
  return !whole || static_cast<std::uint64_t>(*whole) == number;
}

void same_as(const json_batch& batch, std::string_view text) {
  const json other = parsed_elsewhere(text);
  FUZZ_CHECK(same_number(other["number"], batch.number()), "another number of the batch");
  const auto& items = other["items"].items();
  FUZZ_CHECK(items.size() == batch.items().size(), "another number of items");
  for (std::size_t i = 0; i < items.size(); ++i) {
    const json_item& one = batch.items()[i];
    FUZZ_CHECK(items[i]["source"].text() == one.source, "another source");
    FUZZ_CHECK(same_number(items[i]["key"], one.key), "another key");
    FUZZ_CHECK(same_headers(items[i]["headers"], batch.headers_of(one)), "other headers");
    same_payload(items[i], one, text);
  }
}

bool same(const json_batch& a, const json_batch& b, std::size_t i) {
  const json_item &x = a.items()[i], &y = b.items()[i];
  return x.key == y.key && x.source == y.source && std::ranges::equal(a.headers_of(x), b.headers_of(y)) &&
         same_bytes(x.payload, y.payload);
}

void written_again(const json_batch& batch) {
  json_writer w(json_payload::base64);
  for (const json_item& one : batch.items()) {
    numbered names;
    std::vector<header> headers;
    const name_id source = names.number(one.source);
    for (const auto& [name, value] : batch.headers_of(one)) {
      const name_id first = names.number(name);
      headers.push_back({first, names.number(value)});
    }
    FUZZ_CHECK(w.add(names, {source, one.key, headers}, one.payload).ok(), "an item that we do not write");
  }
  const std::string text(w.finish(batch.number()));
  const auto again = json_batch::parse(std::as_bytes(std::span(text)), {});
  FUZZ_CHECK(again.ok() && again.value().items().size() == batch.items().size(), "what we write is not read");
  FUZZ_CHECK(again.value().number() == batch.number(), "another number than was written");
  for (std::size_t i = 0; i < batch.items().size(); ++i)
    FUZZ_CHECK(same(batch, again.value(), i), "another item than was written");
}

}  // namespace
}  // namespace copycost::graph::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace copycost::graph;
  const std::unique_ptr<char[]> exact(new char[size]);
  if (size > 0) std::memcpy(exact.get(), data, size);
  const std::string_view text(exact.get(), size);
  const auto batch = json_batch::parse(std::as_bytes(std::span(text)), fuzz::kLimits);
  if (!batch) {
    FUZZ_CHECK(batch.error().at <= size, "an error behind the text");
    return 0;
  }
  fuzz::same_as(batch.value(), text);
  fuzz::written_again(batch.value());
  return 0;
}
