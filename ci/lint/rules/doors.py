# SPDX-License-Identifier: Apache-2.0
"""What comes from outside, or outlives us, goes through one file each: there it is put right once for all."""
import re

from cpp import without_comments
from tree import CPP, Finding, line_of

NAME = "doors"
ABOUT = "processes, temporary files, the environment, signals, stderr and the sanitizers each have one door"


def _called(*names):
    """Calls of these functions: not members, not declarations of ours with a longer name."""
    return re.compile(r"(?<![\w.>])(?<!void )(?:::|std::)?\b(" + "|".join(names) + r")\s*\(")


# What must not stand elsewhere, the files that are the door, and where to go instead.
_DOORS = (
    (_called("waitpid", "wait3", "wait4", "waitid", "posix_spawnp?", "v?fork", "exec[vl]p?e?", "execvpe", "fexecve",
             "execveat", "popen", "system", "kill", "daemon"),
     ("harness/base/child.cc", "harness/process/inherited.cc"), "harness/base/child.h"),
    (re.compile(r"(?<![\w.>])(?:::|std::)?\b(PR_SET_PDEATHSIG)\b"),
     ("harness/base/child.cc",), "harness/base/child.h"),
    (_called("mkdtemp", "mkstemps?", "mkostemps?", "tmpfile", "tmpnam", "tempnam", "mktemp"),
     ("harness/base/temp_dir.cc",), "harness/base/temp_dir.h"),
    (re.compile(r"\b(temp_directory_path|O_TMPFILE)\b"),
     ("harness/base/temp_dir.cc",), "harness/base/temp_dir.h"),
    (re.compile(r"(?<![\w.>])(?:::|std::)?\b(secure_getenv|getenv|setenv|unsetenv|putenv|clearenv|environ)\b"
                r"(?!\s*=[^=])"),
     ("harness/base/environment.cc",), "harness/base/environment.h"),
    (_called("sigprocmask", "pthread_sigmask", "signalfd", "setrlimit", "umask"),
     ("harness/process/settings.cc", "harness/base/child.cc"), "harness/process/settings.h"),
    (re.compile(r"\b(__SANITIZE_\w+__|(?:address|thread|memory|undefined_behavior)_sanitizer)\b"),
     ("harness/base/sanitizer.h",), "harness/base/sanitizer.h"),
    (re.compile(r"\b(fmt::print|std::cerr|std::cout|std::clog)\b"),
     (), "say() or write_out() of harness/process/streams.h"),
)

# Why these may: what each of them does is the thing that it is about.
_EXCEPTIONS = {
    "harness/ledger/hooks/hook_exercise.cc": "the program that is watched: it forks so that the hooks see it",
    "harness/ledger/hooks/hook_cost.cc": "a program by hand that times the hooks; its trace has a name of its own",
    "harness/ledger/hooks/kernel/files.cc": "stands in front of open(): it reads the flags that others pass",
}


def check(tree):
    for path in tree.under("harness", "scenarios", "impls", suffixes=CPP):
        if path in _EXCEPTIONS:
            continue
        text = without_comments(tree.text(path))
        for pattern, doors, instead in _DOORS:
            for m in pattern.finditer(text):
                if path not in doors:
                    yield Finding(path, line_of(text, m.start(1)), NAME, f"{m[1]} has one door; go through {instead}")
