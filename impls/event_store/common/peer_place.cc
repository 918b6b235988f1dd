// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/common/peer_place.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <mutex>

namespace copycost::event_store {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kPrefix = "copycost-peer-";

error last_error() { return {.code = errc::io_failed, .got = static_cast<std::uint64_t>(errno)}; }

fs::path memory_folder() {
  std::error_code none;
  const fs::path memory = "/dev/shm";
  if (fs::is_directory(memory, none) && ::access(memory.c_str(), W_OK) == 0) return memory;
  return fs::temp_directory_path();
}

// Whether `name` is that of a directory whose process is no more.
bool is_left_behind(std::string_view name) {
  if (!name.starts_with(kPrefix)) return false;
  name.remove_prefix(kPrefix.size());
  pid_t pid = 0;
  const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), pid);
  if (failed != std::errc() || pid <= 0 || end == name.data() + name.size() || *end != '-') return false;
  return ::kill(pid, 0) != 0 && errno == ESRCH;
}

int open_lock(const std::string& dir) { return ::open((dir + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666); }

result<void> sync_dir(const fs::path& dir) {
  const int fd = ::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return last_error();
  const result<void> done = ::fsync(fd) == 0 ? result<void>() : last_error();
  ::close(fd);
  return done;
}

}  // namespace

result<std::unique_ptr<peer_place>> peer_place::take(const std::string& dir) {
  std::string path = dir;
  if (dir.empty()) {
    const fs::path in = memory_folder();
    static std::once_flag swept;
    std::call_once(swept, [] { remove_what_was_left(); });
    path = (in / (std::string(kPrefix) + std::to_string(::getpid()) + "-XXXXXX")).string();
    if (::mkdtemp(path.data()) == nullptr) return last_error();
  } else if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) {
    return last_error();
  }
  std::unique_ptr<peer_place> place(new peer_place(std::move(path), dir.empty()));
  if (const auto locked = place->lock(); !locked.ok()) return locked.error();
  return place;
}

// Who is alive holds the lock: a number can mean another process elsewhere (in a container).
void peer_place::remove_what_was_left() {
  std::error_code failed;
  for (fs::directory_iterator i(memory_folder(), failed), end; !failed && i != end; i.increment(failed)) {
    if (!is_left_behind(i->path().filename().string())) continue;
    const int lock = open_lock(i->path().string());
    if (lock < 0) continue;
    std::error_code ignored;  // somebody else's, or gone already
    if (::flock(lock, LOCK_EX | LOCK_NB) == 0) fs::remove_all(i->path(), ignored);
    ::close(lock);
  }
}

result<void> peer_place::lock() {
  lock_ = open_lock(path_);
  if (lock_ < 0) return last_error();
  if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) return {};
  return errno == EWOULDBLOCK ? error{.code = errc::locked} : last_error();
}

result<void> peer_place::settle() const {
  if (own_) return {};
  if (const auto done = sync_dir(path_); !done.ok()) return done;
  const fs::path parent = fs::path(path_ + "/").parent_path().parent_path();
  return sync_dir(parent.empty() ? fs::path(".") : parent);
}

peer_place::~peer_place() {
  if (own_) {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace copycost::event_store
