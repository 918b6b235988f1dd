// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/mappings.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "harness/base/failure.h"

namespace copycost {
namespace {

constexpr std::size_t kTextMin = std::size_t{1} << 16, kMappingsMin = 1024;
using page_text = std::vector<char, page_allocator<char>>;

[[noreturn]] void cannot_read() {
  throw failure(exit_code::internal, std::string("/proc/self/maps: cannot read: ") + std::strerror(errno));
}

// The whole list. It lies in memory that stays mapped, because that memory is in the list. Read anew when it is longer
// than there was room for.
page_text& read_maps() {
  static page_text text;
  for (std::size_t room = std::max(kTextMin, text.capacity());; room *= 2) {
    text.resize(room);
    const int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (fd < 0) cannot_read();
    std::size_t size = 0;
    ssize_t n = 1;
    while (n != 0 && size < room) {
      n = read(fd, text.data() + size, room - size);
      if (n < 0 && errno != EINTR) break;
      size += static_cast<std::size_t>(std::max<ssize_t>(n, 0));
    }
    close(fd);
    if (n < 0) cannot_read();
    text.resize(size);
    if (n == 0 && size < room) return text;
  }
}

// One line: "begin-end mode offset major:minor inode name". Answers the mode.
std::array<char, 8> parse(const char* line, mapping& m) {
  unsigned long long begin = 0, end = 0, offset = 0, inode = 0;
  std::array<char, 8> mode{};
  if (std::sscanf(line, "%llx-%llx %7s %llx %x:%x %llu", &begin, &end, mode.data(), &offset, &m.device_major,
                  &m.device_minor, &inode) != 7)
    return {};
  m.begin = begin;
  m.end = end;
  m.offset = offset;
  m.inode = mode[3] == 's' ? inode : 0;
  m.writable = mode[1] == 'w';
  m.of_file = mode[3] == 'p' && inode != 0;
  m.of_stack = std::strstr(line, "[stack") != nullptr;
  return mode;
}

// Behind a page without access lies the stack of a thread.
constexpr std::uintptr_t kGuard = 4096;

}  // namespace

mappings readable_mappings() {
  page_text& text = read_maps();
  text.push_back('\n');  // there is room
  mappings out;
  out.reserve(kMappingsMin);
  mapping before;
  bool guards = false;  // the mapping before
  for (char* line = text.data(); line < text.data() + text.size();) {
    char* end = static_cast<char*>(std::memchr(line, '\n', static_cast<std::size_t>(text.data() + text.size() - line)));
    *end = 0;
    mapping m;
    const auto mode = parse(line, m);
    m.of_stack = m.of_stack || (guards && before.end == m.begin && m.inode == 0);
    if (mode[0] == 'r') out.push_back(m);
    guards = mode[0] == '-' && mode[1] == '-' && m.end - m.begin == kGuard && !m.of_file;
    before = m;
    line = end + 1;
  }
  return out;
}

mappings writable_mappings() {
  mappings out = readable_mappings();
  std::erase_if(out, [](const mapping& m) { return !m.writable; });
  return out;
}

}  // namespace copycost
