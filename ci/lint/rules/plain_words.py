# SPDX-License-Identifier: Apache-2.0
"""Words that a reader has to read twice, in comments and Markdown, each with what to write instead."""
import re

from tree import CPP, LAYERS, Finding

NAME = "plain_words"
ABOUT = "comments and Markdown are in plain English: no `whoever`, no `for ever`, no `somebody` where a role has a name"

_SAID = (
    (r"dear(?:er|est)?(?! (?:all|sir))", "`expensive`, `cost more`"),
    (r"who(?:m)?ever", "the role: a caller, a reader, a process"),
    (r"for ever|forever", "`until ...`, `permanently`, `always`"),
    (r"spoil(?:t|s|ed|ing)?", "`damage`, `corrupt`, `overwrite`"),
    (r"told(?! apart)",
     "who says it: `the caller passes`, `the instrument reports`"),
    (r"nobody's|somebody's|anybody's|somebody(?: else)?|anybody(?: else)?|everybody",
     "the role: a user, a caller, another process"),
    (r"nobody(?!\()", "`no reader`, `no process`, `no thread`; or a passive: `is not read`"),
    (r"but for(?! (?:a|an) moment)", "`except`"),
    (r"mend(?:s|ed|ing)?", "`repair`, `fix`"),
    (r"let(?:s|ting)? go of", "`release`, `drop`"),
    (r"(?:(?<=[.;:] )|(?<=^))Who (?!is\b)[a-z]+(?:s|es)\b(?![^.]*\?)", "`A caller that ...`, `Code that ...`"),
    (r"must needs|whence|thence|hither|thither|wherein|whereof|hereof|whilst|albeit|lest|amidst?|nought|naught|heed",
     "today's word"),
    (r"ought to|shall", "`must`, `should`"),
)
_WORDS = re.compile("|".join(rf"(?P<w{i}>(?<![\w`])(?:{words if 'Who ' in words else f'(?i:{words})'})(?!\w))"
                             for i, (words, _) in enumerate(_SAID)))
_CPP_COMMENT = re.compile(r"(?<![:\"'])//(.*)$")
_HASH_COMMENT = re.compile(r"(?:^|\s)#(?!include|define|if|endif|else|pragma)(.*)$")
_HASHED = (".py", ".sh", ".cmake", ".yml", ".yaml", ".txt")
_LITERAL = re.compile(r"\"(?:[^\"\\]|\\.)*\"")
_QUOTED = re.compile(r"\"[^\"]*\"|`[^`]*`")


def check(tree):
    for path in tree.paths:
        if path.startswith("ci/lint/") and path.endswith(".py"):
            continue  # they name the words
        for number, text in _sentences(tree, path):
            for m in _WORDS.finditer(_QUOTED.sub(lambda q: " " * len(q[0]), text)):
                instead = _SAID[int(m.lastgroup[1:])][1]
                yield Finding(path, number, NAME, f"`{m[0]}` wants a second reading; write {instead}")


def _sentences(tree, path):
    """(line, text) of what people read in a file: its comments, or all of it."""
    whole = path.endswith(".md")
    if whole:
        comment = None
    elif path.endswith(CPP) and path.startswith(LAYERS):
        comment = _CPP_COMMENT
    elif path.endswith(_HASHED) and path.startswith(("reports/", "scripts/", "ci/", "property_tests/")) \
            and not path.startswith("ci/baselines/"):
        comment = _HASH_COMMENT
    else:
        return
    in_fence = False
    for number, line in enumerate(tree.lines(path), 1):
        if whole:
            in_fence ^= line.lstrip().startswith("```")
            if not in_fence:
                yield number, line.strip()
        elif m := comment.search(_LITERAL.sub(lambda q: " " * len(q[0]), line)):
            yield number, m[1].strip()
