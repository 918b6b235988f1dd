// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/link/batch/packing.h"

#include <zstd.h>
#include <zstd_errors.h>

#include "harness/base/check.h"
#include "scenarios/common/crc32c.h"

namespace copycost::graph {

void batch_packer::free_context::operator()(ZSTD_CCtx_s* one) const { ZSTD_freeCCtx(one); }
void batch_unpacker::free_context::operator()(ZSTD_DCtx_s* one) const { ZSTD_freeDCtx(one); }

batch_packer::batch_packer(batch_packer&&) noexcept = default;
batch_packer& batch_packer::operator=(batch_packer&&) noexcept = default;
batch_packer::~batch_packer() = default;
batch_unpacker::batch_unpacker(batch_unpacker&&) noexcept = default;
batch_unpacker& batch_unpacker::operator=(batch_unpacker&&) noexcept = default;
batch_unpacker::~batch_unpacker() = default;

result<batch_packer> batch_packer::make(int level) {
  if (level < 1 || level > kPackLevelMax)
    return error{errc::bad_parameter, 0, kPackLevelMax, static_cast<std::uint64_t>(level)};
  return batch_packer(level);
}

result<std::size_t> batch_packer::packed(std::span<const std::byte> body, std::span<std::byte> to) {
  if (body.empty()) return std::size_t{0};
  if (context_ == nullptr) {
    context_.reset(ZSTD_createCCtx());
    if (context_ == nullptr) return error{errc::out_of_memory, 0, 0, 0};
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level_);
  }
  // A byte too little room for as many bytes: zstd itself says when nothing is gained.
  const std::size_t size = ZSTD_compress2(context_.get(), to.data(), body.size() - 1, body.data(), body.size());
  if (ZSTD_isError(size) == 0) return size;
  if (ZSTD_getErrorCode(size) == ZSTD_error_dstSize_tooSmall) return std::size_t{0};
  return error{errc::out_of_memory, 0, 0, body.size()};  // nothing else can be wrong with packing
}

result<std::size_t> batch_packer::pack(const batch_writer& batch, std::uint64_t number, std::span<std::byte> to) {
  COPYCOST_REQUIRE(to.size() >= batch.wire_bytes());
  scratch_.resize(batch.body_bytes());
  batch.copy_body_to(scratch_);
  const auto size = packed(scratch_, to.subspan(kBatchHead));
  if (!size) return size;
  stats_.bytes_in += scratch_.size();
  if (size.value() == 0) {
    batch.copy_to(number, to);
    ++stats_.stored;
    stats_.bytes_out += scratch_.size();
    return static_cast<std::size_t>(batch.wire_bytes());
  }
  batch_head head = batch.counts(number);
  head.form = batch_form::zstd;
  head.packed = static_cast<std::uint32_t>(size.value());  // fits: smaller than the body
  head.body_crc = crc32c(0, to.subspan(kBatchHead, size.value()));
  write_head(head, to);
  ++stats_.packed;
  stats_.bytes_out += size.value();
  return kBatchHead + size.value();
}

result<void> batch_unpacker::check(const batch_head& head, bytes_view body) {
  const auto wrong = [&](std::uint64_t got) { return error{errc::bad_compression, kBatchHead, head.unpacked, got}; };
  // One frame, that says how large it becomes, and nothing behind it.
  const auto says = ZSTD_getFrameContentSize(body.data(), body.size());
  if (says != head.unpacked) return wrong(says);
  const std::size_t frame = ZSTD_findFrameCompressedSize(body.data(), body.size());
  if (ZSTD_isError(frame) != 0 || frame != body.size()) return wrong(0);
  return {};
}

result<void> batch_unpacker::unpack(const batch_head& head, bytes_view body, std::span<std::byte> to) {
  COPYCOST_REQUIRE(to.size() >= head.unpacked);
  if (context_ == nullptr) context_.reset(ZSTD_createDCtx());
  if (context_ == nullptr) return error{errc::out_of_memory, 0, 0, 0};
  const std::size_t size = ZSTD_decompressDCtx(context_.get(), to.data(), head.unpacked, body.data(), body.size());
  if (ZSTD_isError(size) != 0 && ZSTD_getErrorCode(size) == ZSTD_error_memory_allocation)
    return error{errc::out_of_memory, 0, 0, head.unpacked};
  if (size != head.unpacked) return error{errc::bad_compression, kBatchHead, head.unpacked, 0};
  return {};
}

}  // namespace copycost::graph
