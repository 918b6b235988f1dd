// SPDX-License-Identifier: Apache-2.0
//
// The function names of one ELF file (64-bit, this machine's byte order): from .symtab, or .dynsym in a stripped file.
//
// Lifetime: the names are views of the mapped file.
// Threads: one at a time. Every call is the library's own work.
// Cost: load() reads and sorts the symbol table; a look-up is a binary search.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace copycost::hooks {

class elf_symbols {
 public:
  elf_symbols() = default;
  ~elf_symbols();
  elf_symbols(const elf_symbols&) = delete;
  elf_symbols& operator=(const elf_symbols&) = delete;

  // A file that cannot be read, or that is damaged, has no names. REQUIRES: not loaded before.
  void load(const char* path);

  // The (mangled) name of the function that holds this address of the file, empty when no function does: an address
  // between two functions is not given the name of the one before. VALID UNTIL: destruction.
  std::string_view name_at(std::uint64_t address) const;

 private:
  struct function {
    std::uint64_t begin;
    std::uint64_t size;
    const char* name;
  };

  // The `count` elements of T at `offset` of the file, or null when they are not all inside it.
  template <class T>
  const T* at(std::uint64_t offset, std::uint64_t count = 1) const;
  void read_table(std::uint32_t wanted_type);

  const char* file_ = nullptr;
  std::size_t size_ = 0;
  std::vector<function> functions_;  // by begin
};

}  // namespace copycost::hooks
