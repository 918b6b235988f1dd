// SPDX-License-Identifier: Apache-2.0
#include "harness/out/table.h"

#include <algorithm>

#include "harness/core/check.h"

namespace copycost {
namespace {

// Columns that UTF-8 text takes, one a character.
std::size_t columns_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

// What would end a cell or a row in Markdown is written so that it does not.
std::string as_cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

}  // namespace

table::table(std::vector<std::string> columns) : columns_(std::move(columns)) {
  for (std::string& c : columns_) {
    right_.push_back(!c.empty() && c[0] == '>');
    if (right_.back()) c.erase(0, 1);
  }
}

void table::add(std::vector<std::string> row) {
  COPYCOST_REQUIRE(row.size() == columns_.size());
  for (std::string& cell : row) cell = as_cell(cell);
  rows_.push_back(std::move(row));
}

std::string table::text() const {
  std::vector<std::size_t> width;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    width.push_back(std::max<std::size_t>(3, columns_of(columns_[i])));
    for (const auto& row : rows_) width[i] = std::max(width[i], columns_of(row[i]));
  }
  std::string out;
  const auto line = [&](const std::vector<std::string>& cells) {
    out += "|";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string pad(width[i] - columns_of(cells[i]), ' ');
      out += ' ';
      out += right_[i] ? pad + cells[i] : cells[i] + pad;
      out += " |";
    }
    out += "\n";
  };
  line(columns_);
  out += "|";
  for (std::size_t i = 0; i < columns_.size(); ++i)
    out += right_[i] ? std::string(width[i] + 1, '-') + ":|" : std::string(width[i] + 2, '-') + "|";
  out += "\n";
  for (const auto& row : rows_) line(row);
  return out;
}

}  // namespace copycost
