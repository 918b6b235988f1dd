// SPDX-License-Identifier: Apache-2.0
// Goal: no ordinary kind of copy escapes all witnesses, and none claims more than was copied. Method: thirteen kinds,
// each compiled by each compiler, in front of the ledger's own instruments; the table in harness/ledger/README.md is
// what was seen. COPYCOST_WRITE_TABLES=1 writes the columns of the compilers that are here anew.
#include "property_tests/harness/ledger/copy_kinds.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <sstream>

#include "harness/base/text.h"
#include "harness/core/stage.h"
#include "harness/ledger/hooks/hooks.h"
#include "harness/ledger/ledger_instruments.h"
#include "harness/ledger/witness/pattern.h"
#include "property_tests/catch.h"

namespace copycost {
namespace {

using copy_kinds::copy_kind;
using copy_kinds::variant;

struct sightings {
  std::uint64_t primitive = 0, interposed = 0, signature = 0, identity = 0, touched_pages = 0;
};

// One window of one instrument around one copy.
template <class Instrument>
role_record seen_by(Instrument& by, const copy_kind& kind) {
  const std::uint16_t epoch = next_epoch();
  by.episode_epoch(epoch);
  const std::span<std::byte> lent = by.lend_payload(kind.bytes);
  const std::span<std::byte> source = kind.source(lent);
  pattern::write(source.data(), source.size(), epoch, 1);
  if (source.data() != lent.data()) by.produced(source);
  role_record r;
  by.opened(r);
  const auto copy = kind.copy(source);
  by.consumed(copy);
  by.closing(r);
  CHECK(copy.size() == kind.bytes);
  CHECK(pattern::count(copy.data(), copy.size(), epoch) == kind.bytes);  // it is a copy of the payload
  kind.clear();
  by.release_payloads();
  by.episode_epoch(0);
  return r;
}

sightings look_at(const copy_kind& kind) {
  sightings out;
  count_instrument count;
  const role_record counted = seen_by(count, kind);
  out.primitive = counted.own.copied_bytes;
  out.interposed = counted.counts[kPayloadCopyBytes];
  inspect_instrument inspect;
  const role_record inspected = seen_by(inspect, kind);
  out.signature = inspected.counts[kSignatureBytes];
  out.identity = inspected.counts[kForeignBytes];
  touch_instrument touch;
  out.touched_pages = seen_by(touch, kind).counts[kTouchedPages];
  return out;
}

// "I S A T": the witnesses that saw the copy, with the bytes where they saw a part of it; "-" where one saw nothing.
std::string letters(const copy_kind& kind, const sightings& s) {
  const auto one = [&](const char* letter, std::uint64_t bytes) {
    if (bytes == 0) return std::string("-");
    return bytes == kind.bytes ? std::string(letter) : std::string(letter) + "(" + std::to_string(bytes) + ")";
  };
  return one("P", s.primitive) + " " + one("I", s.interposed) + " " + one("S", s.signature) + " " +
         one("A", s.identity) + " " + (s.touched_pages > 0 ? "T" : "-");
}

std::vector<variant> variants() {
  std::vector<variant> out;
  for (const auto make : {copy_kinds::gxx_o2, copy_kinds::gxx_o3, copy_kinds::clangxx_o2})
    if (make != nullptr) out.push_back(make());
  return out;
}

using column = std::map<std::string, std::string>;                  // "kind | bytes" -> letters
using named_columns = std::vector<std::pair<std::string, column>>;  // "g++ 12 -O2", as in the head of the table

column column_of(const variant& v) {
  column out;
  for (const copy_kind& kind : v.kinds)
    out[std::string(kind.name) + " | " + std::to_string(kind.bytes)] = letters(kind, look_at(kind));
  return out;
}

std::string readme_path() {
  // From CMake: __FILE__ is relative to the build directory where the compiler cache shares objects between trees.
  return std::string(COPYCOST_SOURCE_DIR) + "/harness/ledger/README.md";
}

constexpr std::string_view kBegin = "<!-- copy kinds: begin -->\n", kEnd = "<!-- copy kinds: end -->";

std::vector<std::string> cells_of_line(const std::string& line) {
  std::vector<std::string> out;
  for (std::string cell : split(line, '|')) {
    while (!cell.empty() && (cell.front() == ' ' || cell.front() == '`')) cell.erase(0, 1);
    while (!cell.empty() && (cell.back() == ' ' || cell.back() == '`')) cell.pop_back();
    if (!cell.empty()) out.push_back(cell);
  }
  return out;
}

// The committed table.
named_columns committed() {
  const std::string text = read_file(readme_path());
  const std::size_t begin = text.find(kBegin), end = text.find(kEnd);
  if (begin == std::string::npos || end == std::string::npos) return {};
  named_columns out;
  bool in_head = true;
  for (const std::string& line : split(text.substr(begin + kBegin.size(), end - begin - kBegin.size()), '\n')) {
    const auto cells = cells_of_line(line);
    if (in_head)
      for (std::size_t i = 2; i < cells.size(); ++i) out.emplace_back(cells[i], column());
    else if (cells.size() == out.size() + 2 && cells[0].find("---") == std::string::npos)
      for (std::size_t i = 2; i < cells.size(); ++i) out[i - 2].second[cells[0] + " | " + cells[1]] = cells[i];
    in_head = false;
  }
  return out;
}

// A column of each compiler: those of other versions stay as they are.
std::string table_of(const std::vector<variant>& all, named_columns columns) {
  for (const variant& v : all) {
    const auto found = std::ranges::find(columns, v.compiler, &named_columns::value_type::first);
    if (found != columns.end())
      found->second = column_of(v);
    else
      columns.emplace_back(v.compiler, column_of(v));
  }
  std::ostringstream head, rule, rows;
  head << "| kind of copy | bytes |";
  rule << "|---|--:|";
  for (const auto& [compiler, seen] : columns) {
    head << " " << compiler << " |";
    rule << "---|";
  }
  for (const copy_kind& kind : all[0].kinds) {
    const std::string row = std::string(kind.name) + " | " + std::to_string(kind.bytes);
    rows << "| " << row << " |";
    for (const auto& [compiler, seen] : columns) rows << " `" << seen.at(row) << "` |";
    rows << "\n";
  }
  return head.str() + "\n" + rule.str() + "\n" + rows.str();
}

bool hooks_here() {
  if (cch_is_active != nullptr && cch_is_active() != 0) return true;
  WARN("no hooks in this process: nothing can be witnessed");
  return false;
}

TEST_CASE("copy kinds: every kind is seen in every variant, and no witness claims more than was copied") {
  if (!hooks_here()) return;
  REQUIRE(copy_kinds::gxx_o2 != nullptr);  // built by property_tests/harness/tests.cmake
  for (const variant& v : variants()) {
    REQUIRE(v.kinds.size() == 13);
    for (const copy_kind& kind : v.kinds) {
      const sightings s = look_at(kind);
      CAPTURE(v.compiler, kind.name, kind.bytes);
      CHECK(s.primitive == 0);  // no kind uses counted_copy
      CHECK(s.interposed <= kind.bytes);
      CHECK(s.signature <= kind.bytes);
      CHECK(s.identity == kind.bytes);
      CHECK(s.touched_pages <= 2 + kind.bytes / 4096);
      CHECK(s.interposed + s.signature + s.touched_pages > 0);  // a witness besides identity
      CHECK(s.signature >= kind.bytes - kind.bytes % pattern::kCellBytes);
    }
  }
}

// One call of a window without a copy in it.
TEST_CASE("copy kinds: without a copy no witness sees one") {
  if (!hooks_here()) return;
  static std::span<std::byte> lent_here;
  const copy_kind none{"no copy", 4096, [](std::span<std::byte> lent) { return lent_here = lent; },
                       [](std::span<const std::byte> from) { return from; }, [] {}};
  const sightings s = look_at(none);
  CHECK(letters(none, s) == "- - - - -");
}

TEST_CASE("copy kinds: the table in the ledger's README is what was seen") {
  if (!hooks_here()) return;
  const std::vector<variant> all = variants();
  REQUIRE(!all.empty());
  if (std::getenv("COPYCOST_WRITE_TABLES") != nullptr) {
    const std::string text = read_file(readme_path());
    const std::size_t begin = text.find(kBegin), end = text.find(kEnd);
    REQUIRE((begin != std::string::npos && end != std::string::npos));
    replace_file(readme_path(), text.substr(0, begin + kBegin.size()) + table_of(all, committed()) + text.substr(end));
  }
  const auto written = committed();
  REQUIRE(!written.empty());
  std::size_t compared = 0;
  for (const variant& v : all) {
    const auto found = std::ranges::find(written, v.compiler, &named_columns::value_type::first);
    if (found == written.end()) {
      WARN(std::string(v.compiler) + ": not in the table (COPYCOST_WRITE_TABLES=1 writes it)");
      continue;
    }
    CAPTURE(v.compiler);
    CHECK(found->second == column_of(v));
    ++compared;
  }
  if (compared == 0) WARN("the table is of other compilers");
}

}  // namespace
}  // namespace copycost
