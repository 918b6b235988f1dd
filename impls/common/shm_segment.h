// SPDX-License-Identifier: Apache-2.0
//
// A piece of memory that processes share: a file without a name (memfd), mapped wherever each process has room.
//
//   file: [header: magic, version, bytes | ............ what is built on it, all zero at first ............]
//   lock bytes of the file (not its content): the kernel locks byte i as long as the owner of slot i lives
//
// Liveness is a kernel lock on the open file (open file description lock). The kernel releases it when the process is
// gone, however it ended, and a new process that happens to get the same process number does not hold it.
//
// Lifetime: memory lives until the last process unmaps it and the last descriptor is closed. A segment made here cannot
// be resized any more (sealed), so that no peer can turn our accesses into bus errors; a descriptor from elsewhere may
// be resizable, and then its owner is trusted in this. A child made by fork() does not inherit the mapping (touching it
// faults) and must attach() anew; until it ends or starts another program it keeps its parent's slots alive.
// Threads: safe after construction.
// Cost: creating some 20 us; first touch of each page some 2 us, or at once with prefault.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace copycost {

struct shm_error {
  enum kind : std::uint8_t {
    system,               // got: errno
    bad_magic,            // expected, got: the first word
    unsupported_version,  // expected, got: versions
    truncated,            // expected, got: bytes
    too_many_processes,   // expected: slots
  };
  kind code{};
  std::uint64_t expected = 0, got = 0;
};
// One line, no final period.
std::string to_string(const shm_error&);

struct shm_options {
  std::size_t bytes = std::size_t{512} << 20;  // of the whole segment; memory is taken as it is touched
  bool prefault = false;                       // touch all of it now: slower start, no faults later
};

class shm_segment {
 public:
  static constexpr std::size_t kBytesMin = std::size_t{1} << 20;
  static constexpr std::uint64_t kMagic = 0x314D48535F434F43;  // "COC_SHM1" as it lies in memory
  static constexpr std::uint32_t kVersion = 1;
  static constexpr std::size_t kHeaderBytes = 64;

  // Errors: system (no memory, no descriptors), truncated (fewer than kBytesMin bytes asked for).
  static result<shm_segment, shm_error> create(const shm_options& options);
  // Maps an existing segment; `fd` stays the caller's. A file of zeros becomes a segment. Errors: all but
  // too_many_processes.
  static result<shm_segment, shm_error> attach(int fd, bool prefault = false);

  shm_segment(shm_segment&& o) noexcept
      : base_(std::exchange(o.base_, nullptr)), bytes_(o.bytes_), fd_(std::move(o.fd_)), pid_(o.pid_) {}
  shm_segment& operator=(shm_segment&&) = delete;
  ~shm_segment();

  // VALID UNTIL: this object is destroyed.
  std::byte* base() const { return base_; }
  std::size_t bytes() const { return bytes_; }
  // For handing to another process. VALID UNTIL: this object is destroyed.
  int descriptor() const { return fd_; }
  // Whether `fd` is this very file.
  bool is_same_file(int fd) const;
  // False in a child made by fork(), which has the object but not the memory.
  bool is_mapped_here() const;

  // Takes the slot for the life of this object, or answers that another process has it.
  bool claim(unsigned slot) const;
  void unclaim(unsigned slot) const;
  // Whether another attachment has the slot (an attachment does not see its own claim).
  bool is_claimed_elsewhere(unsigned slot) const;

 private:
  shm_segment(std::byte* base, std::size_t bytes, owned_fd fd);
  static result<shm_segment, shm_error> map(owned_fd fd, std::size_t bytes, bool prefault);
  result<void, shm_error> settle_header() const;

  std::byte* base_;
  std::size_t bytes_;
  owned_fd fd_;  // an open file of our own: carries the locks
  int pid_;      // who mapped it
};

}  // namespace copycost
