// SPDX-License-Identifier: Apache-2.0
// Goal: a directory has one owner, and nothing stays of a store's own one. Method: two owners, a second process, a
// kill.
#include "impls/event_store/common/peer_place.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/scratch.h"

namespace copycost::event_store {
namespace {

TEST_CASE("peer_place: a directory is locked for this process and for others, until it is let go") {
  const scratch_dir files;
  const std::string dir = files.file("store");
  {
    const auto place = peer_place::take(dir);
    REQUIRE(place.ok());
    CHECK(peer_place::take(dir).error() == error{.code = errc::locked});
    CHECK(test::run_child([&] {
            const auto second = peer_place::take(dir);
            return !second.ok() && second.error().code == errc::locked ? 7 : 1;
          }) == 7);
  }
  CHECK(peer_place::take(dir).ok());
  CHECK(std::filesystem::is_directory(dir));
  CHECK(peer_place::take(files.file("missing/store")).error().code == errc::io_failed);
}

TEST_CASE("peer_place: a directory of its own is gone with it, and that of a killed process soon after") {
  std::string path;
  {
    const auto place = peer_place::take("");
    REQUIRE(place.ok());
    path = place.value()->path();
    CHECK(std::filesystem::is_directory(path));
    CHECK(place.value()->settle().ok());
  }
  CHECK_FALSE(std::filesystem::exists(path));
  const scratch_dir said;
  const int code = test::run_child([&] {
    const auto place = peer_place::take("");
    std::ofstream(said.file("path")) << (place.ok() ? place.value()->path() : "");
    return 0;  // nothing is destroyed
  });
  REQUIRE(code == 0);
  std::string left;
  std::ifstream(said.file("path")) >> left;
  REQUIRE_FALSE(left.empty());  // another process may have swept it already
  sweep_left_behind(std::filesystem::path(left).parent_path());
  CHECK_FALSE(std::filesystem::exists(left));
}

}  // namespace
}  // namespace copycost::event_store
