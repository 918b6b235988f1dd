// SPDX-License-Identifier: Apache-2.0
// Function names come from the file that holds the function, and a damaged file has none that mislead or crash.
// The library hides its internals, so this test compiles the reader itself.
#include "harness/ledger/hooks/trace/elf_symbols.cc"

#include <dlfcn.h>
#include <link.h>

#include <random>

#include "property_tests/catch.h"
#include "property_tests/harness/hooks/support.h"

using namespace hooks_test;
using copycost::hooks::elf_symbols;

extern "C" [[gnu::noinline, gnu::used]] int a_function_with_a_name(int n) {
  int sum = 0;
  for (int i = 0; i < n; ++i) sum += *escape(&i);
  return sum;
}

namespace {

constexpr char kThisProgram[] = "/proc/self/exe";

// The address of a function as the file has it.
std::uint64_t in_file(const void* function) {
  struct dl_find {
    std::uintptr_t bias = 0;
  } found;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* data) {
        static_cast<dl_find*>(data)->bias = info->dlpi_addr;  // the program itself comes first
        return 1;
      },
      &found);
  return reinterpret_cast<std::uintptr_t>(function) - found.bias;
}

}  // namespace

TEST_CASE("a function is known by every address in it and by none outside") {
  elf_symbols symbols;
  symbols.load(kThisProgram);
  const std::uint64_t begin = in_file(reinterpret_cast<const void*>(&a_function_with_a_name));
  std::uint64_t size = 0;
  while (size < 4096 && symbols.name_at(begin + size) == "a_function_with_a_name") ++size;
  CHECK(size > 8);
  CHECK(size < 4096);
  CHECK(symbols.name_at(begin - 1) != "a_function_with_a_name");
  CHECK(symbols.name_at(0).empty());
  CHECK(symbols.name_at(UINT64_MAX).empty());
  CHECK(a_function_with_a_name(4) == 6);
}

TEST_CASE("an address behind the last function of an object has no name") {
  Dl_info info = {};
  REQUIRE(dladdr(reinterpret_cast<const void*>(&cch_total), &info) != 0);
  elf_symbols symbols;
  symbols.load(info.dli_fname);
  const std::uint64_t known =
      reinterpret_cast<std::uintptr_t>(info.dli_saddr) - reinterpret_cast<std::uintptr_t>(info.dli_fbase);
  CHECK(symbols.name_at(known) == "cch_total");
  CHECK(symbols.name_at(1ull << 40).empty());
}

TEST_CASE("files that are none, or damaged, are survived") {
  const scratch directory;
  const std::string path = directory.file("damaged");
  std::string whole = contents(kThisProgram);
  REQUIRE(whole.size() > 4096);
  constexpr unsigned kSeed = 5;
  CAPTURE(kSeed);
  std::mt19937 random(kSeed);
  std::size_t names = 0;
  for (int round = 0; round < 60; ++round) {
    std::string damaged = whole;
    if (round % 3 == 0) damaged.resize(random() % damaged.size());
    const std::size_t sections = whole.size() - 40 * 64;  // the section headers stand at the end
    for (int k = 0; k < 8 && damaged.size() > 64; ++k) {
      const std::size_t at = round % 2 == 0 || damaged.size() <= sections
                                 ? random() % 64
                                 : sections + random() % (damaged.size() - sections);
      damaged[at] = static_cast<char>(random());
    }
    std::ofstream(path, std::ios::binary) << damaged;
    elf_symbols symbols;
    symbols.load(path.c_str());
    for (int k = 0; k < 200; ++k) names += symbols.name_at(random() % whole.size()).size();
  }
  elf_symbols none;
  none.load(directory.file("absent").c_str());
  CHECK(none.name_at(100).empty());
  std::ofstream(path) << "text";
  elf_symbols text;
  text.load(path.c_str());
  CHECK(text.name_at(100).empty());
  SUCCEED("survived, with " << names << " bytes of names");
}
