// SPDX-License-Identifier: Apache-2.0
//
// A random life of items of one design, beside a model of each: two makers make, cut, share, change and drop items in
// any order, and after every step each item still shows what its model shows.
//
// Threads: one.
#pragma once
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "harness/base/rng.h"
#include "property_tests/impls/graph/lent.h"
#include "scenarios/graph/contract.h"

namespace copycost::graph::test {

struct model_item {
  std::vector<std::byte> bytes;
  std::vector<header> headers;
  name_id source = 0;
  std::uint64_t key = 0;
  metadata meta() const { return {source, key, headers}; }
};

template <design D>
class random_life {
  using item = typename D::item;
  struct known {
    item is;
    model_item says;
  };

 public:
  template <class... Options>
  explicit random_life(std::uint64_t seed, Options... options) : random_(seed), context_(options...) {
    for (auto& m : makers_) m = std::make_unique<typename D::maker>(context_);
  }

  void live(int steps) {
    for (int i = 0; i < steps; ++i) {
      step();
      for (const known& k : all_) RC_ASSERT(is_as_it_says(k));
    }
  }
  // In any order, makers and items. Nothing that was lent is kept behind them.
  void end() {
    if (random_.below(2) == 0) forget_makers();
    random_.shuffle(all_);
    while (!all_.empty()) {
      all_.pop_back();
      for (const known& k : all_) RC_ASSERT(is_as_it_says(k));
    }
    forget_makers();
    RC_ASSERT(lender_.back() == lender_.lent());
  }
  const typename D::context& context() const { return context_; }

 private:
  void step() {
    if (all_.size() > 40) return drop_some();
    switch (random_.below(all_.empty() ? 4 : 11)) {
      case 0:
        return copy();
      case 1:
        return adopt();
      case 2:
        return build();
      case 3:
        return maker().end_batch();
      case 4:
        return part();
      case 5:
        return share();
      case 6:
        return fan_out();
      case 7:
        return change();
      case 8:
        return drop_some();
      case 9:
        return move_over();
      default:
        return refuse();
    }
  }

  typename D::maker& maker() { return *makers_[random_.below(makers_.size())]; }
  void forget_makers() {
    for (auto& m : makers_) m.reset();
  }
  known& any() { return all_[random_.below(all_.size())]; }
  void keep(item is, model_item says) { all_.push_back({std::move(is), std::move(says)}); }

  std::vector<std::byte> some_bytes() {
    std::vector<std::byte> bytes(random_.below(4) == 0 ? random_.below(3) : random_.below(400));
    for (std::byte& b : bytes) b = static_cast<std::byte>(random_.below(256));
    return bytes;
  }
  model_item drawn() {
    model_item m;
    m.bytes = some_bytes();
    m.headers = some_headers();
    m.source = static_cast<name_id>(random_.below(10));
    m.key = random_.next();
    return m;
  }
  std::vector<header> some_headers() {
    std::vector<header> list(random_.below(2) * random_.below(4));
    for (header& h : list) h = {static_cast<name_id>(random_.below(3)), static_cast<name_id>(random_.below(3))};
    return list;
  }

  void copy() {
    model_item m = drawn();
    auto made = maker().copy(m.meta(), m.bytes);
    RC_ASSERT(made.ok());
    keep(std::move(made).value(), std::move(m));
  }
  void adopt() {
    model_item m = drawn();
    auto made = maker().adopt(m.meta(), lender_.lend(m.bytes));
    RC_ASSERT(made.ok());
    keep(std::move(made).value(), std::move(m));
  }
  void build() {
    model_item m = drawn();
    const std::size_t room = m.bytes.size() + random_.below(2) * random_.below(100);
    auto draft = maker().build(m.meta(), room);
    RC_ASSERT(draft.ok());
    RC_ASSERT(draft->bytes().size() == room);
    std::copy(m.bytes.begin(), m.bytes.end(), draft->bytes().begin());
    if (random_.below(3) == 0) maker().end_batch();
    if (random_.below(4) == 0) copy();  // it is not the latest any more
    if (random_.below(5) == 0) return;  // never sealed
    auto made = maker().seal(std::move(draft).value(), m.bytes.size());
    RC_ASSERT(made.ok());
    keep(std::move(made).value(), std::move(m));
  }
  void part() {
    const known& of = any();
    const std::size_t pos = random_.below(of.says.bytes.size() + 1),
                      len = random_.below(of.says.bytes.size() - pos + 1);
    model_item m = drawn();
    if (random_.below(3) == 0) m.headers = of.says.headers;
    m.bytes.assign(of.says.bytes.begin() + static_cast<std::ptrdiff_t>(pos),
                   of.says.bytes.begin() + static_cast<std::ptrdiff_t>(pos + len));
    auto made = maker().part(of.is, pos, len, m.meta());
    RC_ASSERT(made.ok());
    keep(std::move(made).value(), std::move(m));
  }
  void share() {
    const known& of = any();
    keep(of.is.share(), of.says);
  }
  void fan_out() {
    known& of = any();
    std::vector<item> to(random_.between(1, 5));
    const model_item says = of.says;
    RC_ASSERT(D::fan_out(std::move(of.is), to).ok());
    of.is = std::move(to.back());
    to.pop_back();
    for (item& one : to) keep(std::move(one), says);
  }
  void change() {
    known& of = any();
    const auto room = maker().make_unique(of.is);
    RC_ASSERT(room.ok());
    RC_ASSERT(std::equal(room.value().begin(), room.value().end(), of.says.bytes.begin(), of.says.bytes.end()));
    for (std::size_t i = 0; i < of.says.bytes.size(); ++i)
      room.value()[i] = of.says.bytes[i] = static_cast<std::byte>(random_.below(256));
  }
  void drop_some() {
    random_.shuffle(all_);
    std::vector<item> gone;
    for (std::uint64_t n = random_.between(1, all_.size()); n > 0; --n) {
      gone.push_back(std::move(all_.back().is));
      all_.pop_back();
    }
    if (random_.below(2) == 0) return;  // each for itself
    D::drop(gone);
    for (const item& one : gone) RC_ASSERT(shows(one, {}));
  }
  void move_over() {
    known &from = any(), &to = any();
    if (&from == &to) {
      item& same = to.is;
      to.is = std::move(same);
    } else {
      to.is = std::move(from.is);
      to.says = std::exchange(from.says, {});
      RC_ASSERT(is_as_it_says(from));
    }
  }
  void refuse() {
    const known& of = any();
    const auto beyond = maker().part(of.is, of.says.bytes.size(), 1, {});
    RC_ASSERT(!beyond.ok());
    RC_ASSERT(beyond.error() == (error{errc::out_of_range, of.says.bytes.size() + 1, of.says.bytes.size(), 0}));
    const std::vector<header> many(kHeadersMax + 1);
    const auto headed = maker().part(of.is, 0, 0, {0, 0, many});
    RC_ASSERT(!headed.ok());
    RC_ASSERT(headed.error().code == errc::too_many_headers);
  }

  static bool is_as_it_says(const known& k) { return shows(k.is, k.says); }
  static bool shows(const item& is, const model_item& says) {
    const bytes_view bytes = is.bytes();
    const metadata meta = is.meta();
    return is.size() == says.bytes.size() &&
           std::equal(bytes.begin(), bytes.end(), says.bytes.begin(), says.bytes.end()) && meta.source == says.source &&
           meta.key == says.key &&
           std::equal(meta.headers.begin(), meta.headers.end(), says.headers.begin(), says.headers.end()) &&
           is.held_bytes() >= says.bytes.size();
  }

  rng random_;
  lender lender_;
  typename D::context context_;
  std::array<std::unique_ptr<typename D::maker>, 2> makers_;
  std::vector<known> all_;
};

}  // namespace copycost::graph::test
