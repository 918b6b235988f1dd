// SPDX-License-Identifier: Apache-2.0
//
// Text and files for people: units, whole files, files replaced in one step, "did you mean".
// Pure functions except for the file functions; thread-safe; not for hot code.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace copycost {

// "3.52 ns", "1.20 us", "14.1 ms", "2.3 s"; three significant digits.
std::string format_ns(double ns);
// "64 B", "4 KiB", "1.5 MiB".
std::string format_bytes(double bytes);
// "1.15x"; "1015x" without decimals from 100 up.
std::string format_ratio(double ratio);

// Everything in a file. Throws failure{usage} with the path and the reason.
std::string read_file(const std::string& path);
// Writes to a temporary name beside `path` and renames: the old content stays whole until the new one is.
// Throws failure{internal} when it cannot (a full disk included).
void replace_file(const std::string& path, std::string_view content);
// The same for files that belong together: all are written before the first is renamed, so a full disk changes none.
struct file_content {
  std::string path, content;
};
void replace_files(std::span<const file_content> files);

// The candidate nearest to `word` by edit distance, or an empty string when none is near.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

std::vector<std::string> split(std::string_view text, char separator);

}  // namespace copycost
