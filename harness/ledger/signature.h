// SPDX-License-Identifier: Apache-2.0
//
// The signature witness: it searches the process's writable memory for the pattern of one epoch. It sees copies however
// they were made (inlined loops and struct assignments too), also in freed memory that was not used again. It does not
// see what is shorter than 23 bytes (two whole cells of the pattern) or was overwritten.
//
// Threads: one scan at a time.
// Cost: reads every present writable page once, at several GiB/s; allocates nothing that is counted as an operation's
// (it runs outside of windows).
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace copycost {

// Pattern bytes outside of the lent payload and of `produced`, the places that the producer itself wrote to (they may
// overlap). A file or segment that is mapped twice is read once.
std::uint64_t signature_bytes(std::uint16_t epoch, std::span<const std::span<const std::byte>> produced);

}  // namespace copycost
