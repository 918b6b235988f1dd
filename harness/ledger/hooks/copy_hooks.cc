// SPDX-License-Identifier: Apache-2.0
//
// memcpy and its relatives: counted, then done by libc's own function for this processor. This file must be compiled
// with -fno-builtin and without loop distribution, or its loops would become calls of the functions that it defines.
#include <dlfcn.h>
#include <string.h>

#include "harness/ledger/hooks/copies.h"
#include "harness/ledger/hooks/visibility.h"

extern "C" [[noreturn]] void __chk_fail() noexcept;  // libc's answer to a destination that is too small

namespace copycost::hooks {
namespace {

using copy_function = void* (*)(void*, const void*, std::size_t);

// What serves while the loader looks the real functions up, which may copy itself.
void* move_bytes(void* target, const void* source, std::size_t size) {
  auto* to = static_cast<unsigned char*>(target);
  const auto* from = static_cast<const unsigned char*>(source);
  if (to < from) {
    for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
  } else {
    for (std::size_t i = size; i > 0; --i) to[i - 1] = from[i - 1];
  }
  return target;
}

void resolve();
void* first_copy(void* target, const void* source, std::size_t size);
void* first_move(void* target, const void* source, std::size_t size);

struct copy_functions {
  copy_function copy;
  copy_function move;
};
constinit copy_functions g_next = {first_copy, first_move};
constinit bool g_resolving = false;

void resolve() {
  g_resolving = true;
  void* copy = dlsym(RTLD_NEXT, "memcpy");
  void* move = dlsym(RTLD_NEXT, "memmove");
  g_next.copy = copy == nullptr ? move_bytes : reinterpret_cast<copy_function>(copy);
  g_next.move = move == nullptr ? move_bytes : reinterpret_cast<copy_function>(move);
  g_resolving = false;
}

void* first_copy(void* target, const void* source, std::size_t size) {
  if (g_resolving) return move_bytes(target, source, size);
  resolve();
  return g_next.copy(target, source, size);
}

void* first_move(void* target, const void* source, std::size_t size) {
  if (g_resolving) return move_bytes(target, source, size);
  resolve();
  return g_next.move(target, source, size);
}

inline void* counted_copy(void* target, const void* source, std::size_t size) {
  count_copy(source, size);
  return g_next.copy(target, source, size);
}

inline void* counted_move(void* target, const void* source, std::size_t size) {
  count_copy(source, size);
  return g_next.move(target, source, size);
}

}  // namespace

void copy_uncounted(void* target, const void* source, std::size_t size) { g_next.copy(target, source, size); }

}  // namespace copycost::hooks

using namespace copycost::hooks;

CCH_HOOK void* memcpy(void* target, const void* source, size_t size) noexcept {
  return counted_copy(target, source, size);
}

CCH_HOOK void* memmove(void* target, const void* source, size_t size) noexcept {
  return counted_move(target, source, size);
}

CCH_HOOK void* mempcpy(void* target, const void* source, size_t size) noexcept {
  return static_cast<char*>(counted_copy(target, source, size)) + size;
}

CCH_HOOK void bcopy(const void* source, void* target, size_t size) noexcept { counted_move(target, source, size); }

CCH_HOOK void* __memcpy_chk(void* target, const void* source, size_t size, size_t room) noexcept {
  if (room < size) __chk_fail();
  return counted_copy(target, source, size);
}

CCH_HOOK void* __memmove_chk(void* target, const void* source, size_t size, size_t room) noexcept {
  if (room < size) __chk_fail();
  return counted_move(target, source, size);
}

CCH_HOOK void* __mempcpy_chk(void* target, const void* source, size_t size, size_t room) noexcept {
  if (room < size) __chk_fail();
  return static_cast<char*>(counted_copy(target, source, size)) + size;
}
