// SPDX-License-Identifier: Apache-2.0
#include "harness/env/build.h"

#include <dlfcn.h>

#include <cstdlib>

#include "harness/env/build_facts.h"
#include "harness/env/files.h"
#if defined(__GLIBC__)
#include <gnu/libc-version.h>
#endif

namespace copycost::env {

std::string build_commit() { return or_unknown(COPYCOST_BUILD_COMMIT); }
std::string build_type() { return or_unknown(COPYCOST_BUILD_TYPE); }
std::string compiler_flags() { return std::string(trimmed(COPYCOST_BUILD_FLAGS)); }

std::string compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "gcc " __VERSION__;
#endif
}

bool optimised() {
#if defined(__OPTIMIZE__)
  return true;
#else
  return false;
#endif
}

std::string sanitizer_in(std::string_view flags) {
  constexpr std::string_view kFlag = "-fsanitize=";
  const std::size_t at = flags.find(kFlag);
  if (at == std::string_view::npos) return "none";
  const std::string_view rest = flags.substr(at + kFlag.size());
  return std::string(rest.substr(0, rest.find(' ')));
}

std::string sanitizer() { return sanitizer_in(COPYCOST_BUILD_FLAGS); }

std::string libc() {
#if defined(__GLIBC__)
  return std::string("glibc ") + gnu_get_libc_version();
#else
  return std::string(kUnknown);
#endif
}

std::string allocator_name(std::string_view defining_file, int mimalloc_version, std::string_view libc_name) {
  const std::string file(defining_file.substr(defining_file.rfind('/') + 1));
  if (file.rfind("libc.so", 0) == 0) return std::string(libc_name);
  if (mimalloc_version <= 0) return or_unknown(file);
  // mimalloc counts 209 for 2.0.9.
  const std::string version = std::to_string(mimalloc_version / 100) + "." +
                              std::to_string(mimalloc_version / 10 % 10) + "." + std::to_string(mimalloc_version % 10);
  const bool is_itself = file.rfind("libmimalloc", 0) == 0;
  return "mimalloc " + version + (is_itself ? "" : " behind " + or_unknown(file));
}

// The first definition in link order is the one that every call in this process reaches.
std::string allocator() {
  void* in_effect = ::dlsym(RTLD_DEFAULT, "malloc");
  Dl_info where{};
  const bool found = in_effect && ::dladdr(in_effect, &where) != 0 && where.dli_fname;
  int mimalloc_version = 0;
  if (void* version = ::dlsym(RTLD_DEFAULT, "mi_version")) {
    mimalloc_version = reinterpret_cast<int (*)()>(version)();
  }
  return allocator_name(found ? where.dli_fname : "", mimalloc_version, libc());
}

}  // namespace copycost::env
