# SPDX-License-Identifier: Apache-2.0
"""What scripts/new_design, new_workload and new_system share: names, templates, form, and writing all or nothing."""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "scripts" / "templates"

_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_NAME_LENGTH_MAX = 32
_KEYWORDS = frozenset("""
    alignas alignof and asm auto bitand bitor bool break case catch char class compl concept const consteval constexpr
    constinit continue decltype default delete do double else enum explicit export extern false float for friend goto if
    inline int long mutable namespace new noexcept not nullptr operator or private protected public register requires
    return short signed sizeof static struct switch template this throw true try typedef typeid typename union unsigned
    using virtual void volatile while xor""".split())
_RESERVED = {"common": "shared code lives in folders of that name", "std": "it is a namespace of the language"}


class Refusal(Exception):
    """Nothing was written; the text is the one line that says why."""


def check_name(kind, name):
    if not _NAME.fullmatch(name) or len(name) > _NAME_LENGTH_MAX:
        raise Refusal(f"'{name}' is no name for a {kind}; expected snake_case: small letters, digits and single "
                      f"underscores, at most {_NAME_LENGTH_MAX} characters, a letter first")
    if name in _KEYWORDS:
        raise Refusal(f"'{name}' is no name for a {kind}: it is a word of C++; choose another")
    if name in _RESERVED:
        raise Refusal(f"'{name}' is no name for a {kind}: {_RESERVED[name]}; choose another")


def check_system(system):
    systems = sorted(p.parent.name for p in ROOT.glob("scenarios/*/contract.h"))
    if system not in systems:
        raise Refusal(f"there is no system '{system}'; there are: {', '.join(systems)}")


def check_unused(kind, name, *folders):
    """What is made declares `name` where all that these folders declare is seen: nothing may be called the same."""
    shown = re.compile(rf"\b(?:class|struct|enum|namespace|using|concept)\s+(?:copycost::)?{name}\b"
                       rf"|^[A-Za-z][\w:<>,&* ]*[ &*]{name}\(", re.M)
    for header in (h for folder in folders for h in sorted((ROOT / folder).rglob("*.h"))):
        if shown.search(header.read_text(encoding="utf-8")):
            raise Refusal(f"'{name}' is no name for a {kind}: {header.relative_to(ROOT)} declares something of that "
                          "name; choose another")


def in_form(texts):
    """Sources (path: text) in the form of scripts/format; as they are where clang-format 14 is not here."""
    formatter = next(filter(_is_14, filter(None, map(shutil.which, ("clang-format-14", "clang-format")))), None)

    def formed(path, text):
        if formatter is None or not path.endswith((".h", ".cc")):
            return text
        done = subprocess.run([formatter, f"--assume-filename={ROOT / path}"], input=text, text=True, check=False,
                              capture_output=True)
        return done.stdout if done.returncode == 0 else text

    return {path: formed(path, text) for path, text in texts.items()}


def _is_14(formatter):
    said = subprocess.run([formatter, "--version"], text=True, check=False, capture_output=True).stdout
    return re.search(r"version 14\.", said)


def filled(folder, values):
    """The files of a template by their names without `.in`, with each @KEY@ replaced by its value."""
    files = {}
    for path in sorted(folder.rglob("*.in")):
        text = path.read_text(encoding="utf-8")
        for key, value in values.items():
            text = text.replace(f"@{key}@", value)
        files[path.relative_to(folder).as_posix().removesuffix(".in")] = text
    return files


def with_line(cmake_file, line, beginning):
    """The text of a CMakeLists.txt with one more line, behind the last command that begins like this one."""
    text = (ROOT / cmake_file).read_text(encoding="utf-8")
    commands = list(re.finditer(rf"^{re.escape(beginning)}\b[^)]*\)[^\n]*\n?", text, re.M))
    at = commands[-1].end() if commands else len(text)
    before = text[:at] if text[:at].endswith("\n") else text[:at] + "\n"
    return before + line + "\n" + text[at:]


def install(folders, files):
    """Makes all folders (path: {name: text}) and writes all files (path: text), or leaves everything as it was. A file
    is replaced where it is there already."""
    fresh = {ROOT / path: (ROOT / path).with_name(f".{Path(path).name}.{os.getpid()}") for path in folders}
    changed = {ROOT / path: (ROOT / path).with_name(f".{Path(path).name}.{os.getpid()}") for path in files}
    old = {target: target.read_text(encoding="utf-8") for target in changed if target.exists()}
    made = []
    try:
        for path, content in folders.items():
            _write_folder(fresh[ROOT / path], content)
        for path, text in files.items():
            changed[ROOT / path].write_text(text, encoding="utf-8")
        for target, temporary in (fresh | changed).items():
            temporary.rename(target)
            made.append(target)
    except OSError as e:
        for target in made:
            _undo(target, old.get(target))
        raise Refusal(f"{e.filename}: cannot write: {e.strerror}; nothing was changed") from None
    finally:
        for temporary in (*fresh.values(), *changed.values()):
            shutil.rmtree(temporary, ignore_errors=True)
            temporary.unlink(missing_ok=True)


def _write_folder(folder, content):
    for name, text in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _undo(target, old):
    if old is not None:
        target.write_text(old, encoding="utf-8")
    elif target.is_dir():
        shutil.rmtree(target, ignore_errors=True)
    else:
        target.unlink(missing_ok=True)


def main(make, documentation, names):
    """Runs make(*arguments) on the command line's arguments; a refusal is one line and exit 2."""
    program, arguments = f"scripts/{Path(sys.argv[0]).name}", sys.argv[1:]
    if arguments in (["-h"], ["--help"]):
        print(documentation.strip())
        return 0
    if len(arguments) != len(names):
        print(f"{program}: expected {len(names)} arguments: {program} {' '.join(names)}", file=sys.stderr)
        return 2
    try:
        print(make(*arguments))
    except Refusal as e:
        print(f"{program}: {e}", file=sys.stderr)
        return 2
    except OSError as e:  # before anything was written
        print(f"{program}: {e.filename}: cannot read: {e.strerror}; nothing was changed", file=sys.stderr)
        return 2
    return 0
