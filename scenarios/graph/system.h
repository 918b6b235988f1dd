// SPDX-License-Identifier: Apache-2.0
//
// How the registry describes the graph system.
#pragma once
#include <string_view>

#include "harness/core/registry.h"

namespace copycost::graph {
inline constexpr std::string_view kAbout =
    "a pipelines of nodes: items fan out, are batched, and travel along edges between threads and processes";
// Only some ways of counting have weak handles.
inline constexpr std::string_view kMayLack[] = {"weak"};
// libzmq keeps a short payload in the handle.
inline constexpr system_ceilings kCeilings{.handle_payload_bytes = 33, .may_lack = kMayLack};
}  // namespace copycost::graph
