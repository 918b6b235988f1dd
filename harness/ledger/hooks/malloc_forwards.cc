// SPDX-License-Identifier: Apache-2.0
//
// The allocation functions that heaptrack does not know. They go through the linkage table to one that it does know,
// so that it sees these blocks too; for that they must not share a source file with the functions that they call.
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/ledger/hooks/copies.h"
#include "harness/ledger/hooks/visibility.h"

CCH_HOOK void* memalign(size_t alignment, size_t size) noexcept { return aligned_alloc(alignment, size); }

CCH_HOOK void* pvalloc(size_t size) noexcept {
  const size_t page = static_cast<size_t>(getpagesize());
  if (size > SIZE_MAX - page) {
    errno = ENOMEM;
    return nullptr;
  }
  return aligned_alloc(page, (size + page - 1) / page * page);
}

CCH_HOOK void* reallocarray(void* block, size_t count, size_t size) noexcept {
  size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  return realloc(block, bytes);
}

// mimalloc 3 exports them, and there they would bypass the books. Their copy is libc's own, which is not counted.
CCH_HOOK char* strndup(const char* text, size_t most) noexcept {
  const size_t size = strnlen(text, most);
  auto* out = static_cast<char*>(malloc(size + 1));
  if (out == nullptr) return nullptr;
  copycost::hooks::copy_uncounted(out, text, size);
  out[size] = '\0';
  return out;
}
CCH_HOOK char* strdup(const char* text) noexcept { return strndup(text, SIZE_MAX); }

// Gone from libc's headers, but libmimalloc exports it, and there it would bypass the books.
CCH_HOOK void cfree(void* block) noexcept { free(block); }
