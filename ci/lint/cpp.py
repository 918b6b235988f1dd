# SPDX-License-Identifier: Apache-2.0
"""As much of C++ as the lints need: text without comments and literals, includes, and where functions begin and end.

A heuristic, not a compiler: brackets are matched, and what stands before a `{` or `;` outside of functions is read as a
declaration. Code that only one branch of #if makes whole can mislead it.
"""
import re
from dataclasses import dataclass

_LITERAL = re.compile(r"""
    (?P<raw>R"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)")
  | (?P<comment>//(?:[^\n\\]|\\.|\\\n)*|/\*.*?\*/)
  | (?P<string>"(?:[^"\\\n]|\\.)*")
  | (?P<char>(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+')
""", re.S | re.X)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.M | re.S)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">\n]+)[">]', re.M)
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text, literals=False):
    """The same text, character by character, with comments blank, and literals empty unless they are asked for."""
    def replace(m):
        if literals and not m["comment"]:
            return m[0]
        if m["string"] or m["char"]:
            return m[0][0] + " " * (len(m[0]) - 2) + m[0][-1]
        return _blank(m[0])
    return _LITERAL.sub(replace, text)


def includes(text):
    """(line, opening character, path) of every #include."""
    return [(text.count("\n", 0, m.start()) + 1, m[1], m[2]) for m in _INCLUDE.finditer(text)]


def matching(text, position):
    """The position of the bracket that closes the one at `position`, or the end of the text."""
    stack = []
    for m in re.compile(r"[(){}\[\]]").finditer(text, position):
        if m[0] in _CLOSING:
            stack.append(_CLOSING[m[0]])
        elif stack and m[0] == stack[-1]:
            stack.pop()
        if not stack:
            return m.start()
    return len(text)


def arguments(text, position):
    """The arguments between the brackets that open at `position`, cut at the outermost commas."""
    end, parts, start, at = matching(text, position), [], position + 1, position + 1
    while at < end:
        if text[at] in _CLOSING:
            at = matching(text, at)
        elif text[at] == ",":
            parts.append(text[start:at].strip())
            start = at + 1
        at += 1
    parts.append(text[start:end].strip())
    return [p for p in parts if p]


@dataclass(frozen=True)
class Function:
    """A declaration or definition at namespace or class scope. Lines count from 1."""
    name: str
    returns: str   # the type as written, without specifiers such as `static`; empty for constructors and macros
    tail: str      # what follows the parameters: const, noexcept, override, ...
    line: int      # where it begins, templates and attributes included
    head_end: int  # where its head ends: at `{` or `;`
    end: int       # where its body ends; head_end without a body


def functions(text):
    """All functions of a C++ file, in order. Lambdas and local classes belong to the function around them."""
    plain = _DIRECTIVE.sub(lambda m: _blank(m[0]), without_comments(text))
    found, start, at = [], 0, 0
    stop = re.compile(r"[;{}(\[]")

    def emit(end, body_end):
        head = plain[start:end]
        skipped = _LABEL.match(head)
        begin = start + (skipped.end() if skipped else 0)
        parsed = _signature(plain[begin:end])
        if parsed:
            first = end - len(plain[begin:end].lstrip())
            found.append(Function(*parsed, *(plain.count("\n", 0, at) + 1 for at in (first, end, body_end))))

    while m := stop.search(plain, at):
        at = m.end()
        if m[0] in "([":
            at = matching(plain, m.start()) + 1
        elif m[0] == "}":
            start = at
        elif m[0] == ";":
            emit(m.start(), m.start())
            start = at
        else:
            kind = _kind_of_brace(plain[start:m.start()])
            if kind == "scope":
                start = at
                continue
            close = matching(plain, m.start())
            at = close + 1
            if kind == "body":
                emit(m.start(), close)
                start = at
    return found


_LABEL = re.compile(r"(?:\s*(?:public|private|protected)\s*:(?!:))+")
_SPECIFIER = re.compile(
    r"\b(?:inline|static|constexpr|consteval|constinit|virtual|explicit|extern|friend)\b|\[\[.*?\]\]")
_NOT_A_FUNCTION = re.compile(
    r"(?:using|typedef|static_assert|enum|concept|return|requires|class|struct|union)\b(?!\s*\()")
_NAME = re.compile(r"((?:[A-Za-z_]\w*\s*(?:<[^()]*>)?\s*::\s*)*~?[A-Za-z_]\w*)\s*$")
_OPERATOR = re.compile(r"\boperator\s*(?:\(\s*\)|\[\s*\]|[^\s\w(]+|[\w:<>*& ]+?)\s*(?=\()")


def _without_prefix(head):
    """A declaration without access labels, attributes, `template <...>` and the `requires` clause behind it."""
    head = _LABEL.sub("", head, count=1) if _LABEL.match(head) else head
    while True:
        head = head.lstrip()
        if m := re.match(r"template\s*<", head):
            head = head[_angle_end(head, m.end() - 1):]
            head = _without_requires(head)
        elif m := re.match(r"\[\[.*?\]\]", head, re.S):
            head = head[m.end():]
        else:
            return head


def _without_requires(head):
    head = head.lstrip()
    if not re.match(r"requires\b", head):
        return head
    head = head[len("requires"):].lstrip()
    while True:
        if head.startswith("("):
            head = head[matching(head, 0) + 1:].lstrip()
        else:
            m = re.match(r"!?[\w:]+\s*", head)
            head = head[m.end():] if m else head
            if head.startswith("<"):
                head = head[_angle_end(head, 0):].lstrip()
        if not head.startswith(("&&", "||")):
            return head
        head = head[2:].lstrip()


def _angle_end(text, position):
    """Behind the `>` that closes the `<` at `position`."""
    depth, at = 0, position
    while at < len(text):
        if text[at] in _CLOSING:
            at = matching(text, at)
        elif text[at] == "<":
            depth += 1
        elif text[at] == ">" and text[at - 1] != "-":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return len(text)


def _parameters(head):
    """The position of the `(` that begins the parameters, or -1."""
    at = 0
    while at < len(head):
        if head[at] == "<":
            at = _angle_end(head, at)
            continue
        if head[at] == "(":
            if not re.search(r"\b(?:alignas|decltype|noexcept|explicit|requires|__attribute__)\s*$", head[:at]):
                return at
            at = matching(head, at)
        at += 1
    return -1


def _kind_of_brace(head):
    """What the `{` behind this text opens: a "scope" to look into, a function's "body", or something "opaque"."""
    head = _without_prefix(head)
    if re.match(r"(?:inline\s+)?namespace\b", head) or re.search(r'\bextern\s*"[^"]*"\s*$', head):
        return "scope"
    if re.match(r"(?:typedef\s+)?(?:class|struct|union)\b", head) and _parameters(head) < 0:
        return "scope"
    if re.match(r"(?:typedef\s+)?enum\b|concept\b", head):
        return "opaque"
    operator = _OPERATOR.search(head)
    opens = operator.end() if operator else _parameters(head)
    if opens < 0 or "=" in head[:opens].replace(operator[0] if operator else "\0", ""):
        return "opaque"
    behind = head[matching(head, opens) + 1:]
    starts_members = re.search(r"(?<!:):(?!:)", behind)
    if starts_members and re.search(r"[\w>]\s*$", behind):
        return "opaque"  # a_{1} among the members that a constructor initialises
    return "body"


def _signature(head):
    """(name, returned type, what follows the parameters) of a declaration, or None."""
    head = _without_prefix(head)
    operator = _OPERATOR.search(head)
    opens = operator.end() if operator else _parameters(head)
    if opens < 0 or _NOT_A_FUNCTION.match(head):
        return None
    name = operator or _NAME.search(head[:opens])
    if not name or "=" in head[:name.start()]:
        return None
    returns = " ".join(_SPECIFIER.sub(" ", head[:name.start()]).split())
    tail = " ".join(head[matching(head, opens) + 1:].split())
    if returns == "auto" and (m := re.search(r"->\s*([^;{]+)$", tail)):
        returns = m[1].strip()
    return name[0].strip(), returns, tail
