// SPDX-License-Identifier: Apache-2.0
#include "harness/out/progress.h"

#include <unistd.h>

#include <cstdio>

#include "harness/core/now.h"
#include "harness/process/environment.h"

namespace copycost {

bool colour_allowed(int fd) {
  return isatty(fd) != 0 && environment("NO_COLOR").empty() && environment("TERM") != "dumb";
}

progress_line::progress_line() : terminal_(isatty(STDERR_FILENO) != 0) {}
progress_line::~progress_line() { clear(); }

void progress_line::clear() {
  if (drawn_) std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

void progress_line::show(const run_progress& p) {
  const std::int64_t now = now_ns();
  if (!terminal_ || now - last_ns_ < 100'000'000) return;
  last_ns_ = now;
  const int eta = static_cast<int>(p.eta_s);
  std::fprintf(stderr, "\r\033[K[%3.0f%%] %s  ETA %02d:%02d", 100 * p.done, p.phase.c_str(), eta / 60, eta % 60);
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace copycost
