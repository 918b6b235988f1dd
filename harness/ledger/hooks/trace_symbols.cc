// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/hooks/trace_symbols.h"

#include <cxxabi.h>
#include <unistd.h>

#include <climits>
#include <cstdlib>

#define UNW_LOCAL_ONLY
#include <libunwind.h>

#include "harness/ledger/hooks/loaded_objects.h"

namespace copycost::hooks {
namespace {

std::string path_of_program() {
  char path[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", path, sizeof path);
  return size > 0 ? std::string(path, static_cast<std::size_t>(size)) : std::string("program");
}

std::string demangled(const char* symbol) {
  int status = 0;
  char* readable = abi::__cxa_demangle(symbol, nullptr, nullptr, &status);
  std::string name = status == 0 && readable != nullptr ? readable : symbol;
  std::free(readable);
  return name;
}

}  // namespace

code_name name_of(std::uintptr_t instruction) {
  code_name name;
  const loaded_object object = find_object(instruction);
  if (object.file == nullptr) return name;
  name.object = *object.file == '\0' ? path_of_program() : std::string(object.file);

  char symbol[4096];
  unw_word_t offset = 0;
  unw_accessors_t* accessors = unw_get_accessors(unw_local_addr_space);
  const int result = accessors->get_proc_name(unw_local_addr_space, instruction, symbol, sizeof symbol, &offset, nullptr);
  if (result == 0) name.function = demangled(symbol);
  return name;
}

}  // namespace copycost::hooks
