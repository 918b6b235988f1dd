// SPDX-License-Identifier: Apache-2.0
//
// How the registry describes the raft system.
#pragma once
#include <string_view>

#include "harness/core/registry.h"

namespace copycost::raft {
inline constexpr std::string_view kAbout =
    "messages between the members of a raft group: encode, send, receive, decode, stream snapshots";
// A codec has no connections.
inline constexpr std::string_view kMayLack[] = {"connect", "mix", "mix_latency", "receive", "stream"};
inline constexpr system_ceilings kCeilings{.may_lack = kMayLack};
}  // namespace copycost::raft
