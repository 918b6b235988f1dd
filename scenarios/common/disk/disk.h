// SPDX-License-Identifier: Apache-2.0
//
// Where a durable store keeps its files: an interface with as few operations as a store needs, so that a test can
// refuse, tear, reorder or forget writes. real_disk() is the machine's own. Errors are errno, positive; 0 is success.
//
// Lifetime: a file is closed when its object is destroyed; the disk outlives its files.
// Threads: different files from different threads; one file from one thread at a time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "scenarios/common/bytes.h"

namespace copycost {

class disk_file {
 public:
  virtual ~disk_file() = default;
  virtual std::uint64_t size() const = 0;
  // Writes all of it, one piece behind the other, or answers why not; how much was written is then unknown.
  virtual int write(std::uint64_t at, std::span<const bytes_view> pieces) = 0;
  // Reads up to into.size() bytes; `got` is less at the end of the file only.
  virtual int read(std::uint64_t at, std::span<std::byte> into, std::size_t& got) = 0;
  virtual int resize(std::uint64_t size) = 0;
  // Appends will fill the file up to here: the disk may find room for them now. The file does not become larger, and
  // a refusal is not reported. A disk that cannot does nothing.
  virtual void reserve([[maybe_unused]] std::uint64_t size) {}
  // The disk may begin to write these bytes: a sync() that follows has less to wait for. A store whose call is refused
  // must treat it as a refused sync(). A disk that cannot does nothing.
  virtual int begin_sync([[maybe_unused]] std::uint64_t at, [[maybe_unused]] std::uint64_t size) { return 0; }
  // Data, and what is needed to find it again, is on the disk (fdatasync).
  virtual int sync() = 0;
};

class disk {
 public:
  virtual ~disk() = default;
  virtual int make_dir(const std::string& path) = 0;  // existing is fine
  // Names in the directory, in no order.
  virtual int list(const std::string& dir, std::vector<std::string>& names) = 0;
  // Opens for reading and writing; `create`: must not exist yet.
  virtual int open(const std::string& path, bool create, std::unique_ptr<disk_file>& file) = 0;
  virtual int rename(const std::string& from, const std::string& to) = 0;
  virtual int remove(const std::string& path) = 0;
  // Names that were made, changed or removed in the directory stay so (fsync of the directory).
  virtual int sync_dir(const std::string& dir) = 0;
  // Takes the writer's lock of the directory until the lock is destroyed; EWOULDBLOCK: another store has it.
  virtual int lock(const std::string& dir, std::unique_ptr<disk_file>& lock) = 0;
};

// VALID UNTIL: the program ends.
disk& real_disk();

}  // namespace copycost
