// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/link/batch/batch_writer.h"

#include <algorithm>

#include "harness/base/check.h"
#include "harness/ledger/witness/counters.h"
#include "scenarios/common/crc32c.h"
#include "scenarios/graph/items/names/name_table.h"
#include "scenarios/graph/link/batch/words.h"

namespace copycost::graph {
namespace {

// Not payload: records, numbers and names.
std::byte* store_all(std::byte* to, const void* from, std::size_t size) {
  if (size > 0) std::memcpy(to, from, size);
  return to + size;
}
// fits: the limits of a batch are below 2^32.
std::uint32_t narrow(std::uint64_t number) { return static_cast<std::uint32_t>(number); }

}  // namespace

batch_writer::batch_writer(const batch_limits& limits) : limits_(limits) {
  const batch_limits most;
  COPYCOST_REQUIRE(limits.items <= most.items && limits.headers <= most.headers && limits.names <= most.names &&
                   limits.bytes <= most.bytes);
}

void batch_writer::begin_item(std::uint64_t key, bytes_view payload) {
  before_ = {headers_.size(), ids_.size(), characters_.size()};
  is_last_known_ = true;
  longest_name_ = 0;
  records_.push_back({key, 0, 0, 0});
  payloads_.push_back(payload);
  payload_bytes_ += payload.size();
}

std::uint32_t batch_writer::new_number(name_id id, std::string_view text) {
  if (text.empty()) return 0;
  longest_name_ = std::max<std::uint64_t>(longest_name_, text.size());
  if (text.size() > kNameMax) return 0;  // end_item() refuses
  ids_.push_back(id);
  characters_ += text;
  name_ends_.push_back(narrow(characters_.size()));
  numbers_.add(id, narrow(ids_.size()));
  return narrow(ids_.size());
}

result<void> batch_writer::within_limits() const {
  if (longest_name_ > kNameMax) return error{errc::too_large, 0, kNameMax, longest_name_};

  const struct {
    std::uint64_t got, limit;
  } all[] = {{records_.size(), limits_.items},
             {headers_.size(), limits_.headers},
             {ids_.size(), limits_.names},
             {body_bytes(), limits_.bytes}};
  for (const auto& [got, limit] : all)
    if (got > limit)
      return records_.size() > 1 ? error{errc::full, 0, limit, got} : error{errc::bad_length, 0, limit, got};
  return {};
}

result<void> batch_writer::end_item() {
  if (const auto ok = within_limits(); !ok) {
    remove_last();
    return ok;
  }
  records_.back().payload_end = narrow(payload_bytes_);
  records_.back().headers_end = narrow(headers_.size());
  return {};
}

void batch_writer::remove_last() {
  COPYCOST_REQUIRE(is_last_known_);
  is_last_known_ = false;
  payload_bytes_ -= payloads_.back().size();
  payloads_.pop_back();
  records_.pop_back();
  headers_.resize(before_.headers);
  if (ids_.size() == before_.names) return;
  ids_.resize(before_.names);
  name_ends_.resize(before_.names);
  characters_.resize(before_.characters);
  numbers_.clear();
  for (std::size_t i = 0; i < ids_.size(); ++i) numbers_.add(ids_[i], narrow(i + 1));
}

void batch_writer::clear() {
  is_last_known_ = false;
  records_.clear();
  headers_.clear();
  name_ends_.clear();
  ids_.clear();
  characters_.clear();
  payloads_.clear();
  payload_bytes_ = 0;
  numbers_.clear();
}

std::uint64_t batch_writer::body_bytes() const {
  return records_.size() * kItemRecord + headers_.size() * kHeaderRecord + name_ends_.size() * kNameRecord +
         characters_.size() + payload_bytes_;
}

std::byte* batch_writer::write_records(std::byte* to) const {
  using wire::store;
  for (const record& one : records_) {
    to = store(to, one.key);
    to = store(to, one.payload_end);
    to = store(to, one.headers_end);
    to = store(to, one.source);
  }
  static_assert(sizeof(header) == kHeaderRecord);
  to = store_all(to, headers_.data(), headers_.size() * kHeaderRecord);
  to = store_all(to, name_ends_.data(), name_ends_.size() * kNameRecord);
  return store_all(to, characters_.data(), characters_.size());
}

batch_head batch_writer::counts(std::uint64_t number) const {
  batch_head head;
  head.number = number;
  head.items = narrow(records_.size());
  head.headers = narrow(headers_.size());
  head.names = narrow(ids_.size());
  head.unpacked = head.packed = narrow(body_bytes());
  return head;
}

bytes_view batch_writer::front(std::uint64_t number) {
  front_.resize(wire_bytes() - payload_bytes_);
  write_records(front_.data() + kBatchHead);
  batch_head head = counts(number);
  head.body_crc = crc32c(0, bytes_view(front_).subspan(kBatchHead));
  for (const bytes_view piece : payloads_) head.body_crc = crc32c(head.body_crc, piece);
  write_head(head, front_);
  return front_;
}

void batch_writer::copy_body_to(std::span<std::byte> to) const {
  COPYCOST_REQUIRE(to.size() >= body_bytes());
  std::byte* at = write_records(to.data());
  for (const bytes_view piece : payloads_) {
    counted_copy(at, piece.data(), piece.size());
    at += piece.size();
  }
}

void batch_writer::copy_to(std::uint64_t number, std::span<std::byte> to) const {
  COPYCOST_REQUIRE(to.size() >= wire_bytes());
  const std::span<std::byte> body = to.subspan(kBatchHead, body_bytes());
  copy_body_to(body);
  batch_head head = counts(number);
  head.body_crc = crc32c(0, body);
  write_head(head, to);
}

}  // namespace copycost::graph
