// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "harness/base/now.h"
#include "impls/graph/shm/link.h"

namespace copycost::graph {
namespace {

// The place of the end of the link is always free, so that close() need not wait.
constexpr std::uint32_t kPlaces = kRingCapacity - 1;

std::uint32_t messages_of(const shm_item& one) { return one.is().own != nullptr ? 2 : 1; }

}  // namespace

result<std::unique_ptr<shm_link_out>> shm_link_out::open(shm_context& x, unsigned ring, const link_options& options) {
  if (ring >= kSlabRings) return error{errc::bad_parameter, 0, kSlabRings - 1, ring};
  if (options.items == 0) return error{errc::bad_parameter, 0, 1, 0};
  x.reclaim();  // a dead owner of the end gives it up
  slab& memory = x.memory();
  if (!memory.take_end(ring, slab::ring_end::sender)) return error{errc::port_taken, ring, 0, 0};
  memory.expect_other(ring, slab::ring_end::sender);
  return std::unique_ptr<shm_link_out>(new shm_link_out(memory, ring, options));
}

result<std::unique_ptr<link_out<shm_design>>> process_link_of<shm_design>::out(shm_context& x, unsigned ring,
                                                                               const link_options& options) {
  auto opened = shm_link_out::open(x, ring, options);
  if (!opened) return opened.error();
  return std::unique_ptr<link_out<shm_design>>(std::move(*opened));
}

shm_link_out::shm_link_out(slab& memory, unsigned ring, const link_options& options)
    : memory_(memory), options_(options), since_ns_(now_ns()), out_(memory, ring, is_taken{}) {}

shm_link_out::~shm_link_out() {
  const std::int64_t until = now_ns() + options_.linger_ns;
  // The end of the link counts, too: a consumer that does not get it takes this process for dead.
  while (!has_failed() && out_.settle() > 0 && now_ns() < until) {
    out_.wait(kLinkNapNs);
    look_at_peer();
  }
  out_.leave();
  out_.settle();
}

// --- pushing ------------------------------------------------------------------------------------------------------

result<void> shm_link_out::may_push(const item& one) {
  if (ended_) return *ended_;
  if (one.size() > options_.bytes) return error{errc::too_large, 0, options_.bytes, one.size()};
  if (one.is().in != nullptr && one.is().in != &memory_) return error{errc::bad_parameter, 0, 0, 0};
  if (one.is().source >= kNamesMax) return error{errc::bad_parameter, 0, kNamesMax - 1, one.is().source};
  return {};
}

bool shm_link_out::has_room(const item& one) {
  return out_.under_way() + messages_of(one) <= kPlaces && items_ < options_.items &&
         bytes_ + one.size() <= options_.bytes;
}

void shm_link_out::put_message(const block_message& m, item::count_word* count, const sent& what) {
  sent_[pushed_++ % kRingCapacity] = what;
  out_.push(m, count);
}

void shm_link_out::put(item& one) {
  const item::parts is = one.release();
  block_message m;
  if (is.block != nullptr) m = memory_.message(*is.block, is.data, is.size);
  m.tag = is.source | is.headers << shm_tag::kSourceBits | (is.own != nullptr ? shm_tag::kOwnHeaders : 0);
  m.number = is.key;
  put_message(m, is.block, {is.size, 1});
  ++items_;
  bytes_ += is.size;
  ++stats_.items;
  stats_.bytes += is.size;
  if (is.own == nullptr) return;
  const auto* const begin = reinterpret_cast<const std::byte*>(is.first_header);
  m = memory_.message(*is.own, begin, is.headers * static_cast<std::uint32_t>(sizeof(header)));
  m.tag = shm_tag::kHeaders;
  put_message(m, is.own, {0, 0});
}

// The receiver sees the item after publish(). Errors: full, and those of may_push().
result<void> shm_link_out::put_if_room(item& one) {
  if (const auto ok = may_push(one); !ok) return ok;
  if (!has_room(one)) {
    look_at_peer();
    if (ended_) return *ended_;
    if (!has_room(one)) return error{errc::full, 0, 0, 0};
  }
  put(one);
  return {};
}

result<void> shm_link_out::push(item& one, std::int64_t deadline_ns) {
  auto ok = put_if_room(one);
  if (!ok && ok.error().code == errc::full) {
    ++stats_.waits;
    while (!ok && ok.error().code == errc::full) {
      if (const auto waited = wait(deadline_ns); !waited) return waited;
      ok = put_if_room(one);
    }
  }
  if (!ok) return ok;
  out_.publish();
  if (out_.under_way() >= kRingCapacity / 2) look_at_peer();
  return {};
}

result<std::size_t> shm_link_out::push_some(std::span<item> items) {
  std::size_t n = 0;
  for (; n < items.size(); ++n) {
    const auto ok = put_if_room(items[n]);
    if (ok) continue;
    if (n == 0 && ok.error().code != errc::full) return ok.error();
    break;
  }
  if (n == 0) return n;
  out_.publish();
  if (out_.under_way() >= kRingCapacity / 2) look_at_peer();
  return n;
}

// --- what the consumer has done -----------------------------------------------------------------------------------

std::uint64_t shm_link_out::settle() {
  const std::uint32_t under_way = out_.settle();
  for (; pushed_ - settled_ > under_way; ++settled_) {
    const sent& one = sent_[settled_ % kRingCapacity];
    items_ -= one.items;
    bytes_ -= one.bytes;
    stats_.taken += one.items;
  }
  return items_;
}

// In this order: what a consumer took before it went is taken when it is seen to be gone.
void shm_link_out::look_at_peer() {
  const slab::presence peer = out_.other();
  settle();
  if (out_.is_broken()) return fail(errc::broken_link);
  const bool never_came = peer == slab::presence::not_yet && now_ns() - since_ns_ > options_.patience_ns;
  if (peer == slab::presence::gone || never_came) fail(errc::peer_gone);
}

void shm_link_out::fail(errc why) {
  ended_ = error{why, 0, 0, 0};
  stats_.undelivered = items_;
  out_.leave();
  out_.forget();
  memory_.reclaim();
  settled_ = pushed_;
  items_ = bytes_ = 0;
}

result<void> shm_link_out::wait(std::int64_t deadline_ns) {
  const std::int64_t left = deadline_ns - now_ns();
  if (left <= 0) return error{errc::late, 0, 0, 0};
  out_.wait(std::min<std::int64_t>(left, kLinkNapNs));
  return {};
}

result<void> shm_link_out::drain(std::int64_t deadline_ns) {
  while (!has_failed() && settle() > 0) {
    look_at_peer();
    if (has_failed() || items_ == 0) break;
    if (const auto waited = wait(deadline_ns); !waited) return waited;
  }
  if (has_failed()) return *ended_;
  return {};
}

void shm_link_out::close() {
  if (ended_) return;
  ended_ = error{errc::closed, 0, 0, 0};
  block_message m;
  m.tag = shm_tag::kEnd;
  put_message(m, nullptr, {0, 0});
  out_.publish();
}

}  // namespace copycost::graph
