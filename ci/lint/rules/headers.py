# SPDX-License-Identifier: Apache-2.0
"""A header begins with a comment: what it is, then `Lifetime:`, `Threads:`, `Cost:`, `Source:`, as far as they apply.

A header whose first sentence says "Private to", "Part of" or "Internal to" is a part of its neighbours; it needs no
paragraphs, and those that it has keep the same order.
"""
import re

from tree import Finding

NAME = "headers"
ABOUT = "a header says what it is, then in this order and on lines of their own: Lifetime:, Threads:, Cost:, Source:"

_ORDER = ("Lifetime", "Threads", "Cost", "Source")
_LABEL = re.compile(rf"^// ({'|'.join(_ORDER)}):(.*)$")
_INSIDE = re.compile(rf"(?:[.;,)] |: )({'|'.join(_ORDER)}):")
_OTHER = re.compile(r"\b([Tt]hread-safety|[Tt]hread-safe|[Tt]hread-compatible|[Pp]rocess-safe)\b")
_PRIVATE = re.compile(r"\b(?:Private to|Part of|Internal to)\b")
_NEEDED = {"contract.h": ("Lifetime", "Threads"), "design.h": ("Lifetime", "Threads", "Cost")}


def check(tree):
    for path in tree.under("harness", "scenarios", "impls", suffixes=(".h",)):
        lines = tree.lines(path)
        block = _block(lines)
        if not any(line.strip("/ ") for line in block):
            yield Finding(path, 2, NAME, "no comment follows the licence; say what this header is")
            continue
        yield from _paragraphs(path, block)
        for number, line in enumerate(lines, 1):
            if m := _OTHER.search(line.partition("//")[2]):
                yield Finding(path, number, NAME, f"`{m[1]}` has several meanings; write a paragraph `Threads:` "
                                                  "(CONTRIBUTING.md has its forms)")


def _block(lines):
    """The comment behind the licence, with blank lines for what stands before it."""
    rest = lines[1:]
    end = next((i for i, line in enumerate(rest) if not line.startswith("//")), len(rest))
    return rest[:end]


def _paragraphs(path, block):
    found = []
    for number, line in enumerate(block, 2):
        if m := _LABEL.match(line):
            found.append(m[1])
            if not m[2].strip():
                yield Finding(path, number, NAME, f"`{m[1]}:` says nothing; write a sentence, or leave it out")
        elif m := _INSIDE.search(line):
            yield Finding(path, number, NAME, f"`{m[1]}:` stands inside a line; begin a line with it")
    first = next(line for line in block if line.strip("/ "))
    if _LABEL.match(first):
        yield Finding(path, 2, NAME, "the first sentence does not say what this is; begin with that")
    if found != sorted(found, key=_ORDER.index):
        yield Finding(path, 2, NAME, f"the paragraphs stand as {', '.join(found)}; order them as {', '.join(_ORDER)}")
    if len(found) != len(set(found)):
        yield Finding(path, 2, NAME, "a paragraph is there twice; join both")
    name = path.rpartition("/")[2]
    missing = [label for label in _NEEDED.get(name, ()) if label not in found]
    if missing and not _PRIVATE.search(" ".join(block[:4])):
        yield Finding(path, 2, NAME, f"{name} does not say `{missing[0]}:`; add that paragraph")
