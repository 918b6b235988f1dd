// SPDX-License-Identifier: Apache-2.0
#include "harness/core/input.h"

#include <zlib.h>
#include <zstd.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>

#include "harness/core/failure.h"
#include "harness/core/text.h"

namespace copycost {
namespace {

constexpr std::size_t kPiece = 1 << 18;

[[noreturn]] void damaged(const std::string& path, const char* kind, std::size_t at) {
  throw failure(exit_code::usage,
                path + ": damaged " + kind + " data at byte " + std::to_string(at) + ": expected a complete archive");
}

std::vector<std::byte> gunzip(const std::string& packed, const std::string& path) {
  z_stream z{};
  if (inflateInit2(&z, 15 + 16) != Z_OK) throw failure(exit_code::internal, "zlib does not start");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&z, inflateEnd);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  z.avail_in = static_cast<uInt>(packed.size());
  std::vector<std::byte> out;
  for (int state = Z_OK; state != Z_STREAM_END || z.avail_in > 0;) {
    if (state == Z_STREAM_END && inflateReset(&z) != Z_OK) damaged(path, "gzip", packed.size() - z.avail_in);
    const std::size_t before = out.size();
    out.resize(before + kPiece);
    z.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    z.avail_out = kPiece;
    state = inflate(&z, Z_NO_FLUSH);
    out.resize(out.size() - z.avail_out);
    if (state != Z_OK && state != Z_STREAM_END) damaged(path, "gzip", packed.size() - z.avail_in);
  }
  return out;
}

std::vector<std::byte> unzstd(const std::string& packed, const std::string& path) {
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> z(ZSTD_createDCtx(), ZSTD_freeDCtx);
  std::vector<std::byte> out;
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  for (std::size_t left = 1; in.pos < in.size || left != 0;) {
    const std::size_t before = out.size();
    out.resize(before + kPiece);
    ZSTD_outBuffer to{out.data() + before, kPiece, 0};
    left = ZSTD_decompressStream(z.get(), &to, &in);
    out.resize(before + to.pos);
    if (ZSTD_isError(left) || (in.pos == in.size && to.pos == 0 && left != 0)) damaged(path, "zstd", in.pos);
  }
  return out;
}

std::optional<input_file>& current() {
  static std::optional<input_file> file;
  return file;
}

}  // namespace

input_file read_input(const std::string& path) {
  static std::atomic<std::uint64_t> readings{0};
  input_file in{path, {}, false, ++readings};
  std::error_code ignored;
  in.directory = std::filesystem::is_directory(path, ignored);
  if (in.directory) return in;
  const std::string raw = read_file(path);
  const auto starts = [&](std::string_view magic) { return raw.compare(0, magic.size(), magic) == 0; };
  const auto* data = reinterpret_cast<const std::byte*>(raw.data());
  if (starts("\x1f\x8b")) in.bytes = gunzip(raw, path);
  else if (starts("\x28\xb5\x2f\xfd")) in.bytes = unzstd(raw, path);
  else in.bytes = {data, data + raw.size()};
  return in;
}

std::string needs_file(const input_file& in) {
  return in.directory ? in.path + ": a directory, expected a file" : std::string();
}

const input_file* current_input() { return current() ? &*current() : nullptr; }
void set_input(const std::string& path) { current() = read_input(path); }

}  // namespace copycost
