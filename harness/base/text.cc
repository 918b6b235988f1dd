// SPDX-License-Identifier: Apache-2.0
#include "harness/base/text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "harness/base/failure.h"
#include "harness/base/fd.h"

namespace copycost {
namespace {

std::string three_digits(double value, const char* unit) {
  std::array<char, 48> out{};
  const int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  std::snprintf(out.data(), out.size(), "%.*f %s", decimals, value, unit);
  return out.data();
}

// Bytes of the letter at `at` where it is printable UTF-8; 0: it is not.
std::size_t letter_at(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0u;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return first >= 0x20 && first != 0x7F ? 1 : 0;
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  std::uint32_t letter = first & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0u) != 0x80) return 0;
    letter = letter << 6 | (byte(i) & 0x3Fu);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = letter >= 0xD800 && letter <= 0xDFFF, control = letter < 0xA0;
  // Line ends, and letters that turn the direction of what follows.
  const bool turns = (letter >= 0x2028 && letter <= 0x202E) || (letter >= 0x2066 && letter <= 0x2069);
  return letter < kLeast[size] || letter > 0x10FFFF || surrogate || control || turns ? 0 : size;
}

std::string escaped(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  if (byte == '\n') return "\\n";
  if (byte == '\t') return "\\t";
  if (byte == '\r') return "\\r";
  return std::string("\\x") + kDigits[byte >> 4] + kDigits[byte & 15u];
}

[[noreturn]] void cannot_write(const std::string& path, int error) {
  throw failure(exit_code::internal, printable(path) + ": cannot write: " + std::strerror(error));
}

// Answers 0 or an errno value.
int write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n < 0 ? errno : ENOSPC;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

// Files under temporary names beside their own: renamed by commit(), removed otherwise.
class pending_files {
 public:
  ~pending_files() {
    for (const std::string& path : paths_) ::unlink(temporary(path).c_str());
  }
  void write(const std::string& path, std::string_view content) {
    const int fd = ::open(temporary(path).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) cannot_write(path, errno);
    paths_.push_back(path);
    int error = write_all(fd, content);
    if (::close(fd) != 0 && error == 0) error = errno;
    if (error != 0) cannot_write(path, error);
  }
  void commit() {
    while (!paths_.empty()) {
      if (::rename(temporary(paths_.front()).c_str(), paths_.front().c_str()) != 0) cannot_write(paths_.front(), errno);
      paths_.erase(paths_.begin());
    }
  }

 private:
  static std::string temporary(const std::string& path) { return path + ".tmp" + std::to_string(getpid()); }
  std::vector<std::string> paths_;  // written, not yet renamed
};

}  // namespace

std::string format_ns(double ns) {
  if (!std::isfinite(ns)) return "-";
  if (ns < 999.5) return three_digits(ns, "ns");  // what rounds to 1000 belongs to the next unit
  if (ns < 999.5e3) return three_digits(ns / 1e3, "us");
  if (ns < 999.5e6) return three_digits(ns / 1e6, "ms");
  return three_digits(ns / 1e9, "s");
}

std::string format_bytes(double bytes) {
  static constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  while (bytes >= 1024 && unit < 4) {
    bytes /= 1024;
    ++unit;
  }
  if (bytes == std::floor(bytes)) return std::to_string(static_cast<std::int64_t>(bytes)) + " " + kUnits[unit];
  return three_digits(bytes, kUnits[unit]);
}

std::string format_ratio(double ratio) {
  if (!std::isfinite(ratio)) return "-";
  std::array<char, 48> out{};
  const int decimals = ratio >= 100 ? 0 : ratio >= 10 ? 1 : ratio >= 0.1 ? 2 : 4;
  std::snprintf(out.data(), out.size(), "%.*fx", decimals, ratio);
  return out.data();
}

std::string printable(std::string_view bytes) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t size = letter_at(bytes, at);
    const auto first = static_cast<unsigned char>(bytes[at]);
    if (size == 0)
      out += escaped(first);
    else if (first == '\\')
      out += "\\\\";
    else
      out += bytes.substr(at, size);
    at += std::max<std::size_t>(size, 1);
  }
  return out;
}

std::string shell_word_of_printable(std::string_view text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) return std::string(text);
  const bool escapes = text.find('\\') != std::string_view::npos;
  std::string out = escapes ? "$'" : "'";
  for (const char c : text)
    if (c == '\'')
      out += escapes ? "\\'" : "'\\''";
    else
      out += c;
  return out + "'";
}
std::string shell_word(std::string_view bytes) { return shell_word_of_printable(printable(bytes)); }

std::string read_file(const std::string& path) {
  const owned_fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) throw failure(exit_code::usage, printable(path) + ": cannot read: " + std::strerror(errno));
  std::string out;
  std::array<char, 1 << 16> piece{};
  for (;;) {
    const ssize_t n = ::read(fd, piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    const int error = n < 0 ? errno : EFBIG;
    if (n < 0 || out.size() + static_cast<std::size_t>(n) > kFileBytesMax)
      throw failure(exit_code::usage, printable(path) + ": cannot read: " + std::strerror(error));
    if (n == 0) return out;
    out.append(piece.data(), static_cast<std::size_t>(n));
  }
}

void replace_file(const std::string& path, std::string_view content) {
  pending_files pending;
  pending.write(path, content);
  pending.commit();
}

void replace_files(std::span<const file_content> files) {
  pending_files pending;
  for (const file_content& f : files) pending.write(f.path, f.content);
  pending.commit();
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& c : candidates) {
    std::vector<std::size_t> row(c.size() + 1);
    for (std::size_t j = 0; j <= c.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= c.size(); ++j) {
        const std::size_t above = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (word[i - 1] == c[j - 1] ? 0u : 1u)});
        diagonal = above;
      }
    }
    if (row[c.size()] < best_distance) {
      best_distance = row[c.size()];
      best = c;
    }
  }
  return best;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace copycost
