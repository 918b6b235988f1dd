// SPDX-License-Identifier: Apache-2.0
//
// The raft system's card for the registry.
#pragma once
#include <string_view>

namespace copycost::raft {
inline constexpr std::string_view kAbout =
    "messages between the members of a raft group: encode, send, receive, decode, stream snapshots";
}
