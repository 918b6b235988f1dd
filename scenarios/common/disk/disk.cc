// SPDX-License-Identifier: Apache-2.0
//
// The machine's own files, by system calls. Every call is tried again when a signal interrupts it; a write or read that
// the kernel cuts short goes on where it stopped.
#include "scenarios/common/disk/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "harness/base/fd.h"

namespace copycost {
namespace {

template <class F>
auto again(F call) {
  for (;;)
    if (const auto done = call(); done >= 0 || errno != EINTR) return done;
}
int answer(int done) { return done < 0 ? errno : 0; }

owned_fd open_file(const std::string& path, int flags) {
  return owned_fd(again([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0644); }));
}

// Pieces as the kernel takes them, so many at a time, of which the front may be done already.
class vector_of_pieces {
 public:
  explicit vector_of_pieces(std::span<const bytes_view> pieces) : rest_(pieces) { fill(); }
  const iovec* data() const { return pieces_.data(); }  // VALID UNTIL: advance()
  int count() const { return static_cast<int>(count_); }
  bool empty() const { return count_ == 0; }
  void advance(std::size_t bytes) {
    skip_ += bytes;
    while (!rest_.empty() && skip_ >= rest_.front().size()) {
      skip_ -= rest_.front().size();
      rest_ = rest_.subspan(1);
    }
    fill();
  }

 private:
  static constexpr std::size_t kMost = 256;
  void fill() {
    count_ = 0;
    std::size_t skip = skip_;
    for (const bytes_view p : rest_) {
      if (count_ == kMost) break;
      const bytes_view left = p.subspan(std::exchange(skip, 0));
      // The kernel only reads.
      if (!left.empty()) pieces_[count_++] = {const_cast<std::byte*>(left.data()), left.size()};
    }
  }

  std::span<const bytes_view> rest_;
  std::size_t skip_ = 0, count_ = 0;
  std::array<iovec, kMost> pieces_;
};

class real_file final : public disk_file {
 public:
  explicit real_file(owned_fd d) : is_(std::move(d)) {}

  std::uint64_t size() const override {
    struct stat s {};
    return ::fstat(is_, &s) == 0 ? static_cast<std::uint64_t>(s.st_size) : 0;
  }
  int write(std::uint64_t at, std::span<const bytes_view> pieces) override {
    for (vector_of_pieces left(pieces); !left.empty();) {
      const ssize_t n = again([&] { return ::pwritev(is_, left.data(), left.count(), static_cast<off_t>(at)); });
      if (n < 0) return errno;
      if (n == 0) return ENOSPC;
      at += static_cast<std::uint64_t>(n);
      left.advance(static_cast<std::size_t>(n));
    }
    return 0;
  }
  int read(std::uint64_t at, std::span<std::byte> into, std::size_t& got) override {
    for (got = 0; got < into.size();) {
      const ssize_t n =
          again([&] { return ::pread(is_, into.data() + got, into.size() - got, static_cast<off_t>(at + got)); });
      if (n < 0) return errno;
      if (n == 0) break;
      got += static_cast<std::size_t>(n);
    }
    return 0;
  }
  int resize(std::uint64_t size) override {
    return answer(again([&] { return ::ftruncate(is_, static_cast<off_t>(size)); }));
  }
  void reserve(std::uint64_t size) override {
    const std::uint64_t from = this->size();
    if (size > from)
      (void)again([&] {
        return ::fallocate(is_, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(from), static_cast<off_t>(size - from));
      });
  }
  // Asks for writing and waits for nothing, so that no error of an earlier write is taken away from sync().
  int begin_sync(std::uint64_t at, std::uint64_t size) override {
    const int failed = answer(again([&] {
      return ::sync_file_range(is_, static_cast<off_t>(at), static_cast<off_t>(size), SYNC_FILE_RANGE_WRITE);
    }));
    return failed == EINVAL || failed == ENOSYS || failed == ESPIPE || failed == EOPNOTSUPP ? 0 : failed;
  }
  int sync() override {
    return answer(again([&] { return ::fdatasync(is_); }));
  }

 private:
  owned_fd is_;
};

// A lock of the open file, not of the process: it holds against a second store of this process too, and goes with the
// descriptor, however the process ends.
class machine final : public disk {
 public:
  int make_dir(const std::string& path) override {
    const int failed = answer(::mkdir(path.c_str(), 0755));
    return failed == EEXIST ? 0 : failed;
  }
  int list(const std::string& dir, std::vector<std::string>& names) override {
    DIR* const d = ::opendir(dir.c_str());
    if (d == nullptr) return errno;
    names.clear();
    int failed = 0;
    for (;;) {
      errno = 0;
      const dirent* const e = ::readdir(d);  // NOLINT(concurrency-mt-unsafe): a stream of our own
      failed = errno;
      if (e == nullptr) break;
      if (const std::string name = e->d_name; name != "." && name != "..") names.push_back(name);
    }
    ::closedir(d);
    return failed;
  }
  int open(const std::string& path, bool create, std::unique_ptr<disk_file>& file) override {
    owned_fd d = open_file(path, create ? O_RDWR | O_CREAT | O_EXCL : O_RDWR);
    if (!d.valid()) return errno;
    file = std::make_unique<real_file>(std::move(d));
    return 0;
  }
  int rename(const std::string& from, const std::string& to) override {
    return answer(std::rename(from.c_str(), to.c_str()));
  }
  int remove(const std::string& path) override { return answer(::unlink(path.c_str())); }
  int sync_dir(const std::string& dir) override {
    const owned_fd d = open_file(dir, O_RDONLY | O_DIRECTORY);
    if (!d.valid()) return errno;
    return answer(again([&] { return ::fsync(d); }));
  }
  int lock(const std::string& dir, std::unique_ptr<disk_file>& lock) override {
    owned_fd d = open_file(dir + "/lock", O_RDWR | O_CREAT);
    if (!d.valid()) return errno;
    struct flock all {};
    all.l_type = F_WRLCK;
    all.l_whence = SEEK_SET;
    if (::fcntl(d, F_OFD_SETLK, &all) < 0) return errno == EACCES || errno == EAGAIN ? EWOULDBLOCK : errno;
    lock = std::make_unique<real_file>(std::move(d));
    return 0;
  }
};

}  // namespace

disk& real_disk() {
  static machine only;
  return only;
}

}  // namespace copycost
