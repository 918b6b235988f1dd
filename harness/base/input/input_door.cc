// SPDX-License-Identifier: Apache-2.0
#include "harness/base/input/input_door.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include "harness/base/failure.h"
#include "harness/base/input/packed.h"
#include "harness/base/text.h"

namespace copycost {
namespace {

constexpr std::string_view kStandardInput = "-";

[[noreturn]] void cannot_read(const std::string& name, int error) {
  if (error == EINTR) throw failure(exit_code::interrupted, name + ": interrupted while it was read");
  throw failure(exit_code::usage, name + ": cannot read: " + std::strerror(error));
}

bool same_time(const timespec& a, const timespec& b) { return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec; }

// What a path leads to, open for reading.
class opened {
 public:
  opened(const std::string& path, const std::string& name, std::uint64_t most)
      : name_(name),
        most_(most),
        fd_(path == kStandardInput ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)),
        ours_(path != kStandardInput) {
    if (fd_ < 0 || ::fstat(fd_, &before_) != 0) cannot_read(name_, errno);
    if (S_ISREG(before_.st_mode) && before_.st_size > 0) left_ = static_cast<std::uint64_t>(before_.st_size);
  }
  ~opened() {
    if (ours_) ::close(fd_);
  }
  opened(const opened&) = delete;
  opened& operator=(const opened&) = delete;

  std::size_t read(std::span<std::byte> to) {
    if (packed_ > kPackedBytesMax)
      throw failure(exit_code::usage, name_ + ": more than 16 GiB of packed data, the limit");
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(to.size(), left_));
    ssize_t n = ::read(fd_, to.data(), most);
    for (pollfd waiting{fd_, POLLIN, 0}; n < 0 && errno == EAGAIN; n = ::read(fd_, to.data(), most))
      if (::poll(&waiting, 1, -1) < 0) break;  // standard input was made non-blocking
    if (n < 0) cannot_read(name_, errno);
    packed_ += static_cast<std::uint64_t>(n);
    left_ -= static_cast<std::uint64_t>(n);
    return static_cast<std::size_t>(n);
  }
  // A file that was written to while it was read is neither what it was nor what it is.
  void check_unchanged() const {
    struct stat now {};
    if (!S_ISREG(before_.st_mode) || ::fstat(fd_, &now) != 0) return;
    const bool cut = now.st_size < before_.st_size;
    const bool written = now.st_size == before_.st_size && !same_time(now.st_mtim, before_.st_mtim);
    if (cut || written)
      throw failure(exit_code::usage, name_ + ": changed while it was read: expected a file that stays as it is");
  }
  // A plain file's size tells before it is read.
  void check_size() const {
    std::byte start[kMagicMax];
    if (!S_ISREG(before_.st_mode) || left_ <= most_ || left_ == kAll) return;
    const ssize_t n = ::pread(fd_, start, sizeof start, 0);
    if (n >= 0 && packed_format(std::span(start).first(static_cast<std::size_t>(n))).empty()) too_large();
  }
  [[noreturn]] void too_large() const {
    throw failure(exit_code::usage, name_ + ": larger than the limit of real input, " +
                                        format_bytes(static_cast<double>(most_)) + " when unpacked");
  }

 private:
  static constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
  const std::string& name_;
  std::uint64_t most_;
  int fd_;
  bool ours_;
  struct stat before_ {};
  std::uint64_t left_ = kAll, packed_ = 0;
};

}  // namespace

input_word parse_input_word(const std::string& given) {
  const std::size_t end = given.find('=');
  struct stat there {};
  const bool named = end != std::string::npos && end > 0 &&
                     given.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") == end &&
                     ::lstat(given.c_str(), &there) != 0;
  if (!named) return {"", given};
  return {given.substr(0, end), given.substr(end + 1)};
}

input_file input_door::read(const std::string& path) {
  const std::string name = path == kStandardInput ? "standard input" : printable(path);
  if (path.empty()) throw failure(exit_code::usage, "--input: a name of no letter, expected a file");
  struct stat there {};
  const int found = path == kStandardInput ? ::fstat(STDIN_FILENO, &there) : ::stat(path.c_str(), &there);
  if (found != 0) cannot_read(name, errno);
  if (S_ISDIR(there.st_mode) && path == kStandardInput) cannot_read(name, EISDIR);
  if (S_ISDIR(there.st_mode)) return input_of_bytes(name, {}, true);
  if (S_ISSOCK(there.st_mode) && path != kStandardInput)
    throw failure(exit_code::usage, name + ": a socket, expected a file, a pipe or a directory; - is standard input");
  if (const auto known = known_.find({there.st_dev, there.st_ino}); known != known_.end()) {
    input_file again = known->second;
    again.name = name;
    return again;
  }
  opened from(path, name, most_);
  from.check_size();
  sealed_writer to(most_);
  const std::string_view format = unpack([&](std::span<std::byte> bytes) { return from.read(bytes); }, name,
                                         [&](std::span<const std::byte> bytes) {
                                           if (!to.add(bytes)) from.too_large();
                                         });
  from.check_unchanged();
  input_file in = input_of_sealed(name, to.seal());
  in.format = format;
  return known_[{there.st_dev, there.st_ino}] = in;
}

input_file read_input(const std::string& path) { return input_door().read(path); }

}  // namespace copycost
