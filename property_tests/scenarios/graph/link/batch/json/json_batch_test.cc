// SPDX-License-Identifier: Apache-2.0
// Goal: batches in JSON come back, are JSON for others, and a stranger's text is refused at its byte. Method: drawn
// items, a second parser, every prefix, wrong texts with their places.
#include "scenarios/graph/link/batch/json/json_batch.h"

#include "harness/base/failure.h"
#include "harness/base/json.h"
#include "impls/graph/copy/design.h"
#include "impls/graph/slice/design.h"
#include "property_tests/scenarios/graph/link/batch/collecting_outlet.h"
#include "scenarios/common/utf8.h"
#include "scenarios/graph/link/batch/json/json_reader.h"

namespace copycost::graph {
namespace {

result<void> add_json(json_writer& to, name_table& names, const plain_item& one) {
  std::vector<header> headers;
  for (const auto& [name, value] : one.headers) headers.push_back({known(names, name), known(names, value)});
  return to.add(names, {known(names, one.source), one.key, headers}, bytes_of(one.payload));
}
std::string written_json(const std::vector<plain_item>& all, json_payload how, std::uint64_t number = 0) {
  name_table names;
  json_writer w(how);
  for (const plain_item& one : all) REQUIRE(add_json(w, names, one).ok());
  return std::string(w.finish(number));
}
std::vector<plain_item> items_of_json(const json_batch& batch) {
  std::vector<plain_item> all;
  for (const json_item& one : batch.items()) {
    plain_item item{one.key, std::string(one.source), {}, text_of(one.payload)};
    for (const auto& [name, value] : batch.headers_of(one)) item.headers.emplace_back(name, value);
    all.push_back(std::move(item));
  }
  return all;
}
result<json_batch> parsed_json(std::string_view text, const batch_limits& limits = {}) {
  return json_batch::parse(bytes_of(text), limits);
}
error refused(std::string_view text, const batch_limits& limits = {}) {
  INFO(text);
  const auto batch = parsed_json(text, limits);
  REQUIRE_FALSE(batch.ok());
  return batch.error();
}

// Repaired, so that it is UTF-8.
std::string text_like(const std::string& any) { return std::string(utf8::to_lossy(bytes_of(any)).text()); }
plain_item as_text(plain_item one, bool payload) {
  one.source = text_like(one.source);
  for (auto& [name, value] : one.headers) {
    name = text_like(name);
    value = text_like(value);
  }
  if (payload) one.payload = text_like(one.payload);
  return one;
}

TEST_CASE("json batch: what is written is read again, by us and by another parser") {
  CHECK(rc::check("any items", [] {
    const auto how = *rc::gen::element(json_payload::text, json_payload::base64);
    std::vector<plain_item> all;
    for (const plain_item& one : *any_items()) all.push_back(as_text(one, how == json_payload::text));
    const auto number = *rc::gen::arbitrary<std::uint64_t>();
    const std::string text = written_json(all, how, number);
    const auto batch = parsed_json(text);
    RC_ASSERT(batch.ok());
    RC_ASSERT(items_of_json(batch.value()) == all);
    RC_ASSERT(batch.value().number() == number);
    const json other = json::parse(text, "batch");
    RC_ASSERT(other["items"].items().size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      const json& item = other["items"].items()[i];
      RC_ASSERT(item["source"].text() == all[i].source);
      if (how == json_payload::text) RC_ASSERT(item["text"].text() == all[i].payload);
    }
  }));
}

TEST_CASE("json batch: the text, byte for byte") {
  const std::vector<plain_item> all = {
      {18446744073709551615u, "s", {{"n", "v"}, {"", "\"\\\b\f\n\r\t\x01/"}}, "x\xC3\xA4"}, {0, "", {}, ""}};
  CHECK(written_json(all, json_payload::text, 3) ==
        "{\"version\":1,\"items\":[{\"key\":18446744073709551615,\"source\":\"s\",\"headers\":[[\"n\",\"v\"],"
        "[\"\",\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001/\"]],\"text\":\"x\xC3\xA4\"},{\"key\":0,\"text\":\"\"}],\"number\":3}");
  CHECK(written_json({{1, "", {}, std::string("\0\xFF", 2)}}, json_payload::base64) ==
        "{\"version\":1,\"items\":[{\"key\":1,\"base64\":\"AP8=\"}],\"number\":0}");
}

TEST_CASE("json batch: what is no text is refused by the writer, with its byte, and changes nothing") {
  name_table names;
  json_writer w(json_payload::text);
  REQUIRE(add_json(w, names, {1, "a", {}, "x"}).ok());
  CHECK(add_json(w, names, {1, "a", {}, "ab\xFF"}).error() == error{errc::bad_text, 2, 0, 0});
  CHECK(add_json(w, names, {1, "\xC3", {}, "x"}).error() == error{errc::bad_text, 0, 0, 0});
  CHECK(add_json(w, names, {1, "", {{"a", "b\x80"}}, "x"}).error() == error{errc::bad_text, 1, 0, 0});
  REQUIRE(add_json(w, names, {2, "", {}, "y"}).ok());
  CHECK(w.size() == 2);
  CHECK(w.finish(0) == written_json({{1, "a", {}, "x"}, {2, "", {}, "y"}}, json_payload::text));
}

TEST_CASE("json batch: every prefix is refused, where it ends") {
  const std::string text = written_json({{7, "s", {{"n", "v\n"}}, "pay\tload"}, {8, "", {}, "x"}}, json_payload::text);
  REQUIRE(parsed_json(text).ok());
  for (std::size_t n = 0; n < text.size(); ++n) {
    const error e = refused(text.substr(0, n));
    CHECK(e.code == errc::bad_text);
    CHECK(e.at <= n);
    CHECK(e.at + 7 >= n);  // at the end, or at the escape or the member that it cuts
  }
}

TEST_CASE("json batch: members stand in any order, once, and blanks may be between") {
  const auto batch = parsed_json(
      " {\"number\" : 2 ,\n\"items\":[ {\"text\":\"a\\/\\u00e4\\ud83d\\ude00\", \"headers\":[ ] ,\t"
      "\"key\":1, \"source\":\"\"} ] ,\"version\":1}\r\n");
  REQUIRE(batch.ok());
  CHECK(items_of_json(batch.value()) == std::vector<plain_item>{{1, "", {}, "a/\xC3\xA4\xF0\x9F\x98\x80"}});
}

TEST_CASE("json batch: wrong texts are refused at their byte") {
  const std::pair<std::string, std::size_t> all[] = {
      {"", 0},
      {"[]", 0},
      {"{}", 2},
      {R"({"version":1,"items":[]})", 24},
      {R"({"version":1,"items":[],"number":0}x)", 35},
      {R"({"version":1,"items":[],"number":0,})", 35},
      {R"({"version":1,"version":1,"items":[],"number":0})", 14},
      {R"({"items":[],"items":[],"version":1,"number":0})", 13},
      {R"({"version":1,"items":[],"number":-1})", 33},
      {R"({"version":1,"items":[],"number":01})", 34},
      {R"({"version":1,"items":[],"number":1.0})", 34},
      {R"({"version":1,"items":[],"number":1e3})", 34},
      {R"({"version":1,"items":[],"number":18446744073709551616})", 52},
      {R"({"version":1,"items":[],"other":0})", 25},
      {R"({"version":1,"items":[{}],"number":0})", 24},
      {R"({"items":[{"key":1}],"version":1,"number":0})", 19},
      {R"({"items":[{"text":""}],"version":1,"number":0})", 21},
      {R"({"items":[{"key":1,"text":"","base64":""}],"version":1,"number":0})", 30},
      {R"({"items":[{"key":1,"text":"a\x"}],"version":1,"number":0})", 29},
      {R"({"items":[{"key":1,"text":"a\u12g4"}],"version":1,"number":0})", 32},
      {R"({"items":[{"key":1,"text":"\ud800"}],"version":1,"number":0})", 28},
      {R"({"items":[{"key":1,"text":"\ud800\u0041"}],"version":1,"number":0})", 28},
      {R"({"items":[{"key":1,"text":"\udc00"}],"version":1,"number":0})", 28},
      {"{\"items\":[{\"key\":1,\"text\":\"a\nb\"}],\"version\":1,\"number\":0}", 28},
      {"{\"items\":[{\"key\":1,\"text\":\"a\xFF\"}],\"version\":1,\"number\":0}", 28},
      {R"({"items":[{"key":1,"base64":"AAA"}],"version":1,"number":0})", 32},
      {R"({"items":[{"key":1,"base64":"A*AA"}],"version":1,"number":0})", 30},
      {R"({"items":[{"key":1,"text":"","headers":[["a"]]}],"version":1,"number":0})", 44},
  };
  for (const auto& [text, at] : all) CHECK(refused(text) == error{errc::bad_text, at, 0, 0});
  CHECK(refused(R"({"version":2,"items":[],"number":0})") == error{errc::unsupported_version, 11, 1, 2});
}

TEST_CASE("json batch: base64 with escapes is decoded where it lies") {
  // There is no room for it twice in memory as large as the input.
  const std::string letters(4000, 'A');
  const auto batch = parsed_json("{\"items\":[{\"key\":1,\"base64\":\"\\u0041AA\\u0041" + letters +
                                 "\"}],\"version\":1,\"number\":0}");
  REQUIRE(batch.ok());
  CHECK(text_of(batch.value().items()[0].payload) == std::string(3003, '\0'));
}

TEST_CASE("json batch: limits hold") {
  const std::string text = written_json({{1, "", {{"a", "b"}}, "x"}, {2, "", {{"a", "b"}}, "x"}}, json_payload::text);
  CHECK(parsed_json(text, {.items = 2, .headers = 2, .bytes = text.size()}).ok());
  CHECK(refused(text, {.bytes = text.size() - 1}) == error{errc::bad_length, 0, text.size() - 1, text.size()});
  CHECK(refused(text, {.items = 1}).code == errc::bad_length);
  CHECK(refused(text, {.headers = 1}).code == errc::bad_length);
  const std::string name(kNameMax + 1, 'x');
  CHECK(refused("{\"items\":[{\"source\":\"" + name + "\"") == error{errc::too_large, 21, kNameMax, kNameMax + 1});
  std::string headers = "{\"items\":[{\"headers\":[[\"\",\"\"]";
  for (std::uint64_t i = 0; i < kHeadersMax; ++i) headers += ",[\"\",\"\"]";
  CHECK(refused(headers + "]}]").code == errc::too_many_headers);
}

TEST_CASE("json batch: what we accept is JSON for another parser as well") {
  CHECK(rc::check("changed texts", [] {
    std::string text =
        written_json({{7, "s", {{"n", "v\n"}}, "pay\tload\xC3\xA4"}, {8, "", {}, "x"}}, json_payload::text);
    const int changes = *rc::gen::inRange(1, 4);
    for (int i = 0; i < changes; ++i)
      text[*rc::gen::inRange<std::size_t>(0, text.size())] =
          *rc::gen::oneOf(rc::gen::arbitrary<char>(), rc::gen::element('"', '\\', ',', ' ', '0', 'u', '{', ']'));
    const auto batch = parsed_json(text);
    if (batch) RC_ASSERT(json::parse(text, "batch").has("items"));
  }));
}

// Items of a design.
template <design D>
std::vector<plain_item> through(const std::string& text) {
  typename D::context x;
  typename D::maker by(x);
  json_reader<D> reader(x);
  const auto block = std::move(by.copy({}, bytes_of(text))).value();
  RC_ASSERT(reader.open(by, block).ok());
  std::vector<plain_item> out;
  for (typename D::item one; std::move(reader.next(by, one)).value();) out.push_back(plain<D>(x, one));
  RC_ASSERT(reader.stats().items == out.size());
  return out;
}

TEST_CASE("json batch: items of any design are what was sent") {
  CHECK(rc::check("any items", [] {
    const auto how = *rc::gen::element(json_payload::text, json_payload::base64);
    std::vector<plain_item> all;
    for (const plain_item& one : *any_items()) all.push_back(as_text(one, how == json_payload::text));
    const std::string text = written_json(all, how);
    RC_ASSERT(through<copy_design>(text) == all);
    RC_ASSERT(through<slice_design>(text) == all);
  }));
}

TEST_CASE("json batch: a text without escapes stays where it arrived, one with escapes is copied") {
  slice_design::context x;
  slice_maker by(x);
  json_reader<slice_design> reader(x);
  const std::string text = written_json({{1, "", {}, "plain"}, {2, "", {}, "with\nescape"}}, json_payload::text);
  const auto block = std::move(by.copy({}, bytes_of(text))).value();
  REQUIRE(reader.open(by, block).ok());
  slice_item first, second;
  REQUIRE(reader.next(by, first).value());
  REQUIRE(reader.next(by, second).value());
  CHECK(first.bytes().data() == block.bytes().data() + text.find("plain"));
  CHECK(text_of(second.bytes()) == "with\nescape");
  CHECK(block.use_count() == 2);
  CHECK_FALSE(reader.next(by, first).value());
}

}  // namespace
}  // namespace copycost::graph
