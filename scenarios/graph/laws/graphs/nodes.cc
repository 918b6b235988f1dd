// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/laws/graphs/nodes.h"

#include <algorithm>
#include <utility>

namespace copycost::graph::properties {

result<any_item> token_source::made(any_maker& m, const token& t) {
  const model_item is = item_of(t);
  numbered_meta meta;  // not numbered(): nothing here may throw
  for (const auto& [name, value] : is.meta.headers) {
    const auto a = x_.intern(name), b = x_.intern(value);
    if (!a || !b) return (a ? b : a).error();
    meta.headers.push_back({a.value(), b.value()});
  }
  const auto source = x_.intern(is.meta.source);
  if (!source) return source.error();
  meta.is = {source.value(), is.meta.key, meta.headers};
  if (random_.below(4) == 0) m.end_batch();
  switch (random_.below(3)) {
    case 0:
      return m.copy(meta.is, is.bytes);
    case 1:
      return m.adopt(meta.is, foreign_bytes::from_vector(is.bytes));
    default: {
      auto draft = m.build(meta.is, is.bytes.size() + 9);
      if (!draft) return draft.error();
      std::ranges::copy(is.bytes, draft->bytes().begin());
      return m.seal(std::move(draft).value(), is.bytes.size());
    }
  }
}

result<turn> token_source::produce(outlet<any_design>& to) {
  if (random_.below(16) == 0) return turn::idle;
  for (std::uint64_t n = 1 + random_.below(7); n > 0 && next_ < all_.size(); --n) {
    if (waiting_.box() == nullptr) {
      auto one = made(to.maker(), all_[next_]);
      if (!one) return one.error();
      waiting_ = std::move(one).value();
    }
    if (const auto sent = to.send(0, std::move(waiting_)); !sent) return sent.error();
    waiting_ = any_item();
    ++next_;
  }
  return next_ < all_.size() ? turn::more : turn::done;
}

result<void> token_sink::take(unsigned, any_item& one, outlet<any_design>&) {
  if (keeps_items_)
    items_.push_back(std::move(one));
  else
    tokens_.push_back(read(x_, one));
  return {};
}

std::vector<std::optional<token>> token_sink::came() const {
  if (!keeps_items_) return tokens_;
  std::vector<std::optional<token>> all;
  for (const any_item& one : items_) all.push_back(read(x_, one));
  return all;
}

result<void> failing_node::take(unsigned, any_item& one, outlet<any_design>& to) {
  const auto t = read(x_, one);
  if (!t) return error{errc::node_failed, 0, 0, 0};
  if (is_bad(*t) && (for_good_ || failed_[*t]++ < kTimes)) return error{errc::node_failed, 0, 0, t->seq};
  return to.send(0, std::move(one));
}

}  // namespace copycost::graph::properties
