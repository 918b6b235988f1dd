// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/record/body_json.h"

#include <deque>
#include <limits>

#include "harness/base/failure.h"

namespace copycost::event_store {
namespace {

[[noreturn]] void expected(std::string_view key, const std::string& what) {
  throw failure(exit_code::usage, std::string(key) + ": expected " + what);
}

// Takes fields out of an object. What it answers borrows from the object, or from this.
class fields {
 public:
  explicit fields(const json& said) : said_(said) {}

  std::string_view text(std::string_view key) const {  // VALID UNTIL: the object changes
    if (!said_[key].is_string()) expected(key, "a text");
    return said_[key].text();
  }
  std::optional<std::string_view> optional(std::string_view key) const {  // VALID UNTIL: the object changes
    if (said_[key].is_null()) return std::nullopt;
    return text(key);
  }
  std::vector<std::string_view> list(std::string_view key) const {  // VALID UNTIL: the object changes
    std::vector<std::string_view> all;
    if (!said_[key].is_null() && !said_[key].is_array()) expected(key, "a list of texts");
    for (const json& one : said_[key].items())
      if (one.is_string())
        all.push_back(one.text());
      else
        expected(key, "a list of texts");
    return all;
  }
  bool flag(std::string_view key, bool otherwise) const {
    if (!said_[key].is_null() && !said_[key].is_bool()) expected(key, "true or false");
    return said_[key].boolean(otherwise);
  }
  std::uint64_t number(std::string_view key, std::optional<std::uint64_t> otherwise, std::uint64_t most) const {
    if (said_[key].is_null() && otherwise) return *otherwise;
    const auto v = said_[key].whole();
    if (!v || *v < 0 || static_cast<std::uint64_t>(*v) > most)
      expected(key, "a whole number, not negative and not too large");
    return static_cast<std::uint64_t>(*v);
  }
  std::uint32_t small(std::string_view key, std::optional<std::uint64_t> otherwise = {}) const {
    return static_cast<std::uint32_t>(number(key, otherwise, std::numeric_limits<std::uint32_t>::max()));
  }
  state in_state(std::string_view key) const {
    const auto s = state_of(text(key));
    if (!s) expected(key, "a state: pending, scheduled, ready, running, suspended, backing_off, paused or completed");
    return *s;
  }
  complexity effort() const {
    const std::string_view name = said_["effort"].is_null() ? "medium" : text("effort");
    if (name == "simple") return complexity::simple;
    if (name == "medium") return complexity::medium;
    if (name != "complex") expected("effort", "simple, medium or complex");
    return complexity::complex;
  }
  ulid id(std::string_view key) const {
    if (said_[key].is_null()) return {};
    const auto found = ulid_of(text(key));
    if (!found) expected(key, "a ULID of 26 characters");
    return *found;
  }
  // Any value, as JSON text.
  std::optional<std::string_view> data(std::string_view key) {  // VALID UNTIL: this is destroyed
    if (!said_.has(key)) return std::nullopt;
    return texts_.emplace_back(said_[key].dump());
  }

 private:
  const json& said_;
  std::deque<std::string> texts_;
};

created_body created(fields& f) {
  return {f.text("title"),
          f.optional("description"),
          f.list("dependencies"),
          f.list("labels"),
          f.small("priority", kDefaultPriority),
          f.effort(),
          f.data("metadata")};
}

std::string encoded(kind what, fields& f) {
  switch (what) {
    case kind::created:
      return encode(created(f));
    case kind::state_changed:
      return encode(state_changed_body{f.in_state("from"), f.in_state("to"), f.optional("reason")});
    case kind::phase_completed:
      return encode(phase_completed_body{f.id("phase"), f.text("name"), f.flag("success", true),
                                         f.optional("data").value_or(""), f.optional("message")});
    case kind::failed:
      return encode(failed_body{f.text("error")});
    case kind::completed:
      return encode(completed_body{f.flag("success", true), f.optional("output"), f.optional("error"),
                                   f.number("duration_ms", 0, std::uint64_t{1} << 53)});
    case kind::claimed:
      return encode(claimed_body{f.text("agent")});
    case kind::unclaimed:
      return encode(unclaimed_body{f.optional("reason")});
    case kind::priority_changed:
      return encode(priority_changed_body{f.small("was"), f.small("now")});
    case kind::metadata_updated:
      return encode(metadata_updated_body{f.data("metadata").value_or("null")});
    case kind::worker_unhealthy:
      return encode(worker_unhealthy_body{f.text("worker"), f.text("reason")});
    default:
      return encode(dependency_resolved_body{});
  }
}

}  // namespace

std::string body_of_json(kind what, const json& said) {
  fields f(said);
  return encoded(what, f);
}

}  // namespace copycost::event_store
