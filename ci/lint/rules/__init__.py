# SPDX-License-Identifier: Apache-2.0
"""The rules, in the order in which they are listed. A rule is a module with NAME, ABOUT and check(tree)."""
from rules import (dependencies, folders, heavy_libraries, hygiene, lower_bounds, promises, raw_copies, readmes, registration,
                   size, view_lifetimes)

ALL = (dependencies, registration, raw_copies, view_lifetimes, promises, size, folders, heavy_libraries, hygiene,
       readmes, lower_bounds)
