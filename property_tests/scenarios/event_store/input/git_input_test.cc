// SPDX-License-Identifier: Apache-2.0
// Histories of repositories that the test makes itself; git's own files of HEAD are what must be alive at the end.
#include "scenarios/event_store/input/git_input.h"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/failure.h"
#include "harness/base/input/input_door.h"
#include "harness/base/text.h"
#include "property_tests/catch.h"
#include "property_tests/scenarios/event_store/made_events.h"
#include "property_tests/scratch.h"
#include "scenarios/event_store/input/git_process.h"
#include "scenarios/event_store/input/input_events.h"
#include "scenarios/event_store/work_items/living.h"

namespace copycost::event_store {
namespace {

constexpr std::uint64_t kMost = std::uint64_t{1} << 30;

std::vector<git_change> changes(const std::string& path) { return changes_of(path, read_git(path, kMost)); }
// As the program reads a directory: git's words are the input.
input_file repository_at(const std::string& path) {
  const std::string said = read_git(path, kMost);
  return input_of_bytes(path, std::as_bytes(std::span(said)), true);
}

// A repository of the test's own.
struct repository {
  scratch_dir dir;
  repository() { git({"init", "-q", "-b", "main", "."}); }
  std::string git(std::vector<std::string> arguments) {
    std::vector<std::string> all = {"-C", dir.path(),
                                    "-c", "user.name=t",
                                    "-c", "user.email=t@t",
                                    "-c", "commit.gpgSign=false",
                                    "-c", "protocol.file.allow=always"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const git_output got = run_git(all);
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
    for (const git_change& c : changes(where.empty() ? dir.path() : where))
      out += c.kind + " " + c.path + (c.from.empty() ? "" : "<" + c.from) + " [" + c.subject + " | " + c.lines + "]\n";
    return out;
  }
  // The files of HEAD, and those that the events leave alive.
  void check_living() {
    living alive;
    sequence seq = 0;
    const input_events events(repository_at(dir.path()));
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
  r.write("a.txt", many_lines("a"));
  r.write("dir/b.txt", "1\n2\n");
  r.commit("first");
  r.write("dir/b.txt", "1\n3\n4\n");
  r.commit("second | with a bar");
  std::filesystem::rename(r.dir.file("a.txt"), r.dir.file("dir/c.txt"));
  r.commit("third");
  std::filesystem::remove(r.dir.file("dir/b.txt"));
  r.commit("fourth");
  CHECK(r.history() ==
        "added a.txt [first | +30 -0]\nadded dir/b.txt [first | +2 -0]\nmodified dir/b.txt [second | with a bar | +2 "
        "-1]\n"
        "renamed dir/c.txt<a.txt [third | +0 -0]\ndeleted dir/b.txt [fourth | +0 -3]\n");
  r.check_living();
}

TEST_CASE("git: ids count the files of a commit, and times are the commit's") {
  repository r;
  r.write("a", "1");
  r.write("b", "2");
  r.commit("c");
  const auto all = changes(r.dir.path());
  REQUIRE(all.size() == 2);
  const std::string head = r.git({"rev-parse", "HEAD"});
  CHECK(all[1].commit + "\n" == head);
  CHECK(all[0].index == 0);
  CHECK(all[1].index == 1);
  CHECK(std::to_string(all[0].time) + "\n" == r.git({"log", "-1", "--format=%ct"}));
  const input_events events(repository_at(r.dir.path()));
  CHECK(events.of_git());
  CHECK(std::string(events.drafts()[1].source) + "\n" == head.substr(0, head.size() - 1) + "-1\n");
  CHECK(owned(events.drafts()[1]).payload == bytes_of("c | +1 -0"));
}

TEST_CASE("git: merges are compared with their first parent, and branches are not walked") {
  repository r;
  r.write("a", "1\n");
  r.commit("first");
  r.git({"checkout", "-q", "-b", "side"});
  r.write("b", "1\n");
  r.commit("on the side");
  r.write("b", "1\n2\n");
  r.commit("on the side again");
  r.git({"checkout", "-q", "main"});
  r.write("a", "2\n");
  r.commit("second");
  r.git({"merge", "-q", "--no-ff", "-m", "joined", "side"});
  CHECK(r.history() == "added a [first | +1 -0]\nmodified a [second | +1 -1]\nadded b [joined | +2 -0]\n");
  r.check_living();
}

TEST_CASE("git: binary files, empty files, links, and commits that change nothing") {
  repository r;
  r.write("bin", std::string("\0\1\2", 3));
  r.write("empty", "");
  r.commit("first");
  r.commit("nothing");
  std::filesystem::remove(r.dir.file("empty"));
  std::filesystem::create_symlink("bin", r.dir.file("empty"));
  r.commit("");
  CHECK(r.history() == "added bin [first | binary]\nadded empty [first | +0 -0]\nmodified empty [ | +1 -0]\n");
  r.check_living();
}

TEST_CASE("git: names and subjects that look like git's own output") {
  repository r;
  for (const char* name :
       {":100644 x", "commit abc", "1\t2\tx", "with\nline", "\n", "\"quoted\"", " blank ", "\xff\xfe", "-p", "\u20AC"})
    r.write(name, many_lines(name));
  r.commit("commit 0123456789\tx");
  std::filesystem::rename(r.dir.file("\n"), r.dir.file("\n\n"));
  std::filesystem::rename(r.dir.file("1\t2\tx"), r.dir.file("2\t3\t"));
  r.commit("\x1e\x1f odd");
  CHECK(changes(r.dir.path()).size() == 12);
  r.check_living();
}

TEST_CASE("git: a directory becomes a file and a file a directory") {
  repository r;
  r.write("a/b", many_lines("x"));
  r.write("c", many_lines("y"));
  r.commit("first");
  std::filesystem::remove_all(r.dir.file("a"));
  r.write("a", many_lines("x"));
  std::filesystem::remove(r.dir.file("c"));
  r.write("c/d", many_lines("y"));
  r.commit("second");
  r.check_living();
}

TEST_CASE("git: what the user has configured, and the environment, change nothing") {
  repository r;
  r.write("a", many_lines("a"));
  r.commit("first");
  std::filesystem::rename(r.dir.file("a"), r.dir.file("b"));
  r.write("c.txt", "1\n");
  r.commit("second");
  const std::string before = r.history();
  for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{{"diff.renames", "false"},
                                                                                   {"log.showRoot", "false"},
                                                                                   {"diff.external", "false"},
                                                                                   {"core.quotePath", "true"},
                                                                                   {"core.pager", "false"},
                                                                                   {"format.pretty", "oneline"},
                                                                                   {"log.showSignature", "true"},
                                                                                   {"diff.noprefix", "true"},
                                                                                   {"log.decorate", "full"},
                                                                                   {"diff.orderFile", "/nowhere"},
                                                                                   {"color.ui", "always"},
                                                                                   {"diff.relative", "true"},
                                                                                   {"log.follow", "true"},
                                                                                   {"diff.stat", "1"},
                                                                                   {"diff.renameLimit", "1"},
                                                                                   {"core.abbrev", "4"}})
    r.git({"config", key, value});
  ::setenv("GIT_DIR", "/nowhere", 1);
  CHECK(r.history() == before);
  ::unsetenv("GIT_DIR");
  CHECK(before.find("renamed b<a") != std::string::npos);
}

TEST_CASE("git: bare repositories, parts of work trees and shallow clones") {
  repository r;
  for (int i = 0; i < 5; ++i) {
    r.write("f" + std::to_string(i), many_lines("x" + std::to_string(i)));
    r.commit("c");
  }
  const std::string all = r.history();
  const scratch_dir other;
  r.git({"clone", "-q", "--bare", r.dir.path(), other.file("bare")});
  CHECK(r.history(other.file("bare")) == all);
  r.git({"clone", "-q", "--depth", "2", "file://" + r.dir.path(), other.file("shallow")});
  const auto shallow = changes(other.file("shallow"));
  CHECK(shallow.size() == 5);  // four files at once, then one
  CHECK(shallow[0].kind == "added");
}

std::string refusal(const std::string& path) {
  try {
    read_git(path, kMost);
    return "accepted";
  } catch (const failure& e) {
    CHECK(e.code == exit_code::usage);
    return e.what();
  }
}

// Names, sizes and times of everything in a folder.
std::string state_of(const std::string& folder) {
  std::vector<std::string> all;
  for (const auto& one : std::filesystem::recursive_directory_iterator(folder))
    all.push_back(one.path().string() + " " + std::to_string(one.is_regular_file() ? one.file_size() : 0) + " " +
                  std::to_string(one.last_write_time().time_since_epoch().count()));
  std::sort(all.begin(), all.end());
  std::string out;
  for (const std::string& one : all) out += one + "\n";
  return out;
}

TEST_CASE("git: a partial clone is refused, and nothing is fetched") {
  repository r;
  for (int i = 0; i < 3; ++i) {
    r.write("f", many_lines("x" + std::to_string(i)));
    r.commit("c");
  }
  r.git({"config", "uploadpack.allowFilter", "true"});
  const scratch_dir other;
  const std::string part = other.file("part");
  r.git({"clone", "-q", "--no-checkout", "--filter=blob:none", "file://" + r.dir.path(), part});
  const std::string before = state_of(part);
  CHECK(refusal(part) == part +
                             ": a partial clone: not all of its history is here, and reading fetches nothing; "
                             "expected a full clone");
  CHECK(state_of(part) == before);
  // One that has everything is as good as any other.
  r.git({"clone", "-q", "--no-checkout", "--filter=blob:limit=1m", "file://" + r.dir.path(), other.file("whole")});
  CHECK(r.history(other.file("whole")) == r.history());
}

TEST_CASE("git: nothing that the repository configures runs, and nothing in it is written") {
  repository r;
  r.write("a", many_lines("a"));
  r.commit("first");
  r.write("a", many_lines("b"));
  r.write(".gitattributes", "a diff=mine\n");
  r.commit("second");
  const std::string before = r.history(), trap = r.dir.file("ran");
  r.write(".git/trap", "#!/bin/sh\ntouch '" + trap + "'\ncat\n");
  const std::string program = r.dir.file(".git/trap");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  for (const char* key :
       {"core.fsmonitor", "core.sshCommand", "core.askPass", "core.pager", "core.editor", "gpg.program",
        "diff.external", "diff.mine.command", "diff.mine.textconv", "credential.helper", "core.gitProxy",
        "core.alternateRefsCommand", "pager.log", "uploadpack.packObjectsHook"})
    r.git({"config", key, program});
  r.git({"config", "log.showSignature", "true"});
  r.git({"config", "core.hooksPath", r.dir.file(".git")});
  for (const char* hook : {"post-index-change", "reference-transaction", "post-checkout", "pre-auto-gc"})
    std::filesystem::copy_file(program, r.dir.file(std::string(".git/hooks/") + hook),
                               std::filesystem::copy_options::overwrite_existing);
  const std::string state = state_of(r.dir.path());
  CHECK(r.history() == before);
  CHECK_FALSE(std::filesystem::exists(trap));
  CHECK(state_of(r.dir.path()) == state);
}

TEST_CASE("git: replaced objects and grafts do not count, and objects of elsewhere do") {
  repository r;
  for (int i = 0; i < 4; ++i) {
    r.write("f" + std::to_string(i), many_lines("x"));
    r.commit("c" + std::to_string(i));
  }
  const std::string before = r.history();
  const auto name_of = [&](const std::string& which) {
    std::string name = r.git({"rev-parse", which});
    return name.substr(0, name.size() - 1);
  };
  const std::string last = name_of("HEAD"), first = name_of("HEAD~3"), second = name_of("HEAD~2");
  r.git({"replace", second, first});
  r.write(".git/info/grafts", last + " " + first + "\n");
  CHECK(r.history() == before);
  const scratch_dir other;
  r.git({"clone", "-q", "--bare", "--shared", r.dir.path(), other.file("shared")});
  CHECK(r.history(other.file("shared")) == before);
}

TEST_CASE("git: a history that is larger than the limit is refused, not cut") {
  repository r;
  for (int i = 0; i < 200; ++i) r.write("f" + std::to_string(i), "x");
  r.commit("many");
  try {
    read_git(r.dir.path(), 1000);
    FAIL("it was read");
  } catch (const failure& e) {
    CHECK(e.code == exit_code::usage);
    CHECK(std::string(e.what()) == r.dir.path() + ": a history of more than 1000 bytes, the limit of real input");
  }
}

TEST_CASE("git: a repository that belongs to somebody else says how to trust it") {
  repository r;
  r.write("a", "1");
  r.commit("first");
  if (::chown(r.dir.file(".git").c_str(), 12345, 12345) != 0 || ::chown(r.dir.path().c_str(), 12345, 12345) != 0)
    return;  // only the superuser can give a repository away
  const std::string said = refusal(r.dir.path());
  CHECK(said.starts_with(r.dir.path() + ": not a git repository: detected dubious ownership"));
  CHECK(said.ends_with("; git config --global --add safe.directory says that you trust it"));
  CHECK(said.find('\n') == std::string::npos);
}

TEST_CASE("git: a name that is no text is read, and printable in what is said") {
  repository r;
  r.write("a", "1\n");
  r.commit("first");
  const scratch_dir other;
  const std::string place = other.file("r\351\n");
  r.git({"clone", "-q", "--bare", r.dir.path(), place});
  CHECK(r.history(place) == r.history());
  std::filesystem::create_directory(other.file("n\351"));
  CHECK(refusal(other.file("n\351")).starts_with(other.path() + "/n\\xE9: not a git repository: "));
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
  CHECK_THROWS_AS(input_events(repository_at(empty.dir.path())), failure);
  CHECK(refuses_input(read_input(none.file(".git"))).find("not a git repository") != std::string::npos);
}

}  // namespace
}  // namespace copycost::event_store
