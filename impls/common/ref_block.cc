// SPDX-License-Identifier: Apache-2.0
#include "impls/common/ref_block.h"

namespace copycost {
namespace {
struct alignas(16) foreign_part {
  foreign_bytes bytes;
};
}  // namespace

ref_block* ref_block::adopt(foreign_bytes&& bytes) {
  void* memory = ::operator new(sizeof(ref_block) + sizeof(foreign_part), std::nothrow);
  if (memory == nullptr) return nullptr;
  auto* block = new (memory) ref_block(kForeign, bytes.bytes().size());
  new (block + 1) foreign_part{std::move(bytes)};
  return block;
}

std::byte* ref_block::foreign_data() { return reinterpret_cast<foreign_part*>(this + 1)->bytes.bytes().data(); }

std::uint64_t ref_block::held_bytes() const {
  return sizeof(ref_block) + (kind_ == kOwn ? capacity_ : capacity_ + sizeof(foreign_part));
}

void ref_block::destroy() {
  if (kind_ == kForeign) reinterpret_cast<foreign_part*>(this + 1)->~foreign_part();
  this->~ref_block();
  ::operator delete(this);
}

}  // namespace copycost
