// SPDX-License-Identifier: Apache-2.0
//
// Which sanitizer this program is built with. g++ says it by a macro, clang by a feature. Nothing else asks them.
//
// Threads: safe: constants, and marks for them.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define COPYCOST_ADDRESS_SANITIZER 1
#elif defined(__SANITIZE_THREAD__)
#define COPYCOST_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define COPYCOST_ADDRESS_SANITIZER 1
#elif __has_feature(thread_sanitizer)
#define COPYCOST_THREAD_SANITIZER 1
#endif
#endif
#ifndef COPYCOST_ADDRESS_SANITIZER
#define COPYCOST_ADDRESS_SANITIZER 0
#endif
#ifndef COPYCOST_THREAD_SANITIZER
#define COPYCOST_THREAD_SANITIZER 0
#endif

#if COPYCOST_THREAD_SANITIZER
extern "C" void __tsan_acquire(void* place);
extern "C" void __tsan_release(void* place);
#endif

#if COPYCOST_ADDRESS_SANITIZER
extern "C" void __lsan_ignore_object(const void* object);
#endif

namespace copycost {

inline constexpr bool kAddressSanitized = COPYCOST_ADDRESS_SANITIZER != 0;
inline constexpr bool kThreadSanitized = COPYCOST_THREAD_SANITIZER != 0;
inline constexpr bool kSanitized = kAddressSanitized || kThreadSanitized;

// Says that an object is there until the process ends, on purpose. REQUIRES: it lies on the heap.
inline void stays_to_the_end([[maybe_unused]] const void* object) {
#if COPYCOST_ADDRESS_SANITIZER
  __lsan_ignore_object(object);
#endif
}

// Marks for ThreadSanitizer where a library that is built without it takes something from one thread to another: what
// came before passes_on() of a place has happened behind gets() of it. Elsewhere they are nothing.
inline void passes_on([[maybe_unused]] void* place) {
#if COPYCOST_THREAD_SANITIZER
  __tsan_release(place);
#endif
}
inline void gets([[maybe_unused]] void* place) {
#if COPYCOST_THREAD_SANITIZER
  __tsan_acquire(place);
#endif
}

}  // namespace copycost
