// SPDX-License-Identifier: Apache-2.0
//
// The chunk system's card for the registry.
#pragma once
#include <string_view>

namespace copycost::chunk {
inline constexpr std::string_view kAbout =
    "a piece of one text stream with its name and offset: build, share, slice, frame, hand over";
}
