// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/input/input_events.h"

#include <fmt/format.h>

#include <cstring>
#include <limits>
#include <mutex>
#include <optional>

#include "harness/base/check.h"
#include "harness/base/failure.h"
#include "scenarios/common/json_lines.h"
#include "scenarios/event_store/input/git_input.h"
#include "scenarios/event_store/record/body_json.h"
#include "scenarios/event_store/record/options.h"

namespace copycost::event_store {
namespace {

constexpr json_form kForm{kLineMax, "an event", "seq, id, entity, kind, time and payload"};

[[noreturn]] void refuse(const std::string& place, const std::string& what) {
  throw failure(exit_code::usage, place + ": " + what);
}

bytes_view as_bytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

// The payload as it is kept: the text itself, or the body that an object says.
std::string payload_in(const json_line& said, kind what) {
  const json& v = said.member("payload");
  if (v.is_string()) return std::string(v.text());
  if (!v.is_object() || what == kind::other)
    said.refuse(what == kind::other ? "'payload': expected a text" : "'payload': expected a text or an object");
  try {
    return body_of_json(what, v);
  } catch (const failure& e) {
    said.refuse(std::string("'payload': ") + e.what());
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
  each_line(in, [&](std::string_view line, const std::string& place) {
    read_line(line, place);
    return true;
  });
  if (drafts_.empty()) refuse(in.name + ":1", "no event, expected JSON Lines of events");
}

void input_events::read_line(std::string_view line, const std::string& place) {
  const json_line said(line, place, kForm);
  const auto seq = static_cast<sequence>(said.whole("seq", 0, "a whole number from 0 on"));
  if (drafts_.empty())
    first_ = seq;
  else if (seq != last() + 1)
    said.refuse(fmt::format("'seq' is {}, expected {}: it counts up by one", seq, last() + 1));
  const std::string_view kind_name = said.text("kind");
  draft d;
  d.what = kind_of(kind_name);
  if (kind_name.empty()) said.refuse("'kind': expected a name");
  if (d.what == kind::other) d.kind_name = texts_.keep(kind_name);
  if (d.what != kind::worker_unhealthy || said.has("entity")) d.entity = texts_.keep(said.text("entity"));
  d.source = texts_.keep(said.text("id"));
  d.time = said.whole("time", std::numeric_limits<std::int64_t>::min(), "a whole number of seconds");
  if (kind_name == "renamed") {
    if (!said.has("from")) said.refuse("renamed without 'from', expected the name before");
    d.related = texts_.keep(said.text("from"));
    if (d.related.empty()) said.refuse("'from': expected the name before");
  } else if (said.has_value("from")) {
    d.related = texts_.keep(said.text("from"));
  }
  d.payload = as_bytes(texts_.keep(payload_in(said, d.what)));
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
  std::optional<std::string> wrong;  // with the first event
  each_line(in, [&](std::string_view line, const std::string& place) {
    try {
      const json_line said(line, place, kForm);
      for (const char* key : {"seq", "kind", "time", "payload"}) said.member(key);
      wrong = "";
    } catch (const failure& e) {
      wrong = e.what();
    }
    return false;
  });
  return wrong.value_or(in.name + ":1: no event, expected JSON Lines of events");
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
