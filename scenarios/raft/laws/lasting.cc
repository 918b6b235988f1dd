// SPDX-License-Identifier: Apache-2.0
// The law about long lives: one context, one encoder and one inbox, the thousandth and the 20,000th unit as the first.
#include <fmt/format.h>

#include "harness/judge/drawn.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/raft/laws/feed.h"

namespace copycost::raft::properties {
namespace {

constexpr std::uint64_t kUnits = 5'200;  // of each format
constexpr std::string_view kLong[] = {"5,200 units of one inbox"};

void check_all(facade& f, any_context& x, const drawn_stream& s, const feeding& how) {
  any_encoder e(x, s.out);
  any_frame out;
  for (std::size_t i = 0; i < s.units.size(); ++i) {
    const made_unit& u = s.units[i];
    const model_view sent(u.sent);
    must(u.is_message ? e.message(sent.view(), out, u.id ? &*u.id : nullptr) : e.frame(u.head, u.payload, out));
    if (joined(out) != u.encoded) RC_FAIL(fmt::format("unit {} is encoded wrong", i));
  }
  const met got = feed(f, x, s.in, s.bytes, how);
  RC_ASSERT(!got.wrong.has_value());
  RC_ASSERT(got.units.size() == s.units.size());
  for (std::size_t i = 0; i < s.units.size(); ++i) {
    const made_unit& u = s.units[i];
    const met_unit& v = got.units[i];
    if (!u.is_message && v.unit.payload != u.payload) RC_FAIL(fmt::format("the payload of unit {} differs", i));
    if (!u.is_message || v.unit.kind == unit_kind::link_heartbeat) continue;
    if (!v.message) RC_FAIL(fmt::format("unit {} is no message", i));
    if (const std::string d = difference(model_view(*v.message).view(), u.arrives); !d.empty())
      RC_FAIL(fmt::format("unit {}: {}", i, d));
  }
}

void the_twenty_thousandth_unit_is_as_the_first(facade_maker make) {
  const auto f = design_of<facade>(make);
  any_context x(f->context());
  rng random = draw_rng("stream");
  feeding how{.how = draw_cuts(), .keep = draw_bool("keep"), .applies = true};
  if (how.how.size == 1) how.how.size = 1460;
  for (std::size_t w = 0; w < kWireFormats; ++w) {
    if (!f->speaks(static_cast<wire_format>(w))) continue;
    check_all(*f, x, some_stream(random, static_cast<wire_format>(w), kUnits, {.entries = 3, .bytes = 40}), how);
    drawn(kLong[0]);
  }
}

}  // namespace

law_list lasting() {
  return {
      law_of<the_twenty_thousandth_unit_is_as_the_first>(
          "5,200 units in each format, one behind the other, through one context", {.cost = 200, .draws = kLong}),
  };
}

}  // namespace copycost::raft::properties
