# SPDX-License-Identifier: Apache-2.0
"""What is used of the standard library is included: that another header happens to bring it differs between
releases."""
import re

from cpp import without_comments
from tree import CPP, LAYERS, Finding, line_of

NAME = "includes"
ABOUT = ("a name of the standard library is declared by a header that the file, or a header of ours that it includes, "
         "includes")

# Headers, and names that they alone declare.
_ALGORITHMS = """adjacent_find all_of any_of binary_search clamp copy_if copy_n count_if equal_range fill_n find_if
    find_if_not for_each for_each_n generate inplace_merge is_sorted lexicographical_compare lower_bound max_element
    min_element minmax minmax_element mismatch none_of nth_element partial_sort partition partition_point remove_if
    replace_if reverse rotate sample set_difference set_intersection set_union shuffle sort stable_partition
    stable_sort transform unique upper_bound""".split()
_RANGES = [*_ALGORITHMS,
           *"contains copy count equal fill find max min remove replace search starts_with ends_with".split()]
_NAMES = {
    "algorithm": rf"(?:std::(?:{'|'.join(_ALGORITHMS)})|std::ranges::(?:{'|'.join(_RANGES)}))\s*(?=[(<])",
    "array": r"std::array\s*<",
    "atomic": r"std::atomic(?:_\w+)?\b",
    "bit": r"std::(?:bit_cast|bit_ceil|bit_width|countl_zero|countr_zero|endian|popcount)\b",
    "charconv": r"std::(?:from_chars|to_chars)\b",
    "chrono": r"std::chrono::",
    "cmath": r"std::(?:ceil|exp|floor|isfinite|isnan|llround|log2?|lround|pow|sqrt)\s*\(",
    "condition_variable": r"std::condition_variable\b",
    "cstring": r"std::(?:mem(?:chr|cmp|cpy|move|set)|str(?:cmp|error|len))\s*\(",
    "deque": r"std::deque\s*<",
    "filesystem": r"std::filesystem::",
    "fstream": r"std::[io]?fstream\b",
    "functional": r"std::(?:function|reference_wrapper)\s*<",
    "limits": r"std::numeric_limits\s*<",
    "map": r"std::(?:multi)?map\s*<",
    "memory": r"std::(?:allocator|construct_at|destroy_at|make_shared|make_unique|shared_ptr|unique_ptr|weak_ptr)\b",
    "mutex": r"std::(?:call_once|lock_guard|mutex|once_flag|scoped_lock|unique_lock)\b",
    "numeric": r"std::(?:accumulate|gcd|iota|lcm|midpoint|partial_sum|reduce)\s*\(",
    "optional": r"std::(?:optional\s*<|nullopt\b)",
    "random": r"std::(?:mt19937(?:_64)?|random_device|uniform_\w+_distribution)\b",
    "set": r"std::(?:multi)?set\s*<",
    "span": r"std::span\s*<",
    "sstream": r"std::[io]?stringstream\b",
    "stdexcept": r"std::(?:invalid_argument|length_error|logic_error|out_of_range|runtime_error)\b",
    "string": r"std::(?:string\b(?!_)|to_string\s*\()",
    "string_view": r"std::string_view\b",
    "thread": r"std::(?:jthread|this_thread|thread)\b",
    "unordered_map": r"std::unordered_(?:multi)?map\s*<",
    "unordered_set": r"std::unordered_(?:multi)?set\s*<",
    "variant": r"std::(?:holds_alternative\b|monostate\b|variant\s*<)",
    "vector": r"std::vector\s*<",
}
_USES = {header: re.compile(r"(?<![\w:])" + names) for header, names in _NAMES.items()}
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:<([\w./+-]+)>|"([\w./+-]+)")', re.M)
_ALSO = {"string": {"string_view"}, "map": {"utility"}, "filesystem": {"string"}, "sstream": {"string"},
         "fstream": {"string"}}


def check(tree):
    paths, known = tree.under(*LAYERS, suffixes=CPP), {}
    includers = {}
    for path in paths:
        for _, quoted in _INCLUDE.findall(tree.text(path)):
            includers.setdefault(quoted, []).append(path)
    for path in paths:
        included = _included(tree, path, known, ())
        if path in includers and not any(angled for angled, _ in _INCLUDE.findall(tree.text(path))):
            # A part of other headers, which include what both need.
            included |= frozenset.intersection(*(_included(tree, p, known, ()) for p in includers[path]))
        text = without_comments(tree.text(path))
        for header, used in _USES.items():
            m = None if header in included else used.search(text)
            if m:
                yield Finding(path, line_of(text, m.start()), NAME,
                              f"uses {m[0].strip(' (<')} and nobody includes <{header}> for it; include it")


def _included(tree, path, known, above):
    """The standard headers that a file includes, itself or through headers of ours."""
    if path in known:
        return known[path]
    found = set()
    for angled, quoted in _INCLUDE.findall(tree.text(path)):
        if angled:
            found |= {angled} | _ALSO.get(angled, set())
        elif quoted not in above and tree.has_file(quoted):
            found |= _included(tree, quoted, known, (*above, path))
    known[path] = frozenset(found)
    return known[path]
