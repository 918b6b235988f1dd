// SPDX-License-Identifier: Apache-2.0
#include "harness/output/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "harness/base/environment.h"
#include "harness/base/now.h"
#include "harness/output/terminal.h"
#include "harness/process/streams.h"

namespace copycost {

std::string progress_text(const run_progress& p, std::size_t columns) {
  std::string eta;
  if (p.eta_s) {
    const auto left = static_cast<int>(std::lround(std::max(0.0, *p.eta_s)));
    eta = fmt::format("  ETA {:02d}:{:02d}", left / 60, left % 60);
  }
  std::string head = fmt::format("[{:3.0f}%] {}", 100 * p.done, p.phase);
  const std::size_t room = std::max<std::size_t>(columns, 2) - 1;  // a full last column wraps on some terminals
  if (head.size() + eta.size() > room && room > eta.size() + 6) head.resize(room - eta.size());
  return (head + eta).substr(0, room);
}

bool colour_allowed(int fd) { return can_redraw(fd) && environment("NO_COLOR").empty(); }

progress_line::progress_line() : terminal_(can_redraw(STDERR_FILENO)) {}
progress_line::~progress_line() { clear(); }

void progress_line::clear() {
  if (drawn_) std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

void progress_line::show(const run_progress& p) {
  const std::int64_t now = now_ns();
  if (!terminal_ || now - last_ns_ < 100'000'000) return;
  last_ns_ = now;
  std::fprintf(stderr, "\r\033[K%s", progress_text(p, columns_for(STDERR_FILENO)).c_str());
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace copycost
