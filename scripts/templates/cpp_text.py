# SPDX-License-Identifier: Apache-2.0
"""C++ sources as the scaffolds read them: by brackets and words, without a compiler."""
import re

_BLIND = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)
_NAMESPACE = re.compile(r"\bnamespace\s+[\w:]+\s*\{")
_TYPE = re.compile(r"\b(?:class|struct|enum(?:\s+class)?|union|concept)\s+(?:alignas\(\w+\)\s+)?(\w+)")
_ALIAS = re.compile(r"\busing\s+(\w+)\s*=")
_CONSTANT = re.compile(r"\bconstexpr\b[^;()]*?\b(\w+)(?:\[\w*\])?\s*[={]")
_FUNCTION = re.compile(r"^[\w:<>,&*\s\[\]]*?[\w>&*]\s+[&*]?(\w+)\s*\(")


def blanked(text):
    """The same text with comments and literals as spaces, so that places stay."""
    return _BLIND.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def closing(text, at):
    """Where the bracket at `at` closes; `text` is blanked."""
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] in "({[") - (text[i] in ")}]")
        if depth == 0:
            return i
    raise ValueError("a bracket does not close")


def declared(header):
    """The names that a header declares in its namespaces: types, aliases, constants and functions."""
    code = re.sub(r"^[ \t]*#[^\n]*", "", blanked(header), flags=re.M)
    names, at = set(), 0
    for statement in _statements(code):
        for pattern in (_TYPE, _ALIAS, _CONSTANT, _FUNCTION):
            m = pattern.search(re.sub(r"\btemplate\s*<[^{;]*?>\s*(?=\w)", "", statement.strip()))
            if m and m[1] not in ("operator", "static_assert", "if", "return"):
                names.add(m[1])
                break
    return names


def _statements(code):
    """What stands between the brackets of functions and classes, in any named namespace; one after the other."""
    start, i = 0, 0
    while i < len(code):
        namespace = _NAMESPACE.match(code, i)
        if namespace:
            i = start = namespace.end()
        elif code[i] in "{(":
            end = closing(code, i)
            if code[i] == "{":
                yield code[start:i + 1]
                start = end + 1
            i = end + 1
        elif code[i] in ";}":
            yield code[start:i]
            i += 1
            start = i
        else:
            i += 1


def renamed(text, names):
    """Each whole word that `names` has an entry for, replaced; in comments, too."""
    if not names:
        return text
    words = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.sub(rf"\b(?:{words})\b", lambda m: names[m[0]], text)
