# SPDX-License-Identifier: Apache-2.0
"""The scaffolds write all or nothing; test_scaffold.sh tests what they write."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "templates"))

import scaffold  # noqa: E402: the path must be there first

CMAKE = "impls/CMakeLists.txt"


@pytest.fixture
def root(tmp_path, monkeypatch):
    (tmp_path / "impls/chunk/copy").mkdir(parents=True)
    (tmp_path / "impls/chunk/copy/design.h").write_text("copy\n")
    (tmp_path / CMAKE).write_text("# designs\nadd(chunk copy)\nadd(chunk arena\n  LINK x)\nadd(graph copy)\n")
    monkeypatch.setattr(scaffold, "ROOT", tmp_path)
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
