// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "harness/base/now.h"
#include "impls/graph/shm/link.h"

namespace copycost::graph {
namespace {

constexpr std::uint32_t kLooksAfter = 256;  // fruitless calls of pop_some()

}  // namespace

result<std::unique_ptr<shm_link_in>> shm_link_in::open(shm_context& x, unsigned ring, const link_options& options) {
  if (ring >= kSlabRings) return error{errc::bad_parameter, 0, kSlabRings - 1, ring};
  x.reclaim();  // a dead owner of the end gives it up
  slab& memory = x.memory();
  if (!memory.take_end(ring, slab::ring_end::receiver)) return error{errc::port_taken, ring, 0, 0};
  memory.expect_other(ring, slab::ring_end::receiver);
  return std::unique_ptr<shm_link_in>(new shm_link_in(memory, ring, options));
}

result<std::unique_ptr<link_in<shm_design>>> process_link_of<shm_design>::in(shm_context& x, unsigned ring,
                                                                             const link_options& options) {
  auto opened = shm_link_in::open(x, ring, options);
  if (!opened) return opened.error();
  return std::unique_ptr<link_in<shm_design>>(std::move(*opened));
}

shm_link_in::shm_link_in(slab& memory, unsigned ring, const link_options& options)
    : memory_(memory), options_(options), since_ns_(now_ns()), in_(memory, ring, is_taken{}) {}

// --- items out of messages ----------------------------------------------------------------------------------------

// Finds the headers at the front of the block that they lie in. False: that cannot be.
bool shm_link_in::find_headers(item::parts& is) const {
  const item::count_word* const count = is.own != nullptr ? is.own : is.block;
  if (count == nullptr) return false;
  const std::span<std::byte> block = memory_.bytes_of(*count);
  const std::size_t front = is.headers * sizeof(header);
  if (block.size() < front || reinterpret_cast<std::uintptr_t>(block.data()) % alignof(header) != 0) return false;
  if (is.own == nullptr && is.size > 0 && is.data < block.data() + front) return false;  // payload lies behind them
  is.first_header = reinterpret_cast<const header*>(block.data());
  return true;
}

// Makes the item out of its first message, and of the next one where its headers have a block of their own. The
// references are in `is`, whatever is answered. False: the messages are no item.
bool shm_link_in::complete(item::parts& is, const block_receiver::arrived& first) {
  const block_message& m = first.message;
  const bool own = (m.tag & shm_tag::kOwnHeaders) != 0;
  is.source = m.tag & ((1u << shm_tag::kSourceBits) - 1);
  is.headers = m.tag >> shm_tag::kSourceBits & ((1u << shm_tag::kHeaderBits) - 1);
  is.key = m.number;
  is.in = &memory_;
  is.block = first.block.count;
  is.data = first.block.data;
  is.size = m.size;
  if (is.block == nullptr && (m.block != kNoBlock || m.size != 0)) return false;
  if (m.size > kItemMax || is.headers > kHeadersMax || (own && is.headers == 0)) return false;
  if (own) {
    if (!in_.ready()) return false;  // both are published at once
    const block_receiver::arrived& second = in_.next();
    is.own = second.block.count;
    if (is.own == nullptr || second.message.tag != shm_tag::kHeaders) return false;
  }
  return is.headers == 0 || find_headers(is);
}

result<bool> shm_link_in::try_pop(item& into) {
  if (ended_) return *ended_;
  if (!in_.ready()) return false;
  const block_receiver::arrived first = in_.next();  // a copy: the next ready() may overwrite it
  if (first.message.tag == shm_tag::kEnd && first.block.count == nullptr) return end(errc::closed);
  item::parts is;
  const bool is_item = complete(is, first);
  item one(is);
  if (!is_item) {
    ++stats_.refused;
    return end(errc::broken_link);
  }
  ++stats_.items;
  stats_.bytes += one.size();
  into = std::move(one);
  return true;
}

// --- popping ------------------------------------------------------------------------------------------------------

result<void> shm_link_in::pop(item& into, std::int64_t deadline_ns) {
  auto got = try_pop(into);
  if (got && !*got) ++stats_.waits;
  while (got && !*got) {
    const std::int64_t left = deadline_ns - now_ns();
    if (left <= 0) return error{errc::late, 0, 0, 0};
    in_.wait(std::min<std::int64_t>(left, kLinkNapNs));
    got = look_at_peer(into);
  }
  if (!got) return got.error();
  return {};
}

result<std::size_t> shm_link_in::pop_some(std::span<item> into) {
  std::size_t n = 0;
  for (; n < into.size(); ++n) {
    auto got = try_pop(into[n]);
    if (got && !*got && n == 0 && ++fruitless_ % kLooksAfter == 0) got = look_at_peer(into[0]);
    if (!got && n == 0) return got.error();
    if (!got || !*got) break;
  }
  return n;
}

// In this order: what a producer published before it went has come when it is seen to be gone.
result<bool> shm_link_in::look_at_peer(item& into) {
  const slab::presence peer = in_.other();
  auto got = try_pop(into);
  if (!got || *got) return got;
  if (in_.is_broken()) return end(errc::broken_link);
  const bool never_came = peer == slab::presence::not_yet && now_ns() - since_ns_ > options_.patience_ns;
  if (peer == slab::presence::gone || never_came) return end(errc::peer_gone);
  return false;
}

// --- the end ------------------------------------------------------------------------------------------------------

error shm_link_in::end(errc why) {
  ended_ = error{why, 0, 0, 0};
  while (in_.left() > 0) {
    const block_receiver::arrived& one = in_.next();
    if (one.block.count != nullptr) memory_.drop(*one.block.count);
    if (one.message.tag < shm_tag::kHeaders) ++stats_.undelivered;
  }
  in_.leave();
  if (why != errc::closed) memory_.reclaim();
  return *ended_;
}

void shm_link_in::abandon() {
  if (!ended_) end(errc::closed);
}

}  // namespace copycost::graph
