// SPDX-License-Identifier: Apache-2.0
//
// Counting a copy: all bytes, and the bytes of payload among them. Payload is known by its address (a registered range)
// or by its content (the signature pattern of the current epoch).
//
// Threads: safe; ranges are added one at a time and read without a lock.
// Cost: two counts; one comparison for each range; with an epoch set, a search through the copied bytes.
#pragma once
#include <cstddef>
#include <cstdint>

namespace copycost::hooks {

// Counts a copy of `size` bytes from `source`, before it happens. Own work is not counted.
void count_copy(const void* source, std::size_t size);

// libc's memcpy, not counted.
void copy_uncounted(void* target, const void* source, std::size_t size);

// See cch_payload_add, cch_payload_clear and cch_payload_epoch.
int add_payload(const void* begin, std::size_t size);
void clear_payload();
void set_payload_epoch(std::uint16_t epoch);

}  // namespace copycost::hooks
