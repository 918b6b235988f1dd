// SPDX-License-Identifier: Apache-2.0
//
// A table of text that is also Markdown, so that what a terminal shows can be pasted.
//
//   | cell             |    time | verdict      |      text wraps in its column, at spaces and behind '/', ',' and '_';
//   |------------------|--------:|--------------|      numbers never do
//   | t/s/design:slice | 12.0 ns | not measured |
//   |   role died: signal 9                     |      the note of a row, below it
//
// Columns that do not fit are left out in the given order; a line below the table names them.
//
// Threads: a value.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace copycost {

class table {
 public:
  // Columns whose names begin with '>' are right-aligned. `least`: what to leave out first where there is no room,
  // names that go together joined by ','.
  explicit table(std::vector<std::string> columns, std::vector<std::string> least = {});
  void add(std::vector<std::string> row, std::string note = {});  // REQUIRES: as many as there are columns
  bool empty() const { return rows_.empty(); }
  // At most `width` columns of a terminal, as far as numbers allow.
  std::string text(std::size_t width = kWide) const;

  static constexpr std::size_t kWide = 10'000;

 private:
  struct line {
    std::vector<std::string> cells;
    std::string note;
  };
  std::vector<std::size_t> widths(const std::vector<bool>& shown, std::size_t width) const;
  std::vector<std::string> columns_, least_;
  std::vector<bool> right_;
  std::vector<line> rows_;
};

// Columns that UTF-8 text takes, one a character.
std::size_t columns_of(std::string_view text);
// Lines of at most `width` columns, broken at spaces or behind '/', ',' and '_'; a word that is longer is cut. Never
// empty.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);
// The same as one text, every line but the first indented, with a final line break.
std::string paragraph(std::string_view text, std::size_t width);

}  // namespace copycost
