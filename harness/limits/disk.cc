// SPDX-License-Identifier: Apache-2.0
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

#include "harness/limits/descriptor.h"
#include "harness/limits/probe.h"
#include "harness/limits/probes.h"

namespace copycost::limits::detail {
namespace {

constexpr std::size_t kWriteBytes = 4096;
constexpr std::uint64_t kBlocks = 16;  // written round and round, so that no file system can merge two writes

[[noreturn]] void refuse(const char* step, int error) {
  throw std::system_error(error, std::generic_category(),
                          std::string("limit write_fdatasync: ") + step + " in " + durable_place());
}

// A file without a name, so that nothing is left behind however the process ends.
descriptor open_nameless() {
  descriptor file(::open(".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file.valid()) return file;
  char name[] = "./copycost_limit_XXXXXX";  // for file systems without O_TMPFILE
  descriptor named(::mkostemp(name, O_CLOEXEC));
  if (!named.valid()) refuse("creating a file", errno);
  ::unlink(name);
  return named;
}

void write_block(int file, std::uint64_t block, const std::array<std::byte, kWriteBytes>& bytes) {
  const ssize_t written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(block * kWriteBytes));
  if (written != static_cast<ssize_t>(bytes.size())) refuse("pwrite", written < 0 ? errno : ENOSPC);
}

// Numbers from linux/magic.h, which not every machine has installed.
const char* file_system_name(unsigned long magic) {
  switch (magic) {
    case 0xEF53:
      return "ext4";  // ext2 and ext3 share it
    case 0x58465342:
      return "xfs";
    case 0x9123683E:
      return "btrfs";
    case 0x01021994:
      return "tmpfs";
    case 0x794C7630:
      return "overlayfs";
    case 0x2FC12FC1:
      return "zfs";
    case 0xF2F52010:
      return "f2fs";
    case 0x6969:
      return "nfs";
    case 0x01021997:
      return "9p";
    case 0x65735546:
      return "fuse";
    default:
      return nullptr;
  }
}

}  // namespace

std::string durable_place() {
  std::error_code error;
  const std::string directory = std::filesystem::current_path(error).string();
  struct statfs system {};
  if (error || ::statfs(".", &system) != 0) return "a directory that is gone";
  const auto magic = static_cast<unsigned long>(system.f_type) & 0xFFFFFFFFul;
  if (const char* name = file_system_name(magic)) return directory + " (" + name + ")";
  char text[32];
  std::snprintf(text, sizeof text, " (type 0x%lx)", magic);
  return directory + text;
}

sample write_fdatasync(std::uint64_t, std::chrono::nanoseconds budget) {
  const descriptor file = open_nameless();
  std::array<std::byte, kWriteBytes> bytes;
  bytes.fill(std::byte{0x5a});
  for (std::uint64_t block = 0; block < kBlocks; ++block) write_block(file.get(), block, bytes);
  if (::fsync(file.get()) != 0) refuse("fsync", errno);
  std::uint64_t next = 0;
  const auto write_durably = [&] {
    write_block(file.get(), next++ % kBlocks, bytes);
    if (::fdatasync(file.get()) != 0) refuse("fdatasync", errno);
  };
  return repeat({budget, kWriteBytes}, [&](std::uint64_t ops) { return time_operations(ops, write_durably); });
}

namespace {

// Writes `size` bytes durably, in the directory where durable cells work: behind each other, or always at the begin.
sample write_durably(std::uint64_t size, bool grows, std::chrono::nanoseconds budget) {
  const char* base = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe): nobody changes the environment
  const descriptor file(::open(base != nullptr && *base != 0 ? base : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!file.valid()) refuse("creating a file", errno);
  std::vector<std::byte> bytes(size, std::byte{0x5a});
  off_t end = 0;
  const auto write_once = [&] {
    const ssize_t written = ::pwrite(file.get(), bytes.data(), bytes.size(), grows ? end : 0);
    if (written != static_cast<ssize_t>(bytes.size())) refuse("pwrite", written < 0 ? errno : ENOSPC);
    end += written;
    if (::fdatasync(file.get()) != 0) refuse("fdatasync", errno);
  };
  write_once();  // the room is there
  return repeat({budget, size}, [&](std::uint64_t ops) { return time_operations(ops, write_once); });
}

}  // namespace

sample append_fdatasync(std::uint64_t size, std::chrono::nanoseconds budget) {
  return write_durably(size, true, budget);
}
sample overwrite_fdatasync(std::uint64_t size, std::chrono::nanoseconds budget) {
  return write_durably(size, false, budget);
}

}  // namespace copycost::limits::detail
