# SPDX-License-Identifier: Apache-2.0
"""The command line: what was written on stdout, warnings and failures on stderr.

Exit codes: 0 written; 2 usage, unreadable or foreign input; 4 the input holds no rows; 70 internal
error, or the report cannot be written; 130 interrupted.
"""
import argparse
import json
import sys
import traceback

from reports import summary, write
from reports.choice import Chooser
from reports.content import gather
from reports.failure import WRITE, Failure
from reports.load import load
from reports.names import one_line, printable
from reports.schema import SCHEMA, TOOL

_EPILOG = """examples:
  python3 -m reports results -o results
  python3 -m reports results -o site --title "Nightly, build 17"
"""


def _arguments(argv):
    parser = argparse.ArgumentParser(
        prog="reports", description="Turns a result directory into report.html, summary.md and figures/*.svg.",
        epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", metavar="DIR", help="holds verdicts.json, samples.jsonl and machine.json")
    parser.add_argument("-o", "--out", metavar="OUT", required=True, help="where to write; made if it is not there")
    parser.add_argument("--json", action="store_true", help="print one JSON object that names the files")
    parser.add_argument("--title", default="", help="the heading of the page")
    return parser.parse_args(argv)


def _page(content):
    """The page, or None where jinja2 is missing."""
    try:
        from reports import page
    except ImportError as e:
        return None, f"no report.html: {e.name} is not installed for {sys.executable}"
    return page.render(content), ""


def _run(argv):
    arguments = _arguments(argv)
    results = load(arguments.directory)
    content = gather(Chooser(results), arguments.title)
    page, missing = _page(content)
    files = write.files_of(page, summary.render(content), content["figures"])
    write.write(arguments.out, files)
    if content["figures"].missing:
        print(f"reports: warning: {content['figures'].missing} for {sys.executable}", file=sys.stderr)
    if missing:
        raise Failure(f"{missing}; summary.md was written", WRITE)
    page = printable(f"{arguments.out}/{write.PAGE}")
    print(_object(results, arguments.out, files) if arguments.json else page)


def _object(results, out, files):
    """What every command prints for --json; a row is a file that was written."""
    return json.dumps({"schema": SCHEMA, "tool": TOOL, "version": results.version, "seed": results.seed,
                       "machine": results.machine, "rows": [{"file": printable(f"{out}/{name}")} for name in files],
                       "ok": True}, ensure_ascii=False, indent=1)


def main(argv=None):
    try:
        _run(argv)
    except Failure as e:
        print(f"reports: error: {one_line(str(e))}", file=sys.stderr)
        return e.code
    except KeyboardInterrupt:
        return 130
    except Exception:  # Python's own exit code, 1, would read as a broken design.
        traceback.print_exc()
        return WRITE
    return 0
