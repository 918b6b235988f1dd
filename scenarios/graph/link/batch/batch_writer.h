// SPDX-License-Identifier: Apache-2.0
//
// Writes a batch in wire form. Payload stays where it is until the batch is copied into its place, or sent from several
// places (writev): the writer keeps views.
//
//   add(metadata, payload) ... --> front()  [head | items | headers | names]     its own bytes
//                                  payloads()  [view] [view] ...                 the caller's bytes
//
// Lifetime: the payload of every item that was added stays where it is until clear() or remove_last().
// Threads: one at a time.
// Cost: some 20 bytes and a few look-ups an item; no allocation once it has had a batch as large.
#pragma once
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/graph/link/batch/head.h"
#include "scenarios/graph/link/batch/number_map.h"

namespace copycost::graph {

template <class X>
concept names_numbers = requires(const X& x, name_id id) {
  { x.name(id) } -> std::convertible_to<std::string_view>;
};

class batch_writer {
 public:
  // REQUIRES: no limit is above the default one of batch_limits.
  explicit batch_writer(const batch_limits& limits = {});

  // Adds an item as the last one. COPIES: nothing.
  // Errors: too_large, of the item or of a name, and too_many_headers; full: there is no room for it beside what is
  // there; bad_length: there would be none if it were alone. On error nothing has changed.
  template <names_numbers X>
  result<void> add(const X& names, const metadata& meta, bytes_view payload) {
    if (const auto ok = fits(meta, payload.size()); !ok) return ok;
    begin_item(meta.key, payload);
    records_.back().source = number_of(names, meta.source);
    for (const header& one : meta.headers) {
      const std::uint32_t name = number_of(names, one.name);
      headers_.push_back({name, number_of(names, one.value)});
    }
    return end_item();
  }
  // Takes the item that was added last out again. REQUIRES: an add() that succeeded was the last call of add(),
  // remove_last() and clear().
  void remove_last();
  // For the next batch: nothing is in it.
  void clear();

  std::size_t size() const { return records_.size(); }
  bool empty() const { return records_.empty(); }
  std::uint64_t body_bytes() const;
  std::uint64_t wire_bytes() const { return kBatchHead + body_bytes(); }
  std::uint64_t payload_bytes() const { return payload_bytes_; }
  const batch_limits& limits() const { return limits_; }

  // What stands in front of the payload, with the head. VALID UNTIL: the next call that is not const.
  bytes_view front(std::uint64_t number);
  // VALID UNTIL: the next call that is not const.
  std::span<const bytes_view> payloads() const { return payloads_; }
  // The whole batch. COPIES: payload_bytes(). REQUIRES: `to` has wire_bytes() bytes.
  void copy_to(std::uint64_t number, std::span<std::byte> to) const;
  // Its body alone. COPIES: payload_bytes(). REQUIRES: `to` has body_bytes() bytes.
  void copy_body_to(std::span<std::byte> to) const;
  // The head of the batch stored as it is, without the checksum of its body.
  batch_head counts(std::uint64_t number) const;

 private:
  struct record {
    std::uint64_t key;
    std::uint32_t payload_end, headers_end, source;
  };
  // How much of everything there was before the last item.
  struct mark {
    std::size_t headers = 0, names = 0, characters = 0;
  };

  void begin_item(std::uint64_t key, bytes_view payload);
  result<void> end_item();
  result<void> within_limits() const;
  template <names_numbers X>
  std::uint32_t number_of(const X& names, name_id id) {
    if (id == 0) return 0;
    if (const std::uint32_t known = numbers_.find(id); known != 0) return known;
    return new_number(id, names.name(id));
  }
  std::uint32_t new_number(name_id id, std::string_view text);
  // Writes the records, and answers the byte behind them. VALID UNTIL: `to` goes.
  std::byte* write_records(std::byte* to) const;

  const batch_limits limits_;
  std::vector<record> records_;
  std::vector<header> headers_;  // numbers of this batch
  std::vector<std::uint32_t> name_ends_;
  std::vector<name_id> ids_;  // of the names, in the context
  std::string characters_;
  std::vector<bytes_view> payloads_;
  std::uint64_t payload_bytes_ = 0;
  number_map numbers_;
  mark before_;
  bool is_last_known_ = false;      // before_ is what was there before the last item
  std::uint64_t longest_name_ = 0;  // of the item that is being added
  std::vector<std::byte> front_;
};

}  // namespace copycost::graph
