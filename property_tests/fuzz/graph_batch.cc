// SPDX-License-Identifier: Apache-2.0
//
// One batch of graph items in wire form: as it is, or with a head that is right as far as a hostile sender can make it
// right, so that what its body says is looked at. What is accepted is read to the last byte, written again, and read
// once more.
#include <cstring>
#include <memory>
#include <vector>

#include "property_tests/fuzz/check.h"
#include "scenarios/common/crc32c.h"
#include "scenarios/graph/link/batch/batch_view.h"
#include "scenarios/graph/link/batch/batch_writer.h"
#include "scenarios/graph/link/batch/packing.h"

namespace copycost::graph::fuzz {
namespace {

constexpr batch_limits kLimits{.items = 4096, .headers = 8192, .names = 4096, .bytes = 1 << 20};

// Names of a batch, numbered as the batch numbers them.
struct names_of {
  const batch_view& batch;
  std::string_view name(name_id id) const { return batch.name(id); }
};

void put_right(std::span<std::byte> batch, bool is_stored) {
  const auto body = batch.subspan(kBatchHead);
  const auto size = static_cast<std::uint32_t>(body.size());
  std::byte* const head = batch.data();
  wire::store(head, kBatchMagic);
  wire::store(head + 4, kBatchVersion);
  wire::store(head + 6, static_cast<std::uint16_t>(is_stored ? 0 : 1));
  if (is_stored) wire::store(head + 28, size);
  wire::store(head + 32, size);
  wire::store(head + 36, crc32c(0, body));
  wire::store(head + 40, crc32c(0, batch.first(40)));
}

// Reads everything, and answers the batch as we would write it.
std::vector<std::byte> written_again(const batch_view& batch, bytes_view body) {
  batch_writer w(kLimits);
  std::vector<header> headers;
  std::size_t payload = 0;
  for (std::uint32_t i = 0; i < batch.items(); ++i) {
    const batch_item one = batch.item(i);
    headers.clear();
    for (std::uint32_t k = 0; k < one.headers; ++k) headers.push_back(batch.header_at(one.first_header + k));
    FUZZ_CHECK(one.payload.empty() || one.payload.data() == body.data() + one.position, "a payload somewhere else");
    payload += one.payload.size();
    const auto ok = w.add(names_of{batch}, {one.source, one.key, headers}, one.payload);
    FUZZ_CHECK(ok.ok(), "an item that we do not write");
  }
  FUZZ_CHECK(payload <= body.size(), "more payload than bytes");
  std::vector<std::byte> out(w.wire_bytes());
  w.copy_to(0, out);
  return out;
}

bool same(const batch_view& a, const batch_view& b, std::uint32_t i) {
  const batch_item x = a.item(i), y = b.item(i);
  if (x.key != y.key || a.name(x.source) != b.name(y.source) || x.headers != y.headers) return false;
  for (std::uint32_t k = 0; k < x.headers; ++k) {
    const header h = a.header_at(x.first_header + k), g = b.header_at(y.first_header + k);
    if (a.name(h.name) != b.name(g.name) || a.name(h.value) != b.name(g.value)) return false;
  }
  return same_bytes(x.payload, y.payload);
}

void read(const batch_head& head, bytes_view body) {
  const auto batch = batch_view::parse(head, body);
  if (!batch) {
    FUZZ_CHECK(batch.error().at <= kBatchHead + body.size(), "an error behind the batch");
    return;
  }
  const auto again = written_again(batch.value(), body);
  const auto whole = read_whole(again, {});
  FUZZ_CHECK(whole.ok(), "what we write is not read");
  const auto other = batch_view::parse(whole.value(), bytes_view(again).subspan(kBatchHead));
  FUZZ_CHECK(other.ok() && other.value().items() == batch.value().items(), "another batch than was written");
  for (std::uint32_t i = 0; i < batch.value().items(); ++i)
    FUZZ_CHECK(same(batch.value(), other.value(), i), "another item than was written");
}

void run(bytes_view in) {
  const auto head = read_whole(in, kLimits);
  if (!head) return;
  const bytes_view body = in.subspan(kBatchHead);
  if (head->form == batch_form::stored) return read(head.value(), body);
  static batch_unpacker unpacker;
  if (!batch_unpacker::check(head.value(), body)) return;
  const std::unique_ptr<std::byte[]> room(new std::byte[head->unpacked]);
  if (unpacker.unpack(head.value(), body, {room.get(), head->unpacked}))
    read(head.value(), {room.get(), head->unpacked});
}

}  // namespace
}  // namespace copycost::graph::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace copycost::graph;
  if (size < 1) return -1;
  // In memory that ends where the batch ends: a byte too far is seen.
  const std::unique_ptr<std::byte[]> exact(new std::byte[size - 1]);
  if (size > 1) std::memcpy(exact.get(), data + 1, size - 1);
  const std::span<std::byte> batch(exact.get(), size - 1);
  if (batch.size() >= kBatchHead && data[0] % 4 != 0) fuzz::put_right(batch, data[0] % 4 != 1);
  fuzz::run(batch);
  return 0;
}
