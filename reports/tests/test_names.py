# SPDX-License-Identifier: Apache-2.0
"""Names that are no text: in result folders, in inputs, and on the command line."""
import json
import os
import subprocess

import pytest

from reports import cli
from reports.names import printable, shell_word
from reports.tests.fixtures import build, write

SMALL = build(workloads=("slice",))
NAMES = [b"plain", b"i\xe9", b"two\nlines", b"it's", b"it's\xff\\", b"two words", b"a\x1b[0m", "caf\u00e9".encode(),
         b"$x`y`*"]


@pytest.mark.parametrize("name", NAMES)
def test_a_word_is_read_by_the_shell_as_the_name_that_it_was(name):
    word = shell_word(printable(os.fsdecode(name)))
    assert word.isprintable()
    assert subprocess.run(["bash", "-c", "printf %s " + word], check=True, capture_output=True).stdout == name


def test_a_result_folder_whose_name_is_no_text_has_a_report(tmp_path, capsys):
    folder = os.path.join(os.fsencode(tmp_path), b"r\xe9\n")
    os.rename(write(tmp_path / "results", SMALL), folder)
    verdicts = os.path.join(folder, b"verdicts.json")
    with open(verdicts, encoding="utf-8") as f:
        top = json.load(f)
    top["inputs"] = [{"name": "/a/i\\xE9", "bytes": 1, "format": "plain", "sha256": "", "system": "chunk"},
                     {"name": "b c"}]
    with open(verdicts, "w", encoding="utf-8") as f:
        json.dump(top, f)
    assert cli.main([os.fsdecode(folder), "-o", os.fsdecode(folder)]) == 0
    assert "r\\xE9\\n/report.html" in capsys.readouterr().out
    with open(os.path.join(folder, b"summary.md"), encoding="utf-8") as f:
        summary = f.read()
    page = open(os.path.join(folder, b"report.html"), encoding="utf-8").read()
    assert "--input $'chunk=i\\xE9' --input 'b c'" in summary + page.replace("&#39;", "'")
    assert cli.main([os.fsdecode(folder) + "no", "-o", "x"]) == 2
    assert "r\\xE9\\nno: a result directory expected" in capsys.readouterr().err
