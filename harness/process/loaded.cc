// SPDX-License-Identifier: Apache-2.0
#include "harness/process/loaded.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <unistd.h>

#include "harness/base/sanitizer.h"

namespace copycost {
namespace {

std::string_view file_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

constexpr const char* kAllocating[] = {"malloc",        "free",           "calloc", "realloc",
                                       "aligned_alloc", "posix_memalign", "_Znwm",  "_ZdlPv"};
constexpr const char* kOthers[] = {"memcpy", "memmove", "memset",  "memcmp",    "clock_gettime", "write",
                                   "pwrite", "read",    "pread",   "fdatasync", "fsync",         "mmap",
                                   "open",   "sendmsg", "recvmsg", "getrandom"};

// On a C library that is split, some functions come from its other parts.
bool is_libc(std::string_view file) {
  return file.starts_with("libc.so") || file.starts_with("libc-") || file.starts_with("libc.musl") ||
         file.starts_with("ld-") || file.starts_with("libpthread") || file.starts_with("linux-vdso");
}

}  // namespace

std::string server_of(const char* function) {
  void* in_effect = ::dlsym(RTLD_DEFAULT, function);
  Dl_info where{};
  if (in_effect == nullptr || ::dladdr(in_effect, &where) == 0 || where.dli_fname == nullptr) return {};
  return std::string(file_of(where.dli_fname));
}

short_text tool_in_process() {
  short_text found;
  ::dl_iterate_phdr(
      [](dl_phdr_info* object, std::size_t, void* to) {
        const std::string_view file = file_of(object->dlpi_name != nullptr ? object->dlpi_name : "");
        const char* tool = file.starts_with("libheaptrack")   ? "heaptrack"
                           : file.starts_with("vgpreload_")   ? "valgrind"
                           : file.starts_with("librrpreload") ? "rr"
                                                              : nullptr;
        if (tool == nullptr) return 0;
        *static_cast<short_text*>(to) = tool;
        return 1;
      },
      &found);
  return found;
}

bool hooks_in_process() { return ::dlsym(RTLD_DEFAULT, "cch_total") != nullptr; }

short_text preloaded_by_system() {
  char text[512];
  const int list = ::open("/etc/ld.so.preload", O_RDONLY | O_CLOEXEC);
  if (list < 0) return {};
  const ssize_t size = ::read(list, text, sizeof text);
  ::close(list);
  short_text found;
  for (ssize_t i = 0; i < size; ++i) found.add(text[i] > ' ' && text[i] <= '~' ? std::string_view(text + i, 1) : " ");
  return found.view().find_first_not_of(' ') == std::string_view::npos ? short_text() : found;
}

std::string served_by_strangers(std::string_view allocator) {
  if (kSanitized) return {};
  const auto strange = [](const char* function, const std::string& server) {
    return std::string(function) + " is served by " + (server.empty() ? "nobody" : server);
  };
  for (const char* function : kAllocating) {
    const std::string server = server_of(function);
    const bool is_operator = std::string_view(function).starts_with("_Z");
    const bool right = allocator == "mimalloc" ? server.starts_with("libmimalloc")
                                               : is_libc(server) || (is_operator && server.starts_with("libstdc++"));
    if (!right) return strange(function, server);
  }
  for (const char* function : kOthers)
    if (const std::string server = server_of(function); !is_libc(server)) return strange(function, server);
  return {};
}

}  // namespace copycost
