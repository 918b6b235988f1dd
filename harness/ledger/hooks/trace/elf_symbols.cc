// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/hooks/trace/elf_symbols.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace copycost::hooks {

elf_symbols::~elf_symbols() {
  if (file_ != nullptr) ::munmap(const_cast<char*>(file_), size_);
}

template <class T>
const T* elf_symbols::at(std::uint64_t offset, std::uint64_t count) const {
  const bool inside = offset <= size_ && count <= (size_ - offset) / sizeof(T) && offset % alignof(T) == 0;
  return inside ? reinterpret_cast<const T*>(file_ + offset) : nullptr;
}

void elf_symbols::load(const char* path) {
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  struct stat status = {};
  if (::fstat(fd, &status) == 0 && status.st_size > 0) {
    size_ = static_cast<std::size_t>(status.st_size);
    void* mapped = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
    file_ = mapped == MAP_FAILED ? nullptr : static_cast<const char*>(mapped);
  }
  ::close(fd);
  if (file_ == nullptr) return;
  read_table(SHT_SYMTAB);
  if (functions_.empty()) read_table(SHT_DYNSYM);
  std::sort(functions_.begin(), functions_.end(),
            [](const function& a, const function& b) { return a.begin < b.begin; });
}

void elf_symbols::read_table(std::uint32_t wanted_type) {
  const auto* header = at<Elf64_Ehdr>(0);
  if (header == nullptr || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return;
  if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_shentsize != sizeof(Elf64_Shdr)) return;
  const auto* sections = at<Elf64_Shdr>(header->e_shoff, header->e_shnum);
  if (sections == nullptr) return;
  for (unsigned i = 0; i < header->e_shnum; ++i) {
    const Elf64_Shdr& table = sections[i];
    if (table.sh_type != wanted_type || table.sh_link >= header->e_shnum) continue;
    const Elf64_Shdr& strings = sections[table.sh_link];
    const char* text = at<char>(strings.sh_offset, strings.sh_size);
    const std::uint64_t count = table.sh_size / sizeof(Elf64_Sym);
    const auto* symbols = at<Elf64_Sym>(table.sh_offset, count);
    if (text == nullptr || symbols == nullptr || strings.sh_size == 0 || text[strings.sh_size - 1] != '\0') continue;
    for (std::uint64_t k = 0; k < count; ++k) {
      const Elf64_Sym& symbol = symbols[k];
      const unsigned type = ELF64_ST_TYPE(symbol.st_info);
      const bool code = type == STT_FUNC || type == STT_GNU_IFUNC;
      if (code && symbol.st_shndx != SHN_UNDEF && symbol.st_size > 0 && symbol.st_name < strings.sh_size)
        functions_.push_back({symbol.st_value, symbol.st_size, text + symbol.st_name});
    }
  }
}

std::string_view elf_symbols::name_at(std::uint64_t address) const {
  auto next = std::upper_bound(functions_.begin(), functions_.end(), address,
                               [](std::uint64_t value, const function& f) { return value < f.begin; });
  constexpr int kNestedMax = 16;  // aliases, and small functions within a large one, come before the one that holds it
  for (int looked = 0; next != functions_.begin() && looked < kNestedMax; ++looked) {
    --next;
    if (address - next->begin < next->size) return next->name;
  }
  return {};
}

}  // namespace copycost::hooks
