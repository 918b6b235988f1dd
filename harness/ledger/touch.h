// SPDX-License-Identifier: Apache-2.0
//
// The touch witness: while an operation that must not read payload runs, the payload's pages are inaccessible. A copied
// byte of any size is seen, because it had to be read. After the first touch of a page it is made accessible again, so
// that the operation goes on. One guard at a time in a process; the handler is safe in any thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace copycost {

// Takes the pages of `payload` away until release(). REQUIRES: page-aligned.
void guard_payload(std::span<std::byte> payload);
// Gives them back; answers how many pages were touched meanwhile.
std::uint64_t release_payload();

}  // namespace copycost
