// SPDX-License-Identifier: Apache-2.0
//
// How the library marks a function that replaces one of libc's: it keeps its C name and is visible to the loader. All
// else in the library is hidden. The operators need the mark too: a compiler without sized deallocation does not know
// that those operators belong to the standard, and would hide them.
#pragma once

#define CCH_VISIBLE __attribute__((visibility("default")))
#define CCH_HOOK extern "C" CCH_VISIBLE
