# SPDX-License-Identifier: Apache-2.0
"""A copy of the checkout to call scripts in, and stand-ins for the programs that they call."""
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(os.path.realpath(__file__)).parents[2]


class Answer:
    """What a program said, and how it ended."""

    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    def __repr__(self):
        return f"exit {self.code}\nout: {self.out}\nerr: {self.err}"


@pytest.fixture
def call(tmp_path):
    """Runs a command elsewhere, with nothing of ours in its environment but the keywords."""
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()

    def run(*command, cwd=elsewhere, stdin="", **environment):
        ours = {name: value for name, value in os.environ.items() if not name.startswith("COPYCOST_")}
        done = subprocess.run(list(map(os.fspath, command)), cwd=cwd, text=True, errors="surrogateescape", input=stdin,
                              check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ours | environment)
        return Answer(done)

    run.folder = elsewhere
    return run


def _copied(to, folders):
    for folder in folders:
        shutil.copytree(ROOT / folder, to / folder, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    return to


@pytest.fixture
def checkout(tmp_path):
    """The scripts in a folder with a name of a space, a newline and stars, and nothing else of the tree."""
    return _copied(tmp_path / "a *\nb" / "check out", ("scripts", "ci", ".ci"))


def git(folder, *arguments):
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments], cwd=folder, check=True,
                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.fixture
def repository(checkout):
    """That checkout with a history of one commit."""
    git(checkout, "init", "-q", "-b", "main")
    git(checkout, "add", "-A")
    git(checkout, "commit", "-qm", "all")
    return checkout


def script(path, *lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + "\n".join(lines) + "\n")
    path.chmod(0o755)


@pytest.fixture
def stand_ins(tmp_path):
    """A folder of programs that come first in the path: stand_ins("apt-get", "echo no >&2", "exit 100")."""
    folder = tmp_path / "stand-ins"
    folder.mkdir()

    def add(name, *lines):
        script(folder / name, *lines)

    add.path = f"{folder}:{os.environ['PATH']}"
    add.only = str(folder)
    return add
