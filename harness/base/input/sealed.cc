// SPDX-License-Identifier: Apache-2.0
#include "harness/base/input/sealed.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "harness/base/failure.h"

namespace copycost {
namespace {

constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

[[noreturn]] void cannot(const char* what) {
  throw failure(exit_code::internal, std::string("cannot ") + what + ": " + std::strerror(errno));
}

}  // namespace

sealed_bytes::sealed_bytes(int fd) : fd_(fd) {
  struct stat s {};
  const int seals = ::fcntl(fd, F_GET_SEALS);
  if (seals < 0 || (seals & kSeals) != kSeals || ::fstat(fd, &s) != 0)
    throw failure(exit_code::internal, "descriptor " + std::to_string(fd) + " is no sealed memory");
  const auto size = static_cast<std::size_t>(s.st_size);
  // Private: older kernels refuse a shared mapping of memory that is sealed against writing.
  void* const memory = size == 0 ? nullptr : ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (memory == MAP_FAILED) cannot("map sealed memory");
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  view_ = {static_cast<const std::byte*>(memory), size};
}

sealed_bytes::~sealed_bytes() {
  if (!view_.empty()) ::munmap(const_cast<std::byte*>(view_.data()), view_.size());
  ::close(fd_);
}

sealed_writer::sealed_writer(std::uint64_t most)
    : fd_(::memfd_create("copycost-input", MFD_CLOEXEC | MFD_ALLOW_SEALING)), most_(most) {
  if (!fd_.valid()) cannot("make memory for real input");
}

bool sealed_writer::add(std::span<const std::byte> bytes) {
  if (bytes.size() > most_ - size_) return false;
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) cannot("hold real input in memory");
    bytes = bytes.subspan(static_cast<std::size_t>(n));
    size_ += static_cast<std::uint64_t>(n);
  }
  return true;
}

std::shared_ptr<const sealed_bytes> sealed_writer::seal() {
  if (::fcntl(fd_, F_ADD_SEALS, kSeals) != 0) cannot("seal memory");
  auto sealed = std::make_shared<const sealed_bytes>(fd_);
  fd_.release();  // it has the descriptor now
  return sealed;
}

}  // namespace copycost
