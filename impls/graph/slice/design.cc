// SPDX-License-Identifier: Apache-2.0
#include "impls/graph/slice/design.h"

namespace copycost::graph {
namespace {
error no_memory(std::uint64_t size) { return {errc::out_of_memory, 0, 0, size}; }
}  // namespace

result<slice_item> slice_maker::make(const metadata& meta, std::size_t size) {
  if (const auto ok = fits(meta, size); !ok) return ok.error();
  if (size == 0 && meta.headers.empty()) return filled(item_words(nullptr, 0, meta, false), nullptr);
  slice_block* const block = slice_block::make(meta.headers, size);
  if (block == nullptr) return no_memory(size);
  return filled(item_words(block->payload(), size, meta, !meta.headers.empty()), block);
}

result<slice_item> slice_maker::copy(const metadata& meta, bytes_view bytes) {
  auto made = make(meta, bytes.size());
  if (made && !bytes.empty()) counted_copy(made->room().data(), bytes.data(), bytes.size());
  return made;
}

result<slice_item> slice_maker::adopt(const metadata& meta, foreign_bytes&& bytes) {
  const std::span<std::byte> where = bytes.bytes();
  if (const auto ok = fits(meta, where.size()); !ok) return ok.error();
  if (where.empty()) {
    auto made = make(meta, 0);
    if (made) bytes.reset();
    return made;
  }
  slice_block* const block = slice_block::adopt(meta.headers, std::move(bytes));
  if (block == nullptr) return no_memory(where.size());
  return filled(item_words(where.data(), where.size(), meta, !meta.headers.empty()), block);
}

result<slice_draft> slice_maker::build(const metadata& meta, std::size_t size) {
  auto made = make(meta, size);
  if (!made) return made.error();
  slice_draft draft;
  draft.made_ = std::move(made).value();
  return draft;
}

result<slice_item> slice_maker::seal(slice_draft&& draft, std::size_t used) {
  slice_item& made = draft.made_;
  if (used > made.size()) return error{errc::out_of_range, used, made.size(), 0};
  if (used == 0 && made.headers().empty()) made = slice_item(item_words(nullptr, 0, made.meta(), false), nullptr);
  made.words_.set_size(used);
  return std::move(made);
}

result<slice_item> slice_maker::part_with_headers(const slice_item& of, std::size_t pos, std::size_t len,
                                                  const metadata& meta) {
  if (const auto ok = fits(meta, 0); !ok) return ok.error();
  if (const auto ok = inside(pos, len, of.size()); !ok) return ok.error();
  if (len == 0) return make(meta, 0);  // keeps no payload
  const item_words words = item_words(of.words_.data() + pos, len, meta, true);
  if (same_headers(meta.headers, of.headers())) {
    of.block_->add();
    return filled(words, of.block_);
  }
  slice_block* const block = slice_block::make_part(meta.headers, *of.block_);
  if (block == nullptr) return no_memory(meta.headers.size_bytes());
  return filled(words, block);
}

result<std::span<std::byte>> slice_maker::own_bytes(slice_item& one) {
  auto made = copy(one.meta(), one.bytes());
  if (!made) return made.error();
  one = std::move(made).value();
  return one.room();
}

}  // namespace copycost::graph
