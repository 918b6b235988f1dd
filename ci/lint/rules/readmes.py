# SPDX-License-Identifier: Apache-2.0
"""What a README names must be there: files, folders and commands."""
import posixpath
import re

from tree import LAYERS, Finding

NAME = "readmes"
ABOUT = "paths and commands in README.md files exist, commands are executable; first come a title and a sentence"

_ROOTS = (*LAYERS, "reports", "scripts", "ci", ".ci", ".github")
_PATH = re.compile(rf"(?<![\w/.$<>-])(?:\./)?((?:{'|'.join(map(re.escape, _ROOTS))})/[\w./*<>{{}},-]*)")
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_SOURCE_NAME = re.compile(r"(?:[\w.-]+/)*[\w.-]+\.(?:h|cc|py|cmake|sh|md)")
_SENTENCE = re.compile(r"(?![#|`])[^\n].*[.?:!]\W*", re.S)
_FENCE = re.compile(r"^\s*```")
_VARIABLE = re.compile(r"<[^>]*>|(?<![A-Za-z_])[A-Z]{2,}(?![A-Za-z_.])")  # impls/<system>/<design>, impls/SYSTEM/NAME


def check(tree):
    for path in tree.paths:
        if path.rpartition("/")[2] == "README.md":
            yield from _beginning(path, tree.lines(path))
            yield from _names(tree, path)


def _beginning(path, lines):
    paragraphs = [p for p in "\n".join(lines).split("\n\n") if p.strip()]
    if not paragraphs or not paragraphs[0].lstrip().startswith("# "):
        yield Finding(path, 1, NAME, "does not begin with a title; write `# name`, then the question that it answers")
    elif len(paragraphs) < 2 or not _SENTENCE.fullmatch(paragraphs[1].strip()):
        yield Finding(path, 1, NAME, "no sentence follows the title; say there which question the folder answers")


def _names(tree, path):
    folder, in_fence = posixpath.dirname(path), False
    for number, line in enumerate(tree.lines(path), 1):
        if _FENCE.match(line):
            in_fence = not in_fence
            continue
        code = [line] if in_fence else _SPAN.findall(line)
        problems = [p for text in code for p in _code(tree, folder, text, in_fence)]
        if not in_fence:
            problems += [p for target in _LINK.findall(line) for p in _link(tree, folder, target)]
        for text in problems:
            yield Finding(path, number, NAME, text)


def _code(tree, folder, text, in_fence):
    """What is wrong with the paths in a code span or in a line of a code block."""
    found = False
    for m in _PATH.finditer(text):
        found = True
        named = re.sub(r"[.,]+$", "", m[1])
        if not _is_there(tree, named) and not _is_there(tree, posixpath.normpath(posixpath.join(folder, named))):
            if not _is_built(tree, named):
                yield f"there is no {named}; name what is there"
        elif _is_command(tree, named, text, m) and not tree.is_executable(named):
            yield f"{named} is named as a command and is not executable; chmod +x it"
    if not found and not in_fence and _SOURCE_NAME.fullmatch(text) and not _is_source(tree, folder, text):
        yield f"there is no {text}; name what is there"


def _is_built(tree, named):
    """Whether this is a program, by its place in a build directory: a test, or one with a source beside it."""
    return tree.has_file(f"{named}.cc") or bool(re.fullmatch(r"property_tests/test_\w+", named))


def _is_command(tree, named, text, match):
    """A file without a suffix is a command; so is one that begins a line with arguments behind it."""
    if not named.startswith(("scripts/", "ci/", ".ci/")) or not tree.has_file(named):
        return False
    begins = re.fullmatch(r"\s*(?:\$\s*)?(?:\w+=\S*\s+)*", text[:match.start()])
    has_arguments = re.match(r"\s+\S", text[match.end():])
    return "." not in posixpath.basename(named) or bool(begins and has_arguments and named.endswith((".py", ".sh")))


def _link(tree, folder, target):
    if re.match(r"[a-z]+:|#", target):
        return
    named = posixpath.normpath(posixpath.join(folder, target.partition("#")[0]))
    if not tree.exists(named):
        yield f"the link to {target} leads nowhere; there is no {named}"


def _is_there(tree, named):
    return all(tree.matches(p) if "*" in p else tree.exists(p) for p in _spelled_out(_VARIABLE.sub("*", named)))


def _is_source(tree, folder, name):
    here = posixpath.normpath(posixpath.join(folder, name))
    return tree.has_file(here) or any(f"/{p.removesuffix('.in')}".endswith("/" + name) for p in tree.paths)


def _spelled_out(pattern):
    """a/{b,c} is a/b and a/c."""
    m = re.search(r"\{([^{}]*)\}", pattern)
    if not m:
        return [pattern]
    return [p for part in m[1].split(",") for p in _spelled_out(pattern[:m.start()] + part + pattern[m.end():])]
