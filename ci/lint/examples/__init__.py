# SPDX-License-Identifier: Apache-2.0
"""For each rule a module of its name with text that must pass and text that must fail.

GOOD is a list of trees; BAD a list of (tree, expected). A tree is a dictionary of path and text, a `+` before the path
means executable. Expected is a list of "path:line: part of the message", one for every finding, in order.
"""
