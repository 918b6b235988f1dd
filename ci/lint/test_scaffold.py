# SPDX-License-Identifier: Apache-2.0
"""The scaffolds write all or nothing, and clones have names of their own; test_scaffold.sh tests what they write."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "templates"))

import clone_design  # noqa: E402: the path must be there first
import clone_workload  # noqa: E402
import cpp_text  # noqa: E402
import scaffold  # noqa: E402

CMAKE = "impls/CMakeLists.txt"


@pytest.fixture
def root(tmp_path, monkeypatch):
    (tmp_path / "impls/chunk/copy").mkdir(parents=True)
    (tmp_path / "impls/chunk/copy/design.h").write_text("copy\n")
    (tmp_path / CMAKE).write_text("# designs\nadd(chunk copy)\nadd(chunk arena\n  LINK x)\nadd(graph copy)\n")
    for module in (scaffold, clone_design, clone_workload):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    return tmp_path


def content(root):
    return {p.relative_to(root).as_posix(): p.read_text() for p in root.rglob("*") if p.is_file()}


def fail_at(monkeypatch, call, method):
    """Makes the n-th call of Path.<method> fail like a full disk."""
    calls, real = [], getattr(Path, method)

    def failing(self, *arguments, **named):
        calls.append(self)
        if len(calls) == call:
            raise OSError(28, "No space left on device", str(self))
        return real(self, *arguments, **named)

    monkeypatch.setattr(Path, method, failing)
    return calls


def test_everything_is_written(root):
    scaffold.install({"impls/chunk/rope": {"design.h": "rope\n", "workloads/a.h": "a\n"}}, {CMAKE: "changed\n"})
    assert content(root) == {"impls/chunk/copy/design.h": "copy\n", CMAKE: "changed\n",
                             "impls/chunk/rope/design.h": "rope\n", "impls/chunk/rope/workloads/a.h": "a\n"}


@pytest.mark.parametrize("method, call", [("write_text", 1), ("write_text", 2), ("write_text", 3), ("rename", 1),
                                          ("rename", 2)])
def test_nothing_is_left_when_something_fails(root, monkeypatch, method, call):
    before = content(root)
    calls = fail_at(monkeypatch, call, method)
    with pytest.raises(scaffold.Refusal, match="No space left on device; nothing was changed"):
        scaffold.install({"impls/chunk/rope": {"design.h": "rope\n", "design.cc": "rope\n"}}, {CMAKE: "changed\n"})
    assert len(calls) >= call
    assert content(root) == before
    assert sorted(p.name for p in (root / "impls/chunk").iterdir()) == ["copy"]


def test_a_folder_that_appears_meanwhile_is_not_touched(root):
    before = content(root)
    with pytest.raises(scaffold.Refusal):
        scaffold.install({"impls/chunk/copy": {"design.h": "mine\n"}}, {CMAKE: "changed\n"})
    assert content(root) == before


@pytest.mark.parametrize("beginning, expected", [
    ("add(chunk", "# designs\nadd(chunk copy)\nadd(chunk arena\n  LINK x)\nNEW\nadd(graph copy)\n"),
    ("add(", "# designs\nadd(chunk copy)\nadd(chunk arena\n  LINK x)\nadd(graph copy)\nNEW\n"),
    ("add(raft", "# designs\nadd(chunk copy)\nadd(chunk arena\n  LINK x)\nadd(graph copy)\nNEW\n")])
def test_a_line_comes_behind_its_like(root, beginning, expected):
    assert scaffold.with_line(CMAKE, "NEW", beginning) == expected


def test_a_file_without_a_last_newline_gets_one(root):
    (root / CMAKE).write_text("add(chunk copy)")
    assert scaffold.with_line(CMAKE, "NEW", "add(chunk") == "add(chunk copy)\nNEW\n"


HEADER = '''// a struct in_a_comment; a "using"
#pragma once
namespace copycost::chunk {
inline constexpr std::size_t kRoom = 4;
class copy_owner {
  struct inner {};
  int use() { return 1; }
};
template <class T>
struct copied_list : base<T> {};
using copy_alias = int;
enum class copy_kind { a, b };
inline std::vector<promise> copy_promises() { return {}; }
static_assert(design<copy_owner>);
}
'''


def test_what_a_header_declares_is_found():
    assert cpp_text.declared(HEADER) == {"kRoom", "copy_owner", "copied_list", "copy_alias", "copy_kind",
                                         "copy_promises"}


def test_a_clone_of_a_design_declares_other_names():
    names = clone_design.new_names([HEADER], "rope")
    assert names == {"kRoom": "kRopeRoom", "copy_owner": "rope_owner", "copied_list": "rope_list",
                     "copy_alias": "rope_alias", "copy_kind": "rope_kind", "copy_promises": "rope_promises"}
    assert cpp_text.renamed("copy_owner(copy_owners, x_copy_owner) // copy_owner", names) == \
        "rope_owner(copy_owners, x_copy_owner) // rope_owner"


def test_a_clone_of_a_design_says_what_it_is(root):
    folder = root / "impls/chunk/copy"
    (folder / "design.h").write_text('// copy: all own.\n#include "impls/chunk/copy/design.h"\n' + HEADER)
    (folder / "promises.h").write_text('// What the copy design promises.\n  d.about = "a "\n  "b";\n')
    (folder / "README.md").write_text("# impls/chunk/copy\n\nWhat?\n\n**Pick when** x.\n")
    made = clone_design.files_of("chunk", "rope")
    assert sorted(made) == ["README.md", "design.h", "promises.h"]
    assert made["design.h"].startswith('// rope: as copy so far: all own.\n#include "impls/chunk/rope/design.h"\n')
    assert made["promises.h"] == ('// What the rope design promises.\n'
                                  '  d.about = "rope: as copy, until its owner is changed";\n')
    assert made["README.md"].startswith("# impls/chunk/rope\n") and made["README.md"].endswith("**Pick when** x.\n")


def test_a_system_without_copy_has_nothing_to_clone(root):
    with pytest.raises(scaffold.Refusal, match="there is no impls/raft/copy to clone"):
        clone_design.files_of("raft", "rope")


@pytest.mark.parametrize("before, after", [
    ("{promised<workloads::read>().exact().copied(f<1, 2>(3, 4)),\n}",
     "{promised<workloads::read>().exact().copied(f<1, 2>(3, 4)),\n"
     "promised<workloads::half>().exact().copied(f<1, 2>(3, 4)),\n}"),
    ("x = promised<workloads::read>().exact();", "x = promised<workloads::read>().exact(),\n"
     "promised<workloads::half>().exact();"),
    ('#include "scenarios/chunk/workloads/read.h"\n',
     '#include "scenarios/chunk/workloads/read.h"\n#include "scenarios/chunk/workloads/half.h"\n'),
    ("promised<workloads::read_all>() // promised<workloads::read>()", None),
    ("workloads::read::kEvents + w::read::k", None)])
def test_a_promise_is_cloned_beside_the_old_one(before, after):
    assert clone_workload.promises_of(before, "read", "half") == (after or before)


@pytest.mark.parametrize("before, after", [
    ("| `read` | a | b |\n", "| `read` | a | b |\n| `half` | a | b |\n"),
    ("| `a`, `read`, `b` | c |\n", "| `a`, `read`, `b` | c |\n| `half` | c |\n"),
    ("| `reader` | `read` |\n", None), ("`read` | c |\n", None)])
def test_a_row_is_cloned_below_the_old_one(before, after):
    assert clone_workload.rows_of(before, "read", "half") == (after or before)


def test_a_workload_names_itself_and_nothing_else():
    text = ('// read: all.\nstruct read : workload_defaults {\n  traits{.name = "read"};\n  reader.read(read::kAll);\n'
            '  chunk::read::x("read: no");\n};\n')
    assert clone_workload.header_of(text, "read", "half") == (
        '// half: as read so far: all.\nstruct half : workload_defaults {\n  traits{.name = "half"};\n'
        '  reader.read(half::kAll);\n  chunk::read::x("half: no");\n};\n')
