# SPDX-License-Identifier: Apache-2.0
"""Every folder says what it is for: in its own README.md or in that of a folder above it."""
import re

from tree import LAYERS, Finding

NAME = "folders"
ABOUT = "every folder has a README.md, or the README.md of a folder above it names it"

TOPS = (*LAYERS, "reports", "scripts", "ci")


def check(tree):
    for folder in sorted(f for f in tree.folders if f.split("/")[0] in TOPS):
        if tree.has_file(f"{folder}/README.md") or _is_named(tree, folder):
            continue
        above = _nearest_readme(tree, folder)
        instead = f", or name `{folder.removeprefix(above + '/')}/` in {above}/README.md" if above else ""
        yield Finding(f"{folder}/README.md", 1, NAME, f"is not there; write one{instead}")


def _nearest_readme(tree, folder):
    """The nearest folder above that has a README or, where none has, the one directly above."""
    above = ["/".join(folder.split("/")[:n]) for n in range(folder.count("/"), 0, -1)]
    return next((a for a in above if tree.has_file(a + "/README.md")), above[0] if above else None)


def _is_named(tree, folder):
    """Whether a README above names the folder by its path from there, with a slash or in backticks."""
    parts = folder.split("/")
    for n in range(len(parts) - 1, 0, -1):
        readme = "/".join(parts[:n]) + "/README.md"
        rest = re.escape("/".join(parts[n:]))
        if tree.has_file(readme) and re.search(rf"(?<![\w/]){rest}/|`{rest}`|\]\({rest}\)", tree.text(readme)):
            return True
    return False
