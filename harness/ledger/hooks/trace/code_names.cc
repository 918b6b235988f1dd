// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/hooks/trace/code_names.h"

#include <cxxabi.h>
#include <unistd.h>

#include <climits>
#include <cstdlib>

#include "harness/ledger/hooks/trace/loaded_objects.h"

namespace copycost::hooks {
namespace {

std::string path_of_program() {
  char path[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", path, sizeof path);
  return size > 0 ? std::string(path, static_cast<std::size_t>(size)) : std::string("program");
}

std::string demangled(std::string_view symbol) {
  int status = 0;
  const std::string mangled(symbol);
  char* readable = abi::__cxa_demangle(mangled.c_str(), nullptr, nullptr, &status);
  std::string name = status == 0 && readable != nullptr ? readable : mangled;
  std::free(readable);
  return name;
}

}  // namespace

code_name code_names::find(std::uintptr_t instruction) {
  const loaded_object object = find_object(instruction);
  if (object.file == nullptr) return {};
  code_name name;
  name.object = *object.file == '\0' ? path_of_program() : std::string(object.file);
  std::unique_ptr<elf_symbols>& symbols = files_[name.object];
  if (symbols == nullptr) {
    symbols = std::make_unique<elf_symbols>();
    symbols->load(name.object.c_str());
  }
  const std::string_view mangled = symbols->name_at(instruction - object.bias);
  if (!mangled.empty()) name.function = demangled(mangled);
  return name;
}

}  // namespace copycost::hooks
