# SPDX-License-Identifier: Apache-2.0
"""What code of a system or a design does depends neither on being counted nor on being timed."""
import re

from cpp import includes, without_comments
from tree import CPP, Finding, line_of

NAME = "as_timed"
ABOUT = ("COPYCOST_LEDGER is named by harness/ledger/witness/counters.h alone; code of impls/ and scenarios/ cannot "
         "tell whether "
         "it is counted or timed")

_DOOR = "harness/ledger/witness/counters.h"
_MACRO = re.compile(r"\bCOPYCOST_LEDGER\b")
# Who may know it all the same, and what: the arena keeps notes in order to report, and git is started to read real
# input.
_MAY_KNOW = {"impls/common/arena.h": "whether it is counted",
             "scenarios/event_store/input/git_process.cc": "the environment"}
# Laws and judges are not among the cells: nobody times them.
_JUDGES = re.compile(r"scenarios/[^/]+/(?:laws/|laws\.|judge_)")

# What tells objects, programs or instruments apart, and what it would tell.
_TELLS = [(re.compile(rf"(?<![\w.>])(?:{words})"), what) for words, what in (
    (r"kCounts\b", "whether it is counted"),
    (r"(?:t_own_counts|own_counts|count_copy)\b", "the primitive witness's counts"),
    (r"cch_\w+", "the hooks"),
    (r"(?:mi_\w+(?=\s*\()|malloc_usable_size\b|mallinfo2?\b|malloc_info\b)", "the allocator"),
    (r"(?:(?:__)?(?:secure_)?getenv|(?:__)?environ)\b", "the environment"),
    (r"(?:program_invocation_(?:short_)?name|__progname(?:_full)?|getprogname)\b", "the program's name"),
    (r"(?:dlv?sym|dlopen|dladdr1?|dlinfo|dl_iterate_phdr|getauxval)\b", "what the program is linked with"),
    (r"(?:__builtin_(?:return|frame)_address|backtrace|unw_\w+)\b", "who calls"),
    (r"(?:__builtin_constant_p|__OPTIMIZE\w*__|__NO_INLINE__|__NO_BUILTIN\w*)\b", "how the compiler was called"),
    (r"(?:ptrace|prctl|personality)\b", "how the process was started"),
    (r"(?:__rdtscp?|__builtin_ia32_rdtscp?|_rdtsc)\b", "the time of single instructions"),
    (r"asm\s*(?:volatile)?\s*\(\s*\"[^\"]*\bsyscall\b", "the kernel, past the hooks"),
    (r"(?:watching\s*::|watches\s*\(\s*\))", "which instrument looks"),
)]
_WEAK = re.compile(r"\bgnu::weak\b|__attribute__\s*\(\(\s*_*weak|#\s*pragma\s+weak")
# Descriptors of its own are named under /proc/self/fd; what else is there tells programs apart.
_PROC = re.compile(r'"/proc/(?:self|thread-self|\d+)(?!/fd/)[^"]*"|"LD_\w+')
# How both sets of objects are compiled.
_FLAGS = "scripts/cmake/registration.cmake"
_OWN_FLAGS = re.compile(r"(?:target_compile_\w+|set_target_properties|set_property)\s*\([^)]*"
                        r"\bcopycost_(?:cells|judge_cells)_?\w*")
_INSTRUMENTS = ("harness/ledger/", "harness/clock/", "harness/recount/", "harness/cli/")
# What the code that is measured calls, counted or not: copies and payload that witnesses know, blocks of pools.
_SEAM = ("harness/ledger/witness/", "harness/ledger/sub_allocations.h")


def check(tree):
    for path in tree.under("harness", "scenarios", "impls", "property_tests", suffixes=CPP):
        text = without_comments(tree.text(path))
        for m in _MACRO.finditer(text) if path != _DOOR else ():
            yield Finding(path, line_of(text, m.start()), NAME,
                          f"COPYCOST_LEDGER is for {_DOOR} alone; call what it offers")
        if path.startswith(("scenarios/", "impls/")) and not _JUDGES.match(path):
            yield from _tells(path, text, tree.text(path))
    for path in tree.paths:
        if path.endswith(("CMakeLists.txt", ".cmake")) and path != _FLAGS:
            for m in _OWN_FLAGS.finditer(tree.text(path)):
                yield Finding(path, line_of(tree.text(path), m.start()), NAME,
                              f"flags of the cells' objects are set in {_FLAGS} alone, beside each other")


def _tells(path, text, whole):
    for pattern, what in _TELLS:
        if _MAY_KNOW.get(path) == what or what == "which instrument looks" and _is_workload(path):
            continue
        for m in pattern.finditer(text):
            yield Finding(path, line_of(text, m.start()), NAME,
                          f"{m[0]} tells {what}; what is timed must do what is audited, so do without")
    for m in _WEAK.finditer(text):
        yield Finding(path, line_of(text, m.start()), NAME,
                      "a weak symbol tells which program this is; link it or do without")
    for m in _PROC.finditer(whole):
        if text[m.start()] == '"':  # not in a comment
            yield Finding(path, line_of(whole, m.start()), NAME, f"{m[0]} tells which program this is; do without")
    for line, _, included in includes(whole):
        if included.startswith(_INSTRUMENTS) and not included.startswith(_SEAM):
            yield Finding(path, line, NAME,
                          f"{included} is an instrument's; what is measured does not know its instruments")


def _is_workload(path):
    """A workload feeds the judge after its window; the observers that it asks for are the instrument's own."""
    return re.match(r"scenarios/[^/]+/workload", path) is not None
