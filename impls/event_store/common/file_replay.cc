// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/common/file_replay.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "harness/base/fd.h"
#include "impls/event_store/common/segment_format.h"

namespace copycost::event_store {
namespace {

constexpr std::size_t kBuffer = std::size_t{256} << 10;

error io(int why) { return {.code = errc::io_failed, .got = static_cast<std::uint64_t>(why)}; }

result<std::size_t> read_at(int fd, std::byte* to, std::size_t size, std::uint64_t at) {
  std::size_t got = 0;
  while (got < size) {
    const ssize_t n = ::pread(fd, to + got, size - got, static_cast<off_t>(at + got));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io(errno);
    if (n == 0) break;
    got += static_cast<std::size_t>(n);
  }
  return got;
}

// The mark's second place is for a torn first one.
result<sequence> marked_first(const std::string& path) {
  const owned_fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return io(errno);
  result<sequence> out = io(ENOENT);
  bool any = false;
  for (const std::size_t place : kMarkPlaces) {
    std::byte bytes[kMark];
    const auto got = read_at(fd, bytes, kMark, place);
    result<sequence> one = got.ok() ? decode_mark({bytes, got.value()}) : result<sequence>(got.error());
    if (!any || (one.ok() && (!out.ok() || one.value() > out.value()))) out = std::move(one);
    any = true;
  }
  return out;
}

}  // namespace

std::uint64_t first_record_at() { return kFileHeader; }

result<stored_log> find_files(const std::string& dir) {
  stored_log log;
  std::error_code failed;
  for (std::filesystem::directory_iterator i(dir, failed), end; !failed && i != end; i.increment(failed))
    if (const auto first = first_of(i->path().filename().string())) log.files.push_back({i->path().string(), *first});
  if (failed) return io(failed.value());
  if (log.files.empty()) return error{.code = errc::missing_segment};
  std::ranges::sort(log.files, {}, &stored_file::first);
  const auto mark = marked_first(dir + "/" + std::string(kMarkName));
  if (!mark.ok()) return mark.error();
  log.first = mark.value();
  return log;
}

result<file_pieces> file_pieces::open(const stored_file& file, file_access how) {
  file_pieces p;
  p.fd_.reset(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat s {};
  if (p.fd_ < 0 || ::fstat(p.fd_, &s) != 0) return io(errno);
  p.size_ = static_cast<std::uint64_t>(s.st_size);
  std::byte front[kFileHeader];
  const auto got = read_at(p.fd_, front, kFileHeader, 0);
  if (!got.ok()) return got.error();
  if (const auto header = decode_header({front, got.value()}, file.first); !header.ok()) return header.error();
  p.mapped_ = how == file_access::mapped;
  p.room_ = p.mapped_ ? p.size_ : kBuffer;
  void* const memory = ::mmap(nullptr, p.room_, p.mapped_ ? PROT_READ : PROT_READ | PROT_WRITE,
                              p.mapped_ ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS, p.mapped_ ? int{p.fd_} : -1, 0);
  if (memory == MAP_FAILED) return io(errno);
  p.memory_ = static_cast<std::byte*>(memory);
  if (p.mapped_)
    ::madvise(memory, p.room_, MADV_SEQUENTIAL);  // a wish
  else
    ::posix_fadvise(p.fd_, 0, 0, POSIX_FADV_SEQUENTIAL);
  return p;
}

file_pieces::file_pieces(file_pieces&& o) noexcept
    : fd_(std::move(o.fd_)),
      size_(o.size_),
      memory_(std::exchange(o.memory_, nullptr)),
      room_(o.room_),
      mapped_(o.mapped_) {}

file_pieces::~file_pieces() {
  if (memory_ != nullptr) ::munmap(memory_, room_);
}

bool file_pieces::grow(std::size_t seen) {
  if (mapped_ || seen < room_) return false;  // no larger than twice the file
  void* const larger = ::mremap(memory_, room_, 2 * room_, MREMAP_MAYMOVE);
  if (larger == MAP_FAILED) return false;
  memory_ = static_cast<std::byte*>(larger);
  room_ *= 2;
  return true;
}

result<bytes_view> file_pieces::from(std::uint64_t offset) {
  if (mapped_) return bytes_view(memory_ + offset, static_cast<std::size_t>(size_ - offset));
  const auto got =
      read_at(fd_, memory_, static_cast<std::size_t>(std::min<std::uint64_t>(room_, size_ - offset)), offset);
  if (!got.ok()) return got.error();
  return bytes_view(memory_, got.value());
}

}  // namespace copycost::event_store
