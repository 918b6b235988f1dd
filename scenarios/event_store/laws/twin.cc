// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/laws/twin.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace copycost::event_store::properties {
namespace {

std::string shown(bounds b) { return fmt::format("[{}, {})", b.first, b.end); }

void check_same_answer(const appended& got, const appended& expected) {
  if (got.first != expected.first || got.last != expected.last)
    RC_FAIL(
        fmt::format("append answers {} to {}, expected {} to {}", got.first, got.last, expected.first, expected.last));
  if (got.id != expected.id)
    RC_FAIL(fmt::format("append answers id {}, expected {}", to_string(got.id), to_string(expected.id)));
}

}  // namespace

std::string difference(const any_list& got, const model_list& expected) {
  std::string text;
  std::size_t seen = 0;
  got.for_each([&](const event_view& e) {
    if (seen < expected.size()) text = event_store::difference(e, *expected[seen]);
    if (!text.empty()) text = fmt::format("place {} of {}: {}", seen, expected.size(), text);
    ++seen;
    return text.empty() && seen <= expected.size();
  });
  if (!text.empty()) return text;
  if (seen > expected.size()) return fmt::format("the list shows more than the {} events expected", expected.size());
  if (seen < expected.size()) return fmt::format("the list shows {} events, expected {}", seen, expected.size());
  if (got.size() != expected.size())
    return fmt::format("the list says that it has {} events, it shows {}", got.size(), expected.size());
  return {};
}

void check_same(const any_list& got, const model_list& expected) {
  if (const std::string text = difference(got, expected); !text.empty()) RC_FAIL(text);
}

void check_same(const result<any_list>& got, const result<model_list>& expected) {
  if (agree(got, expected)) check_same(got.value(), expected.value());
}

void check_same(const any_snapshot& got, const model_snapshot& expected) {
  if (got.range() != expected.range())
    RC_FAIL(fmt::format("the range is {}, expected {}", shown(got.range()), shown(expected.range())));
  check_same(must(got.read(kStart)), expected.events);
  std::map<std::string_view, model_list> by_entity;
  for (const event_ptr& e : expected.events)
    if (!e->content.entity.empty()) by_entity[e->content.entity].push_back(e);
  for (const auto& [name, events] : by_entity) {
    const auto list = got.read_entity(name, kStart);
    if (!list.ok()) RC_FAIL(fmt::format("entity '{}': {}", name, to_string(list.error())));
    if (const std::string text = difference(list.value(), events); !text.empty())
      RC_FAIL(fmt::format("entity '{}': {}", name, text));
  }
  check_same(got.read_entity("nobody", kStart), error{.code = errc::entity_not_found});
}

twin::twin(std::unique_ptr<facade> design, const store_options& o)
    : design_(std::move(design)), options_(o), model_(o) {
  open_again();
}

void twin::open_again() {
  store_ = must(design_->open(options_));
  reader_.emplace(must(store_->reader()));
}

void twin::reopen() {
  close();
  model_.reopened();
  open_again();
}

bool twin::append(const std::vector<owned_draft>& batch, std::optional<sequence> expected) {
  const auto drafts = views(batch);
  const auto got = store_->append(drafts, expected);
  const auto should = model_.append(drafts, expected);
  if (!agree(got, should)) return false;
  check_same_answer(got.value(), should.value());
  return true;
}

bool twin::append_in_place(const owned_draft& one, std::optional<sequence> expected) {
  draft frame = one.view();
  const auto should = model_.append({&frame, 1}, expected);
  frame.payload = {};  // the payload comes through the writer alone
  int called = 0;
  bool right_size = true;
  const auto got = store_->append_in_place(
      frame, one.payload.size(),
      [&](std::span<std::byte> to) {
        ++called;
        right_size = to.size() == one.payload.size();
        if (right_size) std::copy(one.payload.begin(), one.payload.end(), to.begin());
      },
      expected);
  RC_ASSERT(right_size);
  if (!agree(got, should)) {
    RC_ASSERT(called == 0);
    return false;
  }
  RC_ASSERT(called == 1);
  check_same_answer(got.value(), should.value());
  return true;
}

bool twin::truncate(sequence before) { return agree(store_->truncate_before(before), model_.truncate_before(before)); }

void twin::check() {
  check_same(reader_->snapshot(), model_.snapshot());
  check_same(reader_->read(kStart), model_.snapshot().read(kStart));
  const store_stats s = store_->stats();
  if (s.events != range().count() || s.bytes != model_.bytes())
    RC_FAIL(fmt::format("stats() say {} events of {} bytes, expected {} of {}", s.events, s.bytes, range().count(),
                        model_.bytes()));
}

}  // namespace copycost::event_store::properties
