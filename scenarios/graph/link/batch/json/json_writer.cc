// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/witness/counters.h"
#include "scenarios/common/utf8.h"
#include "scenarios/graph/items/names/name_table.h"
#include "scenarios/graph/link/batch/json/base64.h"
#include "scenarios/graph/link/batch/json/json_batch.h"

namespace copycost::graph {
namespace {

bool is_plain(char c) { return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20; }

void append_escape(std::string& to, char c) {
  constexpr std::string_view kShort = "\"\\\b\f\n\r\t", kLetters = "\"\\bfnrt", kHex = "0123456789abcdef";
  to += '\\';
  if (const std::size_t i = kShort.find(c); i != std::string_view::npos) {
    to += kLetters[i];
    return;
  }
  const auto code = static_cast<unsigned char>(c);
  to += "u00";
  to += kHex[code >> 4];
  to += kHex[code & 15];
}

void append_run(std::string& to, std::string_view run) {
  const std::size_t at = to.size();
  to.resize(at + run.size());
  counted_copy(to.data() + at, run.data(), run.size());
}

}  // namespace

void json_writer::clear() {
  text_ = "{\"version\":1,\"items\":[";
  items_ = 0;
}

void json_writer::begin_item(std::uint64_t key) {
  before_ = text_.size();
  headers_ = 0;
  fault_.reset();
  text_ += items_ == 0 ? "{\"key\":" : ",{\"key\":";
  text_ += std::to_string(key);
}

void json_writer::append_string(std::string_view text) {
  const std::size_t valid = utf8::valid_prefix(std::as_bytes(std::span(text)));
  if (valid < text.size() && !fault_) fault_ = error{errc::bad_text, valid, 0, 0};
  if (fault_) return;
  text_ += '"';
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_plain(text[end])) ++end;
    append_run(text_, text.substr(at, end - at));
    if (end < text.size()) append_escape(text_, text[end++]);
    at = end;
  }
  text_ += '"';
}

void json_writer::append_name(std::string_view name) {
  if (name.size() > kNameMax && !fault_) fault_ = error{errc::too_large, 0, kNameMax, name.size()};
  append_string(name);
}

void json_writer::add_source(std::string_view name) {
  text_ += ",\"source\":";
  append_name(name);
}

void json_writer::add_header(std::string_view name, std::string_view value) {
  text_ += headers_++ == 0 ? ",\"headers\":[[" : ",[";
  append_name(name);
  text_ += ',';
  append_name(value);
  text_ += ']';
}

result<void> json_writer::end_item(bytes_view payload) {
  if (headers_ > 0) text_ += ']';
  if (how_ == json_payload::text) {
    text_ += ",\"text\":";
    append_string({reinterpret_cast<const char*>(payload.data()), payload.size()});
  } else {
    text_ += ",\"base64\":\"";
    base64::encode(payload, text_);
    text_ += '"';
  }
  text_ += '}';
  if (fault_) {
    text_.resize(before_);
    return *fault_;
  }
  ++items_;
  return {};
}

std::string_view json_writer::finish(std::uint64_t number) {
  text_ += "],\"number\":";
  text_ += std::to_string(number);
  text_ += '}';
  return text_;
}

std::string json_writer::take(std::uint64_t number) {
  finish(number);
  std::string taken = std::move(text_);
  text_ = std::string();
  text_.reserve(taken.size());
  clear();
  return taken;
}

}  // namespace copycost::graph
