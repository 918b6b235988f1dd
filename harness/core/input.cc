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

std::optional<input_set>& current() {
  static std::optional<input_set> inputs;
  return inputs;
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

input_set::input_set(const std::string& given) {
  for (const std::string& line : split(given, '\n')) {
    const std::size_t end = line.find('=');
    std::error_code ignored;
    const bool named = end != std::string::npos && end > 0 &&
                       line.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == end &&
                       !std::filesystem::exists(line, ignored);
    const std::string system = named ? line.substr(0, end) : "", path = named ? line.substr(end + 1) : line;
    for (const entry& e : entries_)
      if (e.system == system)
        throw failure(exit_code::usage, "--input " + line + ": expected one input" + (named ? " for " + system : ""));
    entries_.push_back({system, read_input(path)});
  }
}

const input_file* input_set::of(std::string_view system) const {
  const input_file* found = nullptr;
  for (const entry& e : entries_)
    if (e.system == system || (e.system.empty() && found == nullptr)) found = &e.file;
  return found;
}
std::vector<std::string_view> input_set::named() const {
  std::vector<std::string_view> out;
  for (const entry& e : entries_)
    if (!e.system.empty()) out.push_back(e.system);
  return out;
}
bool input_set::is_for(std::string_view system) const {
  for (const entry& e : entries_)
    if (!e.system.empty() && e.system == system) return true;
  return false;
}

const input_set* current_inputs() { return current() ? &*current() : nullptr; }
const input_file* current_input(std::string_view system) { return current() ? current()->of(system) : nullptr; }
void set_input(const std::string& given) { current().emplace(given); }

}  // namespace copycost
