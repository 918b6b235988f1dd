// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/oracle/oracle.h"

#include <fmt/format.h>

#include <algorithm>

namespace copycost::event_store {
namespace {

// Long names at their length only.
std::string shown(std::string_view name) {
  return name.size() <= 40 ? fmt::format("'{}'", name)
                           : fmt::format("'{}...' ({} bytes)", name.substr(0, 40), name.size());
}

std::string payloads_differ(bytes_view got, bytes_view expected) {
  if (got.size() != expected.size()) return fmt::format("{} bytes, expected {}", got.size(), expected.size());
  std::size_t at = 0;
  while (got[at] == expected[at]) ++at;
  return fmt::format("byte {} of {} is {:#04x}, expected {:#04x}", at, got.size(), std::to_integer<unsigned>(got[at]),
                     std::to_integer<unsigned>(expected[at]));
}

std::size_t padded_to_words(std::size_t size) { return (size + 7) / 8 * 8; }

// What the record of an event of these sizes takes, by the picture in record.h.
constexpr std::size_t kHeader = 4 + 4 + 8 + 16 + 8 + 2 + 4 * 2 + 2 + 4;

error bad_name(std::size_t length) { return {.code = errc::bad_name, .expected = 1024, .got = length}; }

result<void> acceptable(const draft& d, std::size_t limit) {
  const bool has_kind_name = !d.kind_name.empty(), is_other = d.what == kind::other;
  if (has_kind_name != is_other) return bad_name(d.kind_name.size());
  if (d.entity.empty() && d.what != kind::worker_unhealthy) return bad_name(0);
  std::size_t size = kHeader + d.payload.size();
  for (const std::string_view name : {d.kind_name, d.entity, d.related, d.source}) {
    if (name.size() > 1024) return bad_name(name.size());
    size += name.size();
  }
  if (size > limit) return error{.code = errc::size_exceeded, .expected = limit, .got = size};
  return {};
}

}  // namespace

draft owned_draft::view() const { return {what, kind_name, entity, related, source, time, payload}; }
std::size_t owned_draft::record_bytes() const {
  return kHeader + payload.size() + kind_name.size() + entity.size() + related.size() + source.size();
}
std::size_t owned_event::padded_bytes() const { return padded_to_words(content.record_bytes()); }

std::vector<draft> views(std::span<const owned_draft> all) {
  std::vector<draft> out;
  for (const owned_draft& d : all) out.push_back(d.view());
  return out;
}

owned_draft owned(const draft& d) {
  return {d.what,
          std::string(d.kind_name),
          std::string(d.entity),
          std::string(d.related),
          std::string(d.source),
          d.time,
          {d.payload.begin(), d.payload.end()}};
}

owned_event owned(const event_view& e) {
  draft d{e.what(), {}, e.entity(), e.related(), e.source(), e.time(), e.payload()};
  if (e.what() == kind::other) d.kind_name = e.kind_name();
  return {e.seq(), e.id(), owned(d)};
}

std::string difference(const event_view& got, const owned_draft& expected) {
  const auto name = [&](const char* field, std::string_view is, std::string_view should) {
    return fmt::format("{} of {}: {}, expected {}", field, got.seq(), shown(is), shown(should));
  };
  if (got.size() != expected.record_bytes())
    return fmt::format("size of {}: {} bytes, expected {}", got.seq(), got.size(), expected.record_bytes());
  if (got.what() != expected.what) return name("kind", to_string(got.what()), to_string(expected.what));
  const std::string_view kind_name = expected.what == kind::other ? expected.kind_name : to_string(expected.what);
  if (got.kind_name() != kind_name) return name("kind name", got.kind_name(), kind_name);
  if (got.entity() != expected.entity) return name("entity", got.entity(), expected.entity);
  if (got.related() != expected.related) return name("related", got.related(), expected.related);
  if (got.source() != expected.source) return name("source", got.source(), expected.source);
  if (got.time() != expected.time)
    return fmt::format("time of {}: {}, expected {}", got.seq(), got.time(), expected.time);
  if (!same_bytes(got.payload(), expected.payload))
    return fmt::format("payload of {}: {}", got.seq(), payloads_differ(got.payload(), expected.payload));
  return {};
}

std::string difference(const event_view& got, const owned_event& expected) {
  if (got.seq() != expected.seq) return fmt::format("sequence: {}, expected {}", got.seq(), expected.seq);
  if (std::string text = difference(got, expected.content); !text.empty()) return text;
  if (got.id() != expected.id)
    return fmt::format("id of {}: {}, expected {}", got.seq(), to_string(got.id()), to_string(expected.id));
  return {};
}

ulid model_ids::next(std::uint64_t ms) {
  if (first_ || ms > static_cast<std::uint64_t>(last_ >> 80)) {
    const std::uint64_t upper = random_.next() % 65536, lower = random_.next();
    last_ = (static_cast<wide>(ms) << 80) + (static_cast<wide>(upper) << 64) + lower;
  } else {
    last_ += 1;
  }
  first_ = false;
  return {static_cast<std::uint64_t>(last_ >> 64), static_cast<std::uint64_t>(last_)};
}

namespace {

// Where reading begins behind a checkpoint. The numbers in front of the first one and behind the last one wrap around.
result<std::size_t> place_behind(const model_snapshot& s, sequence after) {
  if (after == kStart) return std::size_t{0};
  for (std::size_t i = 0; i <= s.events.size(); ++i)
    if (s.first + i == after + 1) return i;
  return error{
      .code = errc::checkpoint_not_found, .seq = after, .expected = s.first, .got = s.first + s.events.size() - 1};
}

}  // namespace

result<model_list> model_snapshot::read(sequence after, std::size_t limit) const {
  const auto from = place_behind(*this, after);
  if (!from.ok()) return from.error();
  model_list out;
  for (std::size_t i = from.value(); i < events.size() && out.size() < limit; ++i) out.push_back(events[i]);
  return out;
}

result<model_list> model_snapshot::read_entity(std::string_view entity, sequence after, std::size_t limit) const {
  const auto from = place_behind(*this, after);
  if (!from.ok()) return from.error();
  model_list out;
  bool known = false;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (entity.empty() || events[i]->content.entity != entity) continue;
    known = true;
    if (i >= from.value() && out.size() < limit) out.push_back(events[i]);
  }
  if (!known) return error{.code = errc::entity_not_found};
  return out;
}

std::vector<std::string> model_snapshot::entities() const {
  std::vector<std::string> names;
  for (const event_ptr& e : events)
    if (const std::string& name = e->content.entity; !name.empty() && std::ranges::find(names, name) == names.end())
      names.push_back(name);
  return names;
}

result<void> model_store::would_append(std::span<const draft> batch, std::optional<sequence> expected) const {
  if (batch.empty()) return error{.code = errc::empty_batch};
  for (const draft& d : batch)
    if (const auto fine = acceptable(d, options_.event_bytes_max); !fine.ok()) return fine.error();
  const sequence last = range().end - 1;
  if (expected && *expected != last)
    return error{.code = errc::wrong_expected_version, .seq = last, .expected = *expected};
  return {};
}

result<appended> model_store::append(std::span<const draft> batch, std::optional<sequence> expected) {
  if (const auto fine = would_append(batch, expected); !fine.ok()) return fine.error();
  appended done{range().end, range().end - 1, {}};
  for (const draft& d : batch) {
    done.id = ids_.next(options_.now_ms());
    now_.events.push_back(std::make_shared<const owned_event>(owned_event{++done.last, done.id, owned(d)}));
  }
  retain();
  return done;
}

void model_store::retain() {
  const auto drop_oldest = [this] {
    now_.events.erase(now_.events.begin());
    ++now_.first;
  };
  while (options_.events_max != 0 && now_.events.size() > options_.events_max) drop_oldest();
  while (options_.bytes_max != 0 && bytes() > options_.bytes_max && now_.events.size() > 1) drop_oldest();
}

result<void> model_store::truncate_before(sequence before) {
  const bounds b = range();
  if (before > b.end)
    return error{.code = errc::checkpoint_not_found, .seq = before, .expected = b.first, .got = b.end - 1};
  while (now_.first < before) {
    now_.events.erase(now_.events.begin());
    ++now_.first;
  }
  return {};
}

std::uint64_t model_store::bytes() const {
  std::uint64_t sum = 0;
  for (const event_ptr& e : now_.events) sum += e->padded_bytes();
  return sum;
}

}  // namespace copycost::event_store
