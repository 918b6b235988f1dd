// SPDX-License-Identifier: Apache-2.0
//
// The contract of the event store: an append-only log of events, numbered without a gap. Any number of readers see it
// through stable snapshots while it grows.
//
//   log        | 1 | 2 | 3 | 4 | 5 | 6 | 7 |  <-- append(batch) adds at the end, as a whole or not at all
//   snapshot   |   [ 2   3   4   5 )              range(): what its reader sees, whatever comes later
//   read(3)                [ 4   5 )              what follows checkpoint 3
//
// Laws that every design keeps (laws/*.cc states them as properties):
//   1. Sequences count up by one from `first`; ids rise; a batch is there as a whole or not at all.
//   2. A snapshot never changes: neither later appends nor truncation are seen through it.
//   3. What is read is what was appended, field by field, in the order of the sequence.
//   4. An append with an expected last sequence changes nothing when the last one is another: a retry cannot append
//      twice.
//   5. A checkpoint that is not there is an error, never "everything"; so is an entity without events.
//   6. truncate_before(s): events before s are gone, all others stay. Numbers are never used again.
//   7. Durable: an acknowledged event is found again, none is invented, damage is an error with its place.
//
// A checkpoint is the last sequence that a reader has seen: read(after, ..) answers what follows it. kStart lies before
// every event. Valid checkpoints are kStart and the sequences from one before the first event to the last one.
//
// Lifetime: a reader, its snapshots and its lists do not outlive the store, except where a design says so.
// Threads: any thread may append to, truncate and sync a store. A reader is made by reader() and belongs to one thread;
// so do its snapshots and lists.
// Cost: of each design, in its promises.h.
#pragma once
#include <array>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "scenarios/common/trait_word.h"
#include "scenarios/event_store/record/options.h"

namespace copycost::event_store {

inline constexpr std::size_t kAll = ~std::size_t{0};  // no limit

// The range of sequences [first, end) that a reader sees.
struct bounds {
  sequence first = 0, end = 0;
  sequence last() const { return end - 1; }  // kStart - ... of an empty store: one before the first
  std::uint64_t count() const { return end - first; }
  friend bool operator==(const bounds&, const bounds&) = default;
};
// The first sequence behind a checkpoint. Errors: checkpoint_not_found.
inline result<sequence> behind(sequence after, bounds b) {
  if (after == kStart) return b.first;
  if (after + 1 < b.first || after >= b.end)
    if (after + 1 != b.first)
      return error{.code = errc::checkpoint_not_found, .seq = after, .expected = b.first, .got = b.last()};
  return after + 1;
}
inline sequence limited(sequence from, std::size_t limit, sequence end) {
  return limit < end - from ? from + limit : end;
}

// A visitor of events that answers nothing sees all of them; one that answers bool sees no more after a false.
template <class F>
bool visit(F& f, const event_view& e) {
  if constexpr (std::is_void_v<std::invoke_result_t<F&, const event_view&>>) {
    f(e);
    return true;
  } else
    return f(e);
}

// The range that a reader would see now; without a snapshot where the design knows it.
template <class Reader>
bounds range_of(Reader& r) {
  if constexpr (requires {
                  { r.range() } -> std::same_as<bounds>;
                })
    return r.range();
  else
    return r.snapshot().range();
}

// The visitor and the writer that the concepts are checked with.
struct any_visitor {
  void operator()(const event_view&) const {}
};
struct any_writer {
  void operator()(std::span<std::byte>) const {}
};

// What a design's store is beside its operations: `static constexpr design_traits traits` of each.
struct design_traits {
  bool durable = false;        // it can be opened in a directory
  bool on_disk = false;        // ... through scenarios/common/disk, so that laws may let the disk fail
  bool shared = false;         // other processes read it while it is written: store::attach(int fd)
  bool replays_files = false;  // D::replay_files (workloads/replay_files.h)
  bool moves_records = false;  // while the log grows: where a producer wrote soon lies other data
  bool fills_slowly = false;   // a million events take seconds: large stores are asked of the others only

  static constexpr std::array<trait_word<design_traits>, 6> words() {
    return {{{&design_traits::durable, "durable"},
             {&design_traits::on_disk, "on a disk that may fail"},
             {&design_traits::shared, "shared by processes"},
             {&design_traits::replays_files, "replays files"},
             {&design_traits::moves_records, "moves records"},
             {&design_traits::fills_slowly, "fills slowly"}}};
  }
};

// clang-format off
// Whether the operations are there that the traits speak of.
template <class D>
concept keeps_to_its_traits = std::same_as<decltype(D::traits), const design_traits> &&
    (!D::traits.shared || requires(int fd) { D::store::attach(fd); }) &&
    D::traits.replays_files == requires(const store_options& o) { D::replay_files(o, any_visitor{}); } &&
    (D::traits.durable || !(D::traits.on_disk || D::traits.replays_files));

// Events in the order of their sequence. VALID UNTIL: of a reader's list, the list is destroyed; of a snapshot's list,
// the snapshot is. So are the events that it shows.
template <class L>
concept list_like = std::movable<L> && requires(const L k) {
  { k.size() } -> std::same_as<std::size_t>;
  k.for_each(any_visitor{});
};

template <class S>
concept snapshot_like =
    std::movable<S> && requires(const S k, sequence after, std::size_t limit, std::string_view name) {
  { k.range() } -> std::same_as<bounds>;
  requires list_like<typename decltype(k.read(after, limit))::value_type>;  // errors: checkpoint_not_found
  k.read_entity(name, after, limit);  // errors: entity_not_found (no event of it is there), checkpoint_not_found
};

template <class R>
concept reader_like = std::movable<R> && requires(R r, sequence after, std::size_t limit, std::string_view name) {
  requires snapshot_like<decltype(r.snapshot())>;
  r.read(after, limit);               // as the snapshot's, of what is there now
  r.read_entity(name, after, limit);
};

template <class D>
concept design = keeps_to_its_traits<D> &&
                 requires(typename D::store& s, const typename D::store& k, const store_options& o,
                          std::span<const draft> batch, std::optional<sequence> expected, draft one, std::size_t n,
                          sequence before) {
  // Errors: bad_options, store_full, and with a directory io_failed, locked, foreign_file, unsupported_version,
  // corrupt_record, missing_segment. A torn tail is cut off; stats() reports it.
  { D::store::open(o) } -> std::same_as<result<std::unique_ptr<typename D::store>>>;
  // All or nothing. COPIES: the payloads, once. Errors: empty_batch, bad_name, size_exceeded, wrong_expected_version,
  // store_full, disk_full, sync_failed, io_failed, locked.
  { s.append(batch, expected) } -> std::same_as<result<appended>>;
  // One event whose payload of n bytes is written where it stays, by a function of its place. Errors: as append().
  { s.append_in_place(one, n, any_writer{}, expected) } -> std::same_as<result<appended>>;
  requires reader_like<typename decltype(s.reader())::value_type>;  // errors: store_full (no place for a reader)
  // Errors: checkpoint_not_found (`before` is behind the end), and those of files.
  { s.truncate_before(before) } -> std::same_as<result<void>>;
  // Everything that was appended before is on the disk when it returns. Errors: sync_failed, io_failed.
  { s.sync() } -> std::same_as<result<void>>;
  { k.stats() } -> std::same_as<store_stats>;
};
// clang-format on

}  // namespace copycost::event_store
