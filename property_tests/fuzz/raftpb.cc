// SPDX-License-Identifier: Apache-2.0
//
// One raftpb.Message: decoded where it ends with the memory that it lies in, composed anew from its parts, and sent
// through the inbox of every design.
#include <memory>

#include "property_tests/fuzz/streams.h"

namespace copycost::raft::fuzz {
namespace {

// Parsed in memory that ends where it ends: a byte too far is seen.
void alone(const wire_limits& l, bytes_view in) {
  static message_parts parts;
  static entry_vector entries;
  static reference_message plain;
  static journal encoded;
  static canonical again;
  const std::unique_ptr<std::byte[]> exact(new std::byte[in.size()]);
  if (!in.empty()) std::memcpy(exact.get(), in.data(), in.size());
  const bytes_view own(exact.get(), in.size());
  parts.clear();
  entries.list.clear();
  plain.clear();
  encoded.clear();
  const auto ok = parsed(own, 0, l, parts, entries);
  const auto expected = decode_plainly(in, 0, l, plain);
  FUZZ_CHECK(ok.ok() == expected.ok() && (ok.ok() || ok.error() == expected.error()), "another answer than expected");
  if (!ok) return;
  FUZZ_CHECK(same(parts.view, plain) && inside(parts.view, own), "another message than expected");
  again.check(note_encoded(parts.view, encoded), l);
}

// A message of one's own, from an owner of all of it.
void composed(any_context& x, const wire_limits& l, bytes_view in) {
  static message_parts parts;
  static entry_vector entries;
  static journal before, after;
  any_bytes owner[1];
  if (auto copied = x.copy(in)) owner[0] = std::move(copied).value();
  parts.clear();
  entries.list.clear();
  before.clear();
  after.clear();
  if (parsed(owner[0].view(), 0, l, parts, entries)) {
    note_encoded(parts.view, before);
    auto m = x.compose(parts.view, owner);
    FUZZ_CHECK(m.ok(), "cannot be composed");
    note_encoded(m.value().view(), after);
    FUZZ_CHECK(before == after, "a composed message differs");
    if (const std::size_t n = m.value().view().entries.size(); n != 0) {
      const auto data = m.value().share_data(n - 1);
      FUZZ_CHECK(data.ok() && same_bytes(data.value().view(), m.value().view().entries[n - 1].data),
                 "a share that differs");
    }
  }
  owner[0] = {};
  x.applied();
}

std::vector<std::unique_ptr<any_context>> contexts() {
  std::vector<std::unique_ptr<any_context>> all;
  for (const tested& t : designs()) all.push_back(std::make_unique<any_context>(t.design->context()));
  return all;
}

}  // namespace
}  // namespace copycost::raft::fuzz

using namespace copycost::raft;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::streams all;
  static fuzz::journal framed;
  static const auto contexts = fuzz::contexts();
  if (size < fuzz::kPlanBytes) return -1;
  fuzz::plan p = fuzz::plan_of(wire_format::etcd_message, data);
  p.tail = 0;
  const auto in = std::as_bytes(std::span(data, size)).subspan(fuzz::kPlanBytes);
  fuzz::alone(p.options.limit, in);
  if ((p.seed & 0x40) == 0) fuzz::composed(*contexts[p.variant], p.options.limit, in);
  framed.clear();
  framed.note(__builtin_bswap64(in.size()));
  framed.note(in);
  all.run(p, framed.view());
  return 0;
}
