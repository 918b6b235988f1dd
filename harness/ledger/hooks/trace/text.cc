// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/hooks/trace/text.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>

namespace copycost::hooks {

int trace_text::open(const char* path) {
  if (const int error = file_.open(path)) return error;
  if (!std::string_view(path).ends_with(".gz")) return 0;
  const int copy = ::fcntl(file_.fd(), F_DUPFD_CLOEXEC, 0);  // gzclose closes its own
  gzip_ = copy < 0 ? nullptr : gzdopen(copy, "wb1");
  if (gzip_ != nullptr) return 0;
  if (copy >= 0) ::close(copy);
  file_.discard();
  return ENOMEM;
}

void trace_text::number(std::uint64_t value) {
  char digits[16];
  unsigned count = 0;
  do {
    digits[count++] = "0123456789abcdef"[value & 15];
    value >>= 4;
  } while (value != 0);
  put(' ');
  while (count > 0) put(digits[--count]);
}

void trace_text::text(std::string_view s) {
  for (const char c : s) put(c);
}

void trace_text::flush() {
  if (error_ == 0 && used_ > 0) {
    if (gzip_ == nullptr)
      error_ = file_.write(buffer_, used_);
    else if (gzwrite(gzip_, buffer_, static_cast<unsigned>(used_)) == 0)
      error_ = errno != 0 ? errno : EIO;
  }
  used_ = 0;
}

int trace_text::finish() {
  flush();
  if (gzip_ != nullptr && gzclose(gzip_) != Z_OK && error_ == 0) error_ = errno != 0 ? errno : EIO;
  gzip_ = nullptr;
  if (error_ == 0) return file_.commit();
  file_.discard();
  return error_;
}

void trace_text::abandon() {
  gzip_ = nullptr;  // its memory goes with the child
  file_.abandon();
}

}  // namespace copycost::hooks
