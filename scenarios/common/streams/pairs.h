// SPDX-License-Identifier: Apache-2.0
//
// Where streams come from: both ends in one process, or one end in each of two processes of an episode.
//
// Threads: safe, except open_side, which is for the set-up of an episode; no state.
// Cost: some system calls; a ring or pipe maps its memory, which is touched as it is used.
#pragma once
#include <memory>
#include <utility>

#include "scenarios/common/streams/byte_stream.h"
#include "scenarios/common/streams/options.h"

namespace copycost {

using stream_pair = std::pair<std::unique_ptr<byte_stream>, std::unique_ptr<byte_stream>>;
// Both ends. They stay in this process: a child made by fork() has no part in them. Throws failure{internal}.
stream_pair make_stream_pair(stream_kind kind, const stream_options& options = {});

// Ends in two processes. The first process opens side 0 (for sockets: makes both ends) before the second one is
// started; the second one inherits the descriptors and opens side 1 by what the segment says. A socket's other end is
// closed with the first operation on the own one. The segment (window::segment) has stream_segment_bytes(kind) zero
// bytes, and belongs to this stream alone. Throws failure{internal}; a pipe has no second process.
std::size_t stream_segment_bytes(stream_kind kind, const stream_options& options = {});
std::unique_ptr<byte_stream> open_side(stream_kind kind, int segment_fd, unsigned side,
                                       const stream_options& options = {});
// In a process that has inherited a stream of two others and is neither of them: closes what it has of it, so that the
// death of one is seen by the other.
void leave_stream(stream_kind kind, int segment_fd);

}  // namespace copycost
