// SPDX-License-Identifier: Apache-2.0
//
// heaptrack's functions for reporting blocks of other allocators: weak, so null unless heaptrack is preloaded. Called
// directly instead of through the header's macros, which are if statements without an else of their own.
#pragma once

#if __has_include(<heaptrack_api.h>)
#include <heaptrack_api.h>
#else
#include <stddef.h>
extern "C" {
__attribute__((weak)) void heaptrack_malloc(void* block, size_t size);
__attribute__((weak)) void heaptrack_realloc(void* old_block, size_t size, void* block);
__attribute__((weak)) void heaptrack_free(void* block);
}
#endif
