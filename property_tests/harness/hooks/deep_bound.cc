// SPDX-License-Identifier: Apache-2.0
// A library that frees what its caller allocated: opened by deep_bind_test.cc.
#include <cstdlib>

extern "C" __attribute__((visibility("default"))) void deep_bound_free(void* block) { std::free(block); }
