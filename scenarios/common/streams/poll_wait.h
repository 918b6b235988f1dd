// SPDX-License-Identifier: Apache-2.0
//
// Waiting for descriptors with a deadline. Stateless; thread-safe. Cost: one system call.
#pragma once
#include <cstdint>
#include <span>

#include "scenarios/common/streams/byte_stream.h"

namespace copycost {

// As byte_stream::wait, for one descriptor.
stream_ready poll_one(int fd, bool readable, bool writable, std::int64_t deadline_ns);
// As wait_any. REQUIRES: every stream has a descriptor.
bool poll_any(std::span<stream_wish> wishes, std::int64_t deadline_ns);

}  // namespace copycost
