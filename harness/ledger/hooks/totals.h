// SPDX-License-Identifier: Apache-2.0
//
// The totals of the whole process, written when it ends.
//
// Lifetime: asked for once, written once, by the process that asked.
// Threads: safe.
// Cost: an open file until then.
#pragma once

namespace copycost::hooks {

int ask_for_totals(const char* path);  // see cch_totals_at_exit
void write_totals();                   // at exit; nothing when it was not requested

}  // namespace copycost::hooks
