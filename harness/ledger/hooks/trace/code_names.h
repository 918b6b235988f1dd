// SPDX-License-Identifier: Apache-2.0
//
// What an instruction address is called: the object it lies in and the function, demangled.
//
// Lifetime: a trace.
// Threads: one at a time. Every call is the library's own work.
// Cost: the symbol table of an object is read when the first of its addresses is asked for.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "harness/ledger/hooks/trace/elf_symbols.h"

namespace copycost::hooks {

struct code_name {
  std::string object;    // empty when the address lies in no loaded object
  std::string function;  // empty when the object has no name for it
};

class code_names {
 public:
  code_name find(std::uintptr_t instruction);

 private:
  std::unordered_map<std::string, std::unique_ptr<elf_symbols>> files_;
};

}  // namespace copycost::hooks
