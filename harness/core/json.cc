// SPDX-License-Identifier: Apache-2.0
#include "harness/core/json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "harness/core/check.h"
#include "harness/core/failure.h"
#include "harness/core/text.h"

namespace copycost {

// Calls `use` with the whole number that a value holds, in its own type; answers whether it holds one.
struct json_whole_number {
  template <class Use>
  static bool visit(const json& v, Use use) {
    if (const auto* n = std::get_if<std::int64_t>(&v.held_)) return use(*n), true;
    if (const auto* n = std::get_if<std::uint64_t>(&v.held_)) return use(*n), true;
    return false;
  }
};

namespace {

using library = nlohmann::ordered_json;

constexpr int kDepthMax = 512;  // deeper text is not ours, and would only use up the stack

json from_library(const library& v, int depth) {
  if (depth > kDepthMax) throw std::length_error("depth");
  switch (v.type()) {
    case library::value_t::boolean:
      return v.get<bool>();
    case library::value_t::number_integer:
      return v.get<std::int64_t>();
    case library::value_t::number_unsigned:
      return v.get<std::uint64_t>();
    case library::value_t::number_float:
      return v.get<double>();
    case library::value_t::string:
      return v.get<std::string>();
    case library::value_t::array: {
      json::array out;
      for (const library& item : v) out.push_back(from_library(item, depth + 1));
      return out;
    }
    case library::value_t::object: {
      json::object out;
      for (const auto& [key, value] : v.items()) out.emplace_back(key, from_library(value, depth + 1));
      return out;
    }
    default:
      return {};
  }
}

library to_library(const json& v) {
  if (v.is_bool()) return v.boolean();
  if (v.is_string()) return std::string(v.text());
  if (v.is_array()) {
    library out = library::array();
    for (const json& item : v.items()) out.push_back(to_library(item));
    return out;
  }
  if (v.is_object()) {
    library out = library::object();
    for (const auto& [key, value] : v.members()) out[key] = to_library(value);
    return out;
  }
  if (!v.is_number()) return nullptr;
  library whole;
  if (json_whole_number::visit(v, [&](auto n) { whole = n; })) return whole;
  const double number = v.number();
  if (!std::isfinite(number)) return nullptr;
  if (number == std::floor(number) && std::fabs(number) < 9.0e15) return static_cast<std::int64_t>(number);
  return number;
}

[[noreturn]] void expected(const char* what, const json& found) {
  constexpr std::size_t kShownMax = 40;
  std::string shown = found.dump();
  if (shown.size() > kShownMax) shown = shown.substr(0, kShownMax) + "...";
  throw failure(exit_code::usage, std::string("JSON: ") + what + " expected, " + shown + " found");
}

std::size_t line_of(std::string_view text, std::size_t byte) {
  byte = std::min(byte, text.size());
  return 1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(byte), '\n'));
}

}  // namespace

bool operator==(const json& a, const json& b) {
  if (!a.is_number() || !b.is_number()) return a.held_ == b.held_;
  bool equal = a.number() == b.number();
  json_whole_number::visit(a,
                           [&](auto n) { json_whole_number::visit(b, [&](auto m) { equal = std::cmp_equal(n, m); }); });
  return equal;
}

bool json::is_number() const {
  return std::holds_alternative<std::int64_t>(held_) || std::holds_alternative<std::uint64_t>(held_) ||
         std::holds_alternative<double>(held_);
}

bool json::boolean() const {
  if (!is_bool()) expected("true or false", *this);
  return boolean(false);
}
double json::number() const {
  if (!is_number()) expected("a number", *this);
  return number(0.0);
}
std::int64_t json::integer() const {
  const std::int64_t n = integer(0);
  if (n == 0 && integer(1) != 0) expected("a whole number", *this);
  return n;
}

bool json::boolean(bool fallback) const {
  const bool* v = std::get_if<bool>(&held_);
  return v != nullptr ? *v : fallback;
}

double json::number(double fallback) const {
  if (const auto* v = std::get_if<double>(&held_)) return *v;
  if (const auto* v = std::get_if<std::int64_t>(&held_)) return static_cast<double>(*v);
  if (const auto* v = std::get_if<std::uint64_t>(&held_)) return static_cast<double>(*v);
  return fallback;
}

std::int64_t json::integer(std::int64_t fallback) const {
  if (const auto* v = std::get_if<std::int64_t>(&held_)) return *v;
  if (const auto* v = std::get_if<std::uint64_t>(&held_)) return static_cast<std::int64_t>(*v);
  const auto* v = std::get_if<double>(&held_);
  return v != nullptr && std::fabs(*v) < 0x1p63 ? static_cast<std::int64_t>(*v) : fallback;
}

std::string_view json::text(std::string_view fallback) const {
  const auto* v = std::get_if<std::string>(&held_);
  return v != nullptr ? std::string_view(*v) : fallback;
}

const json::array& json::items() const {
  static const array none;
  const auto* v = std::get_if<array>(&held_);
  return v != nullptr ? *v : none;
}

const json::object& json::members() const {
  static const object none;
  const auto* v = std::get_if<object>(&held_);
  return v != nullptr ? *v : none;
}

const json& json::operator[](std::string_view key) const {
  static const json none;
  for (const member& m : members())
    if (m.first == key) return m.second;
  return none;
}

bool json::has(std::string_view key) const {
  return std::any_of(members().begin(), members().end(), [&](const member& m) { return m.first == key; });
}

json& json::set(std::string_view key, json value) {
  if (is_null()) held_ = object{};
  auto* all = std::get_if<object>(&held_);
  COPYCOST_REQUIRE(all != nullptr);
  for (member& m : *all)
    if (m.first == key) return m.second = std::move(value), *this;
  all->emplace_back(key, std::move(value));
  return *this;
}

json& json::push(json value) {
  if (is_null()) held_ = array{};
  auto* all = std::get_if<array>(&held_);
  COPYCOST_REQUIRE(all != nullptr);
  all->push_back(std::move(value));
  return *this;
}

std::string json::dump(int indent) const {
  return to_library(*this).dump(indent, ' ', false, library::error_handler_t::replace);
}

json json::parse(std::string_view text, std::string_view name) {
  try {
    return from_library(library::parse(text), 0);
  } catch (const library::parse_error& e) {
    throw failure(exit_code::usage, std::string(name) + ":" + std::to_string(line_of(text, e.byte)) +
                                        ": not JSON: expected a value (byte " + std::to_string(e.byte) + ")");
  } catch (const library::out_of_range&) {
    throw failure(exit_code::usage, std::string(name) + ": not JSON: expected numbers that fit a double");
  } catch (const std::length_error&) {
    throw failure(exit_code::usage,
                  std::string(name) + ": not JSON of ours: expected at most " + std::to_string(kDepthMax) + " levels");
  }
}

json read_json_file(const std::string& path) { return json::parse(read_file(path), path); }

}  // namespace copycost
