# SPDX-License-Identifier: Apache-2.0
"""Whoever starts a script, from where and in whatever shell: it knows its checkout, stands where its caller stands,
gets its arguments as they were, and sees of the environment what scripts/environment.txt keeps."""
import json
import os
import subprocess

import pytest
from conftest import ROOT, script

ARGUMENTS = ["a b", "", "*", "-x", "--", "l\nm\n", "$(id)", "ü"]
BASH = """#!/bin/bash -p
. "$(dirname -- "$(readlink -f -- "$0")")/{}here.sh"
/usr/bin/python3 -IB -c 'import json, os, sys; \
print(json.dumps([sys.argv[1], os.getcwd(), sys.argv[2:], dict(os.environ)]))' \\
  "$root" "$@"
"""
PYTHON = """#!/usr/bin/python3 -IB
import os
import sys

sys.path.insert(0, os.path.realpath(__file__ + "/{}"))
from here import ROOT

import json
print(json.dumps([str(ROOT), os.getcwd(), sys.argv[1:], dict(os.environ)]))
"""
PROBES = {"scripts/probe": BASH.format(""), "ci/probe": BASH.format("../scripts/"),
          "ci/lint/probe": BASH.format("../../scripts/"),
          "scripts/probe_py": PYTHON.format(".."), "ci/probe_py": PYTHON.format("../../scripts")}
# What a user's shell may hand on, and none of it may matter.
SHELLS = {
    "nothing": {},
    "CDPATH": {"CDPATH": ".:/"},
    "BASH_ENV": {"BASH_ENV": "noise.sh", "ENV": "noise.sh"},
    "functions": {"BASH_FUNC_cd%%": "() { echo wrong; }", "BASH_FUNC_readlink%%": "() { echo /; }",
                  "BASH_FUNC_dirname%%": "() { echo /; }", "BASH_FUNC_printf%%": "() { echo wrong; }"},
    "options": {"SHELLOPTS": "noclobber:nounset:posix:noglob", "BASHOPTS": "nullglob", "POSIXLY_CORRECT": "1",
                "IFS": "/"},
    "git": {"GIT_DIR": "/", "GIT_WORK_TREE": "/", "GIT_INDEX_FILE": "x", "GIT_CEILING_DIRECTORIES": "/"},
    "tools": {"GREP_OPTIONS": "--wrong", "TAR_OPTIONS": "--wrong", "LS_COLORS": "x", "MAKEFLAGS": "-n", "LC_ALL": "C",
              "LC_NUMERIC": "C"},
    "python": {"PYTHONPATH": ".", "PYTHONHOME": "/", "PYTHONSTARTUP": "noise.sh", "PYTHONINSPECT": "1",
               "PYTEST_ADDOPTS": "--x"},
    "programs": {"LD_PRELOAD": "", "BENCHMARK_FILTER": "x", "MALLOC_PERTURB_": "1", "CMAKE_GENERATOR": "Unix Makefiles",
                 "CXXFLAGS": "-O0"},
    "a script of ours": {"COPYCOST_HERE": "1"},
}
KEPT = {"HOME", "PATH", "TMPDIR", "TERM", "CXX", "LANG", "COPYCOST_SEED", "COPYCOST_HERE", "PWD", "SHLVL", "_",
        "OLDPWD"}


@pytest.fixture
def probe(checkout):
    for path, text in PROBES.items():
        script(checkout / path)
        (checkout / path).write_text(text)
    return checkout


def saw(answer):
    assert answer.code == 0 and answer.err == "", answer
    return json.loads(answer.out)


def ways(checkout, path, folder):
    """Ways to call a script: by its path, by a link to it, to its folder and to the checkout, from near and far."""
    (folder / "link").symlink_to(checkout / path)
    (folder / "l").symlink_to(checkout)
    (folder / "s").symlink_to((checkout / path).parent)
    far = [checkout / path, os.path.relpath(checkout / path, folder), "./link", f"l/{path}",
           f"s/{path.rpartition('/')[2]}"]
    return [(folder, way) for way in far] + [(checkout, path), (checkout, f"./{path}"), (folder / "l", path)]


@pytest.mark.parametrize("path", PROBES)
def test_a_script_knows_its_checkout_and_stays_with_its_caller(probe, call, path):
    every = ways(probe, path, call.folder)
    for cwd, way in every if path in ("scripts/probe", "ci/probe_py") else every[2:4]:
        root, where, arguments, _ = saw(call(way, *ARGUMENTS, cwd=cwd))
        assert (root, where, arguments) == (str(probe), os.path.realpath(cwd), ARGUMENTS), way


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("path", ["scripts/probe", "ci/probe_py"])
def test_what_the_shell_hands_on_does_not_matter(probe, call, path, shell):
    (call.folder / "noise.sh").write_text("echo noise\nset -Cu\ncd() { echo wrong; }\n")
    for name in ("here", "json", "argparse"):
        (call.folder / f"{name}.py").write_text("raise SystemExit('wrong')\n")
    more = SHELLS[shell] | {"HOME": "/h", "TMPDIR": "/t", "TERM": "dumb", "CXX": "c", "COPYCOST_SEED": "7"}
    root, where, arguments, environment = saw(call(probe / path, *ARGUMENTS, **more))
    assert (root, where, arguments) == (str(probe), str(call.folder), ARGUMENTS)
    assert set(environment) - KEPT <= set(os.environ) - set(SHELLS[shell])
    assert environment["LANG"] == "C.UTF-8" and "LC_ALL" not in environment
    assert {name: environment[name] for name in more if name in KEPT - {"LANG", "COPYCOST_HERE"}} == {
        name: value for name, value in more.items() if name in KEPT - {"LANG", "COPYCOST_HERE"}}


@pytest.mark.parametrize("interpreter, path", [("bash", "scripts/probe"), ("sh", "ci/probe"),
                                               ("/usr/bin/python3", "ci/probe_py")])
def test_an_interpreter_that_is_named_is_the_same(probe, call, interpreter, path):
    (call.folder / "l").symlink_to(probe)
    root, where, arguments, environment = saw(call(interpreter, f"l/{path}", *ARGUMENTS, CDPATH=".", GIT_DIR="/x"))
    assert (root, where, arguments) == (str(probe), str(call.folder), ARGUMENTS)
    assert not {"CDPATH", "GIT_DIR"} & set(environment)


@pytest.mark.parametrize("path", ["scripts/probe", "ci/probe_py"])
def test_one_call_may_keep_more(probe, call, path):
    environment = saw(call(probe / path, COPYCOST_KEEP="LD_LIB* LESS", LD_LIBRARY_PATH="/x", LESS="a\nb", MORE="no"))[3]
    assert (environment["LD_LIBRARY_PATH"], environment["LESS"], environment.get("MORE")) == ("/x", "a\nb", None)


def test_both_languages_keep_the_same(probe, call):
    bash, python = (saw(call(probe / path))[3] for path in ("scripts/probe", "scripts/probe_py"))
    own = {"COPYCOST_HERE", "PWD", "SHLVL", "_", "OLDPWD", "LC_CTYPE"}
    assert {n: v for n, v in bash.items() if n not in own} == {n: v for n, v in python.items() if n not in own}


def entries():
    return sorted(p for folder in ("scripts", "ci", ".ci") for p in (ROOT / folder).rglob("*")
                  if p.is_file() and p.read_bytes().startswith(b"#!"))


def test_shellcheck_finds_nothing():
    shells = [p for p in entries() if b"bash" in p.read_bytes().splitlines()[0]]
    shells += [ROOT / "scripts" / "here.sh", ROOT / "scripts" / "packages.sh"]
    try:  # $root, $me and set -e come from here.sh
        done = subprocess.run(["shellcheck", "-S", "warning", "-e", "SC2154,SC2164", *shells], capture_output=True,
                              text=True, check=False)
    except FileNotFoundError:
        pytest.skip("shellcheck is not installed (scripts/setup --tests)")
    assert done.returncode == 0, done.stdout
