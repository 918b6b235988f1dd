// SPDX-License-Identifier: Apache-2.0
//
// Which loaded object (the program or a shared library) an address lies in.
//
// Lifetime: `file` is VALID UNTIL the object is unloaded.
// Threads: safe.
// Cost: one walk over the loaded objects. Takes the loader's list lock only, never its load lock, which a thread inside
// dlopen holds while it allocates.
#pragma once
#include <cstdint>

namespace copycost::hooks {

struct address_span {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
  bool holds(std::uintptr_t address) const { return address - begin < end - begin; }
};

struct loaded_object {
  address_span code;           // from the first to the last byte of its segments; empty when nothing was found
  const char* file = nullptr;  // empty for the program itself
  std::uintptr_t bias = 0;     // added to the addresses in the file
};

loaded_object find_object(std::uintptr_t address);

}  // namespace copycost::hooks
