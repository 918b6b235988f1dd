// SPDX-License-Identifier: Apache-2.0
//
// Text and files for people: units, whole files, files replaced in one step, "did you mean".
//
// Threads: safe; pure functions, except for the file functions.
// Cost: not for hot code.
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

// Bytes of a stranger (a file's name) as one line of text that is valid UTF-8: what is no printable text is escaped as
// bash's $'...' has it (\n, \t, \\, \xE9), so that nothing is lost and two names never look the same.
std::string printable(std::string_view bytes);
// The same as one word of a shell's command line: as it is, in '...', or in $'...'.
std::string shell_word(std::string_view bytes);
// What shell_word() makes of bytes of which one has only what printable() made.
std::string shell_word_of_printable(std::string_view text);

// Everything in a file of ours; real input has a door of its own (input_door.h). Throws failure{usage} with the path
// and the reason: it cannot be read, or it has more than kFileBytesMax.
inline constexpr std::uint64_t kFileBytesMax = std::uint64_t{1} << 30;
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
