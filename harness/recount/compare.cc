// SPDX-License-Identifier: Apache-2.0
#include "harness/recount/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace copycost {
namespace {

constexpr std::string_view kEqual[] = {"allocs", "frees", "alloc_bytes", "freed_bytes", "kernel_bytes", "syscalls"};
constexpr std::string_view kNoMore[] = {"copy_calls", "copy_bytes", "payload_copy_bytes"};
constexpr std::string_view kLeft[] = {"left_blocks", "left_bytes", "left_files"};

bool has_all(const json& row) {
  const auto has = [&](std::string_view key) { return row[key].is_number(); };
  return std::all_of(std::begin(kEqual), std::end(kEqual), has) &&
         std::all_of(std::begin(kNoMore), std::end(kNoMore), has) &&
         std::all_of(std::begin(kLeft), std::end(kLeft), has);
}

}  // namespace

std::vector<std::string> differences(const cell& what, const json& timed, const json& counted) {
  std::vector<std::string> out;
  const auto say = [&](std::string text) {
    out.push_back(fmt::format("{} ({} operations): {}", what.name(), timed["n"].dump(), std::move(text)));
  };
  for (const auto& [row, name] : {std::pair{&timed, "timed"}, std::pair{&counted, "audited"}}) {
    if (!(*row)["error"].text().empty())
      say(fmt::format("{}: {}", name, (*row)["error"].text()));
    else if (!has_all(*row))
      say(fmt::format("{}: a row without counts", name));
    for (const std::string_view key : kLeft)
      if ((*row)[key].integer(0) != 0) say(fmt::format("{}: {} {}", name, key, (*row)[key].integer()));
  }
  if (!out.empty()) return out;
  const bool single = what.form().roles() == 1;
  for (const std::string_view key : kEqual)
    if (single && timed[key].integer() != counted[key].integer())
      say(fmt::format("{} differ: timed {}, audited {}", key, timed[key].integer(), counted[key].integer()));
  for (const std::string_view key : kNoMore)
    if (single && timed[key].integer() > counted[key].integer())
      say(fmt::format("{} differ: timed {}, audited {}", key, timed[key].integer(), counted[key].integer()));
  return out;
}

}  // namespace copycost
