// SPDX-License-Identifier: Apache-2.0
//
// Another machine's /proc and /sys for the tests of this folder: a map from path to content.
#pragma once
#include <map>
#include <string>

#include "harness/env/files.h"

namespace copycost::env::test {

using files = std::map<std::string, std::string>;

inline file_reader machine_with(files present) {
  return [present = std::move(present)](const std::string& path) -> std::optional<std::string> {
    const auto at = present.find(path);
    return at == present.end() ? std::nullopt : std::optional(at->second);
  };
}

inline file_reader empty_machine() { return machine_with({}); }

}  // namespace copycost::env::test
