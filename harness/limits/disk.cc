// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/storage.h"
#include "harness/base/temp_dir.h"
#include "harness/limits/probe.h"
#include "harness/limits/probes.h"

namespace copycost::limits::detail {
namespace {

constexpr std::size_t kWriteBytes = 4096;
constexpr std::uint64_t kBlocks = 16;  // written round and round, so that no file system can merge two writes

[[noreturn]] void refuse(const char* limit, const char* step, int error) {
  throw std::system_error(error, std::generic_category(),
                          std::string("limit ") + limit + ": " + step + " in " + durable_place());
}

// A file without a name, so that nothing is left behind however the process ends.
owned_fd open_nameless(const char* limit) {
  if (const std::string why = why_not_durable(storage_of(temporary_folder())); !why.empty())
    throw std::runtime_error(std::string("limit ") + limit + ": " + why);
  owned_fd file(nameless_file(temporary_folder()));
  if (!file.valid()) refuse(limit, "creating a file", errno);
  return file;
}

void write_whole(const char* limit, int file, std::span<const std::byte> bytes, off_t at) {
  const ssize_t written = ::pwrite(file, bytes.data(), bytes.size(), at);
  if (written != static_cast<ssize_t>(bytes.size())) refuse(limit, "pwrite", written < 0 ? errno : ENOSPC);
}

void sync(const char* limit, int file) {
  if (::fdatasync(file) != 0) refuse(limit, "fdatasync", errno);
}

}  // namespace

std::string durable_place() { return describe(storage_of(temporary_folder())); }

sample write_fdatasync(std::uint64_t, std::chrono::nanoseconds budget) {
  constexpr const char* kLimit = "write_fdatasync";
  const owned_fd file = open_nameless(kLimit);
  std::array<std::byte, kWriteBytes> bytes;
  bytes.fill(std::byte{0x5a});
  const auto write_block = [&](std::uint64_t block) {
    write_whole(kLimit, file, bytes, static_cast<off_t>(block * kWriteBytes));
  };
  for (std::uint64_t block = 0; block < kBlocks; ++block) write_block(block);
  if (::fsync(file) != 0) refuse(kLimit, "fsync", errno);
  std::uint64_t next = 0;
  const auto write_durably = [&] {
    write_block(next++ % kBlocks);
    sync(kLimit, file);
  };
  return repeat({budget, kWriteBytes}, [&](std::uint64_t ops) { return time_operations(ops, write_durably); });
}

namespace {

// Writes `size` bytes durably, where durable cells work: behind each other, or always at the begin.
sample write_durably(const char* limit, std::uint64_t size, bool grows, std::chrono::nanoseconds budget) {
  const owned_fd file = open_nameless(limit);
  const std::vector<std::byte> bytes(size, std::byte{0x5a});
  off_t end = 0;
  const auto write_once = [&] {
    write_whole(limit, file, bytes, grows ? end : 0);
    end += static_cast<off_t>(size);
    sync(limit, file);
  };
  write_once();  // the room is there
  return repeat({budget, size}, [&](std::uint64_t ops) { return time_operations(ops, write_once); });
}

}  // namespace

sample append_fdatasync(std::uint64_t size, std::chrono::nanoseconds budget) {
  return write_durably("append_fdatasync", size, true, budget);
}
sample overwrite_fdatasync(std::uint64_t size, std::chrono::nanoseconds budget) {
  return write_durably("overwrite_fdatasync", size, false, budget);
}

}  // namespace copycost::limits::detail
