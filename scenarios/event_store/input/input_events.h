// SPDX-License-Identifier: Apache-2.0
//
// Real input as events: JSON Lines, or the history of a git repository (git_input.h), parsed once and held as drafts
// that a store can append, in the order of their sequence.
//
//   {"seq":7,"id":"c0ffee-0","entity":"src/a.cc","kind":"modified","time":1700000000,"payload":"a subject | +2 -1"}
//
// `from` is the name before a renaming (required for kind `renamed`); further keys are ignored. Kinds other than our
// eleven are kept as they are. The payload is a text; for our eleven kinds it may be an object instead, the body as
// JSON (body_json.h). `seq` counts up by one, from any number. Empty lines are skipped. Lines end with \n or \r\n, the
// last one may end without; the text is UTF-8, with or without a mark at its beginning. A line has at most kLineMax
// bytes, which is checked before it is parsed. Of two members with one name the later one counts. Numbers are read to
// the last digit. Of a directory the bytes are git's output (git_input.h).
//
// Lifetime: holds every text; drafts are valid as long as this object.
// Threads: safe; immutable.
// Cost: a parse of every line.
// COPIES: everything, once.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/input/input.h"
#include "scenarios/event_store/record/record.h"

namespace copycost::event_store {

// Texts that stay where they are until all go at once. Threads: one at a time.
class text_pool {
 public:
  std::string_view keep(std::string_view text);  // VALID UNTIL: the pool is destroyed

 private:
  static constexpr std::size_t kBlock = std::size_t{1} << 20;
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t left_ = 0;  // at the end of the last block
  char* next_ = nullptr;
};

inline constexpr std::size_t kLineMax = std::size_t{4} << 20;  // bytes of a line

class input_events {
 public:
  // Throws failure{usage}: "PATH:LINE: ..., expected ...", or what git_input.h says.
  explicit input_events(const input_file& in);

  std::span<const draft> drafts() const { return drafts_; }  // VALID UNTIL: this is destroyed
  sequence first() const { return first_; }                  // `seq` of the first event
  sequence last() const { return first_ + drafts_.size() - 1; }
  bool of_git() const { return of_git_; }
  std::uint64_t record_bytes() const { return record_bytes_; }    // of all padded records
  std::uint64_t payload_bytes() const { return payload_bytes_; }  // of all payloads

 private:
  void read_lines(const input_file& in);
  void read_line(std::string_view line, const std::string& place);
  void read_history(const input_file& in);
  void add(const draft& d, const std::string& place);

  text_pool texts_;
  std::vector<draft> drafts_;
  sequence first_ = 0;
  std::uint64_t record_bytes_ = 0, payload_bytes_ = 0;
  bool of_git_ = false;
};

// Empty, or why an input cannot be of this form, by its beginning. Cheap: one line is looked at.
std::string refuses_input(const input_file& in);

// The events of an input, parsed when it is asked for the first time; the latest reading is kept.
// Throws as input_events. Threads: safe.
std::shared_ptr<const input_events> events_of(const input_file& in);

// Whether workloads can offer a point with input:1 (params): there is a current input and it looks like ours. Cheap.
bool has_input_events();
// Those of the current input. REQUIRES: has_input_events(). Throws as input_events.
std::shared_ptr<const input_events> current_events();

}  // namespace copycost::event_store
