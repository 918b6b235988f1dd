# SPDX-License-Identifier: Apache-2.0
"""The figure of the project's README, from a result directory: what sharing and slicing cost against size.

    ./scripts/bench && /usr/bin/python3 -m reports.readme_figure results -o reports/readme_figure.svg

The table beside it in the README is the decision table of `results/report/summary.md` of the same run.
"""
import argparse
import sys

from reports import crossover_figure, style
from reports.choice import Chooser
from reports.failure import NOTHING, Failure
from reports.load import load
from reports.write import write

SYSTEM, WORKLOADS = "chunk", ("share", "slice")


def questions(chooser):
    """One of each workload along its sizes, in the order of WORKLOADS; nothing fixed but the size."""
    found = [q for name in WORKLOADS for q in chooser.questions
             if (q.system, q.workload, q.fixed) == (SYSTEM, name, {}) and crossover_figure.drawable(chooser, q)]
    if len(found) != len(WORKLOADS):
        raise Failure(f"{SYSTEM} {' and '.join(WORKLOADS)} at two sizes expected, not found", NOTHING)
    return found


def draw(results):
    chooser = Chooser(results)
    markers = style.markers(list(dict.fromkeys(r.design for r in results.rows)))
    return crossover_figure.draw(chooser, questions(chooser), markers, "readme", with_class=False)


def main(argv=None):
    parser = argparse.ArgumentParser(prog="reports.readme_figure", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("directory", metavar="DIR")
    parser.add_argument("-o", "--out", metavar="FILE", required=True)
    arguments = parser.parse_args(argv)
    try:
        folder, _, name = arguments.out.rpartition("/")
        write(folder or ".", {name: draw(load(arguments.directory))}, clean=False)
    except Failure as e:
        print(f"reports: error: {e}", file=sys.stderr)
        return e.code
    print(arguments.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
