// SPDX-License-Identifier: Apache-2.0
//
// How this folder reads /proc and /sys: through one function, so that a test can put another machine in its place.
//
// Lifetime: the text returned is owned.
// Threads: safe.
// Cost: open, read and close.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace copycost::env {

// The content of a file, or nothing when it cannot be read. Never throws for a missing file.
using file_reader = std::function<std::optional<std::string>(const std::string& path)>;

// Reads the real file, 1 MiB at most.
std::optional<std::string> read_file(const std::string& path);

// The first line of the file without blanks at its ends; empty when there is none.
std::string read_line(const file_reader& files, const std::string& path);

// `text` without white space at both ends. VALID UNTIL: what `text` refers to is gone.
std::string_view trimmed(std::string_view text);

// What every text says that could not be found out.
inline constexpr std::string_view kUnknown = "unknown";
inline std::string or_unknown(std::string text) { return text.empty() ? std::string(kUnknown) : text; }

}  // namespace copycost::env
