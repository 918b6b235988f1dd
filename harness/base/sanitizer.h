// SPDX-License-Identifier: Apache-2.0
//
// Which sanitizer this program is built with. g++ says it by a macro, clang by a feature. Nothing else asks them.
//
// Threads: safe: constants.
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

namespace copycost {

inline constexpr bool kAddressSanitized = COPYCOST_ADDRESS_SANITIZER != 0;
inline constexpr bool kThreadSanitized = COPYCOST_THREAD_SANITIZER != 0;
inline constexpr bool kSanitized = kAddressSanitized || kThreadSanitized;

}  // namespace copycost
