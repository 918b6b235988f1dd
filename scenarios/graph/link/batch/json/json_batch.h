// SPDX-License-Identifier: Apache-2.0
//
// A batch as JSON, as published pipelines send it, so that what it costs can be seen beside the binary form.
//
//   {"version":1,"items":[{"key":7,"source":"s","headers":[["name","value"]],"text":"payload"},
//                         {"key":8,"base64":"AAEC"}],"number":0}
//
// Payload is a text where it is one ("text"), or base64 of any bytes ("base64"). Members may stand in any order; source
// and headers may be left out when they are empty. JSON has no checksum: what is damaged and still JSON is not seen.
//
// Lifetime: a parsed batch borrows the text, and owns what had escapes or was base64.
// Threads: a value.
// Cost: a look at each character. A payload without escapes is neither copied nor allocated when it is read.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/graph/link/batch/batch_writer.h"
#include "scenarios/graph/link/batch/json/scanner.h"

namespace copycost::graph {

enum class json_payload { text, base64 };

class json_writer {
 public:
  explicit json_writer(json_payload how) : how_(how) { clear(); }

  // COPIES: the payload, in JSON's form. Errors: bad_text, with the byte of the name or payload, for what is not UTF-8
  // and would have to be a text; too_large, of the item or of a name; too_many_headers. On error nothing has changed.
  template <names_numbers X>
  result<void> add(const X& names, const metadata& meta, bytes_view payload) {
    if (const auto ok = fits(meta, payload.size()); !ok) return ok;
    begin_item(meta.key);
    if (meta.source != 0) add_source(names.name(meta.source));
    for (const header& one : meta.headers) add_header(names.name(one.name), names.name(one.value));
    return end_item(payload);
  }
  std::uint64_t size() const { return items_; }
  // The batch; nothing is added before clear(). VALID UNTIL: clear().
  std::string_view finish(std::uint64_t number);
  // The batch as the caller's own text; nothing is in the writer then. Cost: an allocation for the next batch.
  std::string take(std::uint64_t number);
  void clear();

 private:
  void begin_item(std::uint64_t key);
  void add_source(std::string_view name);
  void add_header(std::string_view name, std::string_view value);
  void append_name(std::string_view name);
  result<void> end_item(bytes_view payload);
  void append_string(std::string_view text);

  const json_payload how_;
  std::string text_;
  std::uint64_t items_ = 0, headers_ = 0;  // headers_: of the item that is being added
  std::size_t before_ = 0;                 // where it begins
  std::optional<error> fault_;             // the first one of the item that is being added
};

// VALID UNTIL: the json_batch is destroyed, and the text changes.
struct json_item {
  std::uint64_t key = 0;
  std::string_view source;
  std::size_t first_header = 0, headers = 0;
  bytes_view payload;
  std::size_t position = 0;  // of the payload in the text, where it is borrowed
  bool is_borrowed = false;
};

class json_batch {
 public:
  // Errors, with the byte: bad_text; unsupported_version; bad_length for more items, headers or bytes than the limits
  // allow; too_large, too_many_headers; out_of_memory.
  static result<json_batch> parse(bytes_view text, const batch_limits& limits);

  std::uint64_t number() const { return number_; }
  // VALID UNTIL: this is destroyed, and the text changes.
  std::span<const json_item> items() const { return items_; }
  // Pairs of name and value. VALID UNTIL: the same.
  std::span<const std::pair<std::string_view, std::string_view>> headers_of(const json_item& one) const {
    return std::span(headers_).subspan(one.first_header, one.headers);
  }

 private:
  friend class json_parser;
  explicit json_batch(std::string_view text) : scanner_(std::make_unique<json_scanner>(text)) {}

  std::unique_ptr<json_scanner> scanner_;  // has the memory of what is not borrowed
  std::uint64_t number_ = 0;
  std::vector<json_item> items_;
  std::vector<std::pair<std::string_view, std::string_view>> headers_;
};

}  // namespace copycost::graph
