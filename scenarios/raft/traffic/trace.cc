// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/traffic/trace.h"

#include <zstd.h>

#include <algorithm>
#include <mutex>

#include "harness/base/failure.h"
#include "harness/ledger/witness/counters.h"
#include "scenarios/raft/wire/units.h"

namespace copycost::raft {
namespace detail {
std::span<const std::byte> packed_trace();
}  // namespace detail
namespace {

constexpr std::size_t kPeek = 16;  // records that tell whether a file is a capture

// Empty, or what is wrong with the record at `at`; `size` is then set to that of its message.
std::string look_at(bytes_view stream, std::size_t at, std::size_t k, std::uint64_t& size) {
  const std::size_t left = stream.size() - at;
  const std::string place = "record " + std::to_string(k) + " at byte " + std::to_string(at) + ": ";
  if (left < kLengthBytes) return place + std::to_string(left) + " bytes left, expected a length of 8 bytes";
  size = load_big(stream.data() + at);
  if (size > left - kLengthBytes)
    return place + "a message of " + std::to_string(size) + " bytes, of which " + std::to_string(left - kLengthBytes) +
           " are there";
  return {};
}

std::vector<std::byte> unpacked(bytes_view packed) {
  const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  constexpr unsigned long long kMost = 64u << 20;
  std::vector<std::byte> out;
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> z(ZSTD_createDCtx(), ZSTD_freeDCtx);
  if (size != ZSTD_CONTENTSIZE_UNKNOWN && size != ZSTD_CONTENTSIZE_ERROR && size < kMost) out.reserve(size);
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  for (std::size_t left = 1; left != 0 || in.pos < in.size;) {
    const std::size_t before = out.size(), piece = ZSTD_DStreamOutSize();
    out.resize(before + piece);
    ZSTD_outBuffer to{out.data() + before, piece, 0};
    left = ZSTD_decompressStream(z.get(), &to, &in);
    out.resize(before + to.pos);
    if (ZSTD_isError(left) || (left != 0 && in.pos == in.size && to.pos < piece))
      throw failure(exit_code::internal, "the bundled trace is damaged");
  }
  return out;
}

}  // namespace

trace::trace(bytes_view stream, std::string_view name) : stream_(stream) {
  for (std::size_t at = 0; at < stream.size();) {
    std::uint64_t size = 0;
    if (const std::string wrong = look_at(stream, at, offsets_.size(), size); !wrong.empty())
      throw failure(exit_code::usage, std::string(name) + ": " + wrong);
    offsets_.push_back(at);
    at += kLengthBytes + static_cast<std::size_t>(size);
  }
}

const trace& bundled_trace() {
  static const std::vector<std::byte> bytes = unpacked(detail::packed_trace());
  static const trace all(bytes, "the bundled trace");
  return all;
}

std::string refuses_trace(const input_file& in) {
  if (std::string no = needs_file(in); !no.empty()) return no;
  const bytes_view stream(in.bytes);
  if (stream.empty()) return in.name + ": empty, expected records of a capture";
  for (std::size_t at = 0, k = 0; k < kPeek && at < stream.size(); ++k) {
    std::uint64_t size = 0;
    if (const std::string wrong = look_at(stream, at, k, size); !wrong.empty()) return in.name + ": " + wrong;
    at += kLengthBytes + static_cast<std::size_t>(size);
  }
  return {};
}

bool has_input_trace() {
  const input_file* in = current_input("raft");
  return in != nullptr && refuses_trace(*in).empty();
}

const trace& input_trace() {
  COPYCOST_REQUIRE(has_input_trace());
  const input_file& in = *current_input("raft");
  // The current input changes in tests only: the one that was read last is kept.
  static std::mutex lock;
  static std::vector<std::pair<std::uint64_t, std::unique_ptr<const trace>>> known;
  const std::lock_guard guard(lock);
  for (const auto& [number, one] : known)
    if (number == in.number) return *one;
  return *known.emplace_back(in.number, std::make_unique<const trace>(in.bytes, in.name)).second;
}

}  // namespace copycost::raft
