// SPDX-License-Identifier: Apache-2.0
#include "impls/common/shm_segment.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "impls/common/byte_lock.h"

namespace copycost {
namespace {

struct header {
  std::atomic<std::uint64_t> magic;  // written last: a header with it is whole
  std::atomic<std::uint64_t> version, bytes;
};
static_assert(sizeof(header) <= shm_segment::kHeaderBytes);

// The lock byte of the process that writes the header; the bytes before it belong to the slots.
constexpr unsigned kHeaderSlot = 64;

shm_error system_error() { return {shm_error::system, 0, static_cast<std::uint64_t>(errno)}; }

}  // namespace

std::string to_string(const shm_error& e) {
  auto both = [&](const char* what, const char* unit) {
    return std::string(what) + ": expected " + std::to_string(e.expected) + ", got " + std::to_string(e.got) + unit;
  };
  switch (e.code) {
    case shm_error::system:
      return std::string("shared memory: ") + std::strerror(static_cast<int>(e.got));
    case shm_error::bad_magic:
      return both("shared memory: not a segment of ours: first word", "");
    case shm_error::unsupported_version:
      return both("shared memory: version", "");
    case shm_error::truncated:
      return both("shared memory: size", " bytes");
    case shm_error::too_many_processes:
      return "shared memory: all " + std::to_string(e.expected) + " process slots are taken";
  }
  return "shared memory: unknown error";
}

shm_segment::shm_segment(std::byte* base, std::size_t bytes, owned_fd fd)
    : base_(base), bytes_(bytes), fd_(std::move(fd)), pid_(getpid()) {}

shm_segment::~shm_segment() {
  if (base_ != nullptr && is_mapped_here()) munmap(base_, bytes_);
}

result<shm_segment, shm_error> shm_segment::create(const shm_options& options) {
  const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t bytes = options.bytes / page * page;
  if (bytes < kBytesMin) return shm_error{shm_error::truncated, kBytesMin, bytes};
  owned_fd fd(memfd_create("copycost-segment", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd.valid() || ftruncate(fd, static_cast<off_t>(bytes)) != 0 ||
      fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    return system_error();
  return map(std::move(fd), bytes, options.prefault);
}

result<shm_segment, shm_error> shm_segment::attach(int fd, bool prefault) {
  struct stat facts {};
  if (fstat(fd, &facts) != 0) return system_error();
  const auto bytes = static_cast<std::size_t>(facts.st_size);
  if (bytes < kBytesMin) return shm_error{shm_error::truncated, kBytesMin, bytes};
  // Opened again, not duplicated: locks belong to the open file, and a duplicate would share those of its original.
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  owned_fd own(open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!own.valid()) return system_error();
  return map(std::move(own), bytes, prefault);
}

result<shm_segment, shm_error> shm_segment::map(owned_fd fd, std::size_t bytes, bool prefault) {
  const int flags = MAP_SHARED | MAP_NORESERVE | (prefault ? MAP_POPULATE : 0);
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
  if (memory == MAP_FAILED) return system_error();
  shm_segment out(static_cast<std::byte*>(memory), bytes, std::move(fd));
  if (madvise(memory, bytes, MADV_DONTFORK) != 0) return system_error();
  if (auto ok = out.settle_header(); !ok) return ok.error();
  return out;
}

// Writes the header of a file of zeros; otherwise checks it. A process that is killed in between leaves no magic, and
// the next one writes the header again.
result<void, shm_error> shm_segment::settle_header() const {
  auto& h = *reinterpret_cast<header*>(base_);
  if (h.magic.load(std::memory_order_acquire) == 0) {
    if (!wait_for_byte(fd_, kHeaderSlot)) return system_error();
    if (h.magic.load(std::memory_order_acquire) == 0) {
      h.bytes.store(bytes_, std::memory_order_relaxed);
      h.version.store(kVersion, std::memory_order_relaxed);
      h.magic.store(kMagic, std::memory_order_release);
    }
    unclaim(kHeaderSlot);
  }
  const std::uint64_t magic = h.magic.load(std::memory_order_acquire), version = h.version.load(),
                      bytes = h.bytes.load();
  if (magic != kMagic) return shm_error{shm_error::bad_magic, kMagic, magic};
  if (version != kVersion) return shm_error{shm_error::unsupported_version, kVersion, version};
  if (bytes != bytes_) return shm_error{shm_error::truncated, bytes, bytes_};
  return {};
}

bool shm_segment::is_same_file(int fd) const {
  struct stat a {
  }, b{};
  return fstat(fd, &a) == 0 && fstat(fd_, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool shm_segment::is_mapped_here() const { return getpid() == pid_; }

bool shm_segment::claim(unsigned slot) const { return lock_byte(fd_, slot); }
void shm_segment::unclaim(unsigned slot) const { unlock_byte(fd_, slot); }
bool shm_segment::is_claimed_elsewhere(unsigned slot) const { return is_byte_locked_elsewhere(fd_, slot); }

}  // namespace copycost
