// SPDX-License-Identifier: Apache-2.0
#include "harness/env/files.h"

#include <fstream>

namespace copycost::env {

std::optional<std::string> read_file(const std::string& path) {
  constexpr std::size_t kBytesMax = 1 << 20;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text;
  char chunk[4096];
  // Files of /proc have no size: read until the end. Some can be opened but not read.
  while (text.size() < kBytesMax && (file.read(chunk, sizeof chunk), file.gcount() > 0)) {
    text.append(chunk, static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad() || (text.empty() && !file.eof())) return std::nullopt;
  return text;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string read_line(const file_reader& files, const std::string& path) {
  const std::optional<std::string> text = files(path);
  if (!text) return {};
  return std::string(trimmed(std::string_view(*text).substr(0, text->find('\n'))));
}

}  // namespace copycost::env
