// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/shm/file.h"

#include <linux/membarrier.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "harness/base/sanitizer.h"
#include "impls/common/byte_lock.h"

namespace copycost::event_store {
namespace {
constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr unsigned kWriterByte = shm_layout::kReaders;
// ThreadSanitizer does not know the barriers of the kernel.
bool ask_kernel(int command) { return !kThreadSanitized && syscall(SYS_membarrier, command, 0, 0) == 0; }

error io_error() { return {.code = errc::io_failed, .got = static_cast<std::uint64_t>(errno)}; }
error foreign(std::uint64_t at, std::uint64_t got) { return {.code = errc::foreign_file, .at = at, .got = got}; }

// Opened again, not duplicated: a duplicate would share the locks of its original.
int open_again(int fd) {
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  return ::open(path.c_str(), O_RDWR | O_CLOEXEC);
}

result<std::uint64_t> size_of(int fd) {
  struct stat facts {};
  if (fstat(fd, &facts) != 0) return io_error();
  return static_cast<std::uint64_t>(facts.st_size);
}

bool is_sane(std::uint64_t segment_bytes, std::uint64_t segments, std::uint64_t index_bytes) {
  return segment_bytes >= 4096 && segment_bytes % 4096 == 0 && segment_bytes <= std::uint64_t{1} << 30 &&
         segments >= 64 && segments <= std::uint64_t{1} << 31 && index_bytes >= shm_layout::kPage &&
         index_bytes % shm_layout::kPage == 0 && index_bytes <= shm_layout::kIndexMax;
}
}  // namespace

result<std::unique_ptr<shm_file>> shm_file::open(const store_options& o) {
  const bool fresh = o.memory_fd < 0;
  const int fd =
      fresh ? memfd_create("copycost-events", MFD_CLOEXEC | MFD_ALLOW_SEALING) : fcntl(o.memory_fd, F_DUPFD_CLOEXEC, 0);
  if (fd < 0) return io_error();
  std::unique_ptr<shm_file> f(new shm_file(fd, open_again(fd)));
  if (f->own_ < 0) return io_error();
  if (!lock_byte(f->own_, kWriterByte)) return error{.code = errc::locked};
  f->writer_ = true;
  if (const auto fine = f->settle(o, fresh); !fine.ok()) return fine.error();
  return f;
}

result<std::unique_ptr<shm_file>> shm_file::attach(int fd) {
  const int duplicate = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (duplicate < 0) return io_error();
  std::unique_ptr<shm_file> f(new shm_file(duplicate, open_again(duplicate)));
  if (f->own_ < 0) return io_error();
  const auto size = size_of(f->own_);
  if (!size.ok()) return size.error();
  if (const auto fine = f->read_header(size.value()); !fine.ok()) return fine.error();
  if (const auto fine = f->map(); !fine.ok()) return fine.error();
  if (const auto fine = f->check_log(); !fine.ok()) return fine.error();
  return f;
}

shm_file::~shm_file() {
  if (base_ != nullptr) munmap(base_, layout_.bytes);
  if (writer_) unlock_byte(own_, kWriterByte);  // a child made by fork() may have the open file for longer
}

// The header is read, or written where there is none: a process that is killed while it makes a store leaves no magic.
result<void> shm_file::settle(const store_options& o, bool fresh) {
  const shm_layout wanted = shm_layout::of(o);
  const auto size = size_of(own_);
  if (!size.ok()) return size.error();
  std::uint64_t magic = 0;
  if (size.value() > 0 && pread(own_, &magic, sizeof magic, 0) != sizeof magic) return io_error();
  if (magic != 0) {
    if (const auto fine = read_header(size.value()); !fine.ok()) return fine.error();
    if (o.event_bytes_max > layout_.segment_bytes / 4) return error{.code = errc::bad_options, .got = 3};
    if (const auto fine = map(); !fine.ok()) return fine.error();
    if (top().header.barriers.load(kRelaxed) != 0 && !ask_kernel(MEMBARRIER_CMD_GLOBAL_EXPEDITED)) return io_error();
    return check_log();
  }
  layout_ = wanted;
  if (size.value() < layout_.bytes && ftruncate(own_, static_cast<off_t>(layout_.bytes)) != 0)
    return error{.code = errc::store_full, .expected = size.value(), .got = layout_.bytes};
  if (fresh && fcntl(fd_, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) return io_error();
  if (const auto fine = map(); !fine.ok()) return fine.error();
  start_anew(o.first);
  shm_header& h = top().header;
  h.version.store(shm_layout::kVersion, kRelaxed);
  h.bytes.store(layout_.bytes, kRelaxed);
  h.segment_bytes.store(layout_.segment_bytes, kRelaxed);
  h.segments.store(layout_.segments, kRelaxed);
  h.index_bytes.store(layout_.index_bytes, kRelaxed);
  h.barriers.store(ask_kernel(MEMBARRIER_CMD_GLOBAL_EXPEDITED) ? 1 : 0, kRelaxed);
  h.magic.store(shm_layout::kMagic, std::memory_order_release);
  return {};
}

result<void> shm_file::read_header(std::uint64_t size) {
  std::uint64_t h[7] = {};
  static_assert(sizeof h == sizeof(shm_header));
  const ssize_t got = pread(own_, h, sizeof h, 0);
  if (got < 0) return io_error();
  if (h[0] != shm_layout::kMagic) return foreign(0, h[0]);
  if (h[1] != shm_layout::kVersion)
    return error{.code = errc::unsupported_version, .expected = shm_layout::kVersion, .got = h[1]};
  if (!is_sane(h[2], h[3], h[4])) return foreign(offsetof(shm_header, segment_bytes), h[2]);
  layout_ = shm_layout::of(h[2], h[3], h[4]);
  if (h[5] != layout_.bytes || size < layout_.bytes) return foreign(offsetof(shm_header, bytes), h[5]);
  return {};
}

// On a border of huge pages, so that the kernel may use them where it has them.
result<void> shm_file::map() {
  const auto full = [&] { return error{.code = errc::store_full, .expected = layout_.bytes, .got = layout_.bytes}; };
  const std::size_t room = layout_.bytes + shm_layout::kHuge;
  void* reserved = mmap(nullptr, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (reserved == MAP_FAILED) return full();
  auto* const start = static_cast<std::byte*>(reserved);
  const std::size_t off = reinterpret_cast<std::uintptr_t>(start) % shm_layout::kHuge;
  const std::size_t skip = off == 0 ? 0 : shm_layout::kHuge - off;
  const int flags = MAP_SHARED | MAP_FIXED | MAP_NORESERVE;
  const int rights = writer_ ? PROT_READ | PROT_WRITE : PROT_READ;
  void* all = mmap(start + skip, layout_.bytes, rights, flags, own_, 0);
  if (all == MAP_FAILED) {
    munmap(reserved, room);
    return full();
  }
  if (skip > 0) munmap(start, skip);
  const std::size_t end = layout_.bytes / 4096 * 4096;
  if (skip + end < room) munmap(start + skip + end, room - skip - end);
  base_ = static_cast<std::byte*>(all);
  if (!writer_ && mmap(base_ + layout_.pins, layout_.pins_bytes, PROT_READ | PROT_WRITE, flags, own_,
                       static_cast<off_t>(layout_.pins)) == MAP_FAILED)
    return full();
  if (madvise(base_, layout_.bytes, MADV_DONTFORK) != 0) return io_error();
  registered_ = ask_kernel(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED);
  madvise(base_ + layout_.data, layout_.bytes - layout_.data, MADV_HUGEPAGE);  // a wish
  return {};
}

result<void> shm_file::check_log() const {
  const shm_top& t = top();
  const auto offset = [&](const void* what) {
    return static_cast<std::uint64_t>(static_cast<const std::byte*>(what) - base_);
  };
  // A reader finds a log on the move: `tail` is older than `head`, and rows may be used anew while it looks.
  const std::uint64_t tail = t.span.tail.load(std::memory_order_acquire);
  const std::uint64_t head = t.span.head.load(std::memory_order_acquire);
  if (t.front.epoch.load(kRelaxed) == 0) return foreign(offset(&t.front.epoch), 0);
  if (tail > head + layout_.segments || (writer_ && tail < head)) return foreign(offset(&t.span.tail), tail);
  for (std::uint64_t k = head; k < tail; ++k) {
    const shm_row& r = row(k);
    if (r.place.load(kRelaxed) >= layout_.segments) return foreign(offset(&r.place), r.place.load(kRelaxed));
    if (writer_ && k > head && r.first.load(kRelaxed) < row(k - 1).first.load(kRelaxed))
      return foreign(offset(&r), r.first.load(kRelaxed));
  }
  return {};
}

bool shm_file::claim(unsigned pin) const { return lock_byte(own_, pin); }
void shm_file::unclaim(unsigned pin) const { unlock_byte(own_, pin); }

// In this order, so that a process that is killed in between leaves a log that is empty, or is made anew again.
void shm_file::start_anew(sequence first) {
  shm_top& t = top();
  t.span.tail.store(t.span.head.load());
  start_numbers(first);
  t.front.epoch.store(t.front.epoch.load() + 1);
  const std::uint64_t pins_end = layout_.pins + layout_.pins_bytes;
  punch(pins_end, layout_.bytes - pins_end);
}

void shm_file::start_numbers(sequence first) const {
  shm_front& f = top().front;
  if (first < f.end.load(kRelaxed)) f.end.store(first, std::memory_order_release);
  f.first.store(first, std::memory_order_release);
  f.end.store(first, std::memory_order_release);
}

void shm_file::start_numbers_again() const {
  const sequence first = top().front.first.load(kRelaxed);
  if (first > top().front.end.load(kRelaxed)) start_numbers(first);
}

void shm_file::send_barrier() const {
  if (top().header.barriers.load(kRelaxed) != 0 && !ask_kernel(MEMBARRIER_CMD_GLOBAL_EXPEDITED))
    std::abort();  // it could when the memory was opened, and readers rely on it
}

void shm_file::punch(std::uint64_t offset, std::uint64_t bytes) const {
  const int mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
  (void)fallocate(own_, mode, static_cast<off_t>(offset), static_cast<off_t>(bytes));
}

bool shm_file::make_ready(std::uint64_t offset, std::uint64_t bytes) const {
  const int got = fallocate(own_, 0, static_cast<off_t>(offset), static_cast<off_t>(bytes));
  if (got != 0 && (errno == ENOSPC || errno == ENOMEM)) return false;
  (void)madvise(base_ + offset, bytes, MADV_POPULATE_WRITE);  // a kernel that does not know it maps on touch
  return true;
}

std::uint64_t shm_file::held_bytes() const {
  struct stat facts {};
  return fstat(own_, &facts) == 0 ? static_cast<std::uint64_t>(facts.st_blocks) * 512 : 0;
}

}  // namespace copycost::event_store
