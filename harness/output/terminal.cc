// SPDX-License-Identifier: Apache-2.0
#include "harness/output/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "harness/base/environment.h"

namespace copycost {

std::size_t columns_for(int fd) {
  constexpr std::size_t kNoTerminal = 120, kUnknown = 80, kLeast = 20;
  if (isatty(fd) == 0) return kNoTerminal;
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUnknown;
  return std::max<std::size_t>(size.ws_col, kLeast);
}

bool can_redraw(int fd) {
  const std::string term = environment("TERM");
  return isatty(fd) != 0 && !term.empty() && term != "dumb";
}

}  // namespace copycost
