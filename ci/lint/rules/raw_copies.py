# SPDX-License-Identifier: Apache-2.0
"""Payload under impls/ is copied by counted_copy alone, or the primitive witness is blind."""
import re

from cpp import arguments, without_comments
from tree import CPP, Finding, is_excused, line_of

NAME = "raw_copies"
ABOUT = "impls/ copies payload with counted_copy only; other copies say `// not payload: REASON`"

# Wherever these words stand they mean the function: called, or handed to somebody who calls it.
_WORDS = re.compile(r"""\b(?:__builtin_|std::|::)?(
    w?mem(?:cpy|move|pcpy|ccpy) | bcopy | w?(?:str|stp)n?cpy | strcat | strncat | strn?dup
  | uninitialized_(?:copy|move)(?:_n)? | copy_(?:n|backward) | move_backward
  | (?:assign|insert|append)_range
)\b""", re.X)
_STD = re.compile(r"\b(std::(?:ranges::)?copy(?:_if)?|(?:std::)?ranges::(?:copy|move)|std::swap_ranges)\b(?=\s*[(;,)])")
_MOVE = re.compile(r"\bstd::move\s*(\()")
# Members that copy a range: how many arguments make them one.
_MEMBER = re.compile(r"(?:\.|->)(assign|insert|append|replace)\s*(\()")
_MEMBER_ARGUMENTS = {"assign": 1, "insert": 3, "append": 2, "replace": 3}
_CONTAINER = re.compile(r"\bstd::(?:pmr::)?(?:basic_)?(?:string\b(?!_view)|"
                        r"vector\s*<\s*(?:std::byte|(?:un)?signed char|char|(?:std::)?uint8_t)\s*>)")
_MADE = re.compile(r"\s*>?\s*\w*\s*([({])")
_FROM_BYTES = re.compile(r"\b(?:c?begin|data|view|bytes?|payload|span|subspan|string_view|written)\b|reinterpret_cast")
# `bytes_view bytes` and `std::span<const std::byte>` are parameters of a declaration, not what a container is made of.
_PARAMETER = re.compile(r"(?:const\s+)?[\w:]+(?:<[^()]*>)?(?:\s*[&*]+\s*\w*|\s+\w+)|[\w:]+<[^()]*>")
_RANGE = re.compile(r"[{,]\s*([\w.>()-]+?)(?:\.|->)c?begin\(\)\s*,\s*\1(?:\.|->)c?end\(\)\s*\}")


def check(tree):
    for path in tree.under("impls", suffixes=CPP):
        text = without_comments(tree.text(path))
        lines = tree.lines(path)
        by_line = {line_of(text, position): what for position, what in sorted(_copies(text), reverse=True)}
        for line, what in sorted(by_line.items()):
            if not is_excused(lines, line):
                yield Finding(path, line, NAME, f"{what} is a copy that nobody counts; use counted_copy, "
                                                "or say `// not payload: REASON`")


def _copies(text):
    """(position, words for it) of everything that copies a range of bytes."""
    found = {m.start(1): m[1] for pattern in (_WORDS, _STD) for m in pattern.finditer(text)}
    for m in _MOVE.finditer(text):
        if len(arguments(text, m.start(1))) > 1:
            found[m.start()] = "std::move of a range"
    for m in _MEMBER.finditer(text):
        if len(arguments(text, m.start(2))) >= _MEMBER_ARGUMENTS[m[1]]:
            found[m.start(1)] = f"{m[1]}() of a range"
    for m in _CONTAINER.finditer(text):
        opening = _MADE.match(text, m.end())
        if opening and _copies_range(arguments(text, opening.start(1))):
            found[m.start()] = f"{m[0].replace(' ', '')} made of other bytes"
    for m in _RANGE.finditer(text):
        found[m.start()] = "a container made of a range"
    return found.items()


def _copies_range(made_of):
    return not any(map(_PARAMETER.fullmatch, made_of)) and any(map(_FROM_BYTES.search, made_of))
