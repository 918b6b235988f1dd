// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/source_file.h"

#include <filesystem>

#include "harness/base/failure.h"

#ifndef COPYCOST_SOURCE_DIR
#define COPYCOST_SOURCE_DIR "."
#endif

namespace copycost {

namespace fs = std::filesystem;

std::string source_folder(std::string_view relative) {
  std::error_code gone;
  const fs::path program = fs::read_symlink("/proc/self/exe", gone);
  const fs::path beside = program.parent_path().parent_path().parent_path();  // CHECKOUT/build/PRESET/copycost
  for (const fs::path& folder : {beside, fs::path(COPYCOST_SOURCE_DIR)})
    if (fs::exists(folder / relative, gone)) return folder.string();
  throw failure(exit_code::usage, std::string(relative) + ": part of the sources, and neither in " + beside.string() +
                                      " nor in " COPYCOST_SOURCE_DIR "; move the checkout as a whole");
}

}  // namespace copycost
