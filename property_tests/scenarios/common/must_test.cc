// SPDX-License-Identifier: Apache-2.0
// Goal: an operation that the machine refuses is not a wrong result. Method: every system's errors.
#include "scenarios/common/must.h"

#include "property_tests/catch.h"
#include "scenarios/chunk/error.h"
#include "scenarios/event_store/record/error.h"
#include "scenarios/raft/wire/error.h"

namespace copycost {
namespace {

template <class E>
exit_code code_of(const E& why) {
  try {
    must(result<int, E>(why));
  } catch (const refused& e) {
    CHECK(std::string(e.what()).rfind("unexpected error: ", 0) == 0);
    return e.code;
  }
  return exit_code::ok;
}

TEST_CASE("must: an error of the machine could not be done, any other is the design's result") {
  using chunk_code = chunk::errc;
  CHECK(code_of(chunk::error{chunk_code::out_of_memory}) == exit_code::internal);
  CHECK(code_of(chunk::error{chunk_code::out_of_range}) == exit_code::incorrect);
  using store_code = event_store::errc;
  for (const store_code c : {store_code::disk_full, store_code::io_failed, store_code::sync_failed})
    CHECK(code_of(event_store::error{.code = c}) == exit_code::internal);
  for (const store_code c :
       {store_code::store_full, store_code::corrupt_record, store_code::torn_tail, store_code::timed_out})
    CHECK(code_of(event_store::error{.code = c}) == exit_code::incorrect);
  using raft_code = raft::errc;
  for (const raft_code c : {raft_code::out_of_memory, raft_code::io_failed})
    CHECK(code_of(raft::error{.code = c}) == exit_code::internal);
  for (const raft_code c : {raft_code::checksum_mismatch, raft_code::backpressure})
    CHECK(code_of(raft::error{.code = c}) == exit_code::incorrect);
}

TEST_CASE("must: the caller may say where") {
  const result<int, chunk::error> failed = chunk::error{chunk::errc::expired};
  CHECK_THROWS_WITH(must("a file: at byte 7: ", failed), "a file: at byte 7: expired");
  CHECK(must("nowhere: ", result<int, chunk::error>(3)) == 3);
}

}  // namespace
}  // namespace copycost
