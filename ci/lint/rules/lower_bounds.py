# SPDX-License-Identifier: Apache-2.0
"""A time stands beside a lower bound of the work; whoever reads it must be able to see why it is one."""
import re

from tree import Finding

NAME = "lower_bounds"
ABOUT = ("each workload has a row under 'What times stand beside' in its system's README, which says why its limit is "
         "a lower bound")

_TITLE = "## What times stand beside"


def check(tree):
    for path in tree.paths:
        found = re.fullmatch(r"(scenarios/(\w+))/workloads/(\w+)\.h", path)
        if not found or not re.search(r"struct \w+ : workload_defaults", tree.text(path)):
            continue
        readme, name = f"{found[1]}/README.md", found[3]
        if not tree.has_file(readme):
            yield Finding(path, 1, NAME, f"there is no {readme}; say there why the limit of {name} is a lower bound")
            continue
        row = _rows(tree.text(readme)).get(name)
        if row is None:
            yield Finding(readme, 1, NAME,
                          f"`{name}` has no row under '{_TITLE}'; say there why its limit is a lower bound")
        elif len(row) < 2 or len(row[-1].split()) < 4:
            yield Finding(readme, 1, NAME,
                          f"the row of `{name}` does not say why its limit is a lower bound; say it in a sentence")


def _rows(text):
    """Name of a workload -> the other fields of its row."""
    part = text.partition(_TITLE)[2].partition("\n## ")[0]
    rows = {}
    for line in part.splitlines():
        fields = [f.strip() for f in line.strip().strip("|").split("|")]
        if line.startswith("|"):
            rows.update({name: fields[1:] for name in re.findall(r"`(\w+)`", fields[0])})
    return rows
