// SPDX-License-Identifier: Apache-2.0
//
// How the registry describes the chunk system.
#pragma once
#include <string_view>

#include "harness/core/registry.h"

namespace copycost::chunk {
inline constexpr std::string_view kAbout =
    "a piece of one text stream with its name and offset: build, share, slice, frame, hand over";
// A handle may hold a short payload itself.
inline constexpr system_ceilings kCeilings{.handle_payload_bytes = 16};
}  // namespace copycost::chunk
