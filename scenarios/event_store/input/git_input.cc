// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/input/git_input.h"

#include <charconv>
#include <filesystem>
#include <string_view>
#include <unordered_map>

#include "harness/base/failure.h"
#include "harness/base/text.h"
#include "scenarios/event_store/input/git_process.h"

namespace copycost::event_store {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  throw failure(exit_code::usage, path + ": " + what);
}

// The first line of what git says, without its own front.
std::string reason(const git_output& said) {
  std::string_view line = said.err;
  line = line.substr(0, line.find('\n'));
  if (line.starts_with("fatal: ")) line.remove_prefix(7);
  if (line.find("dubious ownership") != std::string_view::npos)
    return std::string(line) + "; git config --global --add safe.directory says that you trust it";
  return line.empty() ? "git ends with " + std::to_string(said.status) : std::string(line);
}

// What a repository's own configuration could have git run, write or fetch.
constexpr std::string_view kNothingRuns[] = {"-c", "core.fsmonitor=false",   "-c", "core.hooksPath=/dev/null",
                                             "-c", "core.sshCommand=false",  "-c", "core.askPass=false",
                                             "-c", "core.pager=cat",         "-c", "gc.auto=0",
                                             "-c", "maintenance.auto=false", "-c", "protocol.allow=never"};

// Whether packs say that what they lack is elsewhere.
bool is_partial(const std::string& git_dir) {
  std::error_code ignored;
  for (const auto& one : std::filesystem::directory_iterator(git_dir + "/objects/pack", ignored))
    if (one.path().extension() == ".promisor") return true;
  return false;
}

// `git log -z` prints words that end with a zero byte: for each commit "commit HASH", its time, its subject; then for
// each change the raw line (":... X") and one path, or two where X is R or C; then for each change "A<tab>D<tab>PATH",
// or "A<tab>D<tab>" and two paths. Parts are parted by empty words and line ends.
class words {
 public:
  words(const std::string& path, std::string_view all) : path_(path), rest_(all) {}
  bool more() {
    while (rest_.starts_with('\n') || rest_.starts_with('\0')) rest_.remove_prefix(1);
    return !rest_.empty();
  }
  std::string_view next() {  // VALID UNTIL: git's output is destroyed
    const std::size_t end = rest_.find('\0');
    if (end == std::string_view::npos) refuse(path_, "git's output ends within a word");
    const std::string_view word = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return word;
  }

 private:
  const std::string& path_;
  std::string_view rest_;
};

std::string_view kind_of_letter(char letter) {
  switch (letter) {
    case 'A':
    case 'C':
      return "added";
    case 'D':
      return "deleted";
    case 'R':
      return "renamed";
    default:
      return "modified";  // M, and T: another type of file
  }
}

class history {
 public:
  history(const std::string& path, std::string_view log) : path_(path), words_(path, log) {}

  std::vector<git_change> read() {
    while (words_.more()) {
      const std::string_view word = words_.next();
      if (word.starts_with("commit "))
        begin(word.substr(7));
      else if (word.starts_with(':'))
        changed(word);
      else
        counted(word);
    }
    return std::move(all_);
  }

 private:
  void begin(std::string_view commit) {
    commit_ = commit;
    first_ = all_.size();
    by_path_ = {};  // a large one is slow to clear, for each commit after it
    const std::string_view time = words_.next();
    const auto [end, bad] = std::from_chars(time.data(), time.data() + time.size(), time_);
    if (bad != std::errc() || end != time.data() + time.size()) refuse(path_, "commit " + commit_ + " has no time");
    subject_ = words_.next();
  }
  void changed(std::string_view raw) {
    const std::size_t space = raw.rfind(' ');
    if (commit_.empty() || space == std::string_view::npos || space + 1 >= raw.size())
      refuse(path_, "git's output is not understood: '" + std::string(raw) + "'");
    const char letter = raw[space + 1];
    git_change c{commit_, subject_, time_, all_.size() - first_, std::string(kind_of_letter(letter)), {}, {}, "+0 -0"};
    if (letter == 'R' || letter == 'C') c.from = words_.next();
    c.path = words_.next();
    if (letter == 'C') c.from.clear();
    by_path_[c.path] = all_.size();
    all_.push_back(std::move(c));
  }
  void counted(std::string_view word) {
    const std::size_t one = word.find('\t'), two = one == std::string_view::npos ? one : word.find('\t', one + 1);
    if (two == std::string_view::npos) refuse(path_, "git's output is not understood: '" + std::string(word) + "'");
    std::string_view path = word.substr(two + 1);
    if (path.empty()) {
      words_.next();
      path = words_.next();
    }
    const auto found = by_path_.find(std::string(path));
    if (found == by_path_.end())
      refuse(path_, "git counts the lines of '" + std::string(path) + "', which is not changed");
    const std::string_view added = word.substr(0, one), removed = word.substr(one + 1, two - one - 1);
    all_[found->second].lines = added == "-" ? "binary" : "+" + std::string(added) + " -" + std::string(removed);
  }

  const std::string& path_;
  words words_;
  std::vector<git_change> all_;
  std::string commit_, subject_;
  std::int64_t time_ = 0;
  std::size_t first_ = 0;
  std::unordered_map<std::string, std::size_t> by_path_;
};

}  // namespace

bool looks_like_git(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  return fs::exists(fs::path(path) / ".git", ignored) ||
         (fs::exists(fs::path(path) / "HEAD", ignored) && fs::is_directory(fs::path(path) / "objects", ignored));
}

std::string read_git(const std::string& path, std::uint64_t most) {
  const std::string name = printable(path);
  if (!looks_like_git(path))
    refuse(name, "not a git repository: expected a directory with .git in it, or a bare repository");
  std::vector<std::string> words = {"-C", path};
  words.insert(words.end(), std::begin(kNothingRuns), std::end(kNothingRuns));
  words.insert(words.end(), {"rev-parse", "--absolute-git-dir"});
  const git_output place = run_git(words, {.plain = true, .reads_only = true});
  if (place.status == 127) refuse(name, "expected git to be installed, as it reads the repository");
  if (place.status != 0 || place.out.empty()) refuse(name, "not a git repository: " + reason(place));
  const std::string dir = place.out.substr(0, place.out.size() - 1);
  words = {"--git-dir=" + dir,
           "--bare",
           "--no-replace-objects",
           "--literal-pathspecs",
           "-c",
           "log.showRoot=true",
           "-c",
           "log.showSignature=false",
           "-c",
           "core.attributesFile=/dev/null",
           "-c",
           "diff.orderFile=/dev/null"};
  words.insert(words.end(), std::begin(kNothingRuns), std::end(kNothingRuns));
  words.insert(words.end(), {"log",
                             "--first-parent",
                             "--diff-merges=first-parent",
                             "--reverse",
                             "--topo-order",
                             "--find-renames=50%",
                             "-l5000",
                             "--raw",
                             "--numstat",
                             "-z",
                             "--no-abbrev",
                             "--no-color",
                             "--no-ext-diff",
                             "--no-textconv",
                             "--no-mailmap",
                             "--no-notes",
                             "--no-decorate",
                             "--no-relative",
                             "--ignore-submodules=none",
                             "--encoding=UTF-8",
                             "--diff-algorithm=default",
                             "--format=tformat:%x00commit %H%x00%ct%x00%s%x00",
                             "HEAD",
                             "--"});
  git_output log = run_git(words, {.reads_only = true, .most = most});
  if (log.out.size() > most)
    refuse(name, "a history of more than " + std::to_string(most) + " bytes, the limit of real input");
  if (log.status != 0 && is_partial(dir))
    refuse(name, "a partial clone: not all of its history is here, and reading fetches nothing; expected a full clone");
  if (log.status != 0) refuse(name, "expected a git repository with a commit: " + reason(log));
  return std::move(log.out);
}

std::vector<git_change> changes_of(const std::string& name, std::string_view log) { return history(name, log).read(); }

}  // namespace copycost::event_store
