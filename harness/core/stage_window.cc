// SPDX-License-Identifier: Apache-2.0
#include "harness/core/stage_window.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "harness/base/failure.h"
#include "harness/base/now.h"
#include "harness/ledger/witness/pattern.h"

namespace copycost::detail {

void stage_window::open() {
  role_record& mine = of_.record(role_);
  wait_for_all(*of_.shared, of_.form.roles(), of_.poll);
  mine.processor_ns = -thread_ns();
  mine.paused_ns = 0;
  of_.by->opened(mine);
  mine.opened_ns = start_ns_ = now_ns();
}

void stage_window::close() {
  role_record& mine = of_.record(role_);
  mine.closed_ns = now_ns();
  of_.by->closing(mine);
  mine.processor_ns += thread_ns();
  wait_for_all(*of_.shared, of_.form.roles(), of_.poll);
}

// Whatever these do themselves lies inside of the pause.
void stage_window::pause() {
  paused_ns_ = now_ns();
  paused_thread_ns_ = thread_ns();
  of_.by->paused(of_.record(role_));
}

void stage_window::resume() {
  role_record& mine = of_.record(role_);
  of_.by->resumed(mine);
  mine.processor_ns -= thread_ns() - paused_thread_ns_;
  const std::int64_t paused = now_ns() - paused_ns_;
  mine.opened_ns += paused;
  mine.paused_ns += paused;
}

std::int64_t stage_window::due(std::uint64_t i) {
  const std::int64_t intended = start_ns_ + static_cast<std::int64_t>(i) * of_.shared->period_ns;
  while (now_ns() < intended) {
  }
  return intended;
}

void stage_window::done(std::uint64_t i) {
  const std::int64_t intended = start_ns_ + static_cast<std::int64_t>(i) * of_.shared->period_ns;
  of_.by->latency(of_.scratch(role_), now_ns() - intended);
}

std::span<std::byte> stage_window::payload(std::size_t size, std::uint64_t id) {
  const std::span<std::byte> memory = of_.by->lend_payload(size);
  pattern::write(memory.data(), memory.size(), epoch(), id);
  return memory;
}

int stage_window::segment(std::size_t size) {
  control& c = *of_.shared;
  const std::uint32_t k = of_.segments_asked++;
  if (k < c.segments) return c.segment[k].fd;
  if (k >= kSegmentsMax)
    throw failure(exit_code::internal, "an episode asked for more than " + std::to_string(kSegmentsMax) + " segments");
  if (of_.process != 0)
    throw failure(exit_code::internal, "a role asked for a segment that the first process did not make");
  const int fd = memfd_create("copycost-segment", 0);  // inherited by the roles' processes on purpose
  if (fd < 0 || ftruncate(fd, static_cast<off_t>(size)) != 0) {
    const std::string why = std::strerror(errno);
    if (fd >= 0) ::close(fd);
    throw failure(exit_code::internal, "cannot make a shared segment of " + std::to_string(size) + " bytes: " + why);
  }
  c.segment[k].fd = fd;
  c.segment[k].size = size;
  c.segments = k + 1;
  return fd;
}

std::filesystem::path stage_window::dir() {
  control& c = *of_.shared;
  if (c.dir[0] != 0) return c.dir;
  of_.dir.emplace("cell");
  const std::string path = of_.dir->path().string();
  if (path.size() >= sizeof c.dir) throw failure(exit_code::internal, path + ": the name is too long");
  std::memcpy(c.dir, path.c_str(), path.size() + 1);
  return path;
}

void stage_window::waiting() {
  if (of_.shared->has_failed()) throw failure(of_.shared->code, of_.shared->line);
  if (of_.poll) of_.poll();
}

std::uint64_t stage_window::results() {
  digest all;
  for (const auto& w : of_.windows) all.add(w->seen_.value());
  return all.value();
}

}  // namespace copycost::detail
