// SPDX-License-Identifier: Apache-2.0
#include "harness/core/failure.h"
#include "scenarios/event_store/laws.h"

namespace copycost::event_store {
input_result verify_input(facade_maker, const input_file& in) {
  throw failure(exit_code::usage, in.path + ": not yet");
}
}  // namespace copycost::event_store
