// SPDX-License-Identifier: Apache-2.0
#include "harness/base/temp_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <set>
#include <utility>

#include "harness/base/environment.h"
#include "harness/base/failure.h"
#include "harness/base/fd.h"
#include "harness/base/storage.h"

namespace copycost {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kPrefix = "copycost-tmp-";

int open_folder(const fs::path& path) { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW); }

// Whether the name still means the folder that is open: a sweeper may have been quicker than its maker's lock.
bool is_there(int folder, const fs::path& path) {
  struct stat opened {
  }, named{};
  return ::fstat(folder, &opened) == 0 && ::lstat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

[[noreturn]] void refuse(const std::string& path, int error) {
  throw failure(exit_code::internal, path + ": cannot make a directory: " + std::strerror(error));
}

// "copycost-tmp-WHAT-XXXXXX".
bool is_ours(std::string_view name) {
  const std::size_t last = name.rfind('-');
  return name.starts_with(kPrefix) && last > kPrefix.size() && name.size() - last == 7;
}

void sweep_once(const fs::path& in) {
  static std::mutex guard;
  static std::set<std::string> swept;
  {
    const std::lock_guard lock(guard);
    if (!swept.insert(in.string()).second) return;
  }
  sweep_left_behind(in);
}

bool can_be_written(const fs::path& folder) {
  std::error_code none;
  return fs::is_directory(folder, none) && ::access(folder.c_str(), W_OK | X_OK) == 0;
}

}  // namespace

fs::path temporary_folder() {
  std::error_code gone;
  if (const std::string wished = environment("TMPDIR"); !wished.empty()) {
    const fs::path absolute = fs::absolute(wished, gone);
    return gone ? fs::path(wished) : absolute;
  }
  const fs::path usual = "/tmp", lasting = "/var/tmp";
  static const bool lasts =
      storage_of(usual).is == standing::memory && can_be_written(lasting) && storage_of(lasting).is != standing::memory;
  return lasts ? lasting : usual;
}

fs::path memory_folder() {
  const fs::path memory = "/dev/shm";
  return can_be_written(memory) ? memory : temporary_folder();
}

temp_dir::temp_dir(std::string_view what, const fs::path& in) : owner_(::getpid()) {
  sweep_once(in);
  for (int tries = 0; tries < 100; ++tries) {
    std::string name = (in / (std::string(kPrefix) + std::string(what) + "-XXXXXX")).string();
    if (::mkdtemp(name.data()) == nullptr) refuse(name, errno);
    path_ = name;
    lock_.reset(open_folder(path_));
    if (!lock_.valid()) refuse(name, errno);
    const bool refused = ::flock(lock_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;  // other errors: no locks here
    if (!refused && is_there(lock_, path_)) return;
    lock_.reset();
  }
  refuse(path_.string(), EAGAIN);
}

temp_dir::~temp_dir() {
  std::error_code ignored;
  if (lock_.valid() && owner_ == ::getpid()) fs::remove_all(path_, ignored);
}

temp_dir& temp_dir::operator=(temp_dir&& from) noexcept {
  std::swap(path_, from.path_);
  std::swap(lock_, from.lock_);
  std::swap(owner_, from.owner_);
  return *this;
}

int sweep_left_behind(const fs::path& in) {
  int swept = 0;
  std::error_code failed;
  for (fs::directory_iterator i(in, failed), end; !failed && i != end; i.increment(failed)) {
    if (!is_ours(i->path().filename().string())) continue;
    const owned_fd folder(open_folder(i->path()));
    if (!folder.valid()) continue;
    struct stat found {};
    std::error_code ignored;
    // As mkdtemp makes it, and ours: root may enter the folders of all users.
    const bool mine = ::fstat(folder, &found) == 0 && found.st_uid == ::geteuid() && (found.st_mode & 07777) == 0700;
    if (mine && ::flock(folder, LOCK_EX | LOCK_NB) == 0 && is_there(folder, i->path()))
      if (fs::remove_all(i->path(), ignored); !ignored) ++swept;
  }
  return swept;
}

int detail::named_and_unlinked(const fs::path& in) {
  std::string name = (in / (std::string(kPrefix) + "file-XXXXXX")).string();
  const int file = ::mkostemp(name.data(), O_CLOEXEC);
  if (file >= 0) ::unlink(name.c_str());
  return file;
}

int nameless_file(const fs::path& in) {
  const int file = ::open(in.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  return file >= 0 ? file : detail::named_and_unlinked(in);
}

}  // namespace copycost
