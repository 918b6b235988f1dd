// SPDX-License-Identifier: Apache-2.0
//
// What the published design does in each raft workload: not what it claimed, but what it is held to here.
#pragma once
#include "harness/core/registry.h"
#include "impls/raft/common/families.h"
#include "impls/raft/published/write.h"

namespace copycost::raft {

inline promise_family published_promises() {
  using namespace amounts;
  static constexpr amount unit_size = [](const params& p) {
    return workloads::sizes_of(workloads::asked_of(p)).message;
  };
  // Of an encoded message of n bytes: the serialised one, buffer 1 (twice, where it grows at once), buffer 2.
  static constexpr auto buffers = [](double n) {
    return (n < 220 ? 1.0 : 0.0) + (n > static_cast<double>(kPublishedLarge) ? 2.0 : 3.0);
  };
  static constexpr auto into_buffer = [](double n) { return n > static_cast<double>(kPublishedLarge) ? 0.0 : n; };
  // Of a frame without payload: the head, buffer 1, buffer 2.
  constexpr amount heads = [](const params& p) { return workloads::head::decodes(p) ? 0.0 : 3.0; };
  constexpr amount encodings = [](const params& p) { return buffers(unit_size(p)); };
  constexpr amount encoded = [](const params& p) { return payload(p) + into_buffer(unit_size(p)); };
  static constexpr amount sent_size = [](const params& p) {
    return workloads::sizes_of(workloads::send::asked_at(p)).message;
  };
  constexpr amount sendings = [](const params& p) { return buffers(sent_size(p)); };
  constexpr amount sent = [](const params& p) { return sent_copied(p) + into_buffer(sent_size(p)); };
  // The vector that is decoded, a list of entries that doubles, and every field that has bytes.
  static constexpr amount decodings = [](const params& p) {
    const workloads::asked a = workloads::asked_of(p);
    const std::size_t fields = a.size == 0 ? 0 : std::max<std::size_t>(a.entries, 1);
    const double list = a.entries == 0 ? 0 : static_cast<double>(std::bit_width(a.entries - 1)) + 1;
    return 1 + list + static_cast<double>(fields);
  };
  constexpr amount fresh_decodings = [](const params& p) {
    const bool list = p.has("fresh") && p.number("fresh") != 0 && workloads::asked_of(p).entries != 0;
    return decodings(p) + (list ? 1.0 : 0.0);
  };
  constexpr amount decoded = [](const params& p) { return unit_size(p) + payload(p); };
  constexpr amount arrived = [](const params& p) { return decodings(p) + 3; };
  constexpr amount arrived_bytes = [](const params& p) { return arriving(p) + decoded(p); };
  // There and back: everything above, and the buffer that it is read into.
  constexpr amount passed = [](const params&) { return 16.0; };
  constexpr amount passed_bytes = [](const params& p) { return 4 * (static_cast<double>(p.number("size")) + 128); };
  constexpr amount whole_payload = [](const params&) { return 2.0; };  // and a node of the list of those that have come
  // Into the vector and the buffer, and out of two more.
  constexpr amount connected_all = [](const params& p) { return 4 * amounts::size(p) + 192; };
  // Buffers of every message, and an allocation for every field that has bytes.
  constexpr amount mixed_fields = [](const params&) { return 2500.0; };
  constexpr amount mixed_fields_each = [](const params&) { return 32.0; };
  constexpr std::string_view kPieces = "a piece may bring more than one frame";
  return copy_family().amended({
      promised<workloads::head>().exact().allocs(heads).copied(none).grows(),
      promised<workloads::encode>().exact().allocs(encodings).copied(encoded).grows(),
      promised<workloads::decode>().exact().allocs(fresh_decodings).copied(decoded).grows(),
      promised<workloads::pieces>().at_most(kPieces).allocs(arrived).copied(arrived_bytes).grows(),
      promised<workloads::replay_capture>()
          .at_most(kPieces)
          .allocs(captured_objects)
          .copied(captured_object_bytes)
          .grows(),
      promised<workloads::pass>().at_most(kTwoProcesses).allocs(passed).copied(passed_bytes).grows(),
      promised<workloads::receive>().at_most(kReads).allocs(whole_payload).copied(none).grows(),
      promised<workloads::stream>().at_most(kReads).allocs(whole_payload).copied(none).grows(),
      promised<workloads::connect>().at_most(kReads).allocs(connected_allocs<14>).copied(connected_all).grows(),
      promised<workloads::mix>().at_most(kTwoThreads).allocs(mixed_fields).copied(mixed_copying).grows(),
      promised<workloads::mix_latency>()
          .at_most(kTwoThreads)
          .allocs(mixed_fields_each)
          .copied(each<mixed_copying>)
          .grows(),
      promised<workloads::send>().exact().allocs(sendings).copied(sent).grows(),
  });
}

inline design_entry published_card() {
  design_entry d;
  d.about = "the original that claimed zero copies: two buffers a write, two copies and an allocation a field a read";
  d.owns = ownership::copies;
  d.obligations = "none";
  d.pick_when = "never: it is here so that its claims are judged";
  d.avoid_when = "a peer may be hostile: it reserves what a frame claims";
  d.promises = published_promises();
  return d;
}

}  // namespace copycost::raft
