// SPDX-License-Identifier: Apache-2.0
//
// What an instruction address is called: the object it lies in and the function, demangled.
// Thread-safe. Every call is the library's own work. Cost: reads the symbol table of the object, which takes from
// microseconds to a millisecond: once for each address in a trace.
#pragma once
#include <cstdint>
#include <string>

namespace copycost::hooks {

struct code_name {
  std::string object;    // empty when the address lies in no loaded object
  std::string function;  // empty when the object has no symbol there
};

code_name name_of(std::uintptr_t instruction);

}  // namespace copycost::hooks
