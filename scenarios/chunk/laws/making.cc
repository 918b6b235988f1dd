// SPDX-License-Identifier: Apache-2.0
//
// Laws about how chunks come to be: adopting, copying, rebinding; what is refused; names.
#include "scenarios/chunk/laws/draw.h"
#include "scenarios/chunk/laws/law_list.h"

namespace copycost::chunk::properties {
namespace {

void made_chunk_is_what_it_was_made_of(facade_maker make) {
  const auto f = open(make);
  const model_chunk m = draw_chunk("chunk");
  check_equals(*f, draw_made(*f, m, "way"), m);
}

}  // namespace

law_list making() {
  return {
      {"made_chunk_is_what_it_was_made_of", "whatever way a chunk is made in, it has the stream, offset and bytes that were asked for", made_chunk_is_what_it_was_made_of},
  };
}

}  // namespace copycost::chunk::properties
