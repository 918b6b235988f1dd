// SPDX-License-Identifier: Apache-2.0
//
// The event store's card for the registry.
#pragma once
#include <string_view>

namespace copycost::event_store {
inline constexpr std::string_view kAbout =
    "an append-only log of events with stable snapshots: append, read, follow, replay, and find again after a crash";
}
