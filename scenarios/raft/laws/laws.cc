// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/laws/laws.h"

#include "scenarios/common/laws/law_list.h"

namespace copycost::raft {
namespace properties {

law_list coding();
law_list arriving();
law_list appending();
law_list limiting();
law_list hostile();
law_list keeping();
law_list owning();
law_list pieces();
law_list sharing();
law_list lasting();

}  // namespace properties

std::span<const law> laws() {
  using namespace properties;
  static const law_list all =
      listed({coding, arriving, appending, limiting, hostile, keeping, owning, pieces, sharing, lasting});
  return all;
}

}  // namespace copycost::raft
