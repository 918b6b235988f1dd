// SPDX-License-Identifier: Apache-2.0
#include "scenarios/common/streams/ring_stream.h"

#include <algorithm>
#include <cerrno>

#include "harness/base/now.h"
#include "harness/ledger/witness/counters.h"
#include "scenarios/common/futex.h"

namespace copycost {
namespace {

constexpr int kSpins = 2000;
constexpr std::int64_t kNapNs = 50'000'000;
constexpr std::uint32_t kAskEvery = 256;  // fruitless operations

}  // namespace

ring_stream::ring_stream(stream_kind kind, std::shared_ptr<ring_storage> storage, unsigned side)
    : kind_(kind),
      storage_(std::move(storage)),
      side_(side),
      capacity_(storage_->capacity()),
      head_(in().head.load()),
      tail_(out().tail.load()),
      tail_seen_(head_),
      head_seen_(out().head.load()) {
  broken_ = tail_ - head_seen_ > capacity_;  // an end that is made anew goes on where the last one stopped
}

ring_stream::~ring_stream() {
  if (storage_->is_mine()) close_ways();
}

void ring_stream::wake_peer() {
  ring_memory_side& peer = storage_->rings().side[1 - side_];
  if (peer.sleeps.load(std::memory_order_seq_cst) == 0) [[likely]]
    return;
  peer.bell.fetch_add(1, std::memory_order_seq_cst);
  ++counters_.system_calls;
  futex_wake(peer.bell);
}

bool ring_stream::peer_is_gone() {
  if (gone_ || !storage_->is_segment()) return gone_;
  ++counters_.system_calls;
  return gone_ = storage_->is_gone(1 - side_);
}

bool ring_stream::sees_input() {
  const std::uint64_t tail = in().tail.load(std::memory_order_seq_cst);
  if (tail - head_ > capacity_)
    broken_ = true;
  else
    tail_seen_ = tail;
  return tail_seen_ != head_;
}

// A reader that takes what was not written, or gives back what it took, is not believed.
std::size_t ring_stream::room() {
  const std::uint64_t head = out().head.load(std::memory_order_seq_cst);
  if (head - head_seen_ > tail_ - head_seen_)
    broken_ = true;
  else
    head_seen_ = head;
  return broken_ ? 0 : capacity_ - static_cast<std::size_t>(tail_ - head_seen_);
}

io_result ring_stream::nothing_to_read() {
  if (broken_) return {io_state::failed, 0, EPROTO};
  if (in().writer_done.load(std::memory_order_seq_cst) != 0)
    return sees_input() ? io_result{io_state::would_block, 0, 0} : io_result{io_state::closed, 0, 0};
  if (gone_ || (++fruitless_ % kAskEvery == 0 && peer_is_gone()))
    return sees_input() ? io_result{io_state::would_block, 0, 0} : io_result{io_state::closed, 0, ECONNRESET};
  return {io_state::would_block, 0, 0};
}

io_result ring_stream::read(std::span<std::byte> into) {
  ++counters_.read_calls;
  if (closed_) return {io_state::closed, 0, 0};
  if (into.empty()) return {};
  if (tail_seen_ - head_ < into.size() && !sees_input()) return nothing_to_read();
  if (broken_) return {io_state::failed, 0, EPROTO};
  const std::size_t n = std::min(into.size(), static_cast<std::size_t>(tail_seen_ - head_));
  const std::size_t at = static_cast<std::size_t>(head_) & (capacity_ - 1), first = std::min(n, capacity_ - at);
  const std::byte* const from = storage_->bytes_of(1 - side_);
  counted_copy(into.data(), from + at, first);
  counted_copy(into.data() + first, from, n - first);
  head_ += n;
  in().head.store(head_, std::memory_order_seq_cst);
  wake_peer();
  counters_.bytes_in += n;
  counters_.user_bytes += n;
  return {io_state::done, n, 0};
}

io_result ring_stream::no_room() {
  if (broken_) return {io_state::failed, 0, EPROTO};
  if (++fruitless_ % kAskEvery == 0 && peer_is_gone()) return {io_state::closed, 0, EPIPE};
  return {io_state::would_block, 0, 0};
}

io_result ring_stream::write(std::span<const iovec> parts) {
  ++counters_.write_calls;
  if (closed_ || shut_ || gone_ || out().reader_done.load(std::memory_order_seq_cst) != 0)
    return {io_state::closed, 0, EPIPE};
  std::size_t wanted = 0;
  for (const iovec& part : parts) wanted += part.iov_len;
  if (wanted == 0) return {};
  std::size_t free = capacity_ - static_cast<std::size_t>(tail_ - head_seen_);
  if (free < wanted) free = room();
  if (free == 0 || broken_) return no_room();
  std::byte* const to = storage_->bytes_of(side_);
  const std::uint64_t begin = tail_;
  for (const iovec& part : parts) {
    const std::size_t n = std::min(part.iov_len, free);
    if (n == 0) continue;
    const std::size_t at = static_cast<std::size_t>(tail_) & (capacity_ - 1), first = std::min(n, capacity_ - at);
    const auto* const from = static_cast<const std::byte*>(part.iov_base);
    counted_copy(to + at, from, first);
    counted_copy(to, from + first, n - first);
    tail_ += n;
    free -= n;
  }
  out().tail.store(tail_, std::memory_order_seq_cst);
  wake_peer();
  const auto moved = static_cast<std::size_t>(tail_ - begin);
  counters_.bytes_out += moved;
  counters_.user_bytes += moved;
  return {io_state::done, moved, 0};
}

stream_ready ring_stream::look(bool readable, bool writable, bool ask) {
  if (closed_) return {readable, writable};
  const bool gone = ask ? peer_is_gone() : gone_;
  stream_ready r;
  r.readable = readable && (sees_input() || broken_ || gone || in().writer_done.load(std::memory_order_seq_cst) != 0);
  r.writable =
      writable && (room() != 0 || broken_ || gone || shut_ || out().reader_done.load(std::memory_order_seq_cst) != 0);
  return r;
}

// The sleeper says so before it looks again, and the peer moves its index before it looks for sleepers (both in the one
// total order), so no wake-up is lost.
void ring_stream::sleep(bool readable, bool writable, std::int64_t until_ns) {
  ring_memory_side& mine = storage_->rings().side[side_];
  mine.sleeps.store(1, std::memory_order_seq_cst);
  const std::uint32_t seen = mine.bell.load(std::memory_order_seq_cst);
  if (!look(readable, writable, false).any()) {
    const std::int64_t left = std::min(until_ns - now_ns(), kNapNs);
    if (left > 0) {
      ++counters_.system_calls;
      futex_wait(mine.bell, seen, left);
    }
  }
  mine.sleeps.store(0, std::memory_order_relaxed);
}

stream_ready ring_stream::wait(bool readable, bool writable, std::int64_t deadline_ns) {
  stream_ready r = look(readable, writable, ++fruitless_ % kAskEvery == 0);
  if (r.any() || deadline_ns <= 0 || now_ns() >= deadline_ns) return r;
  for (int i = 0; i < kSpins; ++i) {
    if ((r = look(readable, writable, false)).any()) return r;
    spin_pause();
  }
  for (;;) {
    if ((r = look(readable, writable, true)).any() || now_ns() >= deadline_ns) return r;
    sleep(readable, writable, deadline_ns);
  }
}

void ring_stream::shutdown_write() {
  shut_ = true;
  out().writer_done.store(1, std::memory_order_seq_cst);
  wake_peer();
}

void ring_stream::close_ways() {
  out().writer_done.store(1, std::memory_order_seq_cst);
  in().reader_done.store(1, std::memory_order_seq_cst);
  wake_peer();
}

void ring_stream::close() {
  closed_ = true;
  close_ways();
}

}  // namespace copycost
