# SPDX-License-Identifier: Apache-2.0
"""What scripts/build and scripts/bench build, where, and what they say meanwhile."""
import os
import pty
import subprocess

import pytest
from conftest import script

NINJA = ('[ "$1" = --build ] || { echo "$*" >>configured; exit 0; }', 'echo "$*" >>built', 'i=0',
         'echo "[0/2] Re-checking globbed directories..."',
         'while [ $i -lt 40 ]; do i=$((i + 1)); echo "[$i/40] Building CXX object x$i"; done')


@pytest.fixture
def tree(checkout, stand_ins):
    """A checkout with three systems, and a cmake that says what ninja says."""
    for name in ("chunk", "event_store", "raft"):
        (checkout / "scenarios" / name).mkdir(parents=True)
        (checkout / "scenarios" / name / "contract.h").write_text("")
    stand_ins("cmake", *NINJA)
    return checkout


def on_a_terminal(command, **environment):
    """What a command writes to a terminal as its stderr, and to a pipe as its stdout."""
    ours, theirs = pty.openpty()
    ours_env = {n: v for n, v in os.environ.items() if not n.startswith("COPYCOST_")} | environment
    done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=theirs, env=ours_env, check=False)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:  # no process writes to it any more
        pass
    os.close(ours)
    return done.returncode, done.stdout.decode(), shown.decode()


def test_build_shows_what_the_tool_says_from_wherever_it_is_called(checkout, call, stand_ins):
    stand_ins("cmake", 'echo "in $PWD: $*"', "exit 1")
    done = call(checkout / "scripts/build", "asan", PATH=stand_ins.path, CDPATH=".", CMAKE_GENERATOR="x")
    assert (done.code, done.err) == (1, f"in {checkout}: --preset asan -B build/asan -DCOPYCOST_SYSTEMS=\n")
    stand_ins("cmake", '[ "$1" = --preset ] || { echo "[1/2] Building x"; echo "error: y in $PWD"; exit 1; }')
    done = call(checkout / "scripts/build", PATH=stand_ins.path)
    assert (done.code, done.err) == (1, f"building release: 1 of 2 files\nerror: y in {checkout}\n")


def test_a_build_elsewhere_than_on_a_terminal_says_each_tenth(tree, call, stand_ins):
    done = call(tree / "scripts/build", "release", "copycost", PATH=stand_ins.path, COPYCOST_STEP="[2/8] ")
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines() == [f"[2/8] building release: {n} of 40 files" for n in (1, *range(4, 41, 4))]
    assert (tree / "built").read_text() == "--build build/release --target copycost\n"


def test_a_build_with_nothing_to_do_says_nothing(tree, call, stand_ins):
    stand_ins("cmake", 'echo "[0/2] Re-checking globbed directories..."', 'echo "ninja: no work to do."')
    done = call(tree / "scripts/build", PATH=stand_ins.path)
    assert (done.code, done.out, done.err) == (0, "", "")


def test_a_build_on_a_terminal_draws_one_line_and_takes_it_away(tree, stand_ins):
    code, out, shown = on_a_terminal([tree / "scripts/build"], PATH=stand_ins.path, TERM="xterm")
    assert (code, out) == (0, "") and "\n" not in shown
    drawn = shown.split("\r\x1b[K")
    assert drawn[:3] == ["", "building release: 1 of 40 files", "building release: 2 of 40 files"] and drawn[-1] == ""


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_cannot_draw_again_gets_lines(tree, stand_ins, term):
    code, out, shown = on_a_terminal([tree / "scripts/build"], PATH=stand_ins.path, TERM=term)
    assert (code, out) == (0, "") and "\x1b" not in shown and len(shown.splitlines()) == 11


def test_nothing_is_coloured(tree, stand_ins):
    for more in ({}, {"NO_COLOR": "1"}):
        shown = on_a_terminal([tree / "scripts/build"], PATH=stand_ins.path, TERM="xterm", **more)[2]
        assert shown.replace("\r\x1b[K", "").isprintable()


@pytest.mark.parametrize("systems, folder, asked", [
    ("", "build/release", ""), ("chunk", "build/release-chunk", "chunk"),
    ("raft,chunk", "build/release-chunk-raft", "chunk;raft"), ("raft; chunk raft", "build/release-chunk-raft",
                                                               "chunk;raft")])
def test_some_systems_are_built_in_a_folder_of_their_own(tree, call, stand_ins, systems, folder, asked):
    done = call(tree / "scripts/build", "release", PATH=stand_ins.path, COPYCOST_SYSTEMS=systems)
    assert done.code == 0, done
    assert (tree / "configured").read_text() == f"--preset release -B {folder} -DCOPYCOST_SYSTEMS={asked}\n"
    assert (tree / "built").read_text() == f"--build {folder}\n"


@pytest.mark.parametrize("command", [["scripts/build"], ["scripts/bench"], ["scripts/bench", "--system", "chnk"]])
def test_a_system_that_is_none_is_refused_before_anything_is_done(tree, call, stand_ins, command):
    path, *arguments = command
    done = call(tree / path, *arguments, PATH=stand_ins.path, COPYCOST_SYSTEMS="chunk,chnk")
    assert (done.code, done.out) == (2, "")
    assert done.err == f"{path}: there is no system 'chnk'; there are: chunk event_store raft\n"
    assert not (tree / "configured").exists()


@pytest.fixture
def bench(tree):
    """A checkout whose programs say what they were asked."""
    script(tree / "scripts/setup")
    for name in ("real_input", "real_events"):
        script(tree / "scripts" / name, f'echo {name} >>"$(dirname "$0")/../made"',
               'case "$0" in */real_events) echo "$1" ;; esac')
    for folder in ("release", "release-chunk", "release-raft"):
        script(tree / "build" / folder / "copycost", 'echo "$1" >>"$(dirname "$0")/asked"',
               'case "$*" in report*) mkdir -p "$4"; echo summary >"$4/summary.md" ;; *) echo printed ;; esac')
    return tree


def test_bench_says_which_step_it_is_in_and_keeps_stdout_for_the_verdicts(bench, call, stand_ins):
    done = call(bench / "scripts/bench", PATH=stand_ins.path)
    assert done.code == 0 and done.out == "\nsummary\n\nreport: results/report/report.html\n", done
    steps = [line for line in done.err.splitlines() if " of 40 files" not in line]
    assert [line[:5] for line in steps] == [f"[{n}/8]" for n in range(1, 9)], done
    assert steps[1] == "[2/8] building: all systems"
    assert "[2/8] building release: 40 of 40 files" in done.err
    assert (bench / "made").read_text() == "real_input\nreal_events\n"


@pytest.mark.parametrize("way", [["--system", "chunk"], ["--system=chunk"], []])
def test_bench_of_one_system_builds_and_asks_for_no_more(bench, call, stand_ins, way):
    done = call(bench / "scripts/bench", *way, PATH=stand_ins.path, COPYCOST_SYSTEMS="chunk")
    assert done.code == 0 and "event_store is not built: no real input of it is made" in done.err, done
    assert (bench / "configured").read_text() == "--preset release -B build/release-chunk -DCOPYCOST_SYSTEMS=chunk\n"
    assert (bench / "made").read_text() == "real_input\n" and not (bench / "build/release/asked").exists()
    asked = (bench / "build/release-chunk/asked").read_text().splitlines()
    assert asked == ["doctor", "run", "audit", "verify", "verify", "report"]


def test_bench_of_a_system_without_input_to_make_says_so(bench, call, stand_ins):
    done = call(bench / "scripts/bench", "--system", "raft", PATH=stand_ins.path)
    assert done.code == 0 and "none of the systems that are built has input to be verified" in done.err, done
    asked = (bench / "build/release-raft/asked").read_text().splitlines()
    assert asked == ["doctor", "run", "audit", "verify", "report"]
    assert not (bench / "made").exists()
