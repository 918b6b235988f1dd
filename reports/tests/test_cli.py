# SPDX-License-Identifier: Apache-2.0
"""The program from outside: what it writes, what it says, how it ends."""
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reports.tests.fixtures import build, write

ROOT = Path(__file__).parents[2]
_HIDE = "import sys; sys.modules.update(dict.fromkeys({!r})); from reports.cli import main; sys.exit(main())"


def run(*arguments, hide=(), **environment):
    command = ["-m", "reports"] if not hide else ["-c", _HIDE.format(hide)]
    return subprocess.run([sys.executable, *command, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True,
                          env={**os.environ, **environment}, check=False)


def tree(directory):
    return {str(p.relative_to(directory)): p.read_bytes() for p in sorted(Path(directory).rglob("*")) if p.is_file()}


SMALL = build(workloads=("slice", "contended", "fan_out"))


@pytest.fixture
def results(tmp_path):
    return write(tmp_path / "results", SMALL)


def test_what_is_written(results, tmp_path):
    done = run(results, "-o", tmp_path / "out", "--title", "Build <17>")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{tmp_path}/out/report.html\n"
    written = tree(tmp_path / "out")
    assert {"report.html", "summary.md", "figures/crossover.svg", "figures/forest.svg",
            "figures/map_chunk_fan_out.svg"} <= set(written)
    assert b"<title>Build &lt;17&gt;</title>" in written["report.html"]
    assert not [name for name in written if name.endswith(".tmp")]


def test_json_is_one_object_that_names_the_files(results, tmp_path):
    done = run(results, "-o", tmp_path / "out", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert [said[k] for k in ("schema", "tool", "seed", "ok")] == [1, "copycost", 42, True]
    assert {"version", "machine"} <= set(said)
    assert {row["file"] for row in said["rows"]} == {f"{tmp_path}/out/{name}" for name in tree(tmp_path / "out")}


def test_the_same_input_gives_the_same_bytes(results, tmp_path):
    run(results, "-o", tmp_path / "a", PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C")
    run(results, "-o", tmp_path / "b", PYTHONHASHSEED="2", TZ="Asia/Tokyo", LC_ALL="C.UTF-8")
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_nothing_of_this_machine_is_in_it(results, tmp_path):
    run(results, "-o", tmp_path / "out")
    for name, content in tree(tmp_path / "out").items():
        assert str(tmp_path).encode() not in content and str(ROOT).encode() not in content, name


def test_into_the_result_directory_itself(results):
    before = tree(results)
    assert run(results, "-o", results).returncode == 0
    after = tree(results)
    assert {name: after[name] for name in before} == before
    assert "report.html" in after


@pytest.mark.parametrize("break_it, code", [
    (lambda d: (d / "verdicts.json").unlink(), 2),
    (lambda d: (d / "samples.jsonl").write_text("nonsense"), 2),
    (lambda d: (d / "audit.json").write_text("{}"), 2),
    (lambda d: write(d, {"verdicts.json": {**SMALL["verdicts.json"], "rows": []}}), 4)])
def test_a_failure_is_one_line_and_leaves_the_report_alone(results, tmp_path, break_it, code):
    run(results, "-o", tmp_path / "out")
    before = tree(tmp_path / "out")
    break_it(results)
    done = run(results, "-o", tmp_path / "out")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (code, "", 1)
    assert done.stderr.startswith(f"reports: error: {results}/")
    assert tree(tmp_path / "out") == before


def test_where_nothing_can_be_written(results, tmp_path):
    (tmp_path / "file").write_text("precious")
    done = run(results, "-o", tmp_path / "file")
    assert (done.returncode, done.stderr.count("\n")) == (70, 1)
    assert "cannot be written" in done.stderr
    assert (tmp_path / "file").read_text() == "precious"


def test_a_target_that_cannot_be_replaced_leaves_no_litter(results, tmp_path):
    out = tmp_path / "out"
    (out / "report.html").mkdir(parents=True)
    assert run(results, "-o", out).returncode == 70
    assert not [p for p in out.rglob("*.tmp")]


def test_figures_of_an_earlier_report_go_and_foreign_files_stay(results, tmp_path):
    figures = tmp_path / "out" / "figures"
    figures.mkdir(parents=True)
    (figures / "crossover_recover.svg").write_text("old")
    (figures / "map_graph_fan_out.svg").write_text("old")
    (figures / "mine.svg").write_text("mine")
    assert run(results, "-o", tmp_path / "out").returncode == 0
    assert not (figures / "crossover_recover.svg").exists()
    assert not (figures / "map_graph_fan_out.svg").exists()
    assert (figures / "mine.svg").read_text() == "mine"


def test_without_matplotlib_there_is_a_page_and_a_summary(results, tmp_path):
    done = run(results, "-o", tmp_path / "out", hide=("matplotlib",))
    assert done.returncode == 0
    assert done.stderr.startswith("reports: warning: no figures: matplotlib")
    written = tree(tmp_path / "out")
    assert set(written) == {"report.html", "summary.md"}
    run(results, "-o", tmp_path / "full")
    assert written["summary.md"] == tree(tmp_path / "full")["summary.md"]
    assert b"no figures: matplotlib" in written["report.html"]


def test_without_jinja2_there_is_a_summary_and_a_failure(results, tmp_path):
    done = run(results, "-o", tmp_path / "out", hide=("matplotlib", "jinja2", "markupsafe"))
    assert done.returncode == 70
    assert "no report.html: jinja2 is not installed" in done.stderr
    assert set(tree(tmp_path / "out")) == {"summary.md"}


@pytest.mark.parametrize("arguments", [(), ("dir",), ("dir", "-o", "out", "--wrong")])
def test_usage(arguments):
    done = run(*arguments)
    assert done.returncode == 2 and done.stdout == "" and "usage: reports" in done.stderr


def test_help_has_examples():
    done = run("--help")
    assert done.returncode == 0 and "examples:" in done.stdout


def test_the_figure_of_the_readme(results, tmp_path):
    full = write(tmp_path / "full", build(workloads=("slice",)))
    for directory, code in ((full, 4), (tmp_path / "nowhere", 2)):
        done = subprocess.run([sys.executable, "-m", "reports.readme_figure", directory, "-o", tmp_path / "one.svg"],
                              cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == code and done.stderr.count("\n") == 1 and not (tmp_path / "one.svg").exists()
