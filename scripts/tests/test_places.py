# SPDX-License-Identifier: Apache-2.0
"""What each script does from elsewhere: it reads and writes what its caller named, uses its own checkout, and says the
reason that a tool gave."""
import json
import os
import shutil

import pytest
from conftest import ROOT, git, script


def stub(checkout, path, *lines):
    script(checkout / path, *lines)


@pytest.fixture
def bench(repository):
    """A checkout whose programs say what they were given: each argument on a line, and what the inputs hold."""
    for path in ("scripts/setup", "scripts/build"):
        stub(repository, path, f'echo "{path} $*" >>"{repository}/said"')
    stub(repository, "build/release/copycost", 'echo "copycost $*" >>"$(dirname "$0")/../../said"',
         ('while [ $# -gt 0 ]; do case "$1" in --input) f=${2#event_store=}; f=${f#chunk=}; '
          'cat "$f" >>"$(dirname "$0")/../../read" ;;'),
         '-o) mkdir -p "$2"; [ "${2##*/}" != report ] || echo summary >"$2/summary.md" ;; esac; shift; done')
    return repository


def said(checkout):
    return (checkout / "said").read_text().splitlines()


def test_bench_reads_and_writes_where_its_caller_stands(bench, call):
    (call.folder / "few.jsonl").write_text("few\n")
    (call.folder / "l").symlink_to(bench)
    for way in (bench / "scripts/bench", "l/scripts/bench"):
        shutil.rmtree(call.folder / "out", ignore_errors=True)
        (bench / "read").unlink(missing_ok=True)
        done = call(way, "--input", "event_store=few.jsonl", "-o", "out", CDPATH=".", GIT_DIR="/x")
        assert done.code == 0 and done.out.endswith("report: out/report/report.html\n"), done
        assert (call.folder / "out/run.txt").exists() and not (bench / "out").exists()
        assert (bench / "read").read_text() == "few\n" * 3  # run, audit, verify
    assert any(line.startswith("copycost run --profile quick --input event_store=few.jsonl -o out")
               for line in said(bench))


def test_bench_without_an_output_writes_where_its_caller_stands(bench, call):
    (call.folder / "a").write_text("a")
    assert call(bench / "scripts/bench", "--input", "a").code == 0
    assert (call.folder / "results/report/summary.md").exists() and not (bench / "results").exists()


def test_bench_hands_on_other_options_and_takes_names_that_look_like_options(bench, call):
    (call.folder / "-i =x").write_text("i")
    done = call(bench / "scripts/bench", "--input=-i =x", "-o", "-o", "--filter", "a b", "--seed", "7")
    assert done.code == 0 and (call.folder / "-o/run.txt").exists(), done
    assert any(line.endswith("-o ./-o --filter a b --seed 7") for line in said(bench))


def test_bench_reads_a_pipe_once_and_keeps_it(bench, call):
    """Three steps read the input; the second and third found the pipe empty."""
    done = call(bench / "scripts/bench", "--input", "-", "-o", "out", stdin="from a pipe\n")
    assert done.code == 0 and (bench / "read").read_text() == "from a pipe\n" * 3, done
    (bench / "read").unlink()
    done = call("/bin/bash", "-c", '"$1" --input chunk=<(echo substituted) --input <(echo two) -o out2', "x",
                bench / "scripts/bench")
    assert done.code == 0 and (bench / "read").read_text() == "substituted\ntwo\n" * 3, done


@pytest.mark.parametrize("arguments, told", [(["--input", "gone"], "gone: cannot read"),
                                             (["--input"], "--input takes an argument"),
                                             (["--input", "chunk=gone"], "gone: cannot read"),
                                             (["-o", ""], "-o takes an argument")])
def test_bench_refuses_before_anything_is_done(bench, call, arguments, told):
    done = call(bench / "scripts/bench", *arguments)
    assert (done.code, done.out, done.err) == (2, "", f"scripts/bench: {told}\n")
    assert not (bench / "said").exists() and not list(call.folder.iterdir())


def test_real_events_through_a_link_is_the_history(repository, call):
    (call.folder / "l").symlink_to(repository)
    (call.folder / "r").symlink_to(repository / "scripts/real_events")
    for way in ("l/scripts/real_events", "./r", repository / "scripts/real_events"):
        done = call(way, "ev.jsonl", CDPATH=".", GIT_DIR=str(call.folder), BASH_ENV="/x")
        assert (done.code, done.out, done.err) == (0, f"{repository}\n", ""), way
    assert not (call.folder / "ev.jsonl").exists()


def test_real_events_says_why_git_reads_no_history(checkout, call):
    if not shutil.which("dpkg-query"):
        pytest.skip("no packages to make events of")
    done = call(checkout / "scripts/real_events", "e\nv.jsonl")
    assert done.code == 0 and done.out == f"{call.folder}/e\nv.jsonl\n", done
    assert "not a git repository" in done.err and "made from this machine's packages" in done.err
    assert json.loads((call.folder / "e\nv.jsonl").read_text().splitlines()[0])["seq"] == 0
    # In a folder of another repository it is not that one's history.
    git(checkout.parent, "init", "-q")
    assert call(checkout / "scripts/real_events", "ev.jsonl").out == f"{call.folder}/ev.jsonl\n"


def test_a_checkout_of_another_owner_shows_the_reason_of_git(repository, call, stand_ins):
    if os.geteuid() != 0:
        pytest.skip("only root can give a checkout away")
    for folder, names, files in os.walk(repository):
        for name in [".", *names, *files]:
            os.chown(os.path.join(folder, name), 65534, 65534, follow_symlinks=False)
    done = call(repository / "scripts/real_events", "ev.jsonl", HOME=str(call.folder))
    assert "dubious ownership" in done.err and done.out == f"{call.folder}/ev.jsonl\n", done
    (repository / "property_tests/plants").mkdir(parents=True)
    (repository / "property_tests/plants/a.patch").write_text("# why\n# expect: a\n# run: a\n")
    done = call(repository / "ci/prove_judge", "--work", "w", HOME=str(call.folder))
    assert done.code == 2 and "dubious ownership" in done.err and "Traceback" not in done.err, done
    done = call(repository / "scripts/in_debian", "--folder", call.folder / "systems", "13", "true",
                HOME=str(call.folder))
    assert done.code == 125 and "dubious ownership" in done.err, done
    assert call(repository / "scripts/real_events", "ev.jsonl", HOME=str(call.folder),
                SUDO_UID="65534").out == f"{repository}\n"


def test_real_input_writes_where_its_caller_stands(checkout, call, stand_ins):
    stand_ins("apt-cache", "head -c 3000000 /dev/zero | tr '\\0' x")
    assert call(checkout / "scripts/real_input", "in\nput", PATH=stand_ins.path).code == 0
    assert (call.folder / "in\nput").stat().st_size == 3000000
    assert [p.name for p in call.folder.iterdir()] == ["in\nput"]


@pytest.mark.parametrize("path, arguments", [(".ci/run", []), ("scripts/test", ["--fast"])])
def test_the_tests_run_from_anywhere(checkout, call, stand_ins, path, arguments):
    for name in ("setup", "build"):
        stub(checkout, f"scripts/{name}", f'echo "{name} $*"')
    stand_ins("ctest", 'echo "ctest $*"')
    done = call(checkout / path, *arguments, PATH=stand_ins.path, CDPATH=".")
    assert done.code == 0 and f"ctest --test-dir {checkout}/build/release" in done.out, done


def test_programs_of_another_preset_and_the_fuzzer_are_found(checkout, call):
    stub(checkout, "build/asan/p", 'echo "$0 $* $PWD"')
    done = call(checkout / "ci/in_preset", "asan", "p", "a b", CDPATH=".")
    assert done.code == 0 and done.out.endswith(f"/build/asan/p a b {checkout}\n"), done
    done = call(checkout / "ci/in_preset", "tsan", "p")
    assert (done.code, done.err) == (77, "ci/in_preset: build/tsan/p: not built (scripts/build tsan)\n")
    done = call(checkout / "ci/fuzz", "--replay", "gone")
    assert done.code == 2 and "ci/fuzz: gone: no input" in done.err, done


def test_exact_everywhere_builds_its_own_checkout(checkout, call):
    stub(checkout, "scripts/build", 'echo "build $*"')
    for preset in ("release", "o3", "clang", "clang-o3"):
        stub(checkout, f"build/{preset}/copycost", f'[ {preset} != o3 ] || exit 3')
    done = call(checkout / "ci/exact_everywhere", CDPATH=".")
    assert done.code == 3 and "o3: gate exit code 3" in done.out, done


def test_lints_and_plants_work_in_a_path_with_spaces(repository, call):
    (call.folder / "l").symlink_to(repository)
    (call.folder / "tree.py").write_text("raise SystemExit('wrong')\n")
    assert call("l/ci/lint/run", "scripts", PYTHONPATH=".").out == ""
    plants = repository / "property_tests/plants"
    plants.mkdir(parents=True)
    (plants / "a.patch").write_text("# why\n# expect: test a\n# run: ../../ci/say\n--- a/ci/say\n+++ b/ci/say\n"
                                    "@@ -1,2 +1,3 @@\n #!/bin/sh\n+echo a FAILED; exit 1\n echo well\n")
    script(repository / "ci/say", "echo well")
    done = call("l/ci/prove_judge", "--work", "plants here")
    assert done.code == 0 and "1 of 1 planted bugs caught" in done.out, done
    assert (call.folder / "plants here/tree/ci/say").exists()


@pytest.mark.parametrize("path", ["scripts/new_design", "scripts/new_system", "scripts/capture_etcd"])
def test_a_script_refuses_the_same_from_anywhere(call, path):
    (call.folder / "l").symlink_to(ROOT)
    here, there = (call(way) for way in (ROOT / path, f"l/{path}"))
    assert here.code == there.code == 2 and here.err == there.err and path in here.err
