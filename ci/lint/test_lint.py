# SPDX-License-Identifier: Apache-2.0
"""Every rule passes the text that must pass and finds what must be found, at its line; and the program says so.

Examples are in examples/, one module a rule. A rule without examples of both kinds fails here.
"""
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from cpp import functions, without_comments  # noqa: E402: the path must be there first
from rules import ALL  # noqa: E402
from tree import Tree  # noqa: E402

EXAMPLES = {rule.NAME: importlib.import_module(f"examples.{rule.NAME}") for rule in ALL}
GOOD = [(rule, files) for rule in ALL for files in EXAMPLES[rule.NAME].GOOD]
BAD = [(rule, *example) for rule in ALL for example in EXAMPLES[rule.NAME].BAD]


LICENCE = "// SPDX-License-Identifier: Apache-2.0"


def tree_of(files):
    return Tree({p.lstrip("+"): text for p, text in files.items()}, [p[1:] for p in files if p.startswith("+")])


def name_of(value):
    return getattr(value, "NAME", None) or (str(list(value.values())[-1])[:40] if isinstance(value, dict) else "")


@pytest.mark.parametrize("rule, files", GOOD, ids=name_of)
def test_what_is_right_passes(rule, files):
    assert [str(f) for f in rule.check(tree_of(files))] == []


@pytest.mark.parametrize("rule, files, expected", BAD, ids=name_of)
def test_what_is_wrong_is_found(rule, files, expected):
    found = sorted(set(rule.check(tree_of(files))))
    assert len(found) == len(expected), [str(f) for f in found]
    for finding, wanted in zip(found, expected):
        place, _, part = wanted.partition(": ")
        assert f"{finding.path}:{finding.line}" == place
        assert part in finding.text
        assert finding.rule == rule.NAME


@pytest.mark.parametrize("rule", ALL, ids=name_of)
def test_each_rule_has_examples_of_both_kinds(rule):
    assert EXAMPLES[rule.NAME].GOOD and EXAMPLES[rule.NAME].BAD
    assert rule.ABOUT and "\n" not in rule.ABOUT


def test_every_rule_is_in_the_list():
    files = {p.stem for folder in ("rules", "examples") for p in (HERE / folder).glob("*.py")} - {"__init__"}
    assert files == {rule.NAME for rule in ALL}


def run(*arguments, cwd="/"):
    return subprocess.run([HERE / "run", *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def small_tree(tmp_path):
    """A tree on disk in which nothing is wrong."""
    for path, text in {".gitignore": "/build/\n*.log\ncache/\n",
                       "harness/README.md": "# harness\n\nWhat is measured, and how?\n",
                       "harness/a.cc": f"{LICENCE}\nint a() {{ return 1; }}\n"}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def test_a_clean_tree_is_silent(small_tree):
    done = run("--root", small_tree)
    assert (done.returncode, done.stdout) == (0, "")
    assert "0 findings in 3 files" in done.stderr


def test_a_finding_is_one_line_and_exit_1(small_tree):
    (small_tree / "harness/a.cc").write_text('#include "impls/common/arena.h"\n')
    done = run("--root", small_tree)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [line.split(": ")[0] for line in lines] == ["harness/a.cc:1"] * 2
    assert [line.split(": ")[1] for line in lines] == ["dependencies", "hygiene"]
    assert all(re.fullmatch(r"[^:]+:\d+: \w+: .+; .+", line) for line in lines)
    assert run("--root", small_tree, "size").returncode == 0



def test_what_git_ignores_is_not_looked_at(small_tree):
    for path in ("build/harness/a.cc", "harness/x.log", "harness/cache/a.cc", ".cache/a.cc"):
        (small_tree / path).parent.mkdir(parents=True, exist_ok=True)
        (small_tree / path).write_text("no licence\n")
    (small_tree / "harness/data.bin").write_bytes(b"\0\xff" * 100)
    assert run("--root", small_tree).returncode == 0
    (small_tree / "harness/build").mkdir()
    (small_tree / "harness/build/a.cc").write_text("no licence\n")
    assert run("--root", small_tree, "hygiene").returncode == 1


def test_an_executable_file_is_seen_as_one(small_tree):
    (small_tree / "scripts").mkdir()
    (small_tree / "scripts/tool").write_text('#!/bin/bash -p\n# SPDX-License-Identifier: Apache-2.0\n'
                                             '. "$(dirname -- "$(readlink -f -- "$0")")/here.sh"\n')
    (small_tree / "scripts/README.md").write_text("# scripts\n\nWhat can people run?\n\n`scripts/tool`\n")
    assert "not executable" in run("--root", small_tree).stdout
    (small_tree / "scripts/tool").chmod(0o755)
    assert run("--root", small_tree).returncode == 0


def test_wrong_arguments_are_one_line_and_exit_2():
    for arguments in (["no_such_rule"], ["--root", "/no/such/folder"], ["--root"]):
        done = run(*arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), arguments


def test_list_and_help():
    assert [line.split()[0] for line in run("--list").stdout.splitlines()] == [rule.NAME for rule in ALL]
    assert "--root DIR" in run("--help").stdout


def test_literals_and_comments_are_blank_and_nothing_moves():
    text = 'a("{ // no", \'}\', R"x({)")x") /* { */ + 1\'000; // }\nb();'
    plain = without_comments(text)
    assert len(plain) == len(text) and plain.count("\n") == 1
    assert "{" not in plain and "}" not in plain
    assert plain.endswith("b();") and "1'000" in plain


def test_functions_are_found_with_their_types_and_lines():
    text = """\
template <class T, int n = sizeof(std::pair<T, T>)>
class a : public b<T> {
 public:
  a(int x) noexcept : x_{x}, y_(2) {}
  virtual std::vector<std::pair<int, T>> f(std::function<void(int)> g = {}) const = 0;
  bool operator()(int x) const { return x < 3; }
  a& operator=(a&&) = default;
 private:
  enum e { one = sizeof(int), two };
  int x_{0}, y_ = g(1);
};
#define MACRO(x) \\
  void x() {
alignas(64) static int counters[2] = {1, 2};
auto lambda = [](int x) { return x; };
static unsigned long outer::inner::g(int x) {
  struct local { int h() { return 1; } };
  return 1;
}
"""
    found = [(f.name, f.returns, f.line, f.end) for f in functions(text)]
    assert found == [("a", "", 4, 4), ("f", "std::vector<std::pair<int, T>>", 5, 5), ("operator()", "bool", 6, 6),
                     ("operator=", "a&", 7, 7), ("outer::inner::g", "unsigned long", 16, 19)]
