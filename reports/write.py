# SPDX-License-Identifier: Apache-2.0
"""Puts files in place: all under temporary names first, then renamed, so that a failure leaves what was there."""
import os
from pathlib import Path

from reports.failure import WRITE, Failure

PAGE, SUMMARY, FIGURES = "report.html", "summary.md", "figures"


def files_of(page, summary, figures):
    """Relative path -> text, the page last: once it is there, everything that it belongs with is there."""
    files = {f"{FIGURES}/{d.name}.svg": d.svg for d in figures.all()}
    files[SUMMARY] = summary
    if page is not None:
        files[PAGE] = page
    return files


def write(directory, files, clean=True):
    """Writes the files; `clean` removes figures of an earlier report that this one does not have."""
    directory = Path(directory)
    waiting = []
    try:
        for name, text in files.items():
            target = directory / name
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
            waiting.append((temporary, target))
            temporary.write_text(text, encoding="utf-8", newline="\n")
        while waiting:
            os.replace(*waiting[0])
            waiting.pop(0)
        for old in sorted((directory / FIGURES).glob("*.svg")) if clean else ():
            if f"{FIGURES}/{old.name}" not in files and old.name.startswith(("crossover", "forest", "map")):
                old.unlink()
    except OSError as e:
        raise Failure(f"{e.filename or directory}: cannot be written: {e.strerror}", WRITE) from None
    finally:
        for temporary, _ in waiting:
            temporary.unlink(missing_ok=True)
