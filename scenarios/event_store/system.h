// SPDX-License-Identifier: Apache-2.0
//
// How the registry describes the event store.
#pragma once
#include <string_view>

#include "harness/core/registry.h"

namespace copycost::event_store {
inline constexpr std::string_view kAbout =
    "an append-only log of events with stable snapshots: append, read, follow, replay, and find again after a crash";
// Not every store has files, or memory that processes share.
inline constexpr std::string_view kMayLack[] = {"durable_append", "recover", "replay_files", "replay_processes"};
inline constexpr system_ceilings kCeilings{.may_lack = kMayLack};
}  // namespace copycost::event_store
