# SPDX-License-Identifier: Apache-2.0
"""A comma between two expressions where a semicolon belongs: `a = 1, b = 2;`.

By the text: brackets are matched, and a statement that begins with a type and a name is a declaration. The header of a
`for` may have commas.
"""
import re

from cpp import without_comments
from tree import CPP, LAYERS, Finding, line_of

NAME = "commas"
ABOUT = "a statement ends with a semicolon: no comma operator between two of them"

_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.M | re.S)
_CLOSING = {")": "(", "]": "[", "}": "{"}
_SCOPE = re.compile(r"\s*(?:(?:template\b.*|inline|typedef|export)\s+)*(?:struct|class|union|namespace|enum|extern)\b",
                    re.S)
_HEADER = re.compile(r"\s*(?:(?:else|do|try)\b(?!\s*\w+\s*=)|(?:if\s+constexpr|if|for|while|switch|catch)\s*(?=\())")
_LABEL = re.compile(r"\s*(?:case\b[^:;]*(?:::[^:;]*)*:(?!:)|default\s*:|(?:public|private|protected)\s*:)")
_LEAVES = re.compile(r"\s*(?:return|co_return|throw|delete)\b")
_DECLARES = re.compile(r"\s*(?:\[\[\]\]\s*)?[\w:]+(?:<>)?(?:::\w+)*(?:\s+|\s*[&*]+\s*)(?:const\s+|[&*]+\s*)*\w")
# Attributes, and the names of operators.
_NAMES_WITH_BRACKETS = re.compile(r"\[\[.*?\]\]|\boperator\s*(?:\[\]|\(\)|[^\s\w(]+)", re.S)
_STATEMENTS = ("", "{", "inside")  # of a file, of a block, of a lambda; a list of values has no `;`


def check(tree):
    for path in tree.under(*LAYERS, suffixes=CPP):
        text = tree.text(path)
        for found in statements(text):
            yield Finding(path, line_of(text, found.begin), NAME,
                          "a comma between two statements; end the first with `;`")


class Statement:
    """Where an expression statement with commas begins, its commas, its `;`, and whether a header without braces, such
    as `if (...)`, stands before it."""

    def __init__(self, begin, commas, end, headed):
        self.begin, self.commas, self.end, self.headed = begin, commas, end, headed


def statements(text):
    """Every statement of the text with a comma operator at its top."""
    plain = _DIRECTIVE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), without_comments(text))
    levels = [["", 0, []]]  # bracket, where its statement begins, its commas
    for m in re.finditer(r"[(){}\[\];,]|(?<=\w)<(?=[\w:\s&*<>,().\[\]{}\"+-]*?>)", plain):
        kind, at, top = m[0], m.start(), levels[-1]
        if kind in "([{":
            block = kind == "{" and top[0] in _STATEMENTS and _opens_block(plain[top[1]:at])
            levels.append(["inside" if kind == "{" and not block else kind, at + 1, []])
            if block:
                top[1:] = [at, []]
        elif kind in _CLOSING:
            closed = levels.pop() if len(levels) > 1 else top
            if closed[0] == "{":
                levels[-1][1:] = [at + 1, []]
        elif kind == ",":
            top[2].append(at)
        elif kind == ";":
            if top[0] in _STATEMENTS and top[2]:
                yield from _judged(plain, top[1], top[2], at)
            top[1:] = [at + 1, []]


def _opens_block(head):
    """Whether the `{` behind this text opens statements or members, not a list of values or a lambda's body."""
    bare = _without_brackets(head)
    if _SCOPE.match(bare) and "=" not in bare:
        return True
    rest = _NAMES_WITH_BRACKETS.sub("", _behind_headers(head)[0])
    before = head.rstrip()[-1:]
    if not rest.strip() or before in (";", "}", "{", ""):
        return True
    plain = _without_brackets(rest)
    is_value = "=" in re.sub(r"[=!<>]=", "", plain) or "[]" in plain or _LEAVES.match(rest)
    return ")" in head and not is_value and before not in ",=("


def _behind_headers(text):
    """What stands behind labels and headers of control, where it begins, and whether there was a header."""
    at, headed = 0, False
    while True:
        if m := _LABEL.match(text, at):
            at, headed = m.end(), False
        elif m := _HEADER.match(text, at):
            at, headed = m.end(), True
            if text[at:at + 1] == "(":
                at = _behind(text, at)
        else:
            return text[at:], at, headed


def _behind(text, position):
    depth = 0
    for at in range(position, len(text)):
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth == 0:
            return at + 1
    return len(text)


def _without_brackets(text):
    """The same with nothing between brackets, those of templates included."""
    before = None
    while before != text:
        before, text = text, re.sub(r"\((?:[^()\[\]{}]|\(\)|\[\]|\{\})+\)", "()", text)
        text = re.sub(r"\[(?:[^()\[\]{}]|\(\)|\[\]|\{\})+\]", "[]", text)
        text = re.sub(r"\{(?:[^()\[\]{}]|\(\)|\[\]|\{\})+\}", "{}", text)
        text = re.sub(r"(?<=\w)<(?:[^<>;=]|<>)+>", "<>", text)
    return text


def _judged(plain, begin, commas, end):
    rest, skipped, headed = _behind_headers(plain[begin:end])
    start = begin + skipped + len(rest) - len(rest.lstrip())
    commas = [c for c in commas if c > start and not _in_template(plain, start, c, end)]
    if not commas:
        return
    first = _without_brackets(plain[start:commas[0]])
    if re.match(r"(?:using|typedef|template|friend|static|constexpr|const|extern|struct|enum|requires|goto|alignas|"
                r"mutable|volatile|thread_local)\b", first):
        return
    if not _LEAVES.match(first) and _DECLARES.match(first):
        return
    yield Statement(start, commas, end, headed)


def _in_template(plain, start, comma, end):
    """Whether the comma lies between the brackets of a template's arguments."""
    opens = [m.start() for m in re.finditer(r"(?<=\w)<(?!=|<| )", plain[start:comma])]
    closes = [m.start() for m in re.finditer(r"(?<!-)>(?!=)", plain[start:comma])]
    return len(opens) > len(closes) and ">" in plain[comma:end]
