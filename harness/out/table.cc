// SPDX-License-Identifier: Apache-2.0
#include "harness/out/table.h"

#include <algorithm>

#include "harness/core/check.h"

namespace copycost {

table::table(std::vector<std::string> columns) : columns_(std::move(columns)) {
  for (std::string& c : columns_) {
    right_.push_back(!c.empty() && c[0] == '>');
    if (right_.back()) c.erase(0, 1);
  }
}

void table::add(std::vector<std::string> row) {
  COPYCOST_REQUIRE(row.size() == columns_.size());
  rows_.push_back(std::move(row));
}

std::string table::text() const {
  std::vector<std::size_t> width;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    width.push_back(std::max<std::size_t>(3, columns_[i].size()));
    for (const auto& row : rows_) width[i] = std::max(width[i], row[i].size());
  }
  std::string out;
  const auto line = [&](const std::vector<std::string>& cells) {
    out += "|";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string pad(width[i] - cells[i].size(), ' ');
      out += " " + (right_[i] ? pad + cells[i] : cells[i] + pad) + " |";
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
