// SPDX-License-Identifier: Apache-2.0
// Goal: a library that binds to libc first is under the hooks as any other. Method: one that frees for its caller.
#include <dlfcn.h>

#include <cstring>

#include "property_tests/catch.h"
#include "property_tests/harness/hooks/support.h"

namespace hooks_test {
namespace {

TEST_CASE("regression: a library opened with RTLD_DEEPBIND frees a block of the program") {
  void* const library = dlopen(COPYCOST_DEEP_BOUND, RTLD_NOW | RTLD_DEEPBIND);
  REQUIRE(library != nullptr);
  auto* const release = reinterpret_cast<void (*)(void*)>(dlsym(library, "deep_bound_free"));
  REQUIRE(release != nullptr);
  const cch_counts c = counted([&] { release(escape(strdup("the program's"))); });
  CHECK((c.allocs == 1 && c.frees == 1 && c.alloc_bytes == 14));
  CHECK(dlclose(library) == 0);
  CHECK(dlopen("/nowhere at all", RTLD_NOW) == nullptr);
  CHECK(std::strstr(dlerror(), "/nowhere at all") != nullptr);
}

}  // namespace
}  // namespace hooks_test
