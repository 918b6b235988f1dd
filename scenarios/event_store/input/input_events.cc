// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/input/input_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <mutex>

#include "harness/base/check.h"
#include "harness/base/failure.h"
#include "scenarios/event_store/input/git_input.h"
#include "scenarios/event_store/record/body_json.h"
#include "scenarios/event_store/record/options.h"

namespace copycost::event_store {
namespace {

[[noreturn]] void refuse(const std::string& place, const std::string& what) {
  throw failure(exit_code::usage, place + ": " + what);
}

std::string_view text_of(const input_file& in) {
  return {reinterpret_cast<const char*>(in.bytes.data()), in.bytes.size()};
}
bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

// Why a line that is no JSON is none, as far as a look tells.
std::string fault_of(std::string_view line, const std::string& place, std::string_view said) {
  if (line.starts_with("\xff\xfe") || line.starts_with("\xfe\xff")) return "UTF-16 text, not UTF-8";
  if (line.find('\0') != std::string_view::npos) return "a zero byte, which is no text in UTF-8";
  // Of json::parse, behind "PLACE: ".
  const std::string_view why = said.substr(std::min(said.size(), place.size() + 2));
  return std::string(said.find("expected a value") == std::string_view::npos ? why : "not JSON");
}

json parsed(std::string_view line, const std::string& place) {
  if (line.size() > kLineMax)
    refuse(place, fmt::format("a line of {} bytes, expected at most {}", line.size(), kLineMax));
  try {
    json said = json::parse(line, place);
    if (said.is_object()) return said;
  } catch (const failure& e) {
    refuse(place, fault_of(line, place, e.what()) + ": expected an event as one JSON object on one line");
  }
  refuse(place, "expected an event as a JSON object");
}

const json& member(const json& said, std::string_view key, const std::string& place) {
  if (!said.has(key)) refuse(place, fmt::format("no key '{}', expected seq, id, entity, kind, time and payload", key));
  return said[key];
}
std::string_view text(const json& said, std::string_view key, const std::string& place) {
  const json& v = member(said, key, place);
  if (!v.is_string()) refuse(place, fmt::format("'{}': expected a text", key));
  return v.text();
}
sequence sequence_in(const json& said, const std::string& place) {
  const auto v = member(said, "seq", place).whole();
  if (!v || *v < 0) refuse(place, "'seq': expected a whole number from 0 on");
  return static_cast<sequence>(*v);
}
std::int64_t time_in(const json& said, const std::string& place) {
  const auto v = member(said, "time", place).whole();
  if (!v) refuse(place, "'time': expected a whole number of seconds");
  return *v;
}

bytes_view as_bytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

// The payload as it is kept: the text itself, or the body that an object says.
std::string payload_in(const json& said, kind what, const std::string& place) {
  const json& v = member(said, "payload", place);
  if (v.is_string()) return std::string(v.text());
  if (!v.is_object() || what == kind::other)
    refuse(place, what == kind::other ? "'payload': expected a text" : "'payload': expected a text or an object");
  try {
    return body_of_json(what, v);
  } catch (const failure& e) {
    refuse(place, std::string("'payload': ") + e.what());
  }
}

}  // namespace

std::string_view text_pool::keep(std::string_view text) {
  if (text.empty()) return {};
  if (text.size() > left_) {
    const std::size_t size = std::max(kBlock, text.size());
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    next_ = blocks_.back().get();
    left_ = size;
  }
  std::memcpy(next_, text.data(), text.size());  // not payload: of no design
  const std::string_view kept(next_, text.size());
  next_ += text.size();
  left_ -= text.size();
  return kept;
}

input_events::input_events(const input_file& in) {
  if (in.directory)
    read_history(in);
  else
    read_lines(in);
}

void input_events::read_lines(const input_file& in) {
  std::size_t number = 0;
  for (std::string_view rest = text_of(in); !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    ++number;
    if (!is_blank(line)) read_line(line, fmt::format("{}:{}", in.name, number));
  }
  if (drafts_.empty()) refuse(in.name + ":1", "no event, expected JSON Lines of events");
}

void input_events::read_line(std::string_view line, const std::string& place) {
  const json said = parsed(line, place);
  const sequence seq = sequence_in(said, place);
  if (drafts_.empty())
    first_ = seq;
  else if (seq != last() + 1)
    refuse(place, fmt::format("'seq' is {}, expected {}: it counts up by one", seq, last() + 1));
  const std::string_view kind_name = text(said, "kind", place);
  draft d;
  d.what = kind_of(kind_name);
  if (kind_name.empty()) refuse(place, "'kind': expected a name");
  if (d.what == kind::other) d.kind_name = texts_.keep(kind_name);
  if (d.what != kind::worker_unhealthy || said.has("entity")) d.entity = texts_.keep(text(said, "entity", place));
  d.source = texts_.keep(text(said, "id", place));
  d.time = time_in(said, place);
  if (kind_name == "renamed") {
    if (!said.has("from")) refuse(place, "renamed without 'from', expected the name before");
    d.related = texts_.keep(text(said, "from", place));
    if (d.related.empty()) refuse(place, "'from': expected the name before");
  } else if (said.has("from") && !said["from"].is_null()) {
    d.related = texts_.keep(text(said, "from", place));
  }
  d.payload = as_bytes(texts_.keep(payload_in(said, d.what, place)));
  add(d, place);
}

void input_events::read_history(const input_file& in) {
  of_git_ = true;
  for (const git_change& c : changes_of(in.name, text_of(in))) {
    draft d;
    d.what = kind::other;
    d.kind_name = texts_.keep(c.kind);
    d.entity = texts_.keep(c.path);
    d.related = texts_.keep(c.from);
    d.source = texts_.keep(fmt::format("{}-{}", c.commit, c.index));
    d.time = c.time;
    d.payload = as_bytes(texts_.keep(fmt::format("{} | {}", c.subject, c.lines)));
    add(d, fmt::format("{}: commit {}", in.name, c.commit));
  }
  if (drafts_.empty()) refuse(in.name, "no event: expected a git repository with a commit that changes a file");
}

void input_events::add(const draft& d, const std::string& place) {
  const std::size_t limit = store_options().event_bytes_max;
  const auto fine = check_draft(d, d.payload.size(), limit);
  if (!fine.ok() && fine.error().code == errc::size_exceeded)
    refuse(place, fmt::format("an event of {} bytes, expected at most {}", fine.error().got, limit));
  if (!fine.ok()) refuse(place, fmt::format("a name of {} bytes, expected 1 to {}", fine.error().got, kNameMax));
  payload_bytes_ += d.payload.size();
  record_bytes_ += padded(record_size(d, d.payload.size()));
  drafts_.push_back(d);
}

std::string refuses_input(const input_file& in) {
  if (in.directory && in.bytes.empty())
    return in.name + ": not a git repository: expected JSON Lines of events or a git repository";
  if (in.directory) return {};
  std::size_t number = 0;
  for (std::string_view rest = text_of(in); !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    ++number;
    if (is_blank(line)) continue;
    const std::string place = fmt::format("{}:{}", in.name, number);
    try {
      const json said = parsed(line, place);
      for (const char* key : {"seq", "kind", "time", "payload"}) member(said, key, place);
      return {};
    } catch (const failure& e) {
      return e.what();
    }
  }
  return in.name + ":1: no event, expected JSON Lines of events";
}

std::shared_ptr<const input_events> events_of(const input_file& in) {
  static std::mutex lock;
  static std::uint64_t number = 0;
  static std::shared_ptr<const input_events> latest;
  const std::lock_guard held(lock);
  if (in.number != 0 && in.number == number) return latest;
  auto events = std::make_shared<const input_events>(in);
  if (in.number != 0) {
    number = in.number;
    latest = events;
  }
  return events;
}

void check_input(const input_file& in) { events_of(in); }

bool has_input_events() {
  static std::mutex lock;
  static std::uint64_t number = 0;
  static bool fits = false;
  const input_file* in = current_input("event_store");
  if (in == nullptr) return false;
  const std::lock_guard held(lock);
  if (number != in->number || number == 0) {
    fits = refuses_input(*in).empty();
    number = in->number;
  }
  return fits;
}
std::shared_ptr<const input_events> current_events() {
  COPYCOST_REQUIRE(has_input_events());
  return events_of(*current_input("event_store"));
}

}  // namespace copycost::event_store
