# SPDX-License-Identifier: Apache-2.0
"""What stands on the page is what stands in the files, and nothing else is needed to read it."""
import copy
import random
import re

import pytest

from reports import page, summary, units
from reports.choice import Chooser
from reports.content import gather
from reports.figures import Figures, draw_all
from reports.load import load
from reports.tests.fixtures import build, write
from reports.tests.pages import Page

SECTIONS = ["verdicts", "flips", "map", "ratios", "decision", "lose", "several", "published", "proof", "trust", "not",
            "again", "every"]


def undrawn(_):
    """Drawing takes seconds; one page with figures is enough."""
    return Figures(details={}, missing="not drawn")


def content_of(directory, files, title="", draw=undrawn):
    return gather(Chooser(load(write(directory, files))), title, draw)


@pytest.fixture(scope="module")
def files():
    return build(systems=("chunk", "event_store"))


@pytest.fixture(scope="module")
def text(files, tmp_path_factory):
    return page.render(content_of(tmp_path_factory.mktemp("run"), files, draw=draw_all))


@pytest.fixture(scope="module")
def parsed(text):
    return Page(text)


def without(files, *names):
    return {k: v for k, v in files.items() if k not in names}


def test_sections_in_their_order(parsed):
    assert parsed.sections == SECTIONS


def test_nothing_is_loaded_from_elsewhere(text, parsed):
    assert parsed.loads == []
    names = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}  # of XML, never fetched
    assert set(re.findall(r"https?://[^\"'< )]+", text)) <= names
    assert "@import" not in text and "url(http" not in text


def test_no_id_twice(parsed):
    assert sorted(parsed.ids) == sorted(set(parsed.ids))


def test_every_reference_inside_the_figures_has_its_target(text, parsed):
    targets = set(re.findall(r'(?:href="#|url\(#)([^")]+)', text))
    assert targets and targets <= set(parsed.ids)


def test_every_cell_shows_the_numbers_of_the_file(files, parsed):
    shown = parsed.rows("cells")
    run = files["verdicts.json"]["rows"]
    assert len(shown) == len(run)
    for cells, row in zip(shown, run):
        name, _, time, ratio, times = cells[:5]
        assert name[0] == row["cell"]
        assert float(time[2]) == row["ns"] and time[0] == units.time(row["ns"])
        assert time[1] == f"{units.time(row['low'])} to {units.time(row['high'])}"
        assert float(times[2]) == row["limit"]["times"]
        if row["ratio"] is None:
            assert ratio[2] is None
        else:
            assert float(ratio[2]) == row["ratio"] and ratio[0] == units.ratio(row["ratio"])
            assert ratio[1].startswith(f"{units.ratio(row['ratio_low'])} to {units.ratio(row['ratio_high'])}")
            assert ("not separated" in ratio[1]) == (row["ratio_low"] <= 1 <= row["ratio_high"])


def test_every_number_with_a_value_is_one_of_the_files(files, parsed):
    """In all tables: a value behind a text is a number of some file, or a count of rows."""
    known = set()

    def collect(value):
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            for each in value:
                collect(each)
        elif isinstance(value, (int, float)):
            known.add(float(value))

    collect([files["verdicts.json"], files["audit.json"]])
    counts = {"witnesses", "laws", "proofs"}
    rows = [r for name, table in parsed.tables.items() if name not in counts for r in table]
    values = [float(c[2]) for r in rows for c in r if c[2]]
    assert len(values) > 1000
    assert [v for v in values if v not in known] == []


def test_the_decision_table_joins_run_audit_and_laws(files, parsed):
    run = {r["cell"]: r for r in files["verdicts.json"]["rows"]}
    cell = run["chunk/slice/design:slice/size:4096"]
    row = next(r for r in parsed.rows("decision-chunk") if r[0][0] == "slice")
    assert [c[0] for c in row[3:5]] == ["0", "0"]
    assert (float(row[1][2]), float(row[2][2])) == (cell["ns"], cell["ratio"])
    assert [c[0] for c in row[5:8]] == ["4,096", "33 of 33", "2 of 2"]
    assert row[5][1] == "retain (compact 0)"
    assert [c[0] for c in row[8:]] == ["none: a chunk keeps its block alive",
                                       "payloads are shared, sliced or fanned out",
                                       "tiny pieces of large blocks are kept for long"]
    assert next(r for r in parsed.rows("decision-chunk") if r[0][0] == "absl_cord")[0][1] == "peer"


def test_where_the_winner_loses(files, parsed):
    """The worst ratio of a recommended design over all its cells of the system."""
    run = files["verdicts.json"]["rows"]
    ratios = [r["ratio"] for r in run if (r["system"], r["design"]) == ("chunk", "slice")]
    row = next(r for r in parsed.rows("losses") if r[0][0] == "chunk slice")
    assert float(row[2][2]) == max(ratios)


def test_contended_rows_stand_beside_overlap_and_line_round_trip(parsed):
    rows = parsed.rows("together")
    assert [r[0][0] for r in rows] == [
        "hand_over_process (256 B)", "hand_over_process (4 KiB)", "hand_over_process (64 KiB)",
        "contended (threads 1, 4 KiB)", "contended (threads 2, 4 KiB)"]
    assert all(r[1][0] == "0.970" and "round trips" in r[2][1] for r in rows)
    assert "a cache line takes 118 ns there and back" in parsed.text


def test_trust(parsed):
    for fact in ("Invented CPU 3000", "g++ 12.2.0", "-O2 -DNDEBUG", "0123456789ab", "2.1 %", "seed 42", "launches 8"):
        assert fact in parsed.text


def test_a_broken_design_is_listed_struck_and_not_picked(files, tmp_path):
    files = copy.deepcopy(files)
    lost = next(r for r in files["audit.json"]["rows"] if r["cell"] == "chunk/slice/design:arena/size:32")
    lost["promise"]["kept"], lost["verdict"], lost["reasons"] = False, "broken", ["1 allocation promised, 2 counted"]
    parsed = Page(page.render(content_of(tmp_path, files)))
    struck = [r[0][0] for r in parsed.rows("decision-chunk") if "struck" in r[0][3]]
    assert struck == ["arena"]
    assert not any("struck" in r[0][3] for r in parsed.rows("decision-event_store"))
    assert "chunk: pick arena" not in parsed.text
    assert ("Not considered: arena (broken promise in chunk/slice/design:arena/size:32: 1 allocation promised, 2 "
            "counted).") in parsed.text
    assert not any(r[0][0].startswith("chunk arena") for r in parsed.rows("losses"))


def test_an_unproved_row_shows_no_time(files, tmp_path):
    files = copy.deepcopy(files)
    files["verdicts.json"]["rows"][1].update(verdict="broken", why="digest differs", ns=None)
    files["verdicts.json"]["rows"][2].update(verdict="not measured", why="too short", ns=0.1, low=0.1, high=0.1)
    parsed = Page(page.render(content_of(tmp_path, files)))
    broken, missing = parsed.rows("cells")[1:3]
    assert (broken[2][0], broken[2][2]) == ("broken", None)
    assert (missing[2][0], missing[2][2]) == ("not measured", None)
    assert "1 cell: no time: too short" in parsed.text


def test_what_is_missing_is_said(files, tmp_path):
    parsed = Page(page.render(content_of(tmp_path, without(files, "audit.json", "verify.json"))))
    assert "Not audited: copies, allocations, retention and promises are unknown" in parsed.text
    assert "Laws were not run" in parsed.text
    row = parsed.rows("decision-chunk")[0]
    assert [c[0] for c in row[3:8]] == ["not audited", "–", "–", "not run", "not run"]


def test_an_interrupted_run_says_so(files, tmp_path):
    changed = {**files, "verdicts.json": {**files["verdicts.json"], "complete": False}}
    content = content_of(tmp_path, changed)
    assert "INCOMPLETE: the run was interrupted" in Page(page.render(content)).text
    assert "INCOMPLETE: the run was interrupted" in summary.render(content)


def test_files_of_different_commits_are_told_apart(files, tmp_path):
    changed = {**files, "audit.json": {**files["audit.json"], "machine": {"commit": "feedface"}}}
    assert "audit.json is of commit feedface, the times are of commit 0123456789ab." in Page(
        page.render(content_of(tmp_path, changed))).text


def test_names_from_files_are_text_not_markup(files, tmp_path):
    hostile = '<script>alert(1)</script>&"\'|`*'
    files = copy.deepcopy(without(files, "audit.json", "verify.json"))
    for row in files["verdicts.json"]["rows"]:
        if row["design"] == "absl_cord":
            row["design"], row["why"] = hostile, hostile
    files["machine.json"]["cpu_model"] = hostile
    content = content_of(tmp_path, files, title=hostile)
    rendered = page.render(content)
    assert "<script>alert" not in rendered
    assert hostile in Page(rendered).text
    prose = [x for x in summary.render(content).splitlines() if not x.startswith("    copycost ")]
    assert not any("<script>" in line for line in prose)
    columns = {line.count("|") - line.count("\\|") - 1 for line in summary.render(content).splitlines()
               if line.startswith("| &lt;script")}
    assert columns == {11, 5}  # of the decision table and of the claims


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_broken_the_page_recommends_nothing_broken(files, tmp_path, seed):
    """Breaks rows, promises and laws at random and looks for a broken design in any recommendation."""
    chance = random.Random(seed)
    files = copy.deepcopy(files)
    broken = set()
    for row in chance.sample(files["verdicts.json"]["rows"], 3):
        row.update(dict.fromkeys(("ns", "low", "high", "ratio", "ratio_low", "ratio_high")), verdict="broken")
        broken.add((row["system"], row["design"]))
    for row in chance.sample(files["audit.json"]["rows"], 2):
        row["promise"]["kept"], row["verdict"] = False, "broken"
        broken.add((row["system"], row["design"]))
    law = chance.choice(files["verify.json"]["rows"])
    law["verdict"] = "broken"
    broken.add((law["system"], law["design"]))
    chooser = Chooser(load(write(tmp_path, files)))
    for decision in chooser.decisions():
        assert not {(decision.system, d) for d in decision.picks} & broken
        assert all((decision.system, r.design) not in broken for c in decision.contests for r in c.order)
    assert {(d.system, out) for d in chooser.decisions() for out in d.out} == broken


def test_the_summary_holds_the_same_sentences(files, tmp_path):
    content = content_of(tmp_path, files)
    text = summary.render(content)
    for sentences in content["verdicts"]:
        assert "* " + " ".join(sentences) in text
    assert ("    copycost run --system chunk,event_store --design copy,slice,arena,shm,absl_cord,shared_ptr "
            "--profile quick --seed 42 --launches 8 -o ") in text
    assert text.count("\n# ") == 0 and text.startswith("# What a copy costs\n")


def test_a_busy_and_noisy_machine_is_told(files, tmp_path):
    changed = {**files, "verdicts.json": {**files["verdicts.json"], "noise_floor": 0.27},
               "machine.json": {**files["machine.json"], "load_average": "3.41 2.86 2.65"},
               "audit.json": {**files["audit.json"], "seed": 4711}}
    text = Page(page.render(content_of(tmp_path, changed))).text
    assert "the same cell measured twice differs by up to 27 %" in text
    assert "load average 3.41 on 2 cores" in text
    assert "seed of the audit 4711" in text and "--profile quick --seed 4711 -o" in text
    quiet = {**changed, "machine.json": {**files["machine.json"], "load_average": "0.31 0.2 0.1"}}
    assert "The machine was busy" not in Page(page.render(content_of(tmp_path, quiet))).text
