// SPDX-License-Identifier: Apache-2.0
//
// A chunk, builder or row of chunks of whatever design, as move-only values (common/laws/boxed.h): moving an any_chunk
// moves the chunk inside. REQUIRES: values that meet in one call come from one facade.
//
// Lifetime: the facade that made a value outlives it.
// Threads: as the design's.
// Cost: an allocation a value.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "scenarios/chunk/contract.h"
#include "scenarios/common/laws/boxed.h"

namespace copycost::chunk {

class any_chunk;

struct chunk_base : movable_base<chunk_base> {
  virtual std::size_t size() const = 0;
  virtual place at() const = 0;
  // VALID UNTIL: the chunk is destroyed, moved from or changed.
  virtual bytes_view view() const = 0;
  virtual any_chunk share() const = 0;
  virtual result<any_chunk> slice(std::size_t pos, std::size_t len) const = 0;
  virtual result<void> advance(std::size_t n) = 0;
  virtual result<void> truncate(std::size_t n) = 0;
  virtual std::uint64_t retained_bytes() const = 0;
  virtual std::uint64_t use_count() const = 0;
};

class any_chunk : public boxed_whole<chunk_base> {
 public:
  using boxed_whole::boxed_whole;
  std::size_t size() const { return is_->size(); }
  place at() const { return is_->at(); }
  // VALID UNTIL: the chunk is destroyed, moved from or changed.
  bytes_view view() const { return is_->view(); }
  any_chunk share() const { return is_->share(); }
  result<any_chunk> slice(std::size_t pos, std::size_t len) const { return is_->slice(pos, len); }
  result<void> advance(std::size_t n) { return is_->advance(n); }
  result<void> truncate(std::size_t n) { return is_->truncate(n); }
  std::uint64_t retained_bytes() const { return is_->retained_bytes(); }
  std::uint64_t use_count() const { return is_->use_count(); }
};

struct builder_base : movable_base<builder_base> {
  // VALID UNTIL: the next call on the builder.
  virtual std::span<std::byte> space() = 0;
  virtual result<void> wrote(std::size_t n) = 0;
  virtual result<void> write(bytes_view bytes) = 0;
  virtual std::size_t size() const = 0;
};

class any_builder : public boxed_whole<builder_base> {
 public:
  using boxed_whole::boxed_whole;
  // VALID UNTIL: the next call on the builder.
  std::span<std::byte> space() { return is_->space(); }
  result<void> wrote(std::size_t n) { return is_->wrote(n); }
  result<void> write(bytes_view bytes) { return is_->write(bytes); }
  std::size_t size() const { return is_->size(); }
};

// sequence<D> of sequence.h.
class any_sequence {
 public:
  virtual ~any_sequence() = default;
  virtual result<void> push(any_chunk c) = 0;
  virtual std::uint64_t size() const = 0;
  virtual std::uint64_t end_offset() const = 0;
  virtual std::optional<std::uint64_t> find(std::byte wanted, std::uint64_t from) const = 0;
  virtual std::optional<std::uint64_t> find(bytes_view pattern, std::uint64_t from) const = 0;
  virtual result<std::vector<any_chunk>> lines() const = 0;
  virtual result<any_chunk> cut(std::uint64_t begin, std::uint64_t end) const = 0;
};

template <chunk_like C>
struct chunk_box final : whole_box<chunk_box<C>, chunk_base, C> {
  using whole_box<chunk_box, chunk_base, C>::whole_box;
  using whole_box<chunk_box, chunk_base, C>::held;
  std::size_t size() const override { return held.size(); }
  place at() const override { return held.at(); }
  // VALID UNTIL: the chunk is destroyed, moved from or changed.
  bytes_view view() const override { return held.view(); }
  any_chunk share() const override { return any_chunk(std::make_unique<chunk_box>(held.share())); }
  result<any_chunk> slice(std::size_t pos, std::size_t len) const override {
    return in_box<any_chunk, chunk_box>(held.slice(pos, len));
  }
  result<void> advance(std::size_t n) override { return held.advance(n); }
  result<void> truncate(std::size_t n) override { return held.truncate(n); }
  std::uint64_t retained_bytes() const override { return held.retained_bytes(); }
  std::uint64_t use_count() const override { return held.use_count(); }
};

template <builder_like B>
struct builder_box final : whole_box<builder_box<B>, builder_base, B> {
  using whole_box<builder_box, builder_base, B>::whole_box;
  using whole_box<builder_box, builder_base, B>::held;
  // VALID UNTIL: the next call on the builder.
  std::span<std::byte> space() override { return held.space(); }
  result<void> wrote(std::size_t n) override { return held.wrote(n); }
  result<void> write(bytes_view bytes) override { return held.write(bytes); }
  std::size_t size() const override { return held.size(); }
};

}  // namespace copycost::chunk
