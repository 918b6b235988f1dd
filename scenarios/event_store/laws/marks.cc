// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/laws/marks.h"

#include <fmt/format.h>

#include <cstring>

namespace copycost::event_store::properties {
namespace {

std::size_t filling_of(const mark& m) { return (m.writer * 7 + m.batch * 5 + m.index * 3) % 61; }
std::byte filler(const mark& m, std::size_t i) {
  return static_cast<std::byte>(m.writer * 131 + m.batch * 31 + m.index * 17 + i);
}

std::optional<mark> mark_of(const event_view& e) {
  mark m;
  const bytes_view payload = e.payload();
  if (payload.size() < sizeof m) return std::nullopt;
  std::memcpy(&m, payload.data(), sizeof m);
  return m;
}

std::string shown(const mark& m) {
  return fmt::format("event {} of {} of batch {} of writer {}", m.index, m.size, m.batch, m.writer);
}

// Follows the log from event to event.
class walker {
 public:
  walker(bounds range, const marked_log& log) : range_(range), log_(log), next_(range.first), of_writer_(log.writers) {}

  std::string see(const event_view& e) {
    if (e.seq() != next_) return fmt::format("sequence {} where {} was expected", e.seq(), next_);
    if (e.id() <= last_id_ && next_ != range_.first) return fmt::format("the id of {} does not rise", e.seq());
    const auto found = mark_of(e);
    if (!found || found->writer >= log_.writers || found->index >= found->size)
      return fmt::format("sequence {} was invented", e.seq());
    const mark& m = *found;
    if (const std::string text = event_store::difference(e, marked(m)); !text.empty()) return text;
    const bool goes_on = m.index > 0 && inside_ && last_.writer == m.writer && last_.batch == m.batch &&
                         last_.size == m.size && last_.index + 1 == m.index;
    const bool begins = m.index == 0 && !inside_;
    const bool cut_in_front = next_ == range_.first && !log_.from_the_start;
    if (!goes_on && !begins && !cut_in_front) return shown(m) + " behind " + shown(last_);
    std::vector<sequence>& seqs = of_writer_[m.writer].seqs;
    std::optional<std::uint32_t>& batch = of_writer_[m.writer].batch;
    if (m.index == 0) {
      const bool follows = batch ? m.batch == *batch + 1 : m.batch == 0 || !log_.from_the_start;
      if (!follows) return shown(m) + (batch ? fmt::format(" behind its batch {}", *batch) : " is its first");
    }
    batch = m.batch;
    seqs.push_back(e.seq());
    last_ = m;
    last_id_ = e.id();
    inside_ = m.index + 1 < m.size;
    ++next_;
    return std::string();
  }
  std::string end() const {
    if (next_ != range_.end) return fmt::format("the list ends in front of {}, the range is to {}", next_, range_.end);
    if (inside_) return "the range ends behind " + shown(last_);
    return {};
  }
  const std::vector<sequence>& sequences_of(std::uint32_t writer) const { return of_writer_[writer].seqs; }

 private:
  struct progress {
    std::optional<std::uint32_t> batch;
    std::vector<sequence> seqs;
  };
  bounds range_;
  const marked_log& log_;
  sequence next_;
  mark last_;
  ulid last_id_;
  bool inside_ = false;
  std::vector<progress> of_writer_;
};

std::string wrong_with_entity(const any_snapshot& s, std::uint32_t writer, const std::vector<sequence>& seqs) {
  const std::string name = writer_name(writer);
  const auto list = s.read_entity(name, kStart);
  if (!list.ok()) {
    if (seqs.empty() && list.error() == error{.code = errc::entity_not_found}) return {};
    return fmt::format("entity '{}' with {} events: {}", name, seqs.size(), to_string(list.error()));
  }
  if (seqs.empty()) return fmt::format("entity '{}' is there, without events", name);
  std::size_t seen = 0;
  std::string text;
  list->for_each([&](const event_view& e) {
    if (seen >= seqs.size())
      text = fmt::format("entity '{}' shows {}, more than the range has", name, e.seq());
    else if (e.seq() != seqs[seen] || e.entity() != name)
      text = fmt::format("entity '{}' shows {} of '{}', expected {}", name, e.seq(), e.entity(), seqs[seen]);
    ++seen;
    return text.empty();
  });
  if (text.empty() && seen != seqs.size())
    text = fmt::format("entity '{}' shows {} events, the range has {}", name, seen, seqs.size());
  return text;
}

}  // namespace

std::string writer_name(std::uint32_t writer) { return "writer " + std::to_string(writer); }

owned_draft marked(const mark& m) {
  owned_draft d;
  d.what = kind::claimed;
  d.entity = writer_name(m.writer);
  d.time = m.batch;
  d.payload.resize(sizeof m + filling_of(m));
  std::memcpy(d.payload.data(), &m, sizeof m);
  for (std::size_t i = sizeof m; i < d.payload.size(); ++i) d.payload[i] = filler(m, i);
  return d;
}

std::vector<owned_draft> marked_batch(std::uint32_t writer, std::uint32_t batch, std::uint32_t size) {
  std::vector<owned_draft> all;
  for (std::uint32_t i = 0; i < size; ++i) all.push_back(marked({writer, batch, i, size}));
  return all;
}

std::uint32_t marked_size(std::uint64_t seed, std::uint32_t writer, std::uint32_t batch) {
  const std::uint64_t n = rng(seed * 1000 + writer * 100'003 + batch).below(12);
  return static_cast<std::uint32_t>(n < 6 ? 1 : n - 5);
}

std::string wrong_with(const any_snapshot& s, const marked_log& log) {
  const bounds range = s.range();
  const auto list = s.read(kStart);
  if (!list.ok()) return to_string(list.error());
  if (list->size() != range.count())
    return fmt::format("the list says {} events, the range [{}, {})", list->size(), range.first, range.end);
  walker w(range, log);
  std::string text;
  list->for_each([&](const event_view& e) {
    text = w.see(e);
    return text.empty();
  });
  if (text.empty()) text = w.end();
  for (std::uint32_t writer = 0; writer < log.writers && text.empty(); ++writer)
    text = wrong_with_entity(s, writer, w.sequences_of(writer));
  return text;
}

}  // namespace copycost::event_store::properties
