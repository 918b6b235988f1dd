// SPDX-License-Identifier: Apache-2.0
//
// One object in memory that several processes share, at the start of a file (memfd).
//
// Lifetime: the mapping lives as long as this object; the descriptor stays the caller's. The object is not constructed:
// a new file is all zero, which must be a valid value of it.
// Threads: that of the object.
// Cost: one mapping.
#pragma once
#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <type_traits>

#include "harness/base/failure.h"

namespace copycost {

template <class T>
class mapped {
 public:
  static_assert(std::is_trivially_destructible_v<T> && std::is_standard_layout_v<T>);

  // REQUIRES: the file has room for T. Throws failure{internal}.
  explicit mapped(int fd) {
    void* memory = mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED)
      throw failure(exit_code::internal, std::string("cannot map a shared object: ") + std::strerror(errno));
    object_ = static_cast<T*>(memory);
  }
  ~mapped() { munmap(object_, sizeof(T)); }
  mapped(const mapped&) = delete;
  mapped& operator=(const mapped&) = delete;

  // VALID UNTIL: this object is destroyed.
  T* operator->() const { return object_; }

 private:
  T* object_;
};

}  // namespace copycost
