// SPDX-License-Identifier: Apache-2.0
#include "harness/base/input/packed.h"

namespace copycost {
namespace {

using namespace std::string_view_literals;

struct magic {
  std::string_view format, start;
};
constexpr magic kMagics[] = {
    {"gzip", "\x1f\x8b"sv},
    {"zstd", "\x28\xb5\x2f\xfd"sv},
    {"zstd before 1.0", "\xfd\x2f\xb5\x1e"sv},
    {"zstd before 1.0", "\x22\xb5\x2f\xfd"sv},
    {"zstd before 1.0", "\x23\xb5\x2f\xfd"sv},
    {"zstd before 1.0", "\x24\xb5\x2f\xfd"sv},
    {"zstd before 1.0", "\x25\xb5\x2f\xfd"sv},
    {"zstd before 1.0", "\x26\xb5\x2f\xfd"sv},
    {"zstd before 1.0", "\x27\xb5\x2f\xfd"sv},
    {"xz", "\xfd\x37zXZ\0"sv},
    {"bzip2", "BZh"sv},  // and what looks_like() asks for
    {"lz4", "\x04\x22\x4d\x18"sv},
    {"lz4", "\x02\x21\x4c\x18"sv},  // legacy
    {"zip", "PK\x03\x04"sv},
    {"zip", "PK\x05\x06"sv},  // empty
    {"zip", "PK\x07\x08"sv},  // in several parts
    {"7z", "7z\xbc\xaf\x27\x1c"sv},
    {"rar", "Rar!\x1a\x07"sv},
    {"compress", "\x1f\x9d"sv},
    {"compress", "\x1f\xa0"sv},
    {"pack", "\x1f\x1e"sv},
    {"lzip", "LZIP\x01"sv},
    {"lzip", "LZIP\0"sv},
    {"lzop", "\x89LZO\0\r\n\x1a\n"sv},
    {"lrzip", "LRZI\0"sv},
    {"lzma", "\x5d\0\0"sv},  // and what looks_like() asks for
    {"snappy", "\xff\x06\0\0sNaPpY"sv},
    {"zlib", "\x78\x9c"sv},
    {"zlib", "\x78\xda"sv},
};

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Short magics could be the beginning of a text, too: these formats say more of themselves.
bool looks_like(const magic& m, std::string_view start) {
  if (!start.starts_with(m.start)) return false;
  if (m.format == "bzip2"sv)
    return start.size() >= 10 && start[3] >= '1' && start[3] <= '9' &&
           (start.substr(4, 6) == "\x31\x41\x59\x26\x53\x59"sv || start.substr(4, 6) == "\x17\x72\x45\x38\x50\x90"sv);
  if (m.format == "lzma"sv) return start.size() >= 13 && (start[12] == '\0' || start[12] == '\xff');
  return true;
}

}  // namespace

bool is_skippable_frame(std::span<const std::byte> start) {
  const std::string_view text = text_of(start);
  return text.size() >= 4 && (static_cast<unsigned char>(text[0]) & 0xF0u) == 0x50 &&
         text.substr(1, 3) == "\x2a\x4d\x18"sv;
}

std::string_view packed_format(std::span<const std::byte> start) {
  const std::string_view text = text_of(start);
  if (is_skippable_frame(start)) return "zstd";
  for (const magic& m : kMagics)
    if (looks_like(m, text)) return m.format;
  return {};
}

}  // namespace copycost
