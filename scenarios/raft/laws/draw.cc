// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/laws/draw.h"

#include <iterator>

namespace copycost::raft::properties {
namespace {

constexpr std::uint64_t kEdges[] = {0,   1,   2,   8,   9,   15,  16,  24,    25,    63,    64,    65,   100,
                                    127, 128, 129, 255, 256, 257, 511, 16383, 16384, 32767, 32768, 32769};

wire_format draw_of(const std::vector<wire_format>& all, const char* what) {
  if (all.empty()) throw not_offered{what};
  return all[static_cast<std::size_t>(draw_number("format", 0, all.size() - 1))];
}

}  // namespace

wire_format draw_format(const facade& f) {
  std::vector<wire_format> all;
  for (std::size_t i = 0; i < kWireFormats; ++i)
    if (f.speaks(static_cast<wire_format>(i))) all.push_back(static_cast<wire_format>(i));
  return draw_of(all, "wire formats");
}
wire_format draw_framed(const facade& f) {
  std::vector<wire_format> all;
  for (const wire_format w : {wire_format::compat, wire_format::native})
    if (f.speaks(w)) all.push_back(w);
  return draw_of(all, "frames");
}
void needs(const facade& f, wire_format w) {
  if (!f.speaks(w)) throw not_offered{name_of(w)};
}

void needs_caution(const facade& f) {
  if (f.trusts_lengths()) throw not_offered{"caution"};
}

byte_string joined(const any_frame& f) {
  byte_string all;
  for (const iovec& part : f.parts()) {
    RC_ASSERT(part.iov_len > 0u);
    const auto* const data = static_cast<const std::byte*>(part.iov_base);
    all.insert(all.end(), data, data + part.iov_len);
  }
  RC_ASSERT(all.size() == f.size());
  return all;
}

std::size_t some_size(rng& random, std::uint64_t most) {
  const std::uint64_t way = random.below(8);
  const std::uint64_t size = way < 4 ? kEdges[random.below(std::size(kEdges))] : random.below(most + 1);
  return static_cast<std::size_t>(size <= most ? size : random.below(most + 1));
}

std::uint64_t some_word(rng& random) {
  const std::uint64_t bits = random.below(66);
  if (bits == 0) return 0;
  if (bits == 65) return ~std::uint64_t{0};
  return random.next() >> (64 - bits);
}

drawn_stream draw_stream(const facade& f, std::uint64_t count_max, const message_shape& shape) {
  message_shape drawn = shape;
  const wire_format format = draw_format(f);
  const std::uint64_t count = draw_number("units", 1, count_max);
  drawn.entries = draw_number("entries up to", 0, shape.entries);
  drawn.bytes = draw_number("payloads up to", 0, shape.bytes);
  rng random = draw_rng("stream");
  return some_stream(random, format, count, drawn);
}

}  // namespace copycost::raft::properties
