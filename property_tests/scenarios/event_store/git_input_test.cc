// SPDX-License-Identifier: Apache-2.0
// Histories of repositories that the test makes itself; git's own files of HEAD are what must be alive at the end.
#include "scenarios/event_store/git_input.h"

#include <stdlib.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/failure.h"
#include "harness/core/text.h"
#include "property_tests/catch.h"
#include "property_tests/scenarios/event_store/made_events.h"
#include "property_tests/scratch.h"
#include "scenarios/event_store/git_process.h"
#include "scenarios/event_store/input_events.h"
#include "scenarios/event_store/living.h"

namespace copycost::event_store {
namespace {

// A repository of the test's own.
struct repository {
  scratch_dir dir;
  repository() { git({"init", "-q", "-b", "main", "."}); }
  std::string git(std::vector<std::string> arguments) {
    std::vector<std::string> all = {"-C", dir.path(), "-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgSign=false",
                                    "-c", "protocol.file.allow=always"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const git_output got = run_git(all, false);
    CAPTURE(arguments[0], got.err);
    REQUIRE(got.status == 0);
    return got.out;
  }
  void write(const std::string& path, const std::string& text) {
    const std::filesystem::path full = dir.file(path);
    std::filesystem::create_directories(full.parent_path());
    replace_file(full.string(), text);
  }
  void commit(const std::string& subject) {
    git({"add", "-A"});
    git({"commit", "-q", "--allow-empty", "--allow-empty-message", "-m", subject});
  }
  // "kind path<from payload", one a line.
  std::string history(const std::string& where = {}) {
    std::string out;
    for (const git_change& c : read_git(where.empty() ? dir.path() : where))
      out += c.kind + " " + c.path + (c.from.empty() ? "" : "<" + c.from) + " [" + c.subject + " | " + c.lines + "]\n";
    return out;
  }
  // The files of HEAD, and those that the events leave alive.
  void check_living() {
    living alive;
    sequence seq = 0;
    const input_events events(read_input(dir.path()));
    for (const draft& d : events.drafts()) alive.apply(made_event(seq++, owned(d)).view());
    std::string files = git({"ls-tree", "-r", "-z", "--name-only", "HEAD"});
    name_set expected;
    for (std::size_t at = 0, end; (end = files.find('\0', at)) != std::string::npos; at = end + 1)
      expected.emplace(files.substr(at, end - at));
    CHECK(alive.names() == expected);
  }
};
std::string many_lines(const std::string& word) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += word + std::to_string(i) + "\n";
  return text;
}

TEST_CASE("git: files that come, change, go and take another name") {
  repository r;
  r.write("a.txt", many_lines("a")), r.write("dir/b.txt", "1\n2\n");
  r.commit("first");
  r.write("dir/b.txt", "1\n3\n4\n");
  r.commit("second | with a bar");
  std::filesystem::rename(r.dir.file("a.txt"), r.dir.file("dir/c.txt"));
  r.commit("third");
  std::filesystem::remove(r.dir.file("dir/b.txt"));
  r.commit("fourth");
  CHECK(r.history() ==
        "added a.txt [first | +30 -0]\nadded dir/b.txt [first | +2 -0]\nmodified dir/b.txt [second | with a bar | +2 -1]\n"
        "renamed dir/c.txt<a.txt [third | +0 -0]\ndeleted dir/b.txt [fourth | +0 -3]\n");
  r.check_living();
}

TEST_CASE("git: ids count the files of a commit, and times are the commit's") {
  repository r;
  r.write("a", "1"), r.write("b", "2"), r.commit("c");
  const auto all = read_git(r.dir.path());
  REQUIRE(all.size() == 2);
  const std::string head = r.git({"rev-parse", "HEAD"});
  CHECK(all[1].commit + "\n" == head);
  CHECK(all[0].index == 0);
  CHECK(all[1].index == 1);
  CHECK(std::to_string(all[0].time) + "\n" == r.git({"log", "-1", "--format=%ct"}));
  const input_events events(read_input(r.dir.path()));
  CHECK(events.of_git());
  CHECK(std::string(events.drafts()[1].source) + "\n" == head.substr(0, head.size() - 1) + "-1\n");
  CHECK(owned(events.drafts()[1]).payload == bytes_of("c | +1 -0"));
}

TEST_CASE("git: merges are compared with their first parent, and branches are not walked") {
  repository r;
  r.write("a", "1\n"), r.commit("first");
  r.git({"checkout", "-q", "-b", "side"});
  r.write("b", "1\n"), r.commit("on the side");
  r.write("b", "1\n2\n"), r.commit("on the side again");
  r.git({"checkout", "-q", "main"});
  r.write("a", "2\n"), r.commit("second");
  r.git({"merge", "-q", "--no-ff", "-m", "joined", "side"});
  CHECK(r.history() == "added a [first | +1 -0]\nmodified a [second | +1 -1]\nadded b [joined | +2 -0]\n");
  r.check_living();
}

TEST_CASE("git: binary files, empty files, links, and commits that change nothing") {
  repository r;
  r.write("bin", std::string("\0\1\2", 3)), r.write("empty", "");
  r.commit("first"), r.commit("nothing");
  std::filesystem::remove(r.dir.file("empty"));
  std::filesystem::create_symlink("bin", r.dir.file("empty"));
  r.commit("");
  CHECK(r.history() == "added bin [first | binary]\nadded empty [first | +0 -0]\nmodified empty [ | +1 -0]\n");
  r.check_living();
}

TEST_CASE("git: names and subjects that look like git's own output") {
  repository r;
  for (const char* name : {":100644 x", "commit abc", "1\t2\tx", "with\nline", "\n", "\"quoted\"", " blank ", "\xff\xfe", "-p",
                           "\u20AC"})
    r.write(name, many_lines(name));
  r.commit("commit 0123456789\tx");
  std::filesystem::rename(r.dir.file("\n"), r.dir.file("\n\n"));
  std::filesystem::rename(r.dir.file("1\t2\tx"), r.dir.file("2\t3\t"));
  r.commit("\x1e\x1f odd");
  CHECK(read_git(r.dir.path()).size() == 12);
  r.check_living();
}

TEST_CASE("git: a directory becomes a file and a file a directory") {
  repository r;
  r.write("a/b", many_lines("x")), r.write("c", many_lines("y"));
  r.commit("first");
  std::filesystem::remove_all(r.dir.file("a"));
  r.write("a", many_lines("x")), std::filesystem::remove(r.dir.file("c")), r.write("c/d", many_lines("y"));
  r.commit("second");
  r.check_living();
}

TEST_CASE("git: what the user has configured, and the environment, change nothing") {
  repository r;
  r.write("a", many_lines("a")), r.commit("first");
  std::filesystem::rename(r.dir.file("a"), r.dir.file("b"));
  r.write("c.txt", "1\n"), r.commit("second");
  const std::string before = r.history();
  for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{
           {"diff.renames", "false"}, {"log.showRoot", "false"}, {"diff.external", "false"}, {"core.quotePath", "true"},
           {"core.pager", "false"}, {"format.pretty", "oneline"}, {"log.showSignature", "true"}, {"diff.noprefix", "true"},
           {"log.decorate", "full"}, {"diff.orderFile", "/nowhere"}, {"color.ui", "always"}, {"diff.relative", "true"},
           {"log.follow", "true"}, {"diff.stat", "1"}, {"diff.renameLimit", "1"}, {"core.abbrev", "4"}})
    r.git({"config", key, value});
  ::setenv("GIT_DIR", "/nowhere", 1);
  CHECK(r.history() == before);
  ::unsetenv("GIT_DIR");
  CHECK(before.find("renamed b<a") != std::string::npos);
}

TEST_CASE("git: bare repositories, parts of work trees and shallow clones") {
  repository r;
  for (int i = 0; i < 5; ++i) r.write("f" + std::to_string(i), many_lines("x" + std::to_string(i))), r.commit("c");
  const std::string all = r.history();
  const scratch_dir other;
  r.git({"clone", "-q", "--bare", r.dir.path(), other.file("bare")});
  CHECK(r.history(other.file("bare")) == all);
  r.git({"clone", "-q", "--depth", "2", "file://" + r.dir.path(), other.file("shallow")});
  const auto shallow = read_git(other.file("shallow"));
  CHECK(shallow.size() == 5);  // four files at once, then one
  CHECK(shallow[0].kind == "added");
}

std::string refusal(const std::string& path) {
  try {
    read_git(path);
    return "accepted";
  } catch (const failure& e) {
    CHECK(e.code == exit_code::usage);
    return e.what();
  }
}

TEST_CASE("git: what is no repository is refused with a reason") {
  const scratch_dir none;
  CHECK(refusal(none.path()) ==
        none.path() + ": not a git repository: expected a directory with .git in it, or a bare repository");
  std::filesystem::create_directory(none.file(".git"));
  CHECK(refusal(none.path()).starts_with(none.path() + ": not a git repository: "));
  repository empty;
  CHECK(refusal(empty.dir.path()).starts_with(empty.dir.path() + ": expected a git repository with a commit: "));
  empty.commit("no file");
  CHECK_THROWS_AS(input_events(read_input(empty.dir.path())), failure);
  CHECK(refuses_input(read_input(none.file(".git"))).find("not a git repository") != std::string::npos);
}

}  // namespace
}  // namespace copycost::event_store
