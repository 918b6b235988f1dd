// SPDX-License-Identifier: Apache-2.0
//
// JSON values that keep the order of their keys: a thin interface to nlohmann_json, which only json.cc includes (it
// costs seconds a file).
//
// Threads: a value, which owns everything.
// Cost: not for hot code.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace copycost {

class json {
 public:
  using array = std::vector<json>;
  using member = std::pair<std::string, json>;
  using object = std::vector<member>;

  json() = default;                                    // null
  json(std::nullptr_t) {}                              // NOLINT: implicit on purpose, here and below
  json(bool v) : held_(v) {}                           // NOLINT
  json(int v) : held_(std::int64_t{v}) {}              // NOLINT
  json(unsigned v) : held_(std::uint64_t{v}) {}        // NOLINT
  json(std::int64_t v) : held_(v) {}                   // NOLINT
  json(std::uint64_t v) : held_(v) {}                  // NOLINT
  json(double v) : held_(v) {}                         // NOLINT: infinities and NaN are written as null
  json(const char* v) : held_(std::string(v)) {}       // NOLINT
  json(std::string_view v) : held_(std::string(v)) {}  // NOLINT
  json(std::string v) : held_(std::move(v)) {}         // NOLINT
  json(array v) : held_(std::move(v)) {}               // NOLINT
  json(object v) : held_(std::move(v)) {}              // NOLINT
  static json of(std::initializer_list<member> members) { return json(object(members)); }

  bool is_null() const { return std::holds_alternative<std::monostate>(held_); }
  bool is_bool() const { return std::holds_alternative<bool>(held_); }
  bool is_number() const;
  bool is_string() const { return std::holds_alternative<std::string>(held_); }
  bool is_array() const { return std::holds_alternative<array>(held_); }
  bool is_object() const { return std::holds_alternative<object>(held_); }

  // Absent is not 0: without a fallback another kind is a failure{usage}. With one, the caller says what absent
  // means.
  bool boolean() const;
  double number() const;
  std::int64_t integer() const;
  bool boolean(bool fallback) const;
  double number(double fallback) const;
  std::int64_t integer(std::int64_t fallback) const;
  // The whole number that was written, to the last digit; nothing where it is another kind, has a fraction, or has more
  // digits than 64 bits (with a point or an exponent: 53 bits) hold.
  std::optional<std::int64_t> whole() const;
  std::string_view text(std::string_view fallback = {}) const;  // VALID UNTIL: this value changes
  const array& items() const;                                   // empty where it is no array
  const object& members() const;                                // empty where it is no object

  // The member under `key`, or null. VALID UNTIL: this value changes.
  const json& operator[](std::string_view key) const;
  bool has(std::string_view key) const;
  // Sets a member; a null value becomes an object first. REQUIRES: null or object.
  json& set(std::string_view key, json value);
  // Appends an element; a null value becomes an array first. REQUIRES: null or array.
  json& push(json value);

  // Text without a final newline; `indent` < 0: one line. Bytes that are not UTF-8 become U+FFFD.
  std::string dump(int indent = -1) const;
  // Throws failure{usage} with "`name`:`line`: ..." for text that is not JSON.
  static json parse(std::string_view text, std::string_view name);

  // Numbers are equal by value: 12 is 12 whether it was counted here or read from a file. Members count in order.
  friend bool operator==(const json& a, const json& b);

 private:
  friend struct json_whole_number;  // json.cc only
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, array, object> held_;
};

// Reads a whole file as JSON. Throws failure{usage} when it cannot be read or parsed.
json read_json_file(const std::string& path);

}  // namespace copycost
