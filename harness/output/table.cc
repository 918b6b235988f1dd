// SPDX-License-Identifier: Apache-2.0
#include "harness/output/table.h"

#include <algorithm>
#include <numeric>

#include "harness/base/check.h"
#include "harness/base/text.h"

namespace copycost {
namespace {

constexpr std::size_t kLeastText = 14;  // columns of text are not made narrower

// What would end a cell or a row in Markdown is written so that it does not.
std::string as_cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

// Bytes of the first `columns` characters.
std::size_t bytes_of(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  for (; at < text.size(); ++at)
    if ((static_cast<unsigned char>(text[at]) & 0xC0u) != 0x80u && columns-- == 0) break;
  return at;
}

// Where the line ends that begins with the text: at a space, or behind a separator; else where there is no more room.
std::size_t line_end(std::string_view text, std::size_t room) {
  const std::size_t last = text.find_last_of(' ', room);
  const std::size_t behind = text.substr(0, room).find_last_of("/,_");
  if (last != std::string_view::npos && last > 0 && (behind == std::string_view::npos || last > behind)) return last;
  return behind != std::string_view::npos ? behind + 1 : room;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  COPYCOST_REQUIRE(width > 0);
  std::vector<std::string> out;
  while (columns_of(text) > width) {
    const std::size_t end = line_end(text, bytes_of(text, width));
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  }
  if (!text.empty() || out.empty()) out.emplace_back(text);
  return out;
}

std::string paragraph(std::string_view text, std::size_t width) {
  std::string out;
  for (const std::string& line : wrapped(text, std::max<std::size_t>(width, 8) - 2))
    out += (out.empty() ? "" : "  ") + line + "\n";
  return out;
}

table::table(std::vector<std::string> columns, std::vector<std::string> least)
    : columns_(std::move(columns)), least_(std::move(least)) {
  for (std::string& c : columns_) {
    right_.push_back(!c.empty() && c[0] == '>');
    if (right_.back()) c.erase(0, 1);
  }
}

void table::add(std::vector<std::string> row, std::string note) {
  COPYCOST_REQUIRE(row.size() == columns_.size());
  for (std::string& cell : row) cell = as_cell(cell);
  rows_.push_back({std::move(row), as_cell(note)});
}

// As wide as their contents where that fits; else text shares what numbers leave over, each its least first.
std::vector<std::size_t> table::widths(const std::vector<bool>& shown, std::size_t width) const {
  std::vector<std::size_t> whole(columns_.size(), 0), out(columns_.size(), 0);
  const std::size_t least_first = std::max<std::size_t>(16, width / 5);
  std::size_t total = 1;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (!shown[i]) continue;
    whole[i] = std::max<std::size_t>(3, columns_of(columns_[i]));
    for (const line& row : rows_) whole[i] = std::max(whole[i], columns_of(row.cells[i]));
    out[i] = right_[i] ? whole[i] : std::min(whole[i], i == 0 ? least_first : kLeastText);
    total += out[i] + 3;
  }
  for (bool grew = true; grew && total < width;) {
    grew = false;
    for (std::size_t i = 0; i < out.size() && total < width; ++i)
      if (out[i] < whole[i]) {
        ++out[i];
        ++total;
        grew = true;
      }
  }
  return out;
}

std::string table::text(std::size_t width) const {
  std::vector<bool> shown(columns_.size(), true);
  std::vector<std::size_t> wide;
  std::string left_out;
  const auto total = [&] {
    std::size_t sum = 1;
    for (std::size_t i = 0; i < wide.size(); ++i) sum += shown[i] ? wide[i] + 3 : 0;
    return sum;
  };
  wide = widths(shown, width);
  for (const std::string& names : least_) {
    if (total() <= width) break;
    for (const std::string& name : split(names, ','))
      for (std::size_t i = 0; i < columns_.size(); ++i)
        if (columns_[i] == name) {
          shown[i] = false;
          left_out += (left_out.empty() ? "" : ", ") + name;
        }
    wide = widths(shown, width);
  }
  std::string out;
  const auto put = [&](const std::vector<std::string>& cells) {
    std::vector<std::vector<std::string>> parts;
    std::size_t high = 1;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      parts.push_back(shown[i] ? wrapped(cells[i], wide[i]) : std::vector<std::string>{""});
      high = std::max(high, parts.back().size());
    }
    for (std::size_t k = 0; k < high; ++k) {
      out += "|";
      for (std::size_t i = 0; i < cells.size(); ++i) {
        if (!shown[i]) continue;
        const std::string text = k < parts[i].size() ? parts[i][k] : "";
        const std::string pad(wide[i] - std::min(wide[i], columns_of(text)), ' ');
        out += ' ';
        out += right_[i] ? pad + text : text + pad;
        out += " |";
      }
      out += "\n";
    }
  };
  put(columns_);
  out += "|";
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (shown[i]) out += right_[i] ? std::string(wide[i] + 1, '-') + ":|" : std::string(wide[i] + 2, '-') + "|";
  out += "\n";
  const std::size_t inside = std::max<std::size_t>(total(), 20) - 6;
  for (const auto& row : rows_) {
    put(row.cells);
    if (row.note.empty()) continue;
    for (const std::string& part : wrapped(row.note, inside))
      out += "|   " + part + std::string(inside - columns_of(part), ' ') + " |\n";
  }
  if (!left_out.empty()) out += paragraph("Left out for want of room: " + left_out + " (--json has all).", width);
  return out;
}

}  // namespace copycost
