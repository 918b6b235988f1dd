// SPDX-License-Identifier: Apache-2.0
//
// What the tests of the shm design share: random messages whose payload lies in a segment. Free of Catch's macros:
// children use it too.
#pragma once
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <vector>

#include "harness/base/rng.h"
#include "impls/raft/shm/design.h"
#include "property_tests/memory_file.h"
#include "scenarios/raft/wire/encode.h"

namespace copycost::test {

struct raft_file : memory_file {
  explicit raft_file(std::size_t bytes = std::size_t{16} << 20) : memory_file(bytes) {}
};

// The message as one piece of bytes.
inline std::vector<std::byte> flat(const raft::message_view& m) {
  std::vector<std::byte> out(raft::encoded_size(m) + 32);
  raft::flat_writer w{out.data()};
  raft::encode_message(m, w);
  out.resize(static_cast<std::size_t>(w.at - out.data()));
  return out;
}

// A message with `sizes` as its entries' data, all in one block or each in one of its own, filled from `random`.
inline raft::shm_message with_entries(raft::shm_context& x, rng& random, const std::vector<std::size_t>& sizes,
                                      bool one_block) {
  std::size_t all = 0;
  for (const std::size_t n : sizes) all += n;
  const auto fill = [&](std::span<std::byte> to) {
    const auto first = static_cast<std::uint8_t>(random.next());
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<std::byte>(first + i * 7 + (i >> 8));
  };
  std::vector<raft::shm_bytes> owners;
  if (one_block) owners.push_back(x.produce(all, fill).value());
  std::vector<raft::entry_view> entries;
  std::size_t at = 0;
  for (const std::size_t n : sizes) {
    if (!one_block) owners.push_back(x.produce(n, fill).value());
    raft::entry_view e;
    e.term = random.next() >> random.below(64);
    e.index = entries.size() + 5;
    e.data = one_block ? owners[0].view().subspan(at, n) : owners.back().view();
    e.has = raft::fields_of(raft::dialect::etcd, e);
    entries.push_back(e);
    at += n;
  }
  raft::message_view m;
  m.head.type = raft::message_type::append;
  m.head.term = random.next() >> random.below(64);
  m.head.from = 1;
  m.head.to = 2;
  m.entries = entries;
  m.head.has = raft::fields_of(raft::dialect::etcd, m);
  return x.compose(m, owners).value();
}

// Any message: heartbeats, appends of many sizes, snapshots, contexts, unknown fields.
inline raft::shm_message any_message(raft::shm_context& x, rng& random, std::size_t size_max = 100'000) {
  const auto size = [&] {
    constexpr std::size_t kSizes[] = {0, 1, 64, 2047, 2048, 2049, 5000, 70'000};
    return std::min(size_max, random.below(2) != 0 ? kSizes[random.below(8)] : random.below(3000));
  };
  std::vector<std::size_t> sizes(random.below(4) == 0 ? 0 : random.below(12));
  for (std::size_t& n : sizes) n = size();
  if (random.below(2) != 0) return with_entries(x, random, sizes, random.below(2) != 0);
  raft::message_view m;
  raft::shm_message entries = with_entries(x, random, sizes, true);
  m = entries.view();
  std::vector<raft::shm_bytes> owners;
  for (std::size_t i = 0; i < m.entries.size(); ++i) owners.push_back(entries.share_data(i).value());
  const auto bytes = [&](std::size_t n) -> bytes_view {
    owners.push_back(x.produce(n, [&](std::span<std::byte> to) {
                        for (std::byte& b : to) b = static_cast<std::byte>(random.next());
                      }).value());
    return owners.back().view();
  };
  m.context = bytes(size());
  if (random.below(2) != 0) {
    m.snapshot.data = bytes(size());
    m.snapshot.index = random.next();
    m.snapshot.term = 3;
    m.snapshot.has = 6;
    m.snapshot.metadata_has = 12;
    m.head.type = raft::message_type::snapshot;
  }
  m.head.has = raft::fields_of(raft::dialect::raft_rs, m);
  return x.compose(m, owners).value();
}

}  // namespace copycost::test
