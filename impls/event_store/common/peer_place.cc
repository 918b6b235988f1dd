// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/common/peer_place.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "harness/base/failure.h"
#include "harness/base/fd.h"

namespace copycost::event_store {
namespace {

namespace fs = std::filesystem;

error last_error() { return {.code = errc::io_failed, .got = static_cast<std::uint64_t>(errno)}; }

int open_lock(const std::string& dir) { return ::open((dir + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666); }

result<void> sync_dir(const fs::path& dir) {
  const owned_fd fd(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd.valid() && ::fsync(fd) == 0 ? result<void>() : last_error();
}

}  // namespace

result<std::unique_ptr<peer_place>> peer_place::take(const std::string& dir) try {
  std::optional<temp_dir> own;
  if (dir.empty())
    own.emplace("peer", memory_folder());
  else if (::mkdir(dir.c_str(), 0777) != 0 && errno != EEXIST)
    return last_error();
  std::string path = own ? own->path().string() : dir;
  std::unique_ptr<peer_place> place(new peer_place(std::move(path), std::move(own)));
  if (const auto locked = place->lock(); !locked.ok()) return locked.error();
  return place;
} catch (const failure&) {  // no folder of its own can be made
  return last_error();
}

result<void> peer_place::lock() {
  lock_.reset(open_lock(path_));
  if (!lock_.valid()) return last_error();
  if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) return {};
  return errno == EWOULDBLOCK ? error{.code = errc::locked} : last_error();
}

result<void> peer_place::settle() const {
  if (own_) return {};
  if (const auto done = sync_dir(path_); !done.ok()) return done;
  const fs::path parent = fs::path(path_ + "/").parent_path().parent_path();
  return sync_dir(parent.empty() ? fs::path(".") : parent);
}

}  // namespace copycost::event_store
