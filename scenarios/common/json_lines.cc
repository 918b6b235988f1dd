// SPDX-License-Identifier: Apache-2.0
#include "scenarios/common/json_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/failure.h"

namespace copycost {
namespace {

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

// Why a line that is no JSON is none, as far as a look tells.
std::string fault_of(std::string_view line, const std::string& place, std::string_view said) {
  if (line.starts_with("\xff\xfe") || line.starts_with("\xfe\xff")) return "UTF-16 text, not UTF-8";
  if (line.find('\0') != std::string_view::npos) return "a zero byte, which is no text in UTF-8";
  // Of json::parse, behind "PLACE: ".
  const std::string_view why = said.substr(std::min(said.size(), place.size() + 2));
  return std::string(said.find("expected a value") == std::string_view::npos ? why : "not JSON");
}

}  // namespace

std::string_view text_of(const input_file& in) {
  return {reinterpret_cast<const char*>(in.bytes.data()), in.bytes.size()};
}

void each_line(const input_file& in, const std::function<bool(std::string_view, const std::string&)>& f) {
  std::size_t number = 0;
  for (std::string_view rest = text_of(in); !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    ++number;
    if (!is_blank(line) && !f(line, fmt::format("{}:{}", in.name, number))) return;
  }
}

json_line::json_line(std::string_view line, const std::string& place, const json_form& form)
    : form_(form), place_(place) {
  if (line.size() > form_.line_max)
    refuse(fmt::format("a line of {} bytes, expected at most {}", line.size(), form_.line_max));
  try {
    said_ = json::parse(line, place);
  } catch (const failure& e) {
    refuse(fmt::format("{}: expected {} as one JSON object on one line", fault_of(line, place, e.what()), form_.what));
  }
  if (!said_.is_object()) refuse(fmt::format("expected {} as a JSON object", form_.what));
}

void json_line::refuse(const std::string& what) const { throw failure(exit_code::usage, place_ + ": " + what); }

const json& json_line::member(std::string_view key) const {
  if (!said_.has(key)) refuse(fmt::format("no key '{}', expected {}", key, form_.keys));
  return said_[key];
}

std::string_view json_line::text(std::string_view key) const {
  const json& v = member(key);
  if (!v.is_string()) refuse(fmt::format("'{}': expected a text", key));
  return v.text();
}

std::int64_t json_line::whole(std::string_view key, std::int64_t least, std::string_view expected) const {
  const auto v = member(key).whole();
  if (!v || *v < least) refuse(fmt::format("'{}': expected {}", key, expected));
  return *v;
}

}  // namespace copycost
