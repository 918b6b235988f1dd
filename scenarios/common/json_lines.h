// SPDX-License-Identifier: Apache-2.0
//
// JSON Lines as input: one object a line, and words for what is wrong with it, with its place ("FILE:LINE: ...").
//
//   each_line(in, ...)  -->  line, place  -->  json_line(line, place, form)  -->  said.text("kind")
//
// Lines that are empty or blank are skipped but counted. Lines end with \n or \r\n, the last one may end without. Texts
// are UTF-8. A line's length is checked before it is parsed.
//
// Lifetime: a line's texts live as long as the json_line.
// Threads: a value.
// Cost: a parse of each line.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "harness/base/input/input.h"
#include "harness/base/json.h"

namespace copycost {

// VALID UNTIL: the input's bytes change.
std::string_view text_of(const input_file& in);

// Calls `f(line, place)` for each line that holds something, until it answers false.
void each_line(const input_file& in, const std::function<bool(std::string_view line, const std::string& place)>& f);

struct json_form {
  std::size_t line_max;   // bytes
  std::string_view what;  // "an event": of what a line is
  std::string_view keys;  // "seq, id and kind": what a line must have, for who left one out
};

class json_line {
 public:
  // Throws failure{usage}: "PLACE: ..., expected ...". So do the others.
  json_line(std::string_view line, const std::string& place, const json_form& form);

  bool has(std::string_view key) const { return said_.has(key); }
  bool has_value(std::string_view key) const { return said_.has(key) && !said_[key].is_null(); }
  const json& member(std::string_view key) const;
  std::string_view text(std::string_view key) const;  // VALID UNTIL: this is destroyed
  // `least`: the smallest number that is accepted; `expected`: "a whole number from 0 on".
  std::int64_t whole(std::string_view key, std::int64_t least, std::string_view expected) const;
  [[noreturn]] void refuse(const std::string& what) const;

 private:
  const json_form& form_;
  std::string place_;
  json said_;
};

}  // namespace copycost
