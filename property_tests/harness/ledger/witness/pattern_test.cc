// SPDX-License-Identifier: Apache-2.0
// Goal: a copy of payload is counted to the byte wherever it lies, and nothing else is. Method: every alignment and
// every cut, then memory that holds no payload.
#include "harness/ledger/witness/pattern.h"

#include <algorithm>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "property_tests/catch.h"

namespace copycost {
namespace {

constexpr std::uint16_t kEpoch = 321, kOther = 322;

std::vector<unsigned char> payload(std::size_t size, std::uint64_t id = 5, std::uint16_t epoch = kEpoch) {
  std::vector<unsigned char> out(size);
  pattern::write(out.data(), size, epoch, id);
  return out;
}

std::vector<unsigned char> text_payload(std::size_t cells) {
  std::string out(cells * pattern::kCellBytes, ' ');
  for (std::size_t i = 0; i < cells; ++i) pattern::text_cell(out.data() + i * pattern::kCellBytes, kEpoch, i);
  return {out.begin(), out.end()};
}

// `bytes` at an offset in memory that is otherwise zero.
std::vector<unsigned char> placed(const std::vector<unsigned char>& bytes, std::size_t offset) {
  std::vector<unsigned char> out(offset + bytes.size() + 16);
  std::copy(bytes.begin(), bytes.end(), out.begin() + static_cast<std::ptrdiff_t>(offset));
  return out;
}

std::size_t counted(const std::vector<unsigned char>& memory, pattern::extent what = pattern::extent::one_copy,
                    std::uint16_t epoch = kEpoch) {
  return pattern::count(memory.data(), memory.size(), epoch, what);
}

TEST_CASE("pattern: a copy at any alignment and cut anywhere is counted to the byte once it holds a whole cell") {
  const auto whole = payload(64);
  for (std::size_t begin = 0; begin < 9; ++begin)
    for (std::size_t size = 15; begin + size <= whole.size(); ++size) {
      const auto* at = whole.data() + begin;
      CAPTURE(begin, size);
      CHECK(pattern::count(at, size, kEpoch) == size);
    }
}

TEST_CASE("pattern: in an area, the whole cells of a copy are counted at any alignment") {
  for (std::size_t offset = 0; offset < 17; ++offset)
    for (std::size_t cut = 0; cut < 8; ++cut) {
      const auto whole = payload(80);
      const std::vector<unsigned char> piece(whole.begin() + static_cast<std::ptrdiff_t>(cut), whole.end());
      CAPTURE(offset, cut);
      CHECK(counted(placed(piece, offset), pattern::extent::area) == (cut == 0 ? 80u : 72u));
    }
}

TEST_CASE("pattern: bytes beyond the last whole cell are those of the next cell, so the same cut is found again") {
  for (std::size_t size = 8; size < 40; ++size) CHECK(counted(payload(size)) == size);
}

TEST_CASE("pattern: a piece of fewer than 15 bytes may hold no whole cell and is then not seen") {
  const auto whole = payload(64);
  CHECK(pattern::count(whole.data() + 1, 14, kEpoch) == 0);
  CHECK(pattern::count(whole.data(), 7, kEpoch) == 0);
  CHECK(pattern::count(whole.data(), 0, kEpoch) == 0);
}

TEST_CASE("pattern: several copies in one area add up, also back to back and out of order") {
  auto memory = placed(payload(40), 3);
  const auto more = payload(24);
  memory.insert(memory.end(), more.begin(), more.end());
  memory.insert(memory.end(), more.begin(), more.end());
  CHECK(counted(memory, pattern::extent::area) == 40 + 24 + 24);
}

TEST_CASE("pattern: epochs do not see each other") {
  for (const std::uint16_t other : {std::uint16_t{1}, kOther, std::uint16_t{pattern::kEpochs - 1}}) {
    CHECK(counted(payload(4096), pattern::extent::area, other) == 0);
    CHECK(counted(payload(4096, 5, other), pattern::extent::area) == 0);
  }
}

TEST_CASE("pattern: every part of a payload may be written by itself") {
  const auto whole = payload(4096, 77);
  auto parts = std::vector<unsigned char>(4096);
  for (std::size_t begin = 0; begin < parts.size(); begin += 1032)
    pattern::write(parts.data() + begin, std::min<std::size_t>(1032, parts.size() - begin), kEpoch, 77, begin);
  CHECK(parts == whole);
  CHECK(payload(64, 78) != payload(64, 77));
}

TEST_CASE("pattern: text cells are printable, counted whole, and carry their epoch") {
  const auto text = text_payload(32);
  for (const unsigned char c : text) CHECK((c >= 0x2B && c <= 0x7E));
  for (std::size_t offset = 0; offset < 9; ++offset)
    CHECK(counted(placed(text, offset), pattern::extent::area) == text.size());
  CHECK(counted(text, pattern::extent::area, kOther) == 0);
}

TEST_CASE("pattern: cells of other episodes and stray marks around a copy hide nothing of it") {
  const std::vector<unsigned char> copy = payload(64), text = text_payload(8), other = payload(16, 5, kOther);
  rng random(7);
  for (int round = 0; round < 3000; ++round) {
    std::vector<unsigned char> area;
    const auto add_noise = [&] {
      for (std::uint64_t k = random.below(5); k > 0; --k) {
        const std::uint64_t what = random.below(3);
        if (what == 0)
          area.insert(area.end(), other.begin(), other.begin() + 8 * (1 + static_cast<long>(random.below(2))));
        if (what == 1) area.insert(area.end(), random.below(9), pattern::kMark);
        if (what == 2) area.insert(area.end(), random.below(9), 'x');
      }
    };
    const std::vector<unsigned char>& one = round % 2 == 0 ? copy : text;
    add_noise();
    area.insert(area.end(), one.begin(), one.end());
    add_noise();
    CAPTURE(round);
    REQUIRE(pattern::count(area.data(), area.size(), kEpoch, pattern::extent::area) == 64);
    std::size_t seen = 0;
    pattern::each_run(area.data(), area.size(), kEpoch, [&](const unsigned char* begin, const unsigned char* end) {
      seen += static_cast<std::size_t>(end - begin);
    });
    REQUIRE(seen == 64);
  }
}

TEST_CASE("pattern: memory that holds no payload counts nothing") {
  rng numbers(20240117);
  std::vector<unsigned char> random(1 << 20);
  for (auto& byte : random) byte = static_cast<unsigned char>(numbers.next());
  CHECK(counted(random, pattern::extent::area) == 0);

  std::vector<unsigned char> marks(1 << 16, pattern::kMark);
  CHECK(counted(marks, pattern::extent::area) == 0);
  CHECK(counted(std::vector<unsigned char>(1 << 16, 0xFF), pattern::extent::area) == 0);

  std::string text;
  for (int i = 0; text.size() < (1 << 16); ++i)
    text += "~/home/user" + std::to_string(i) + " ~= approx; ~" + std::to_string(i * 7919) + "\n";
  CHECK(counted({text.begin(), text.end()}, pattern::extent::area) == 0);
}

TEST_CASE("pattern: neighbours that look like the end of a cell are not counted in an area") {
  auto memory = placed(payload(16), 8);
  const auto after = payload(24);
  memory[24] = after[16];  // by chance the first byte of the next cell
  CHECK(counted(memory, pattern::extent::area) == 16);
}

TEST_CASE("pattern: a lone cell in an area is a register that somebody spilt, and no copy") {
  CHECK(counted(placed(payload(8), 3), pattern::extent::area) == 0);
  auto memory = placed(payload(8), 0);
  const auto unrelated = payload(16, 900);
  memory.insert(memory.end(), unrelated.begin(), unrelated.end());
  CHECK(counted(memory, pattern::extent::area) == 16);
}

TEST_CASE("pattern: a lone cell within a copy of something else is there by chance") {
  // As in a log of a million records whose ids and checksums are chance: one of 2^29 places looks like a cell.
  CHECK(counted(placed(payload(8), 3)) == 0);
  CHECK(counted(placed(payload(16), 3)) == 16);
  const auto whole = payload(32);
  CHECK(pattern::count(whole.data() + 1, 15, kEpoch) == 15);  // a cell and what is cut of its neighbours
  CHECK(pattern::count(whole.data() + 8, 8, kEpoch) == 8);
}

TEST_CASE("pattern: what an earlier episode left behind a copy does not make its cut cell whole") {
  for (const std::uint16_t earlier : {kOther, std::uint16_t{kEpoch - 1}, std::uint16_t{kEpoch + 60}})
    for (std::size_t cut = 1; cut < 8; ++cut) {
      auto memory = payload(4096, 5, earlier);
      const auto fresh = payload(4096 - cut);
      std::copy(fresh.begin(), fresh.end(), memory.begin());
      CAPTURE(earlier, cut);
      CHECK(counted(memory, pattern::extent::area) == 4096 - 8);
    }
}

TEST_CASE("pattern: a text cell that was cut is not made whole by an earlier one of the same number") {
  const auto fresh = text_payload(1);
  for (std::size_t cut = 1; cut < 8; ++cut) {
    std::string earlier(8, ' ');
    pattern::text_cell(earlier.data(), kOther, 0);
    std::copy(fresh.begin(), fresh.end() - static_cast<std::ptrdiff_t>(cut), earlier.begin());
    CAPTURE(cut);
    CHECK(counted({earlier.begin(), earlier.end()}, pattern::extent::area) == 0);
  }
}

TEST_CASE("pattern: counting stays within the memory that it was given") {
  const auto whole = payload(64);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const std::vector<unsigned char> exact(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(counted(exact) == (size < 8 ? 0 : size));  // a sanitizer build sees a byte too far
  }
}

}  // namespace
}  // namespace copycost
