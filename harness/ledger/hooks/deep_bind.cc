// SPDX-License-Identifier: Apache-2.0
//
// A library that is opened with RTLD_DEEPBIND looks into libc before it looks into this library: its free() is libc's,
// and whatever it frees of the program's crashes. So nothing is bound deep here. A sanitizer's run-time does the same.
#include <dlfcn.h>

#include "harness/ledger/hooks/next_call.h"
#include "harness/ledger/hooks/visibility.h"

namespace copycost::hooks {
namespace {

constinit next_call<void*(const char*, int)> g_dlopen{"dlopen"};

[[gnu::constructor]] void find_dlopen() { find_all(g_dlopen); }

}  // namespace
}  // namespace copycost::hooks

// The call is the last thing that happens and throws nothing, so that it is a jump: dlopen() looks at who called it,
// for his RUNPATH.
CCH_HOOK void* dlopen(const char* file, int mode) noexcept {
  const auto next = reinterpret_cast<void* (*)(const char*, int) noexcept>(copycost::hooks::g_dlopen.find());
  return next(file, mode & ~RTLD_DEEPBIND);
}
