// SPDX-License-Identifier: Apache-2.0
//
// A chunk, builder or row of chunks of whatever design, as move-only values.
//
//   any_chunk [box*] --> chunk_box_of<C> [vtable*|C held]
//
// Moving an any_chunk move-constructs or move-assigns the chunk inside and leaves a moved-from chunk in the source:
// laws about moving are laws about the design's own moves. A moved-from value may be assigned to and destroyed.
//
// Lifetime: the facade that made a value outlives it. REQUIRES: values that meet in one call come from one facade.
// Threads: as the design's.
// Cost: an allocation a value.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "scenarios/chunk/contract.h"

namespace copycost::chunk {

class any_chunk;

class chunk_box {
 public:
  virtual ~chunk_box() = default;
  virtual std::unique_ptr<chunk_box> moved() = 0;
  virtual void assign(chunk_box& from) = 0;  // `from` may be this very box
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

class any_chunk {
 public:
  explicit any_chunk(std::unique_ptr<chunk_box> box) : box_(std::move(box)) {}
  any_chunk(any_chunk&& o) noexcept : box_(o.box_->moved()) {}
  any_chunk& operator=(any_chunk&& o) noexcept {
    box_->assign(*o.box_);
    return *this;
  }

  std::size_t size() const { return box_->size(); }
  place at() const { return box_->at(); }
  // VALID UNTIL: the chunk is destroyed, moved from or changed.
  bytes_view view() const { return box_->view(); }
  any_chunk share() const { return box_->share(); }
  result<any_chunk> slice(std::size_t pos, std::size_t len) const { return box_->slice(pos, len); }
  result<void> advance(std::size_t n) { return box_->advance(n); }
  result<void> truncate(std::size_t n) { return box_->truncate(n); }
  std::uint64_t retained_bytes() const { return box_->retained_bytes(); }
  std::uint64_t use_count() const { return box_->use_count(); }

  chunk_box& box() const { return *box_; }

 private:
  std::unique_ptr<chunk_box> box_;  // never null
};

class builder_box {
 public:
  virtual ~builder_box() = default;
  virtual std::unique_ptr<builder_box> moved() = 0;
  virtual void assign(builder_box& from) = 0;
  // VALID UNTIL: the next call on the builder.
  virtual std::span<std::byte> space() = 0;
  virtual result<void> wrote(std::size_t n) = 0;
  virtual result<void> write(bytes_view bytes) = 0;
  virtual std::size_t size() const = 0;
};

class any_builder {
 public:
  explicit any_builder(std::unique_ptr<builder_box> box) : box_(std::move(box)) {}
  any_builder(any_builder&& o) noexcept : box_(o.box_->moved()) {}
  any_builder& operator=(any_builder&& o) noexcept {
    box_->assign(*o.box_);
    return *this;
  }

  // VALID UNTIL: the next call on the builder.
  std::span<std::byte> space() { return box_->space(); }
  result<void> wrote(std::size_t n) { return box_->wrote(n); }
  result<void> write(bytes_view bytes) { return box_->write(bytes); }
  std::size_t size() const { return box_->size(); }

  builder_box& box() const { return *box_; }

 private:
  std::unique_ptr<builder_box> box_;  // never null
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
class chunk_box_of final : public chunk_box {
 public:
  explicit chunk_box_of(C c) : held(std::move(c)) {}
  std::unique_ptr<chunk_box> moved() override { return std::make_unique<chunk_box_of>(std::move(held)); }
  void assign(chunk_box& from) override { held = std::move(static_cast<chunk_box_of&>(from).held); }
  std::size_t size() const override { return held.size(); }
  place at() const override { return held.at(); }
  // VALID UNTIL: the chunk is destroyed, moved from or changed.
  bytes_view view() const override { return held.view(); }
  any_chunk share() const override { return any_chunk(std::make_unique<chunk_box_of>(held.share())); }
  result<any_chunk> slice(std::size_t pos, std::size_t len) const override {
    auto part = held.slice(pos, len);
    if (!part) return part.error();
    return any_chunk(std::make_unique<chunk_box_of>(std::move(part).value()));
  }
  result<void> advance(std::size_t n) override { return held.advance(n); }
  result<void> truncate(std::size_t n) override { return held.truncate(n); }
  std::uint64_t retained_bytes() const override { return held.retained_bytes(); }
  std::uint64_t use_count() const override { return held.use_count(); }

  C held;
};

template <builder_like B>
class builder_box_of final : public builder_box {
 public:
  explicit builder_box_of(B b) : held(std::move(b)) {}
  std::unique_ptr<builder_box> moved() override { return std::make_unique<builder_box_of>(std::move(held)); }
  void assign(builder_box& from) override { held = std::move(static_cast<builder_box_of&>(from).held); }
  // VALID UNTIL: the next call on the builder.
  std::span<std::byte> space() override { return held.space(); }
  result<void> wrote(std::size_t n) override { return held.wrote(n); }
  result<void> write(bytes_view bytes) override { return held.write(bytes); }
  std::size_t size() const override { return held.size(); }

  B held;
};

}  // namespace copycost::chunk
