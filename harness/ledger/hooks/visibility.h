// SPDX-License-Identifier: Apache-2.0
//
// How the library marks a function that replaces one of libc's: it keeps its C name and is visible to the loader.
// Everything else in the library is hidden.
#pragma once

#define CCH_HOOK extern "C" __attribute__((visibility("default")))
