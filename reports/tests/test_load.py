# SPDX-License-Identifier: Apache-2.0
"""What is refused, in which words, with which exit code."""
import pytest

from reports import appendix
from reports.choice import Chooser
from reports.failure import NOTHING, USAGE, Failure
from reports.load import load
from reports.tests.fixtures import build, write

FILES = build()


def changed(tmp_path, name, change):
    """A good directory with one file changed."""
    files = dict(FILES)
    content = files[name]
    files[name] = change([dict(x) for x in content] if isinstance(content, list) else dict(content))
    return write(tmp_path, files)


def refusal(directory):
    with pytest.raises(Failure) as caught:
        load(directory)
    assert "\n" not in str(caught.value)
    return str(caught.value).replace(f"{directory}/", ""), caught.value.code


def row_with(key, value):
    """Changes one field of the first row of verdicts.json."""
    return lambda top: {**top, "rows": [{**top["rows"][1], key: value}, *top["rows"][2:]]}


def test_everything_is_read(tmp_path):
    results = load(write(tmp_path / "run", FILES))
    assert (results.seed, results.profile, results.launches, results.directory) == (42, "quick", 8, "run")
    assert len(results.rows) == len(FILES["verdicts.json"]["rows"])
    assert len(results.audit.rows) == len(FILES["audit.json"]["rows"])
    assert len(results.verify.rows) == len(FILES["verify.json"]["rows"])
    assert results.machine["cpu_model"] == "Invented CPU 3000"


def test_numbers_in_quotes_are_numbers(tmp_path):
    directory = changed(tmp_path, "verdicts.json", row_with("params", {"size": "4096", "mode": "view"}))
    assert load(directory).rows[0].params == {"size": 4096, "mode": "view"}


def test_audit_and_verify_may_be_absent(tmp_path):
    files = {k: v for k, v in FILES.items() if k not in ("audit.json", "verify.json", "results.json")}
    results = load(write(tmp_path, files))
    assert results.audit is None and results.verify is None


def test_no_directory(tmp_path):
    assert refusal(tmp_path / "gone") == (f"{tmp_path}/gone: a result directory expected, none found", USAGE)


@pytest.mark.parametrize("name", ["verdicts.json", "samples.jsonl", "machine.json"])
def test_a_missing_file(tmp_path, name):
    write(tmp_path, {k: v for k, v in FILES.items() if k != name})
    assert refusal(tmp_path) == (f"{name}: expected in a result directory, not found", USAGE)


@pytest.mark.parametrize("key, value, line", [
    ("tool", "other", 'verdicts.json.tool: "copycost" expected, "other" found'),
    ("tool", None, 'verdicts.json.tool: "copycost" expected, null found'),
    ("schema", 2, "verdicts.json.schema: schema 1 expected, 2 found"),
    ("schema", True, "verdicts.json.schema: schema 1 expected, true found"),
    ("launches", 0, "verdicts.json.launches: a number from 1 up expected, 0 found"),
    ("complete", "yes", 'verdicts.json.complete: true or false expected, "yes" found'),
    ("rows", {}, "verdicts.json.rows: a list expected, {} found"),
    ("rows", [7], "verdicts.json.rows[0]: an object expected, 7 found"),
])
def test_a_foreign_head(tmp_path, key, value, line):
    assert refusal(changed(tmp_path, "verdicts.json", lambda top: {**top, key: value})) == (line, USAGE)


@pytest.mark.parametrize("key, value, line", [
    ("cell", 7, "rows[0].cell: a text expected, 7 found"),
    ("verdict", "fine", "rows[0].verdict: one of holds, broken, not separated, no honest copy, not measured expected, "
                        '"fine" found'),
    ("ns", -1, "rows[0].ns: a number above 0 expected, -1 found"),
    ("ns", "81", 'rows[0].ns: a number above 0 expected, "81" found'),
    ("ns", None, 'rows[0].ns: a time for a row that reads "holds" expected, null found'),
    ("ns", float("nan"), "rows[0].ns: a number above 0 expected, NaN found"),
    ("ratio_high", 1e-9, "rows[0]: ratio_low <= ratio <= ratio_high expected, "),
    ("params", [], "rows[0].params: an object expected, [] found"),
    ("params", {"size": [1]}, "rows[0].params.size: a number or a text expected, [1] found"),
    ("latency", 5, "rows[0].latency: an object expected, 5 found"),
])
def test_a_foreign_row(tmp_path, key, value, line):
    text, code = refusal(changed(tmp_path, "verdicts.json", row_with(key, value)))
    assert text.startswith("verdicts.json." + line)
    assert code == USAGE


def test_the_same_cell_twice(tmp_path):
    directory = changed(tmp_path, "verdicts.json", lambda top: {**top, "rows": [top["rows"][0], top["rows"][0]]})
    text, _ = refusal(directory)
    assert text.startswith("verdicts.json.rows[1].cell: each cell once expected, chunk/frames/design:copy/")


def test_no_rows(tmp_path):
    directory = changed(tmp_path, "verdicts.json", lambda top: {**top, "rows": []})
    assert refusal(directory) == ("verdicts.json: rows expected, none found: nothing ran", NOTHING)


@pytest.mark.parametrize("text, place", [
    ("{", "verdicts.json:1:2: JSON expected: "),
    ('{"a":\n 1,}', "verdicts.json:2:"),  # 3 or 4, as Python's release says
    ("", "verdicts.json:1:1: JSON expected: "),
    ("[" * 100000, "verdicts.json: JSON expected, nesting without end found")])
def test_no_json(tmp_path, text, place):
    write(tmp_path, FILES)
    (tmp_path / "verdicts.json").write_text(text)
    said = refusal(tmp_path)[0]
    assert said.startswith(place) and "JSON expected" in said


def test_no_text(tmp_path):
    write(tmp_path, FILES)
    (tmp_path / "verdicts.json").write_bytes(b"{\xff}")
    assert refusal(tmp_path) == ("verdicts.json: UTF-8 text expected, broken at byte 1", USAGE)


def test_samples_of_another_run(tmp_path):
    directory = changed(tmp_path, "samples.jsonl", lambda lines: [{**line, "cell": "other"} for line in lines[:1]])
    assert refusal(directory) == ("samples.jsonl: samples of the cells in verdicts.json expected, none found", USAGE)


def test_a_torn_sample(tmp_path):
    write(tmp_path, FILES)
    with open(tmp_path / "samples.jsonl", "a") as out:
        out.write('{"launch": 0, "ce')
    assert refusal(tmp_path)[0].startswith(f"samples.jsonl:{len(FILES['samples.jsonl']) + 1}:15: JSON expected: ")


def test_a_sample_twice(tmp_path):
    directory = changed(tmp_path, "samples.jsonl", lambda lines: [lines[0], lines[0]])
    assert refusal(directory)[0].startswith("samples.jsonl:2: each launch once expected, launch 0 of chunk/frames/")


def test_a_foreign_audit(tmp_path):
    directory = changed(tmp_path, "audit.json", lambda top: {**top, "schema": 9})
    assert refusal(directory) == ("audit.json.schema: schema 1 expected, 9 found", USAGE)


def test_limit_samples_are_passed_over(tmp_path):
    limit = {"launch": 0, "limit": "memcpy_hot", "params": {"size": 64}, "ns": 2}
    directory = changed(tmp_path, "samples.jsonl", lambda lines: [limit, *lines, limit])
    assert all("memcpy" not in cell for cell, _ in load(directory).samples)


def test_a_twin_is_not_a_sample(tmp_path):
    """A cell measured once more for the noise floor would otherwise read as the same launch twice."""
    twin = {**FILES["samples.jsonl"][0], "twin": True, "ns": 1e9}
    results = load(changed(tmp_path, "samples.jsonl", lambda lines: [twin, *lines, twin]))
    first = FILES["samples.jsonl"][0]
    assert results.samples[first["cell"], "mimalloc"][0] == first["ns"]


def test_a_second_allocator_is_a_second_row_of_the_same_cell(tmp_path):
    row, lines = FILES["verdicts.json"]["rows"][1], FILES["samples.jsonl"]
    second = {**row, "cell": row["cell"] + "/allocator:glibc", "allocator": "glibc", "ns": row["ns"] * 2,
              "low": row["low"] * 2, "high": row["high"] * 2, "params": {**row["params"], "allocator": "glibc"}}
    more = [{**x, "allocator": "glibc", "ns": x["ns"] * 2} for x in lines if x["cell"] == row["cell"]]
    top = {**FILES["verdicts.json"], "rows": [*FILES["verdicts.json"]["rows"], second]}
    results = load(write(tmp_path, {**FILES, "verdicts.json": top, "samples.jsonl": lines + more}))
    assert (results.rows[-1].key, results.rows[-1].params) == (row["cell"], row["params"])
    chooser = Chooser(results)
    assert chooser.launches(results.rows[-1])[0] == 2 * chooser.launches(results.rows[1])[0]
    assert all(r.allocator == "mimalloc" for p in chooser.points for r in p.rows.values())
    (shown,) = appendix.allocators(chooser).rows
    assert [e.value for e in shown if e.is_number] == [second["ns"], second["ratio"], row["ns"]]
