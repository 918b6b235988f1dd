// SPDX-License-Identifier: Apache-2.0
// Goal: the generated text is what it says: valid, of the wanted size, cut inside characters, known to the witnesses.
#include "scenarios/chunk/workloads/parts/log_text.h"

#include <span>

#include "harness/ledger/witness/pattern.h"
#include "property_tests/catch.h"
#include "scenarios/common/utf8.h"

namespace copycost::chunk {
namespace {

TEST_CASE("log_text: valid lines of 40 to 400 bytes, one in twenty bytes foreign, every cut inside a character") {
  constexpr std::size_t kSize = 256 * 1024, kPiece = 64 * 1024;
  const log_text all = make_log_text(77, kSize, kPiece);
  REQUIRE(all.text.size() == kSize);
  const auto bytes = std::as_bytes(std::span(all.text));
  CHECK(utf8::valid_prefix(bytes) == kSize);
  CHECK(all.text.back() != '\n');

  std::size_t begin = 0, foreign = 0;
  for (std::size_t end; (end = all.text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    CHECK(end - begin >= 40);
    CHECK(end - begin <= 400);
  }
  for (const char c : all.text) foreign += (static_cast<unsigned char>(c) & 0x80u) != 0;
  CHECK(foreign > kSize / 100 * 4);
  CHECK(foreign < kSize / 100 * 6);

  REQUIRE(all.cuts.back() == kSize);
  std::size_t last = 0;
  for (const std::size_t cut : all.cuts) {
    CHECK(cut - last <= kPiece);
    if (cut != kSize) CHECK(utf8::complete_prefix(bytes.first(cut)) < cut);
    last = cut;
  }
  CHECK(pattern::count(all.text.data(), kSize, 77) > kSize / 100 * 85);
  CHECK(pattern::count(all.text.data(), kSize, 78) == 0);
}

TEST_CASE("log_text: the epoch changes cells only") {
  const log_text a = make_log_text(1, 10'000, 1000), b = make_log_text(2, 10'000, 1000);
  CHECK(a.cuts == b.cuts);
  CHECK(a.text != b.text);
  for (std::size_t i = 0; i < a.text.size(); ++i) CHECK((a.text[i] == '\n') == (b.text[i] == '\n'));
}

TEST_CASE("log_text: no text, and pieces smaller than a character") {
  CHECK(make_log_text(1, 0, 10).cuts.empty());
  const log_text tiny = make_log_text(1, 1000, 1);
  CHECK(tiny.cuts.size() == 1000);
}

}  // namespace
}  // namespace copycost::chunk
