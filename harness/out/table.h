// SPDX-License-Identifier: Apache-2.0
//
// A table of text that is also Markdown, so that what a terminal shows can be pasted. Value type; not thread-safe.
#pragma once
#include <string>
#include <vector>

namespace copycost {

class table {
 public:
  // Columns whose names begin with '>' are right-aligned.
  explicit table(std::vector<std::string> columns);
  void add(std::vector<std::string> row);  // REQUIRES: as many as there are columns
  bool empty() const { return rows_.empty(); }
  std::string text() const;

 private:
  std::vector<std::string> columns_;
  std::vector<bool> right_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace copycost
