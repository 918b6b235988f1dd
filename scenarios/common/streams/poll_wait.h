// SPDX-License-Identifier: Apache-2.0
//
// Waiting for descriptors and streams with a deadline.
//
// Threads: safe; no state.
// Cost: one system call.
#pragma once
#include <cstdint>
#include <span>

#include "scenarios/common/streams/ready.h"

namespace copycost {

// As byte_stream::wait, for one descriptor.
stream_ready poll_one(int fd, bool readable, bool writable, std::int64_t deadline_ns);
// As wait_any. REQUIRES: every stream has a descriptor.
bool poll_any(std::span<stream_wish> wishes, std::int64_t deadline_ns);

// Waits until one of the streams is ready for what is wanted of it, at most until the deadline. Answers whether one is.
// Cost: one poll() when all are sockets; otherwise it looks at each in turn and naps between, at most half a
// millisecond.
bool wait_any(std::span<stream_wish> wishes, std::int64_t deadline_ns);

}  // namespace copycost
