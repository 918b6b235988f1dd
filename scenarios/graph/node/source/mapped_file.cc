// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/node/source/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "harness/base/check.h"

namespace copycost::graph {
namespace {

error no_segment(int number) { return {errc::no_segment, 0, 0, static_cast<std::uint64_t>(number)}; }

}  // namespace

std::uint64_t mapped_file::page() {
  static const auto bytes = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

result<mapped_file> mapped_file::open(const std::string& path) {
  owned_fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // a pipe without a writer would not open else
  if (!fd.valid()) return no_segment(errno);
  struct stat about {};
  if (fstat(fd, &about) != 0) return no_segment(errno);
  if (S_ISDIR(about.st_mode)) return no_segment(EISDIR);
  if (!S_ISREG(about.st_mode)) return no_segment(ESPIPE);
  return mapped_file(std::move(fd), static_cast<std::uint64_t>(about.st_size));
}

result<foreign_bytes> mapped_file::map(std::uint64_t at, std::uint64_t size) const {
  COPYCOST_REQUIRE(at % page() == 0 && size > 0);
  struct stat about {};
  if (fstat(fd_, &about) != 0) return no_segment(errno);
  const auto now = static_cast<std::uint64_t>(about.st_size);
  if (now < at || now - at < size) return error{errc::truncated_input, at, size, now < at ? 0 : now - at};
  void* const memory =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, fd_, static_cast<off_t>(at));
  if (memory == MAP_FAILED) return no_segment(errno);
  const auto unmap = [](void*, std::byte* bytes, std::size_t mapped) { munmap(bytes, mapped); };
  return foreign_bytes({static_cast<std::byte*>(memory), size}, unmap, nullptr);
}

}  // namespace copycost::graph
