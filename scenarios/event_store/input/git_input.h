// SPDX-License-Identifier: Apache-2.0
//
// The history of a git repository as events, read by running git: the first-parent history of HEAD, oldest first,
// merges compared with their first parent, one event for each file that a commit changes.
//
//   entity   the path              kind  added, modified, deleted, renamed (with `related`: the path before)
//   source   COMMIT-K (K counts the files of the commit from 0)     time  of the commit
//   payload  SUBJECT | +A -D, or SUBJECT | binary
//
// So each path has a life without contradictions, and the paths that are alive after the last event are the files of
// HEAD. A changed type (a file that becomes a link) is `modified`. Paths and subjects are bytes, kept as they are.
//
// git runs without a shell, a pager, hooks, monitors, external diffs, text conversions, replaced objects, grafts or
// configuration of the user and the system; variables that change a history (GIT_DIR and its like) are removed. It
// writes nothing, and it fetches nothing: a partial clone that lacks a file is refused. Git itself refuses repositories
// that belong to another user.
//
//   directory --read_git(), once--> what git says --changes_of(), in every process--> changes
//
// Threads: safe.
// Cost: two processes, and the whole output in memory.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace copycost::event_store {

struct git_change {
  std::string commit, subject;
  std::int64_t time = 0;
  std::uint64_t index = 0;  // of the file in its commit
  std::string kind, path, from;
  std::string lines;  // "+12 -3" or "binary"
};

// Whether a directory looks like a repository, bare or with a work tree. Cheap: no process.
bool looks_like_git(const std::string& path);
// What `git log` says of it. Throws failure{usage}: no git on this machine, no repository, no commit, not all of it
// there, or more than `most` bytes.
std::string read_git(const std::string& path, std::uint64_t most);
// The changes that it tells. `name` is what errors call the repository. Throws failure{usage} where it is not
// understood.
std::vector<git_change> changes_of(const std::string& name, std::string_view log);

}  // namespace copycost::event_store
