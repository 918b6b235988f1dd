// SPDX-License-Identifier: Apache-2.0
// An outlet that keeps what is sent, and fails when a test says so; its clock is moved by hand.
#pragma once
#include <utility>
#include <vector>

#include "property_tests/scenarios/graph/link/batch/made.h"
#include "scenarios/graph/node/node.h"

namespace copycost::graph {

template <design D>
class collecting_outlet final : public outlet<D> {
 public:
  explicit collecting_outlet(typename D::context& x) : maker_(x) {}
  result<void> send(unsigned, typename D::item&& one) override {
    if (sends_left == 0) return error{errc::closed, 0, 0, 0};
    --sends_left;
    sent.push_back(std::move(one));
    return {};
  }
  bool has_room(unsigned) const override { return sends_left != 0; }
  // VALID UNTIL: the outlet is destroyed.
  typename D::maker& maker() override { return maker_; }
  std::int64_t now_ns() const override { return now; }

  std::vector<typename D::item> sent;
  std::size_t sends_left = ~std::size_t{0};
  std::int64_t now = 0;

 private:
  typename D::maker maker_;
};

// An item of a design, and the other way round.
template <design D>
typename D::item item_from(typename D::context& x, typename D::maker& by, const plain_item& one) {
  const auto id = [&](std::string_view name) {
    const auto answer = x.intern(name);
    REQUIRE(answer.ok());
    return answer.value();
  };
  std::vector<header> headers;
  for (const auto& [name, value] : one.headers) headers.push_back({id(name), id(value)});
  auto made = by.copy({id(one.source), one.key, headers}, bytes_of(one.payload));
  REQUIRE(made.ok());
  return std::move(made).value();
}
template <design D>
plain_item plain(const typename D::context& x, const typename D::item& one) {
  const metadata meta = one.meta();
  plain_item out{meta.key, std::string(x.name(meta.source)), {}, text_of(one.bytes())};
  for (const auto& [name, value] : meta.headers) out.headers.emplace_back(x.name(name), x.name(value));
  return out;
}

}  // namespace copycost::graph
