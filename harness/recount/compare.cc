// SPDX-License-Identifier: Apache-2.0
#include "harness/recount/compare.h"

#include <fmt/format.h>

#include <utility>

namespace copycost {

namespace {

// Whether threads of the design or of a library do a part of it: their promise says so.
bool has_threads_of_its_own(const cell& what) {
  const promise* const p = what.promised();
  return p != nullptr && p->else_syscalls != nullptr && p->else_syscalls(what.at) > 0;
}

}  // namespace

std::vector<std::string> differences(const cell& what, const recount_row& timed, const recount_row& counted) {
  std::vector<std::string> out;
  const auto say = [&](std::string text) {
    out.push_back(fmt::format("{} ({} operations): {}", what.name(), timed.n, std::move(text)));
  };
  for (const auto& [row, name] : {std::pair{&timed, "timed"}, std::pair{&counted, "audited"}}) {
    if (!row->error.empty())
      say(fmt::format("{}: {}", name, row->error));
    else if (!row->found)
      say(fmt::format("{}: a row without counts", name));
    if (!row->found) continue;
    for (const left_name& l : kLeft)
      if (const std::int64_t left = row->found->left.*l.of; left != 0)
        say(fmt::format("{}: {} {}", name, l.name, left));
  }
  if (!out.empty() || what.form().roles() != 1 || has_threads_of_its_own(what)) return out;
  for (const bool may_be_fewer : {false, true})
    for (const counter& c : kCounters) {
      const std::uint64_t here = timed.found->window.*c.of, there = counted.found->window.*c.of;
      if (c.may_be_fewer == may_be_fewer && (may_be_fewer ? here > there : here != there))
        say(fmt::format("{} differ: timed {}, audited {}", c.name, here, there));
    }
  return out;
}

}  // namespace copycost
