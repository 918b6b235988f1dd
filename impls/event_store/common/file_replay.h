// SPDX-License-Identifier: Apache-2.0
//
// A store's files, replayed without opening the store: it indexes nothing and keeps nothing. Each record is checked.
//
//   mapped   [file] mmap --> f(record) in place          the kernel's pages are the reader's; nothing is copied
//   read     [file] pread -> [256 KiB] --> f(record)     the kernel copies into one buffer, again and again
//
// A batch is shown when its last record is there and right. One that the end of the buffer cuts is read again from its
// start, into a larger buffer where it does not fit. A torn tail ends the replay in front of its batch, as recovery
// would cut it; any other damage is an error. A store may write meanwhile: the replay sees what is whole then.
//
// Lifetime: records are valid during the call of `f` only.
// Threads: safe.
// Cost: one pass over the files; a mapping, or a buffer, at a time.
#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "scenarios/event_store/contract.h"

namespace copycost::event_store {

enum class file_access : std::uint8_t { mapped, read };

namespace detail {
// What one piece of a file holds from `at` on: the records of whole batches go to `f`; answers the bytes that they
// take. Errors: corrupt_record (seq, at: the place in the file).
template <class F>
result<std::size_t> each_record(bytes_view bytes, std::uint64_t offset, sequence& next, sequence first, F& f) {
  std::size_t shown = 0, at = 0;
  for (sequence seq = next; at < bytes.size();) {
    std::size_t size = 0;
    const found what = look(bytes.subspan(at), size);
    const event_view e(bytes.data() + at);
    if (what == found::damaged || (what == found::whole && e.seq() != seq))
      return error{.code = errc::corrupt_record, .seq = seq, .at = offset + at};
    if (what != found::whole) break;
    at += size;
    ++seq;
    if (e.more()) continue;
    for (event_view one(bytes.data() + shown); next < seq; one = event_view(one.next()))
      if (next++ >= first) f(one);
    shown = at;
  }
  return shown;
}
}  // namespace detail

// One file of a store: where it lies, and its first number.
struct stored_file {
  std::string path;
  sequence first = 0;
};
struct stored_log {
  std::vector<stored_file> files;  // in their order
  sequence first = 0;              // where the log begins
};
// Errors: io_failed, foreign_file, corrupt_record (the mark), missing_segment (no file at all).
result<stored_log> find_files(const std::string& dir);

// Bytes of a file that is open for reading, mapped or read piece by piece. Threads: one at a time.
class file_pieces {
 public:
  // Errors: io_failed; foreign_file, unsupported_version, corrupt_record (its header).
  static result<file_pieces> open(const stored_file& file, file_access how);
  file_pieces(file_pieces&& o) noexcept;
  ~file_pieces();
  // The bytes from `offset` on: all of them (mapped) or as many as the buffer holds. Errors: io_failed.
  result<bytes_view> from(std::uint64_t offset);  // VALID UNTIL: the next call
  // Whether it is worth while to ask again, because a batch may be larger than the `seen` bytes that from() gave: then
  // the buffer is larger from here on.
  bool grow(std::size_t seen);
  std::uint64_t size() const { return size_; }

 private:
  file_pieces() = default;
  owned_fd fd_;
  std::uint64_t size_ = 0;
  std::byte* memory_ = nullptr;  // the mapping, or the buffer
  std::size_t room_ = 0;
  bool mapped_ = false;
};

// Where the records of a file begin.
std::uint64_t first_record_at();

// Calls f(event) with every event of the store in `dir`, in order; answers how many. Errors: as above.
template <class F>
result<std::uint64_t> replay_stored(const std::string& dir, file_access how, F f) {
  const auto log = find_files(dir);
  if (!log.ok()) return log.error();
  sequence next = log->files.front().first;
  const sequence begin = std::max(next, log->first);
  for (const stored_file& file : log->files) {
    if (file.first != next) return error{.code = errc::missing_segment, .seq = next, .expected = file.first};
    auto pieces = file_pieces::open(file, how);
    if (!pieces.ok()) return pieces.error();
    for (std::uint64_t at = first_record_at(); at < pieces->size();) {
      const auto bytes = pieces->from(at);
      if (!bytes.ok()) return bytes.error();
      const auto taken = detail::each_record(bytes.value(), at, next, begin, f);
      if (!taken.ok()) return taken.error();
      if (taken.value() == 0 && !pieces->grow(bytes->size())) break;  // the end of what is whole
      at += taken.value();
    }
  }
  return next > begin ? next - begin : 0;
}

}  // namespace copycost::event_store
