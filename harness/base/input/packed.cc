// SPDX-License-Identifier: Apache-2.0
#include "harness/base/input/packed.h"

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "harness/base/failure.h"

namespace copycost {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kPiece = std::size_t{1} << 18;

// A source that is looked at before it is taken.
class feed {
 public:
  explicit feed(const byte_source& from) : from_(from), held_(kPiece) {}

  // At least `n` bytes, or all that there are. VALID UNTIL: the next call.
  std::span<const std::byte> peek(std::size_t n) {
    if (end_ - begin_ < n) {
      std::copy(held_.begin() + static_cast<std::ptrdiff_t>(begin_), held_.begin() + static_cast<std::ptrdiff_t>(end_),
                held_.begin());
      end_ -= begin_;
      begin_ = 0;
      while (end_ < n && !ended_) {
        const std::size_t came = from_(std::span(held_).subspan(end_));
        end_ += came;
        ended_ = came == 0;
      }
    }
    return std::span(held_).subspan(begin_, end_ - begin_);
  }
  std::span<const std::byte> some() { return peek(1); }  // empty: the end. VALID UNTIL: the next call
  void take(std::size_t n) {
    begin_ += n;
    at_ += n;
  }
  std::uint64_t at() const { return at_; }  // bytes that were taken

 private:
  const byte_source& from_;
  std::vector<std::byte> held_;
  std::size_t begin_ = 0, end_ = 0;
  std::uint64_t at_ = 0;
  bool ended_ = false;
};

// Looks at the first bytes that come out of an archive before it passes them on: what is packed twice is refused.
class unpacked_sink {
 public:
  unpacked_sink(const std::string& name, std::string_view outer, const byte_sink& to)
      : name_(name), outer_(outer), to_(to) {}
  void operator()(std::span<const std::byte> bytes) {
    if (start_.size() < kMagicMax && !bytes.empty()) {
      const std::size_t n = std::min(bytes.size(), kMagicMax - start_.size());
      start_.insert(start_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
      if (const std::string_view inner = packed_format(start_); !inner.empty())
        throw failure(exit_code::usage, name_ + ": " + std::string(inner) + " data within " + std::string(outer_) +
                                            ": expected data that is packed once at most");
    }
    to_(bytes);
  }

 private:
  const std::string& name_;
  std::string_view outer_;
  const byte_sink& to_;
  std::vector<std::byte> start_;
};

[[noreturn]] void damaged(const std::string& name, const char* kind, std::uint64_t at) {
  throw failure(exit_code::usage,
                name + ": damaged " + kind + " data at byte " + std::to_string(at) + ": expected a complete archive");
}

class gzip_reader {
 public:
  gzip_reader(feed& in, const std::string& name, unpacked_sink to)
      : in_(in), name_(name), to_(std::move(to)), out_(kPiece) {
    if (inflateInit2(&z_, 15 + 16) != Z_OK) throw failure(exit_code::internal, "zlib does not start");
  }
  ~gzip_reader() { inflateEnd(&z_); }
  gzip_reader(const gzip_reader&) = delete;
  gzip_reader& operator=(const gzip_reader&) = delete;

  void read() {
    do {
      member();
      if (inflateReset(&z_) != Z_OK) damaged(name_, "gzip", in_.at());
    } while (!ends());
  }

 private:
  void member() {
    for (int state = Z_OK; state != Z_STREAM_END;) {
      const std::span<const std::byte> packed = in_.some();
      z_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
      z_.avail_in = static_cast<uInt>(packed.size());  // fits: at most kPiece
      z_.next_out = reinterpret_cast<Bytef*>(out_.data());
      z_.avail_out = kPiece;
      state = inflate(&z_, Z_NO_FLUSH);
      in_.take(packed.size() - z_.avail_in);
      to_(std::span<const std::byte>(out_).first(kPiece - z_.avail_out));
      if (state != Z_OK && state != Z_STREAM_END) damaged(name_, "gzip", in_.at());
    }
  }
  // Nothing follows, or zeros do, as on a tape.
  bool ends() {
    bool zeros = false;
    for (auto more = in_.some(); !more.empty(); more = in_.some()) {
      if (more[0] != std::byte{0} && !zeros) return false;
      const auto other = std::find_if(more.begin(), more.end(), [](std::byte b) { return b != std::byte{0}; });
      in_.take(static_cast<std::size_t>(other - more.begin()));
      zeros = true;
      if (other != more.end()) damaged(name_, "gzip", in_.at());
    }
    return true;
  }

  feed& in_;
  const std::string& name_;
  unpacked_sink to_;
  std::vector<std::byte> out_;
  z_stream z_{};
};

class zstd_reader {
 public:
  zstd_reader(feed& in, const std::string& name, unpacked_sink to)
      : in_(in), name_(name), to_(std::move(to)), z_(ZSTD_createDCtx(), ZSTD_freeDCtx), out_(kPiece) {
    if (z_ == nullptr) throw failure(exit_code::internal, "zstd does not start");
  }

  void read() {
    while (!in_.some().empty()) {
      const std::span<const std::byte> start = in_.peek(kMagicMax);
      if (is_skippable_frame(start))
        skip(start);
      else if (packed_format(start) == "zstd"sv)
        frame();
      else
        other(start);
    }
  }

 private:
  // [u32 magic][u32 n][n bytes that are not for us]
  void skip(std::span<const std::byte> start) {
    if (start.size() < 8) {
      in_.take(start.size());
      damaged(name_, "zstd", in_.at());
    }
    std::uint64_t left = 8;
    for (std::size_t i = 0; i < 4; ++i) left += std::to_integer<std::uint64_t>(start[4 + i]) << (8 * i);
    while (left > 0) {
      const std::size_t n = std::min<std::uint64_t>(in_.some().size(), left);
      if (n == 0) damaged(name_, "zstd", in_.at());
      in_.take(n);
      left -= n;
    }
  }
  void frame() {
    for (std::size_t left = 1; left != 0;) {
      const std::span<const std::byte> packed = in_.some();
      ZSTD_inBuffer from{packed.data(), packed.size(), 0};
      ZSTD_outBuffer to{out_.data(), out_.size(), 0};
      left = ZSTD_decompressStream(z_.get(), &to, &from);
      in_.take(from.pos);
      if (ZSTD_isError(left)) refuse(ZSTD_getErrorCode(left));
      to_(std::span<const std::byte>(out_).first(to.pos));
      if (left != 0 && packed.empty() && to.pos == 0) damaged(name_, "zstd", in_.at());
    }
  }
  [[noreturn]] void refuse(ZSTD_ErrorCode why) const {
    const auto say = [&](const char* what) { throw failure(exit_code::usage, name_ + ": zstd data that " + what); };
    if (why == ZSTD_error_dictionary_wrong || why == ZSTD_error_dictionary_corrupted)
      say("needs a dictionary: expected data that was packed without one");
    if (why == ZSTD_error_frameParameter_windowTooLarge)
      say("needs a window of more than 128 MiB: expected data that zstd unpacks without --long");
    if (why == ZSTD_error_memory_allocation) throw failure(exit_code::internal, name_ + ": no memory to unpack it");
    damaged(name_, "zstd", in_.at());
  }
  // What is no frame of ours: the magic of lz4, which knows the same frames to be skipped, or garbage.
  [[noreturn]] void other(std::span<const std::byte> start) {
    const std::string_view format = packed_format(start);
    if (format.empty() || format == "gzip"sv) damaged(name_, "zstd", in_.at());
    throw failure(exit_code::usage, name_ + ": " + std::string(format) + " data at byte " + std::to_string(in_.at()) +
                                        ", which is not read: expected plain, gzip or zstd");
  }

  feed& in_;
  const std::string& name_;
  unpacked_sink to_;
  std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> z_;
  std::vector<std::byte> out_;
};

}  // namespace

std::string_view unpack(const byte_source& from, const std::string& name, const byte_sink& to) {
  feed in(from);
  const std::string_view format = packed_format(in.peek(kMagicMax));
  if (format == "gzip"sv) {
    gzip_reader(in, name, {name, format, to}).read();
    return format;
  }
  if (format == "zstd"sv) {
    zstd_reader(in, name, {name, format, to}).read();
    return format;
  }
  if (!format.empty())
    throw failure(exit_code::usage,
                  name + ": " + std::string(format) + " data, which is not read: expected plain, gzip or zstd");
  for (auto bytes = in.some(); !bytes.empty(); bytes = in.some()) {
    to(bytes);
    in.take(bytes.size());
  }
  return "plain";
}

}  // namespace copycost
