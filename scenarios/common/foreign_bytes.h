// SPDX-License-Identifier: Apache-2.0
//
// Bytes that other code allocated, with the way to give them back: what a design adopts without copying.
//
// Lifetime: owns the memory; calls `release` once, from whichever thread drops the last owner.
// Threads: a value that only moves.
// Cost: four words, no allocation (except from_vector: one small node).
#pragma once
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace copycost {

class foreign_bytes {
 public:
  using release_function = void (*)(void* context, std::byte* data, std::size_t size);

  foreign_bytes() = default;
  // `release` may be null: the memory is lent and outlives every owner.
  foreign_bytes(std::span<std::byte> bytes, release_function release, void* context)
      : bytes_(bytes), release_(release), context_(context) {}
  static foreign_bytes lent(std::span<std::byte> bytes) { return {bytes, nullptr, nullptr}; }
  static foreign_bytes from_vector(std::vector<std::byte> bytes) {
    auto* node = new std::vector<std::byte>(std::move(bytes));
    return {*node, [](void* v, std::byte*, std::size_t) { delete static_cast<std::vector<std::byte>*>(v); }, node};
  }

  foreign_bytes(foreign_bytes&& o) noexcept
      : bytes_(std::exchange(o.bytes_, {})), release_(std::exchange(o.release_, nullptr)), context_(o.context_) {}
  foreign_bytes& operator=(foreign_bytes&& o) noexcept {
    if (this != &o) {
      reset();
      bytes_ = std::exchange(o.bytes_, {});
      release_ = std::exchange(o.release_, nullptr);
      context_ = o.context_;
    }
    return *this;
  }
  ~foreign_bytes() { reset(); }

  // VALID UNTIL: reset() or destruction of the owner that the bytes were moved to.
  std::span<std::byte> bytes() const { return bytes_; }
  void reset() {
    if (release_ != nullptr) release_(context_, bytes_.data(), bytes_.size());
    bytes_ = {};
    release_ = nullptr;
  }

 private:
  std::span<std::byte> bytes_;
  release_function release_ = nullptr;
  void* context_ = nullptr;
};

}  // namespace copycost
