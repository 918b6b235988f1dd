// SPDX-License-Identifier: Apache-2.0
//
// What the workloads with files have in common. Set-up code.
#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "scenarios/event_store/workloads/parts/common.h"

namespace copycost::event_store::workloads {

// A store in a directory of its own below the episode's.
inline store_options durable_options(window& w, std::string_view policy) {
  store_options o = options_of(w);
  o.dir = (w.dir() / "store").string();
  o.sync = policy == "each" ? sync_policy::each : policy == "interval" ? sync_policy::interval : sync_policy::batch;
  return o;
}

// Writes a store of so many events, closes it, and what it wrote is on the disk.
template <class D>
void write_store(window& w, const store_options& asked, std::uint64_t events, const entity_names& names) {
  store_options o = asked;
  o.sync = sync_policy::batch;
  o.batch_events = std::uint64_t{1} << 20;
  const auto store = must(D::store::open(o));
  fill_in_batches(*store, w, 0, events, names, [&](std::uint64_t i) { return entity_of(i, names.size()); });
  must(store->sync());
}

// The kernel forgets what it has of these files. REQUIRES: everything is on the disk, and no process maps them.
inline void forget_files(const std::filesystem::path& dir) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir)) {
    if (!entry.is_regular_file()) continue;
    const int fd = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
    const int failed = fd < 0 ? errno : ::fdatasync(fd) != 0 ? errno : ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    if (fd >= 0) ::close(fd);
    if (failed != 0)
      throw failure(exit_code::internal,
                    entry.path().string() + ": cannot drop it from the cache: " + std::strerror(failed));
  }
}

// Bytes of the records of so many events, in memory and in files.
inline std::uint64_t log_bytes(std::uint64_t events) { return events * record_bytes(kSize); }

}  // namespace copycost::event_store::workloads
