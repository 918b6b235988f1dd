// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/follow/replay.h"

namespace copycost::event_store {

result<void> check_request(const replay_request& r) {
  if (r.every == 0) return error{.code = errc::bad_options, .got = 1};
  if (r.step == 0) return error{.code = errc::bad_options, .got = 2};
  if (r.wanted.from > r.wanted.to) return error{.code = errc::invalid_filter};
  return {};
}

}  // namespace copycost::event_store
