// SPDX-License-Identifier: Apache-2.0
// Goal: nothing temporary stays, and nothing of a living process is swept. Method: owners that are killed, that live
// in another process, and folders that only look alike.
#include "harness/base/temp_dir.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "harness/base/child.h"
#include "harness/base/failure.h"
#include "property_tests/catch.h"
#include "property_tests/scratch.h"

namespace copycost {
namespace {

namespace fs = std::filesystem;

TEST_CASE("temp_dir: a folder goes away with its object, and whoever it is moved to has it") {
  const scratch_dir in;
  {
    temp_dir one("one", in.path());
    std::ofstream(one.file("x")) << "y";
    fs::create_directory(one.file("d"));
    temp_dir other("other", in.path());
    CHECK(in.names().size() == 2);
    other = std::move(one);
    CHECK(fs::exists(other.file("x")));
  }
  CHECK(in.names().empty());
}

TEST_CASE("temp_dir: what a killed owner left is swept, what a living one has is not") {
  const scratch_dir in;
  const auto make_and = [&](bool die) {
    return child::fork_apart([&, die] {
      const temp_dir* mine = new temp_dir("left", in.path());
      std::ofstream(mine->file(die ? "dead" : "alive")) << "x";
      if (die) ::raise(SIGKILL);
      for (;;) ::pause();
      return 0;
    });
  };
  child dead = make_and(true);
  CHECK(dead.wait().number == SIGKILL);
  child alive = make_and(false);
  while (true) {  // until it has its file
    bool there = false;
    for (const auto& entry : fs::recursive_directory_iterator(in.path()))
      there = there || entry.path().filename() == "alive";
    if (there) break;
    ::usleep(1000);
  }
  // The child that lives swept what was there before it: what is left is its own.
  CHECK(in.names().size() == 1);
  CHECK(sweep_left_behind(in.path()) == 0);
  CHECK(in.names().size() == 1);
  alive.kill(SIGKILL);
  (void)alive.wait();
  CHECK(sweep_left_behind(in.path()) == 1);
  CHECK(in.names().empty());
}

TEST_CASE("temp_dir: what only looks alike is not swept") {
  const scratch_dir in;
  for (const char* name :
       {"copycost-results", "copycost-0.1-abcdef", "copycost-tmp", "other-tmp-x-abcdef", "copycost-tmp-x-abc"})
    fs::create_directory(in.file(name));
  fs::create_directory(in.file("copycost-tmp-x-abcdef"));  // by a person: others may enter it
  ::chmod(in.file("copycost-tmp-x-abcdef").c_str(), 0755);
  std::ofstream(in.file("copycost-tmp-file-abcdef")) << "a file";
  fs::create_directory_symlink("/", in.file("copycost-tmp-link-abcdef"));
  const auto before = in.names();
  CHECK(sweep_left_behind(in.path()) == 0);
  CHECK(in.names() == before);
}

TEST_CASE("temp_dir: a copy of the process removes nothing") {
  const scratch_dir in;
  temp_dir mine("mine", in.path());
  child copy = child::fork_apart([&] {
    const temp_dir moved = std::move(mine);
    return 0;
  });
  CHECK(copy.wait().well());
  CHECK(fs::exists(mine.path()));
}

TEST_CASE("temp_dir: a folder that cannot be made is a failure with its place and reason") {
  const scratch_dir in;
  std::ofstream(in.file("file")) << "x";
  for (const std::string& where : {in.file("none"), in.file("file"), in.path() + "/" + std::string(300, 'x')}) try {
      const temp_dir no("no", where);
      FAIL("it was made");
    } catch (const failure& e) {
      CHECK(e.code == exit_code::internal);
      CHECK(std::string(e.what()).find(where + "/copycost-tmp-no-") == 0);
      CHECK(std::string(e.what()).find("Success") == std::string::npos);
    }
}

TEST_CASE("temp_dir: a nameless file leaves nothing, with O_TMPFILE and without") {
  const scratch_dir in;
  for (const int file : {nameless_file(in.path()), detail::named_and_unlinked(in.path())}) {
    REQUIRE(file >= 0);
    CHECK(::write(file, "x", 1) == 1);
    CHECK(in.names().empty());
    ::close(file);
  }
  CHECK(nameless_file(in.file("none")) == -1);
  CHECK(errno == ENOENT);
}

}  // namespace
}  // namespace copycost
