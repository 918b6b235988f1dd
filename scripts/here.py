# SPDX-License-Identifier: Apache-2.0
"""What every Python script begins with, before any other import than os and sys (ci/lint asks for it):

    #!/usr/bin/python3 -IB
    import os
    import sys

    sys.path.insert(0, os.path.realpath(__file__ + "/.."))  # scripts/; from ci/: "/../../scripts"
    from here import ROOT  # before all else: it starts the script once more

Importing it starts the script once more, isolated from the caller's Python and with what scripts/environment.txt keeps
of the environment. ROOT is the checkout, a physical path. The script stands where its caller stands: see
scripts/here.sh.
"""
import fnmatch
import os
import sys
from pathlib import Path

ROOT = Path(os.path.realpath(__file__)).parent.parent
_MARK = "COPYCOST_HERE"


def kept_of(environment):
    """What scripts/environment.txt keeps of an environment, and one language for everything that is called."""
    lines = (ROOT / "scripts" / "environment.txt").read_text(encoding="utf-8").splitlines()
    patterns = [line.split()[0] for line in lines if line and not line.startswith("#")]
    patterns += environment.get("COPYCOST_KEEP", "").split()
    kept = {name: value for name, value in environment.items() if any(fnmatch.fnmatchcase(name, p) for p in patterns)}
    return {"PATH": "/usr/local/bin:/usr/bin:/bin"} | kept | {"LANG": "C.UTF-8"}


def _start_again_in_a_known_environment():
    if os.environ.get(_MARK) == str(os.getpid()) and sys.flags.isolated:
        return
    script = os.path.realpath(sys.argv[0])
    environment = kept_of(os.environ) | {_MARK: str(os.getpid())}
    os.execve("/usr/bin/python3", ["/usr/bin/python3", "-IB", script, *sys.argv[1:]], environment)


_start_again_in_a_known_environment()
