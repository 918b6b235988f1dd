// SPDX-License-Identifier: Apache-2.0
//
// The kinds of copy.  Compiled with -DCOPY_KINDS_VARIANT=gxx_o2 -DCOPY_KINDS_LEVEL="-O2" and so on (tests.cmake).
#include "property_tests/harness/ledger/copy_kinds.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#define COPY_KINDS_TEXT_(x) #x
#define COPY_KINDS_TEXT(x) COPY_KINDS_TEXT_(x)
#ifdef __clang__
#define COPY_KINDS_COMPILER "clang++ " COPY_KINDS_TEXT(__clang_major__) " " COPY_KINDS_LEVEL
#else
#define COPY_KINDS_COMPILER "g++ " COPY_KINDS_TEXT(__GNUC__) " " COPY_KINDS_LEVEL
#endif

namespace copycost::copy_kinds {
namespace {  // each variant has its own

constexpr std::size_t kPage = 4096;
alignas(64) unsigned char g_place[kPage];  // where copies without a container go

std::span<std::byte> lent_memory(std::span<std::byte> lent) { return lent; }
void clear_place() {
  for (volatile unsigned char& c : g_place) c = 0;  // volatile: no later copy may be confused with this one
}
std::span<const std::byte> place(std::size_t size) { return {reinterpret_cast<const std::byte*>(g_place), size}; }

template <std::size_t Size>
struct block {
  std::uint64_t words[Size / 8];
};

template <std::size_t Size>
std::span<const std::byte> assign_struct(std::span<const std::byte> from) {
  *reinterpret_cast<block<Size>*>(g_place) = *reinterpret_cast<const block<Size>*>(from.data());
  return place(Size);
}

[[gnu::noinline]] void copy_length(void* to, const void* from, std::size_t size) { std::memcpy(to, from, size); }
std::span<const std::byte> memcpy_length(std::span<const std::byte> from) {
  copy_length(g_place, from.data(), kPage);
  return place(kPage);
}

[[gnu::noinline]] void copy_range(const std::byte* begin, const std::byte* end, std::byte* to) {
  std::copy(begin, end, to);
}
std::span<const std::byte> std_copy(std::span<const std::byte> from) {
  copy_range(from.data(), from.data() + from.size(), reinterpret_cast<std::byte*>(g_place));
  return place(from.size());
}

[[gnu::noinline]] void copy_bytes(unsigned char* __restrict to, const unsigned char* __restrict from,
                                  std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
}
std::span<const std::byte> byte_loop(std::span<const std::byte> from) {
  copy_bytes(g_place, reinterpret_cast<const unsigned char*>(from.data()), from.size());
  return place(from.size());
}

[[gnu::noinline]] void copy_words(std::uint64_t* to, const std::uint64_t* from, std::size_t words) {
  for (std::size_t i = 0; i < words; ++i) to[i] = from[i];
}
std::span<const std::byte> word_loop(std::span<const std::byte> from) {
  copy_words(reinterpret_cast<std::uint64_t*>(g_place), reinterpret_cast<const std::uint64_t*>(from.data()),
             from.size() / 8);
  return place(from.size());
}

// Containers: the payload lies in the first, its copy in the second.
template <class Container>
struct pair_of {
  Container first, second;
};
template <class Container>
pair_of<Container>& both() {
  static pair_of<Container> held;
  return held;
}
template <class Container>
std::span<std::byte> bytes_of(Container& c) {
  return {reinterpret_cast<std::byte*>(c.data()), c.size() * sizeof(*c.data())};
}
template <class Container>
void clear_containers() {
  both<Container>() = {};
}
template <class Container, std::size_t Items>
std::span<std::byte> own_memory(std::span<std::byte>) {
  both<Container>().first.resize(Items);
  return bytes_of(both<Container>().first);
}
template <class Container>
std::span<const std::byte> copy_container(std::span<const std::byte>) {
  auto& [first, second] = both<Container>();
  second.~Container();
  new (&second) Container(first);
  return bytes_of(second);
}

using bytes = std::vector<unsigned char>;
using blocks = std::vector<block<64>>;

std::span<const std::byte> grow(std::span<const std::byte> from) {
  bytes& v = both<bytes>().first;
  v.reserve(v.capacity() + 1);
  return bytes_of(v).first(from.size());
}
std::span<const std::byte> insert_range(std::span<const std::byte> from) {
  bytes& v = both<bytes>().second;
  const auto* begin = reinterpret_cast<const unsigned char*>(from.data());
  v.insert(v.end(), begin, begin + from.size());
  return bytes_of(v);
}

constexpr copy_kind kKinds[] = {
    {"struct assignment", 16, lent_memory, assign_struct<16>, clear_place},
    {"struct assignment", 64, lent_memory, assign_struct<64>, clear_place},
    {"struct assignment", 256, lent_memory, assign_struct<256>, clear_place},
    {"struct assignment", 1024, lent_memory, assign_struct<1024>, clear_place},
    {"memcpy, length as argument", kPage, lent_memory, memcpy_length, clear_place},
    {"vector copy constructor", kPage, own_memory<bytes, kPage>, copy_container<bytes>, clear_containers<bytes>},
    {"vector growth", kPage - 1, own_memory<bytes, kPage - 1>, grow, clear_containers<bytes>},
    {"vector insert of a range", kPage, lent_memory, insert_range, clear_containers<bytes>},
    {"std::copy", kPage, lent_memory, std_copy, clear_place},
    {"std::string copy constructor", 200, own_memory<std::string, 200>, copy_container<std::string>,
     clear_containers<std::string>},
    {"loop over bytes, restrict", kPage, lent_memory, byte_loop, clear_place},
    {"loop over 8 bytes, may alias", kPage, lent_memory, word_loop, clear_place},
    {"vector of 64-byte structs", kPage, own_memory<blocks, kPage / 64>, copy_container<blocks>,
     clear_containers<blocks>},
};

}  // namespace

variant COPY_KINDS_VARIANT() { return {COPY_KINDS_COMPILER, kKinds}; }

}  // namespace copycost::copy_kinds
