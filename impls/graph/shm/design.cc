// SPDX-License-Identifier: Apache-2.0
#include "impls/graph/shm/design.h"

#include <algorithm>
#include <array>
#include <string>

#include "harness/base/failure.h"
#include "harness/ledger/witness/counters.h"
#include "impls/graph/common/item_words.h"

namespace copycost::graph {
namespace {

error told(const shm_error& e) {
  switch (e.code) {
    case shm_error::bad_magic:
      return {errc::bad_magic, 0, e.expected, e.got};
    case shm_error::unsupported_version:
      return {errc::unsupported_version, 0, e.expected, e.got};
    case shm_error::truncated:
      return {errc::truncated_input, 0, e.expected, e.got};
    case shm_error::too_many_processes:
      return {errc::out_of_room, 0, e.expected, e.got};
    case shm_error::system:
      break;
  }
  return {errc::no_segment, 0, 0, e.got};
}

std::size_t bytes_of_headers(const metadata& meta) { return meta.headers.size() * sizeof(header); }

// What an item says of itself, without its memory.
shm_item::parts described(const metadata& meta, std::size_t size) {
  shm_item::parts is;
  is.size = static_cast<std::uint32_t>(size);                    // fits: at most kItemMax
  is.headers = static_cast<std::uint32_t>(meta.headers.size());  // fits: at most kHeadersMax
  is.source = meta.source;
  is.key = meta.key;
  return is;
}

// The headers at the front of a block. VALID UNTIL: the block is dropped.
const header* put_headers(const metadata& meta, std::byte* block) {
  auto* const to = reinterpret_cast<header*>(block);
  std::copy(meta.headers.begin(), meta.headers.end(), to);  // not payload: headers
  return to;
}

}  // namespace

// --- contexts -----------------------------------------------------------------------------------------------------

shm_context::shm_context(const shm_options& options)
    : shm_context([&] {
        auto made = create(options);
        if (!made) throw failure(exit_code::internal, "graph/shm: " + to_string(made.error()));
        return std::move(*made);
      }()) {}

result<shm_context> shm_context::create(const shm_options& options) { return over(shm_segment::create(options)); }
result<shm_context> shm_context::attach(int fd, bool prefault) { return over(shm_segment::attach(fd, prefault)); }

result<shm_context> shm_context::over(copycost::result<shm_segment, shm_error> segment) {
  if (!segment) return told(segment.error());
  auto opened = slab::open(std::move(segment).value());
  if (!opened) return told(opened.error());
  return shm_context(*opened);
}

result<name_id> shm_context::intern(std::string_view name) {
  const auto id = names_.intern(name);
  if (!id || *id >= kNamesMax)
    return error{errc::names_full, 0, std::min<std::uint64_t>(kNamesMax, names_.capacity() + 1u), 0};
  return *id;
}

// --- making items -------------------------------------------------------------------------------------------------

error shm_maker::no_room(std::uint64_t size) const {
  const std::uint64_t all = slab_layout::of(memory_->segment().bytes()).data_bytes, used = memory_->used().capacity;
  return {errc::out_of_room, 0, all - std::min(all, used), size};
}

result<shm_item> shm_maker::make(const metadata& meta, std::size_t size) {
  if (const auto ok = fits(meta, size); !ok) return ok.error();
  shm_item::parts is = described(meta, size);
  const std::size_t front = bytes_of_headers(meta);
  if (front + size == 0) return shm_item(is);
  const held_block got = memory_->allocate(front + size);
  if (got.count == nullptr) return no_room(front + size);
  is.in = memory_;
  is.block = got.count;
  is.data = got.data + front;
  is.first_header = put_headers(meta, got.data);
  return shm_item(is);
}

result<shm_item> shm_maker::copy(const metadata& meta, bytes_view bytes) {
  auto made = build(meta, bytes.size());
  if (!made) return made.error();
  if (!bytes.empty()) counted_copy(made->bytes().data(), bytes.data(), bytes.size());
  return std::move(made->made_);
}

result<shm_item> shm_maker::adopt(const metadata& meta, foreign_bytes&& bytes) {
  auto made = copy(meta, bytes.bytes());
  if (made) bytes.reset();
  return made;
}

result<shm_draft> shm_maker::build(const metadata& meta, std::size_t size) {
  auto made = make(meta, size);
  if (!made) return made.error();
  shm_draft draft;
  draft.made_ = std::move(*made);
  return draft;
}

result<shm_item> shm_maker::seal(shm_draft&& draft, std::size_t used) {
  shm_item::parts is = draft.made_.is();
  if (used > is.size) return error{errc::out_of_range, used, is.size, 0};
  if (used + is.headers == 0) {  // nothing lies in the block
    const shm_item gone = std::move(draft.made_);
    return shm_item(described(gone.meta(), 0));
  }
  draft.made_.release();
  is.size = static_cast<std::uint32_t>(used);  // fits: at most the size it had
  return shm_item(is);
}

result<shm_item> shm_maker::part(const shm_item& of, std::size_t pos, std::size_t len, const metadata& meta) {
  if (const auto ok = fits(meta, 0); !ok) return ok.error();
  if (const auto ok = inside(pos, len, of.size()); !ok) return ok.error();
  const shm_item::parts& whole = of.is();
  slab& in = whole.in != nullptr ? *whole.in : *memory_;
  shm_item::parts is = described(meta, len), shared;
  if (len > 0) {
    is.data = whole.data + pos;
    shared.block = is.block = whole.block;  // an empty part keeps no payload
  }
  if (!meta.headers.empty() && same_headers(meta.headers, of.meta().headers)) {
    is.first_header = whole.first_header;
    // Of an empty part: the block is kept for the headers in front of it.
    if (whole.own != nullptr || len == 0) shared.own = is.own = whole.own != nullptr ? whole.own : whole.block;
  } else if (!meta.headers.empty()) {
    const held_block got = in.allocate(bytes_of_headers(meta));
    if (got.count == nullptr) return no_room(bytes_of_headers(meta));
    is.first_header = put_headers(meta, got.data);
    is.own = got.count;
  }
  if (is.block != nullptr || is.own != nullptr) is.in = shared.in = &in;
  if (shm_item::add(shared, 1)) return shm_item(is);
  if (shared.own == nullptr && is.own != nullptr) in.drop(*is.own);
  return error{errc::out_of_memory, 0, 0, len};
}

result<std::span<std::byte>> shm_maker::make_unique(shm_item& one) {
  const auto writable = [&] { return std::span(const_cast<std::byte*>(one.is().data), one.size()); };
  if (one.is().block == nullptr || one.is().in->is_unique(*one.is().block)) return writable();
  auto made = copy(one.meta(), one.bytes());
  if (!made) return made.error();
  one = std::move(*made);
  return writable();
}

// --- several at once ----------------------------------------------------------------------------------------------

result<void> shm_design::fan_out(item&& one, std::span<item> to) {
  if (!item::add(one.is(), to.size() - 1)) return error{errc::out_of_memory, 0, 0, one.size()};
  const item::parts is = one.release();
  for (item& place : to) place = item(is);
  return {};
}

void shm_design::drop(std::span<item> all) {
  std::array<item::count_word*, 128> counts;
  std::size_t n = 0;
  slab* in = nullptr;
  const auto drop_counts = [&] {
    if (n > 0) in->drop_all({counts.data(), n});
    n = 0;
  };
  for (item& one : all) {
    const item::parts gone = one.release();
    if (gone.in == nullptr) continue;
    if (gone.in != in || n + 2 > counts.size()) drop_counts();
    in = gone.in;
    for (item::count_word* const count : {gone.block, gone.own})
      if (count != nullptr) counts[n++] = count;
  }
  drop_counts();
}

result<std::unique_ptr<shm_context>> process_link_of<shm_design>::context_in(int fd) {
  auto attached = shm_context::attach(fd);
  if (!attached) return attached.error();
  return std::make_unique<shm_context>(std::move(*attached));
}

}  // namespace copycost::graph
