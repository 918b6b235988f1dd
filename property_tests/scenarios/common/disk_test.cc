// SPDX-License-Identifier: Apache-2.0
//
// The machine's disk, and the one that loses power.
#include "scenarios/common/disk/disk.h"

#include <algorithm>
#include <cerrno>
#include <set>
#include <string>
#include <vector>

#include "harness/base/temp_dir.h"
#include "property_tests/catch.h"
#include "scenarios/common/laws/model_disk.h"

namespace copycost {
namespace {

bytes_view view(const std::string& text) { return std::as_bytes(std::span(text)); }
void write(disk_file& to, std::uint64_t at, const std::string& text) {
  const bytes_view piece = view(text);
  REQUIRE(to.write(at, {&piece, 1}) == 0);
}
std::string read(disk_file& from) {
  std::string text(from.size(), '?');
  std::size_t got = 0;
  REQUIRE(from.read(0, std::as_writable_bytes(std::span(text)), got) == 0);
  REQUIRE(got == text.size());
  return text;
}
std::unique_ptr<disk_file> opened(disk& on, const std::string& path, bool create) {
  std::unique_ptr<disk_file> file;
  REQUIRE(on.open(path, create, file) == 0);
  return file;
}

// What both kinds of disk must do alike.
void check_operations(disk& on, const std::string& dir) {
  REQUIRE(on.make_dir(dir) == 0);
  CHECK(on.make_dir(dir) == 0);
  std::unique_ptr<disk_file> none;
  CHECK(on.open(dir + "/a", false, none) == ENOENT);
  const auto file = opened(on, dir + "/a", true);
  CHECK(on.open(dir + "/a", true, none) == EEXIST);
  const std::string parts[] = {"ab", "", "cde"};
  std::vector<bytes_view> pieces;
  for (int i = 0; i < 1000; ++i) pieces.push_back(view(parts[i % 3]));  // more than one call takes
  REQUIRE(file->write(3, pieces) == 0);
  const std::string all = read(*file);
  REQUIRE(all.size() == 3 + 334 * 2 + 333 * 3);
  CHECK(all.substr(0, 11) == std::string("\0\0\0", 3) + "abcdeabc");
  CHECK(all.ends_with("cdeab"));
  REQUIRE(file->resize(5) == 0);
  CHECK(file->sync() == 0);
  REQUIRE(on.rename(dir + "/a", dir + "/b") == 0);
  CHECK(on.rename(dir + "/a", dir + "/b") == ENOENT);
  CHECK(read(*opened(on, dir + "/b", false)) == std::string("\0\0\0ab", 5));
  CHECK(on.sync_dir(dir) == 0);
  std::vector<std::string> names;
  REQUIRE(on.list(dir, names) == 0);
  CHECK(names == std::vector<std::string>{"b"});
  REQUIRE(on.remove(dir + "/b") == 0);
  CHECK(on.remove(dir + "/b") == ENOENT);
  std::unique_ptr<disk_file> first, second;
  REQUIRE(on.lock(dir, first) == 0);
  CHECK(on.lock(dir, second) == EWOULDBLOCK);
  first.reset();
  CHECK(on.lock(dir, second) == 0);
}

TEST_CASE("the machine's disk does what a store asks") {
  const temp_dir files("disk", memory_folder());
  check_operations(real_disk(), files.file("d"));
  std::vector<std::string> names;
  CHECK(real_disk().list(files.file("none"), names) == ENOENT);
  CHECK(real_disk().sync_dir(files.file("none")) == ENOENT);
}

TEST_CASE("the disk in memory does the same") {
  model_disk on;
  check_operations(on, "/top/d");
}

// A file with "old", synced, and 4 sectors of "x" behind it, not synced; a second name that was not synced.
std::set<std::string> outcomes(bool sync_data, bool sync_names) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    rng random(seed);
    model_disk on;
    REQUIRE(on.make_dir("/d") == 0);
    REQUIRE(on.sync_dir("/") == 0);
    const auto file = opened(on, "/d/a", true);
    write(*file, 0, std::string(512, 'o'));
    REQUIRE(file->sync() == 0);
    REQUIRE(on.sync_dir("/d") == 0);
    write(*file, 512, std::string(4 * 512, 'x'));
    if (sync_data) REQUIRE(file->sync() == 0);
    (void)opened(on, "/d/b", true);
    if (sync_names) REQUIRE(on.sync_dir("/d") == 0);
    on.power_loss(random);
    const bytes_view piece = view("z");
    CHECK(file->write(0, {&piece, 1}) == EIO);  // of another life
    std::vector<std::string> names;
    REQUIRE(on.list("/d", names) == 0);
    const std::string text = read(*opened(on, "/d/a", false));
    CHECK(text.substr(0, 512) == std::string(512, 'o'));
    std::string sectors;
    for (std::size_t at = 512; at < text.size(); at += 512) sectors += text[at] == 'x' ? 'x' : '0';
    seen.insert(sectors + (names.size() == 2 ? "+b" : ""));
  }
  return seen;
}

TEST_CASE("what was synced outlives the power, and nothing else has to") {
  CHECK(outcomes(true, true) == std::set<std::string>{"xxxx+b"});
  CHECK(outcomes(true, false) == std::set<std::string>{"xxxx", "xxxx+b"});
  const auto torn = outcomes(false, true);
  for (const char* one : {"+b", "x+b", "xxxx+b", "0x+b", "x0xx+b", "0000+b"}) CHECK(torn.contains(one));
}

TEST_CASE("a sync that failed is not made good by the next one") {
  model_disk on;
  rng random(1);
  REQUIRE(on.make_dir("/d") == 0);
  const auto file = opened(on, "/d/a", true);
  REQUIRE(on.sync_dir("/d") == 0);
  REQUIRE(on.sync_dir("/") == 0);
  write(*file, 0, "lost");
  on.fail(model_disk::operation::sync, 0, EIO);
  CHECK(file->sync() == EIO);
  CHECK(on.has_failed());
  CHECK(read(*file) == "lost");
  CHECK(file->sync() == 0);
  write(*file, 4, "kept");
  CHECK(file->sync() == 0);
  on.power_loss(random);
  CHECK(read(*opened(on, "/d/a", false)) == std::string("\0\0\0\0kept", 8));
}

TEST_CASE("a write that fails may have written nothing, some or all") {
  for (unsigned thirds = 0; thirds <= 3; ++thirds) {
    model_disk on;
    const std::string text = "abcdef";
    const bytes_view piece = view(text);
    REQUIRE(on.make_dir("d") == 0);
    const auto file = opened(on, "d/a", true);
    on.fail(model_disk::operation::write, 0, EIO, thirds);
    CHECK(file->write(0, {&piece, 1}) == EIO);
    CHECK(read(*file) == text.substr(0, std::size_t{2} * thirds));
  }
}

TEST_CASE("a full disk writes the front") {
  model_disk on;
  REQUIRE(on.make_dir("/d") == 0);
  on.set_capacity(6);
  const auto file = opened(on, "/d/a", true);
  write(*file, 0, "1234");
  const std::string more = "567";
  const bytes_view piece = view(more);
  CHECK(file->write(4, {&piece, 1}) == ENOSPC);
  CHECK(read(*file) == "123456");
  write(*file, 0, "ABCDEF");  // what is there already needs no room
}

}  // namespace
}  // namespace copycost
