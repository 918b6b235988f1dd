// SPDX-License-Identifier: Apache-2.0
//
// How the library marks a function that replaces one of libc's: it keeps its C name and is visible to the loader.
// Everything else in the library is hidden. The operators need the attribute too: a compiler without sized deallocation
// does not know that the standard makes them visible.
#pragma once

#define CCH_VISIBLE __attribute__((visibility("default")))
#define CCH_HOOK extern "C" CCH_VISIBLE
