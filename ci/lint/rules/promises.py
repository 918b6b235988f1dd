# SPDX-License-Identifier: Apache-2.0
"""A design without promises cannot be held to anything, and one without a README cannot be chosen."""
from tree import Finding

NAME = "promises"
ABOUT = "every folder impls/<system>/<design> holds design.h, promises.h and a README.md that says when to pick it"

_NEEDED = {"design.h": "declare the design there", "promises.h": "promise there what each workload costs",
           "README.md": "say there what it is, when to pick it, when to avoid it, and its hazards"}
_SAYS = ("pick when", "avoid when", "hazards")


def check(tree):
    for system, name in tree.designs():
        folder = f"impls/{system}/{name}"
        for file, instead in _NEEDED.items():
            if not tree.has_file(f"{folder}/{file}"):
                yield Finding(f"{folder}/{file}", 1, NAME, f"is not there; {instead}")
        if tree.has_file(f"{folder}/README.md"):
            text = tree.text(f"{folder}/README.md").lower()
            missing = [words for words in _SAYS if words not in text]
            if missing:
                what = ", ".join(missing)
                yield Finding(f"{folder}/README.md", 1, NAME, f"does not say {what}; say it in these words")
