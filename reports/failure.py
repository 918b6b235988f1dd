# SPDX-License-Identifier: Apache-2.0
"""The one exception that ends a report: a line for people and an exit code for machines."""

USAGE = 2  # unreadable, foreign or malformed input
NOTHING = 4  # the input is fine and holds no rows
WRITE = 70  # the report could not be written


class Failure(Exception):
    """REQUIRES: the message is one line that names the file, the place and what was expected."""

    def __init__(self, message, code=USAGE):
        super().__init__(message)
        self.code = code
