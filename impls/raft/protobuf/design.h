// SPDX-License-Identifier: Apache-2.0
//
// protobuf: libprotobuf, plain. A message that is used again keeps its entries and their strings, so that decoding into
// it allocates nothing once they are large enough; a fresh one allocates each of them (the workload's fresh:1).
// ../common/protobuf_codec.h draws what goes where.
//
// Lifetime: as protobuf_codec.h says.
// Threads: as protobuf_codec.h says.
// Cost: as protobuf_codec.h says.
#pragma once
#include "impls/raft/common/protobuf_codec.h"

namespace copycost::raft {

struct protobuf_design : protobuf_codec<protobuf_message<heap_owner>> {};
static_assert(design<protobuf_design>);

}  // namespace copycost::raft
