# SPDX-License-Identifier: Apache-2.0
"""What --input names is opened in one place, so that the bytes that are judged are the bytes that are timed."""
import re

from cpp import includes, without_comments
from tree import CPP, Finding, line_of

NAME = "input_door"
ABOUT = ("harness/base/input/input_door.cc alone opens what --input names; who knows real input opens no file, but "
         "`// no input: REASON`")

_DOOR = "harness/base/input/input_door"  # .h and .cc
# They hand the words of the command line to the door.
_FITTERS = {"harness/cli/input_fit.cc", "harness/cli/options.cc", "harness/cli/command_verify.cc"}
_HEADERS = {"harness/base/input/input.h", "harness/base/input/input_door.h",
            "scenarios/event_store/input/input_events.h"}
_OPENS = re.compile(r"""(?<![\w.>:])(?:::|std::filesystem::|std::|fs::)?(
    (?:open(?:at2?|64)?|creat|freopen|f?open64|fopen|opendir|popen|read_file|read_json_file|read_input|file_size)"""
                    r"""(?=\s*\(\s*[^)\s])
  | basic_i?fstream | i?fstream | input_door | (?:recursive_)?directory_iterator
)\b""", re.X)
_WORDS = re.compile(r"\bo(?:ptions)?(?:\.|->)inputs\b(?!\s*\.empty\(\))")
_EXCUSE = re.compile(r"//\s*no input:\s*\S")


def check(tree):
    for path in tree.under("harness", "scenarios", "impls", suffixes=CPP):
        if path.rpartition(".")[0] == _DOOR or path in _FITTERS:
            continue
        text, lines = tree.text(path), tree.lines(path)
        plain = without_comments(text)
        for m in _WORDS.finditer(plain):
            yield Finding(path, line_of(plain, m.start()), NAME,
                          "the words of --input are read by harness/cli/input_fit.cc; call open_inputs()")
        if not {target for _, quote, target in includes(text) if quote == '"'} & _HEADERS:
            continue
        for line, what in sorted({(line_of(plain, m.start(1)), m[1]) for m in _OPENS.finditer(plain)}):
            if plain.splitlines()[line - 1].lstrip().startswith(("#include", "class ")) or _excused(lines, line):
                continue
            yield Finding(path, line, NAME, f"{what} beside real input; work on input_file::bytes, which the door has "
                                            "read, or say `// no input: REASON`")


def _excused(lines, number):
    before = lines[number - 2].strip() if number > 1 else ""
    return bool(_EXCUSE.search(lines[number - 1]) or _EXCUSE.match(before))
