# SPDX-License-Identifier: Apache-2.0
"""The rules, in the order in which they are listed. A rule is a module with NAME, ABOUT and check(tree)."""
from rules import (as_timed, claims, commas, dependencies, doors, folders, form, headers, heavy_libraries, hygiene,
                   includes, input_door, lower_bounds, narrow_sizes, plain_words, plants, promises, raw_copies, readmes,
                   registration, rooms, scripts, size, threads, twins, typed_results, view_lifetimes, words)

ALL = (dependencies, registration, raw_copies, as_timed, view_lifetimes, promises, size, folders, heavy_libraries,
       includes, hygiene, input_door, narrow_sizes, readmes, lower_bounds, doors, threads, scripts, words, rooms,
       twins, commas, form, headers, plain_words, plants, typed_results, claims)
