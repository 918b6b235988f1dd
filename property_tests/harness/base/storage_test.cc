// SPDX-License-Identifier: Apache-2.0
// Goal: memory is never taken for a disk. Method: mount tables of other machines, written out; and this one's.
#include "harness/base/storage.h"

#include "property_tests/catch.h"

namespace copycost {
namespace {

constexpr const char* kMounts =
    "22 1 259:1 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p1 rw,errors=remount-ro\n"
    "23 22 0:21 / /dev/shm rw,nosuid shared:2 - tmpfs tmpfs rw,size=100k\n"
    "24 22 0:40 / /with\\040blank rw - tmpfs tmpfs rw\n"
    "25 22 0:41 / /layer rw - overlay overlay rw,lowerdir=/l,upperdir=/dev/shm/up,workdir=/w\n"
    "26 22 0:42 / /hidden rw - overlay overlay rw,lowerdir=/l\n"
    "27 22 0:43 / /lazy rw - overlay overlay rw,lowerdir=/l,upperdir=/srv/up,volatile\n"
    "28 22 7:0 / /looped rw - ext4 /dev/loop0 rw\n"
    "29 22 252:0 / /packed rw - ext4 /dev/zram0 rw\n"
    "30 22 0:44 / /far rw - nfs4 host:/export rw\n"
    "31 22 259:2 / /quick rw - ext4 /dev/sda1 rw,nobarrier\n"
    "32 22 0:45 / /over rw - tmpfs first rw\n"
    "33 32 259:3 / /over rw - xfs /dev/sdb1 rw\n"
    "34 22 0:46 / /shifted rw - overlay overlay rw,upperdir=/srv/up\n"
    "malformed line\n";

storage judged(const std::string& path) {
  const auto all = detail::parse_mounts(kMounts);
  const detail::mount* on = detail::mount_of(all, path);
  REQUIRE(on != nullptr);
  return detail::judged(
      path, *on, [](const std::string& below) { return judged(below); },
      [](const std::string& device) { return device == "7:0" ? "/dev/shm/image" : ""; });
}

TEST_CASE("storage: what keeps files in memory is memory, through layers and loop devices too") {
  for (const char* path : {"/dev/shm", "/dev/shm/a/b", "/with blank", "/layer/x", "/looped", "/packed"}) {
    CAPTURE(path);
    CHECK(judged(path).is == standing::memory);
    CHECK(why_not_durable(judged(path)).find(judged(path).mount_point + " is memory: ") == 0);
  }
}

TEST_CASE("storage: a disk is a disk, also where a mount lies over another") {
  for (const char* path : {"/", "/tmp", "/dev/shmx", "/over/a", "/shifted"}) {
    CAPTURE(path);
    CHECK(judged(path).is == standing::disk);
    CHECK(why_not_durable(judged(path)).empty());
  }
  CHECK((judged("/over").type == "xfs" && judged("/over").device == "/dev/sdb1"));
}

TEST_CASE("storage: what skips syncs does not sync, and what is somebody else's is unknown") {
  CHECK(judged("/lazy").is == standing::unsynced);
  CHECK(judged("/quick").is == standing::unsynced);
  CHECK(why_not_durable(judged("/quick")).find("does not sync") != std::string::npos);
  CHECK(judged("/far").is == standing::unknown);
  CHECK(judged("/hidden").is == standing::unknown);
  CHECK(why_not_durable(judged("/far")).empty());
}

TEST_CASE("storage: of this machine something is known, and of what is not there nothing") {
  const storage root = storage_of("/");  // in a folder that was entered as the root its mount is not listed
  CHECK((root.type != "unknown" || root.why == "its mount is not told"));
  CHECK(storage_of("/proc").type == "proc");
  const storage none = storage_of("/proc/there is none");
  CHECK((none.is == standing::unknown && none.why == "it is not there"));
}

}  // namespace
}  // namespace copycost
