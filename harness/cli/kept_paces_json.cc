// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "harness/base/failure.h"
#include "harness/base/text.h"
#include "harness/cli/kept_paces.h"

namespace copycost {

kept_paces read_kept_paces(const std::string& path, const conditions& now) {
  constexpr std::int64_t kDays = 7, kBusyMinutes = 10;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return {};
  try {
    const json file = read_json_file(path);
    const std::int64_t age = now.minute - file["minute"].integer(0);
    const bool same = file["program"].text("") == now.program && file["machine"].text("") == now.machine;
    kept_paces out{{}, file["load"].number(0), file["busy"].boolean(true)};
    if (!same || age < 0 || age > (out.busy ? kBusyMinutes : kDays * 24 * 60)) return {};
    for (const json& line : file["rows"].items())
      if (const calibration_row row = calibration_from_json(line); row.known) out.known[row.cell] = *row.known;
    return out;
  } catch (const failure&) {
    return {};  // a file that cannot be read keeps nothing
  }
}

void keep_paces(const std::string& path, const kept_paces& found, const conditions& at) {
  json rows = json::array{};
  for (const auto& [name, known] : found.known)
    rows.push(to_json(calibration_row{name, likeness::equal, "", exit_code::ok, known}));
  try {
    replace_file(path, json::of({{"program", at.program},
                                 {"machine", at.machine},
                                 {"load", found.load},
                                 {"busy", found.busy},
                                 {"minute", at.minute},
                                 {"rows", rows}})
                           .dump());
  } catch (const failure&) {
  }
}

}  // namespace copycost
