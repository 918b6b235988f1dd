# SPDX-License-Identifier: Apache-2.0
"""What is said of a result has one list of words, and what is absent is never read as 0."""
import re

from tree import CPP, Finding

NAME = "words"
ABOUT = ("words of verdicts stand in harness/core/verdict.h and harness/judge/law_outcome.h, the report has the same "
         "ones and the same bounds; nothing absent is read as 0 there")

_VERDICTS, _LAWS = "harness/core/verdict.h", "harness/judge/law_outcome.h"
_BOUNDS, _REPORT = "harness/clock/evaluate.h", "reports/rows.py"
# The name in the report, where the program says it, and between which marks.
_LISTS = (("VERDICTS", _VERDICTS, "kVerdictWords[] = {", "};"),
          ("LAW_VERDICTS", _LAWS, "kLawWords[] = {", "};"))
_NUMBERS = (("PLAUSIBLE_NS", "kPlausibleNs"), ("OVERLAP_LEAST", "kOverlapLeast"))
_ABSENT = (re.compile(r"\bor 0(?:\.0*)?(?![.\w])"), re.compile(r"\.get\([^()]*, 0(?:\.0*)?\)"))


def check(tree):
    words = set()
    for name, path, begin, end in _LISTS:
        if tree.has_file(path):
            said = _texts(tree.text(path), begin, end)
            words |= set(said)
            yield from _same_list(tree, name, path, said)
    yield from _same_numbers(tree)
    for path in tree.under("harness", suffixes=CPP):
        if path in (_VERDICTS, _LAWS):
            continue
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            for word in re.findall(r'"([^"]*)"', line.split("//", 1)[0]):
                if word in words:
                    yield Finding(path, number, NAME,
                                  f'"{word}" is a verdict; use to_string() of verdict or law_verdict')
    for path in tree.under("reports", suffixes=(".py",)):
        if "/tests/" in path:
            continue
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            if m := next(filter(None, (p.search(line) for p in _ABSENT)), None):
                yield Finding(path, number, NAME, f"'{m[0]}' makes 0 of what is absent; say what absent means")


def _texts(source, begin, end):
    return re.findall(r'"([^"]*)"', source.split(begin, 1)[-1].split(end, 1)[0]) if begin in source else []


def _same_list(tree, name, path, said):
    if not tree.has_file(_REPORT):
        return
    text = tree.text(_REPORT)
    own = re.search(rf"^{name} = \((.*?)\)$", text, re.M | re.S)
    listed = re.findall(r'"([^"]*)"', own[1]) if own else []
    if sorted(listed) != sorted(said):
        line = text[:own.start()].count("\n") + 1 if own else 1
        yield Finding(_REPORT, line, NAME, f"{name} is not what {path} says: {', '.join(said)}")


def _same_numbers(tree):
    if not (tree.has_file(_REPORT) and tree.has_file(_BOUNDS)):
        return
    for name, other in _NUMBERS:
        ours = re.search(rf"^{name} = ([0-9.]+)", tree.text(_REPORT), re.M)
        theirs = re.search(rf"{other} = ([0-9.]+);", tree.text(_BOUNDS))
        if theirs and (not ours or float(ours[1]) != float(theirs[1])):
            line = tree.text(_REPORT)[:ours.start()].count("\n") + 1 if ours else 1
            yield Finding(_REPORT, line, NAME, f"{name} is not {other} of {_BOUNDS}: {theirs[1]}")
