# SPDX-License-Identifier: Apache-2.0
"""Absent is not 0, and the files of a result belong together: what the page says of a run that is not all there."""
from dataclasses import replace

import pytest

from reports import notes, rows
from reports.failure import NOTHING, USAGE, Failure
from reports.load import load
from reports.tests.fixtures import build, write
from reports.tests.small import chooser, point, results

SMALL = build(workloads=("slice",))
ASKED = {"system": ["chunk"], "design": ["slice", "copy"], "workload": ["slice"], "filter": "size:(64|256)$",
         "profile": "smoke", "shard": "1/2", "input": ["chunk=/data/of somebody/a b.txt", "/srv/c.jsonl"],
         "launches": 3, "no_copy": True}


def of_run(run_id, **others):
    """A result whose files are all of one run, but for those that are named."""
    files = {name: content for name, content in SMALL.items()}
    for name in ("verdicts.json", "machine.json", "audit.json", "verify.json"):
        files[name] = {**files[name], "run_id": others.get(name, run_id)}
    files["samples.jsonl"] = [{**line, "run_id": others.get("samples.jsonl", run_id)}
                              for line in files["samples.jsonl"]]
    files["results.json"] = {"context": {"machine": {"run_id": others.get("results.json", run_id)}}, "benchmarks": []}
    return files


def test_files_of_one_run_belong_together(tmp_path):
    loaded = load(write(tmp_path, of_run("one")))
    assert (loaded.run_id, loaded.foreign) == ("one", ())
    assert "run_id" not in loaded.machine


@pytest.mark.parametrize("name", ["audit.json", "verify.json", "results.json"])
def test_a_file_of_another_run_is_warned_of(tmp_path, name):
    loaded = load(write(tmp_path, of_run("one", **{name: "two"})))
    assert loaded.foreign == (name,)
    assert any(w.startswith(f"{name} is of another run than the times") for w in notes.warnings(loaded))


@pytest.mark.parametrize("name, place", [("samples.jsonl", "samples.jsonl:1"), ("machine.json", "machine.json")])
def test_times_of_another_run_are_refused(tmp_path, name, place):
    with pytest.raises(Failure) as caught:
        load(write(tmp_path, of_run("one", **{name: "two"})))
    assert str(caught.value) == (f"{tmp_path}/{place}: a file of run one expected, as verdicts.json is, run two found")
    assert caught.value.code == USAGE


def test_the_commands_to_do_it_again_have_every_option_that_selects():
    run = results(point("slice", {"size": 64}, {"copy": 20, "slice": 10}), selection=ASKED,
                  audit=rows.Audit([], [], [], "", 5, "", {**ASKED, "launches": None, "no_copy": False}),
                  verify=rows.Verify([], "", 6, "", {"system": ["chunk"], "cases": 100, "law": "slices_compose"}))
    cells = ("--system chunk --design slice,copy --workload slice --filter 'size:(64|256)$' --profile smoke "
             "--shard 1/2 --input 'chunk=a b.txt' --input c.jsonl")
    assert notes.reproduce(run) == [
        f"copycost run {cells} --no-copy --seed 7 --launches 3 -o results",
        f"copycost audit {cells} --seed 5 -o results",
        "copycost verify --system chunk --cases 100 --law slices_compose --seed 6 -o results",
        "copycost report results -o results"]


def test_an_interrupted_run_is_done_again_with_all_of_its_launches():
    run = point("slice", {"size": 64}, {"copy": 20, "slice": 10})
    asked = {**ASKED, "launches": None}
    assert "--launches" not in notes.reproduce(results(run, selection=asked, complete=False))[0]
    assert "--launches 8" in notes.reproduce(results(run, selection=asked))[0]


def test_complete_is_no_where_a_cell_was_not_measured_and_says_why():
    run = results(point("slice", {"size": 64}, {"copy": 20, "slice": 10}), complete=False, why="x/y: no room")
    assert ("complete", "NO: x/y: no room") in notes.trust(run)
    assert "INCOMPLETE: x/y: no room; what was finished is shown." in notes.warnings(run)


def test_launches_that_missed_a_cell_are_told():
    run = point("slice", {"size": 64}, {"copy": 20, "slice": 10})
    run[1] = replace(run[1], missed=2, missed_why="role died: signal 9")
    assert "1 of 2 cells were not measured in every launch: role died: signal 9." in notes.warnings(results(run))


def test_laws_that_could_not_be_asked_are_neither_held_nor_broken():
    laws = [rows.LawRow("chunk", "slice", "one", 9, "holds", ""),
            rows.LawRow("chunk", "slice", "two", 0, "not asked", "", "no room")]
    c = chooser(point("slice", {"size": 64}, {"copy": 20, "slice": 10}), verify=rows.Verify(laws, ""))
    assert c.broken == {}
    assert "1 laws could not be asked: no room." in notes.warnings(c.results)


def test_a_machine_that_does_not_say_its_cores_is_not_called_busy():
    run = results(point("slice", {"size": 64}, {"copy": 20, "slice": 10}), machine={"load_average": "0.9 0.5 0.1"})
    assert not any("busy" in w for w in notes.warnings(run))


def test_a_run_in_which_nothing_was_measured_makes_no_page(tmp_path):
    files = {**SMALL, "samples.jsonl": []}
    lost = [{**row, "ns": None, "low": None, "high": None, "ratio": None, "ratio_low": None, "ratio_high": None,
             "verdict": "not measured", "why": "no room"} for row in SMALL["verdicts.json"]["rows"]]
    files["verdicts.json"] = {**SMALL["verdicts.json"], "rows": lost, "launches": 0, "complete": False}
    with pytest.raises(Failure) as caught:
        load(write(tmp_path, files))
    assert str(caught.value).endswith("verdicts.json: a time of some cell expected, none was measured: no room")
    assert caught.value.code == NOTHING
