// SPDX-License-Identifier: Apache-2.0
//
// Packs the body of a batch with zstd, and unpacks it. One batch is packed at once, small items together, by a context
// that is made once. What does not become smaller is stored.
//
//   batch_writer --gather--> [scratch: the body] --zstd--> [head | packed body]   smaller: form zstd
//                                        '-----------------> [head | body]         not smaller: form stored
//
// Lifetime: scratch memory stays as large as the largest body so far, contexts as long as their owner.
// Threads: one at a time.
// Cost: that of zstd; a context is a megabyte or so, and is made when it is needed first.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "scenarios/graph/link/batch/batch_writer.h"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace copycost::graph {

inline constexpr int kPackLevelMax = 22;

struct pack_stats {
  std::uint64_t packed = 0, stored = 0;       // batches
  std::uint64_t bytes_in = 0, bytes_out = 0;  // of bodies
};

class batch_packer {
 public:
  // Errors: bad_parameter for a level that is not from 1 to kPackLevelMax.
  static result<batch_packer> make(int level);
  batch_packer(batch_packer&&) noexcept;
  batch_packer& operator=(batch_packer&&) noexcept;
  ~batch_packer();

  // Writes the batch to `to` and answers how many bytes it took. COPIES: the payload, once; twice when it is stored.
  // REQUIRES: `to` has wire_bytes() bytes. Errors: out_of_memory.
  result<std::size_t> pack(const batch_writer& batch, std::uint64_t number, std::span<std::byte> to);
  const pack_stats& stats() const { return stats_; }

 private:
  explicit batch_packer(int level) : level_(level) {}
  // Bytes that it took; 0: it would not become smaller.
  result<std::size_t> packed(std::span<const std::byte> body, std::span<std::byte> to);

  struct free_context {
    void operator()(ZSTD_CCtx_s* one) const;
  };
  int level_;
  std::unique_ptr<ZSTD_CCtx_s, free_context> context_;
  std::vector<std::byte> scratch_;
  pack_stats stats_;
};

class batch_unpacker {
 public:
  batch_unpacker() = default;
  batch_unpacker(batch_unpacker&&) noexcept;
  batch_unpacker& operator=(batch_unpacker&&) noexcept;
  ~batch_unpacker();

  // Whether the packed body says of itself what the head says of it: to be asked before memory is taken for it.
  // Errors: bad_compression.
  static result<void> check(const batch_head& head, bytes_view body);
  // REQUIRES: check() found nothing wrong; `to` has head.unpacked bytes. Errors: bad_compression, out_of_memory.
  result<void> unpack(const batch_head& head, bytes_view body, std::span<std::byte> to);

 private:
  struct free_context {
    void operator()(ZSTD_DCtx_s* one) const;
  };
  std::unique_ptr<ZSTD_DCtx_s, free_context> context_;
};

}  // namespace copycost::graph
