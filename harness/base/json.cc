// SPDX-License-Identifier: Apache-2.0
#include "harness/base/json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "harness/base/check.h"
#include "harness/base/failure.h"
#include "harness/base/text.h"

namespace copycost {

// Calls `use` with the whole number that a value holds, in its own type; answers whether it holds one.
struct json_whole_number {
  template <class Use>
  static bool visit(const json& v, Use use) {
    if (const auto* n = std::get_if<std::int64_t>(&v.held_)) {
      use(*n);
      return true;
    }
    if (const auto* n = std::get_if<std::uint64_t>(&v.held_)) {
      use(*n);
      return true;
    }
    return false;
  }
};

namespace {

using library = nlohmann::ordered_json;

using members_of_library = library::object_t::Container;

constexpr std::size_t kDepthMax = 512;  // deeper text is not ours, and would only use up the stack

// The later one of two members with one name counts, at the place of the earlier one. Cost: that of sorting, whatever
// the names are.
void join_duplicates(json::object& all) {
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return all[a].first < all[b].first; });
  std::vector<bool> gone(all.size());
  bool any = false;
  for (std::size_t i = 0; i < order.size();) {
    const std::size_t first = order[i];
    for (++i; i < order.size() && all[order[i]].first == all[first].first; ++i) {
      all[first].second = std::move(all[order[i]].second);
      gone[order[i]] = any = true;
    }
  }
  if (!any) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!gone[i]) {
      if (kept != i) all[kept] = std::move(all[i]);
      ++kept;
    }
  all.resize(kept);
}

// Builds a value from what the library's reader finds, so that every number keeps its bits and nothing is looked up.
class builder final : public nlohmann::json_sax<library> {
 public:
  enum class fault { none, text, number, depth };
  json root;
  fault what = fault::none;
  std::size_t at = 0;  // byte of the fault

  bool null() override { return add({}); }
  bool boolean(bool v) override { return add(v); }
  bool number_integer(std::int64_t v) override { return add(v); }
  bool number_unsigned(std::uint64_t v) override { return add(v); }
  bool number_float(double v, const std::string&) override { return add(v); }
  bool string(std::string& v) override { return add(std::move(v)); }
  bool binary(library::binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(true); }
  bool start_array(std::size_t) override { return open(false); }
  bool key(std::string& v) override {
    open_.back().key = std::move(v);
    return true;
  }
  bool end_object() override {
    json::object all = std::move(open_.back().members);
    open_.pop_back();
    join_duplicates(all);
    return add(std::move(all));
  }
  bool end_array() override {
    json::array all = std::move(open_.back().items);
    open_.pop_back();
    return add(std::move(all));
  }
  bool parse_error(std::size_t where, const std::string&, const library::exception& e) override {
    constexpr int kOutOfRange = 406;  // the library's number for a number that no double holds
    what = e.id == kOutOfRange ? fault::number : fault::text;
    at = where;
    return false;
  }

 private:
  struct container {
    bool is_object;
    json::array items;
    json::object members;
    std::string key;  // of the next member
  };
  bool add(json v) {
    if (open_.size() > kDepthMax) {
      what = fault::depth;
      return false;
    }
    if (open_.empty())
      root = std::move(v);
    else if (open_.back().is_object)
      open_.back().members.emplace_back(std::move(open_.back().key), std::move(v));
    else
      open_.back().items.push_back(std::move(v));
    return true;
  }
  bool open(bool is_object) {
    if (open_.size() > kDepthMax) {
      what = fault::depth;
      return false;
    }
    open_.push_back({is_object, {}, {}, {}});
    return true;
  }
  std::vector<container> open_;
};

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
    auto& all = static_cast<members_of_library&>(out.get_ref<library::object_t&>());
    for (const auto& [key, value] : v.members()) all.emplace_back(key, to_library(value));  // nothing is looked up
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

std::optional<std::int64_t> json::whole() const {
  if (const auto* v = std::get_if<std::int64_t>(&held_)) return *v;
  const auto* large = std::get_if<std::uint64_t>(&held_);
  if (large != nullptr && std::in_range<std::int64_t>(*large)) return static_cast<std::int64_t>(*large);
  // From 2^53 on a double may be another number than the one that was written.
  const auto* v = std::get_if<double>(&held_);
  if (v != nullptr && *v == std::floor(*v) && std::fabs(*v) < 0x1p53) return static_cast<std::int64_t>(*v);
  return std::nullopt;
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
    if (m.first == key) {
      m.second = std::move(value);
      return *this;
    }
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
  builder made;
  if (library::sax_parse(text, &made)) return std::move(made.root);
  const std::string place(name);
  if (made.what == builder::fault::number)
    throw failure(exit_code::usage, place + ": not JSON: expected numbers that fit a double");
  if (made.what == builder::fault::depth)
    throw failure(exit_code::usage,
                  place + ": not JSON of ours: expected at most " + std::to_string(kDepthMax) + " levels");
  throw failure(exit_code::usage, place + ":" + std::to_string(line_of(text, made.at)) +
                                      ": not JSON: expected a value (byte " + std::to_string(made.at) + ")");
}

json read_json_file(const std::string& path) { return json::parse(read_file(path), path); }

}  // namespace copycost
