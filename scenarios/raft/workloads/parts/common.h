// SPDX-License-Identifier: Apache-2.0
//
// What the raft workloads have in common: messages that follow from a cell's parameters, the bytes that they are in
// each wire format (made without any design: encode.h and frame.h alone), and what a consumer does with a message.
//
//   asked  type, entries, size, format      params that name no size or entries ask for a message without payload
//   made_messages(asked, payload)           messages whose payload is pieces of the producer's, one after the other
//   made_stream(asked, messages)            their units, one after the other; where payload lies in them
//
// An append stream leaves out what follows from the message before, so there are as many messages as make a difference;
// in the other formats there is one, again and again. Set-up code, except consume().
//
// Threads: a value.
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "harness/core/observe.h"
#include "harness/ledger/witness/pattern.h"
#include "scenarios/common/least.h"
#include "scenarios/common/must.h"
#include "scenarios/common/register.h"
#include "scenarios/common/workload.h"
#include "scenarios/raft/contract.h"

namespace copycost::raft::workloads {

using raft::kKiB, raft::kMiB;
inline constexpr std::uint64_t kFrom = 1, kTo = 2, kTerm = 7, kFirstIndex = 1'000'000;
inline constexpr std::size_t kCopyBelow = 4 * kKiB;  // where streams are written: smaller payloads go beside the head

struct asked {
  message_type type = message_type::append;
  std::size_t entries = 0, size = 0;  // of an append; of other types, one payload of that size where they carry any
  wire_format format = wire_format::native;
  std::size_t payload() const { return type == message_type::append ? entries * size : size; }
};
// "type:append/entries:64/size:256/format:native"; what is 0 is left out.
params point(std::string_view type, std::uint64_t entries, std::uint64_t size, std::string_view format);
// Throws failure{internal} for unknown names.
asked asked_of(const params& at);

class made_messages {
 public:
  // REQUIRES: payload.size() == a.payload(), and it outlives this.
  made_messages(const asked& a, bytes_view payload);
  made_messages(const made_messages&) = delete;
  made_messages& operator=(const made_messages&) = delete;
  std::size_t size() const { return messages_.size(); }
  // VALID UNTIL: this is destroyed.
  const message_view& operator[](std::size_t i) const { return messages_[i]; }

 private:
  std::vector<std::vector<entry_view>> entries_;
  std::vector<message_view> messages_;
};

// The producer's payload as the oracle knows it: that of w.payload(size, 0).
std::vector<std::byte> model_payload(std::uint16_t epoch, std::size_t size);

// The units of all messages in order, at least `least` bytes of them: the messages come round.
struct made_stream {
  made_stream(const asked& a, const made_messages& messages, std::size_t least = 0);
  struct payload_place {
    std::size_t at = 0, size = 0;  // in `bytes`
  };
  std::vector<std::byte> bytes;
  std::vector<std::size_t> ends;        // of each unit
  std::vector<payload_place> payloads;  // in order
  std::vector<std::size_t> first;       // the index in `payloads` of each unit's first one
  std::size_t units() const { return ends.size(); }
  std::size_t begin_of(std::size_t unit) const { return unit == 0 ? 0 : ends[unit - 1]; }
  // VALID UNTIL: this is changed or destroyed.
  bytes_view unit(std::size_t i) const { return bytes_view(bytes).subspan(begin_of(i), ends[i] - begin_of(i)); }
  // VALID UNTIL: as unit().
  std::span<const payload_place> payloads_of(std::size_t unit) const {
    const std::size_t end = unit + 1 < first.size() ? first[unit + 1] : payloads.size();
    return std::span(payloads).subspan(first[unit], end - first[unit]);
  }
};

// Bytes of a unit, of its payload in the wire format's sense (the encoded message), and of what entries, snapshots and
// contexts carry; on average over messages that follow each other. For limits and promises.
struct unit_sizes {
  double unit = 0, message = 0, payload = 0;
};
unit_sizes sizes_of(const asked& a);

inline encoder_options encoder_options_of(const asked& a) {
  encoder_options o;
  o.format = a.format;
  o.from = kFrom;
  o.to = kTo;
  return o;
}
inline inbox_options inbox_options_of(const asked& a) {
  inbox_options o;
  o.format = a.format;
  o.from = kFrom;
  o.to = kTo;
  return o;
}

// What a consumer looks at in any case: some numbers of the message and of each entry.
inline std::uint64_t numbers_of(const message_head& h) {
  return static_cast<std::uint64_t>(h.type) + h.to + h.from + h.term + h.index + h.commit;
}
// A consumer: the numbers, and every payload, of which it reads every byte if `read`.
template <class See>
void consume(See& see, const message_view& m, bool read) {
  std::uint64_t sum = numbers_of(m.head);
  const auto payload = [&](bytes_view v) { read ? see.read(v) : see.handle(v); };
  for (const entry_view& e : m.entries) {
    sum += e.term + e.index + e.data.size();
    payload(e.data);
  }
  if (!m.snapshot.data.empty()) [[unlikely]]
    payload(m.snapshot.data);
  if (!m.context.empty()) [[unlikely]]
    payload(m.context);
  see.number(sum);
}

// What standard containers answer to n messages that come round, and are looked at as consume() does.
inline std::uint64_t results_of_messages(const asked& a, std::uint16_t epoch, std::uint64_t n, bool read) {
  const auto payload = model_payload(epoch, a.payload());
  const made_messages messages(a, payload);
  digest seen;
  results_observer see{seen};
  for (std::uint64_t i = 0; i < n; ++i) consume(see, messages[i % messages.size()], read);
  return results_of_one_role(seen);
}

// What a consumer that reads every byte does with parts of one payload; the results know of no parts.
template <class See>
auto part_reader(See& see, [[maybe_unused]] window& w) {
  return [&](bytes_view part) {
    if constexpr (std::is_same_v<See, results_observer>)
      w.seen().part(part);
    else
      see.read(part);
  };
}
template <class See>
void end_of_parts(See&, [[maybe_unused]] window& w, [[maybe_unused]] std::uint64_t size) {
  if constexpr (std::is_same_v<See, results_observer>) w.seen().add(size);
}

// The producer's payload of that size, lent to the design.
// VALID UNTIL: the episode is destroyed.
inline bytes_view produced_payload(window& w, std::size_t size) {
  return size == 0 ? bytes_view() : bytes_view(w.payload(size, 0));
}

// The batch is not used any more: a design that frees it as a whole does so now, inside the window.
template <class D>
void end_of_batch(typename D::context& x) {
  if constexpr (has_batches<D>) x.applied();
}

// The fields of a unit pass through registers, and its payload is read where something asks for it (a consumer, a
// checksum). How they are cut into parts is the design's affair.
limit_sum least_of_unit(const asked& a, bool payload_too);

}  // namespace copycost::raft::workloads
