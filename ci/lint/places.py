#!/usr/bin/python3 -IB
# SPDX-License-Identifier: Apache-2.0
"""Counts the places that a scaffold has touched, and holds them against what CONTRIBUTING.md says.

  ci/lint/places.py KIND NAME   in the working tree of a repository whose last commit is what was there before

KIND is design, workload or system. A place is a new folder or a new file by its name, one line of CMake, or one kind of
table: the promises below impls/SYSTEM, a README. Exit 1, with what was touched, where there
are more or fewer places than the first number of the row of that kind, or one that the row does not allow.
"""
import os
import sys

sys.path.insert(0, os.path.realpath(__file__ + "/../../../scripts"))
from here import ROOT  # before all else: it starts the script once more

import re
import subprocess

PLACES = {
    "design": {"its folder": r"impls/\w+/{name}/.*", "a line": r"impls/CMakeLists\.txt"},
    "workload": {"its file": r"scenarios/\w+/workloads/{name}\.h", "its promises": r"impls/\w+/[\w/]*\.h",
                 "its rows": r"scenarios/\w+/README\.md"},
    "system": {"its questions": r"scenarios/{name}/.*", "its answers": r"impls/{name}/.*",
               "a line": r"scenarios/CMakeLists\.txt", "another line": r"impls/CMakeLists\.txt"},
}
LEFT = {"workload": 1}  # the baseline, which `copycost gate --accept` writes when the workload is done


def git(*arguments):
    return subprocess.run(["git", "-C", ROOT, *arguments], check=True, capture_output=True, text=True).stdout


def said(kind):
    """The number that the row of CONTRIBUTING.md begins with."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| a {kind} \| (\d+)\b", text, re.M)
    return int(row[1]) if row else None


def main(kind, name):
    touched = git("ls-files", "--modified", "--others", "--exclude-standard").splitlines()
    places = {place: [p for p in touched if re.fullmatch(pattern.format(name=name), p)]
              for place, pattern in PLACES[kind].items()}
    wrong = [p for p in touched if not any(p in paths for paths in places.values())]
    used = {place: paths for place, paths in places.items() if paths}
    lines = int(git("diff", "--numstat", "--", "*CMakeLists.txt").split("\t")[0] or 0) if kind == "design" else 1
    if wrong or len(used) + LEFT.get(kind, 0) != said(kind) or lines != 1:
        print(f"a {kind} touches {len(used)} places, and {LEFT.get(kind, 0)} are left; CONTRIBUTING.md says "
              f"{said(kind)}: {used}; besides: {wrong}")
        return 1
    print(f"a {kind}: {len(used)} places: {', '.join(f'{p} ({len(f)})' for p, f in used.items())}")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in PLACES:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
