// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/hooks/allocator.h"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>

namespace copycost::hooks {
namespace {

constexpr std::size_t kEarlyBytes = 16384;
constexpr std::size_t kEarlyHeader = 16;  // holds the size, keeps the alignment
alignas(16) constinit char g_early[kEarlyBytes] = {};
constinit std::size_t g_early_used = 0;
constinit bool g_resolving = false;
constinit bool g_forgets_alignment = false;

void* early_block(std::size_t size) {
  if (size > kEarlyBytes) return nullptr;
  const std::size_t rounded = (size + 15) & ~std::size_t{15};
  if (rounded + kEarlyHeader > kEarlyBytes - g_early_used) return nullptr;
  char* at = g_early + g_early_used;
  g_early_used += rounded + kEarlyHeader;
  *reinterpret_cast<std::size_t*>(at) = rounded;
  return at + kEarlyHeader;
}

template <class Function>
void look_up(Function*& target, const char* name) {
  if (void* found = dlsym(RTLD_NEXT, name)) {
    target = reinterpret_cast<Function*>(found);
    return;
  }
  die("libmimalloc is not loaded behind libcopycost_hooks; link the hooks first and do not link mimalloc yourself");
}

// Usable bytes of a fresh block of `size` bytes.
std::size_t probe(const allocator_functions& allocator, std::size_t size) {
  void* block = allocator.malloc(size);
  if (block == nullptr) return 0;
  const std::size_t usable = allocator.usable_size(block);
  allocator.free(block);
  return usable;
}

// An allocator that pads blocks for its own checks rounds differently; those entries stay 0.
void fill_table(const allocator_functions& allocator) {
  for (std::size_t words = 1; words <= kTableBytes / 8; ++words) {
    const std::size_t usable = probe(allocator, 8 * words);
    if (usable == probe(allocator, 8 * words - 7)) g_small_usable[words] = static_cast<std::uint16_t>(usable);
  }
}

// Whether the usable size of some large aligned block is another one when there are more of them. Such blocks cannot be
// freed.
bool forgets_alignment(const allocator_functions& allocator) {
  constexpr std::size_t kBlocks = 12, kSize = 70000, kAlignment = 4096;
  void* blocks[kBlocks] = {};
  std::size_t usable[kBlocks] = {};
  bool same = true;
  for (std::size_t i = 0; i < kBlocks; ++i) {
    blocks[i] = allocator.memalign(kAlignment, kSize);
    usable[i] = blocks[i] != nullptr ? allocator.usable_size(blocks[i]) : 0;
  }
  for (std::size_t i = 0; i < kBlocks; ++i)
    same = same && (blocks[i] == nullptr || allocator.usable_size(blocks[i]) == usable[i]);
  for (void* block : blocks)
    if (same) allocator.free(block);
  return !same;
}

// dlopen would deadlock under heaptrack, which takes a lock there; dlsym is safe, and allocates only to report errors.
void resolve() {
  g_resolving = true;
  allocator_functions found = {};
  look_up(found.malloc, "mi_malloc");
  look_up(found.calloc, "mi_calloc");
  look_up(found.memalign, "mi_memalign");
  look_up(found.free, "mi_free");
  look_up(found.usable_size, "mi_usable_size");
  look_up(found.owns, "mi_is_in_heap_region");
  fill_table(found);
  g_forgets_alignment = forgets_alignment(found);
  g_allocator = found;
  g_resolving = false;
}

// The table before it is resolved: the first caller resolves it, and calls during that get early blocks.
void* first_malloc(std::size_t size) {
  if (g_resolving) return early_block(size);
  resolve();
  return g_allocator.malloc(size);
}
void* first_calloc(std::size_t count, std::size_t size) {
  if (g_resolving) return early_block(count * size);  // the buffer is zero, and never used twice
  resolve();
  return g_allocator.calloc(count, size);
}
void* first_memalign(std::size_t alignment, std::size_t size) {
  if (g_resolving) return alignment <= 16 ? early_block(size) : nullptr;
  resolve();
  return g_allocator.memalign(alignment, size);
}
void first_free(void*) {}
bool first_owns(const void*) { return false; }

}  // namespace

constinit allocator_functions g_allocator = {first_malloc, first_calloc,      first_memalign,
                                             first_free,   early_usable_size, first_owns};

constinit std::uint16_t g_small_usable[kTableBytes / 8 + 1] = {};

namespace {
constexpr std::size_t kNatural = 16, kLarge = std::size_t{8} << 10, kOwnPages = std::size_t{128} << 10;
}

std::size_t kept_alignment(std::size_t alignment, std::size_t size) {
  if (!g_forgets_alignment || alignment <= kNatural || alignment + size < kLarge) return alignment;
  return alignment < kOwnPages ? kOwnPages : alignment;
}

std::size_t kept_size(std::size_t alignment, std::size_t size) {
  if (!g_forgets_alignment || alignment <= kNatural || alignment + size >= kLarge) return size;
  return std::bit_ceil(std::max(alignment, size));
}

bool is_early(const void* block) {
  return reinterpret_cast<std::uintptr_t>(block) - reinterpret_cast<std::uintptr_t>(g_early) < kEarlyBytes;
}

std::size_t early_usable_size(const void* block) {
  return *reinterpret_cast<const std::size_t*>(static_cast<const char*>(block) - kEarlyHeader);
}

namespace {

void say(const char* what, const void* pointer) {
  char line[400];
  std::size_t used = 0;
  const auto put = [&](char c) {
    if (used < sizeof line) line[used++] = c;
  };
  const auto text = [&](const char* s) {
    while (*s != '\0') put(*s++);
  };
  text("copycost hooks: ");
  text(what);
  if (pointer != nullptr) {
    text(": 0x");
    for (int shift = 44; shift >= 0; shift -= 4)
      put("0123456789abcdef"[reinterpret_cast<std::uintptr_t>(pointer) >> shift & 15]);
  }
  put('\n');
  const own_work mark;
  const ssize_t written = write(STDERR_FILENO, line, used);
  static_cast<void>(written);  // there is no other way to report it
}

}  // namespace

void die(const char* what, const void* pointer) {
  say(what, pointer);
  _exit(70);
}

void accuse(const char* what, const void* pointer) {
  say(what, pointer);
  std::abort();
}

}  // namespace copycost::hooks
