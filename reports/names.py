# SPDX-License-Identifier: Apache-2.0
"""Names of files that somebody else chose: bytes, which need not be text."""
import os
import re
import unicodedata

_PLAIN = re.compile(r"[\w@%+=:,./-]+", re.ASCII)
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # the direction of what follows
_NAMED = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\"}


def printable(path):
    """One line of text: what is no printable text is escaped as bash's $'...' has it, as copycost itself does."""
    return "".join(map(_letter, os.fspath(path)))


def one_line(text):
    """A message that may hold such names: the same, but a backslash stays what it is."""
    return "".join(letter if letter == "\\" else _letter(letter) for letter in text)


def _letter(letter):
    if letter in _NAMED:
        return _NAMED[letter]
    if 0xDC80 <= ord(letter) <= 0xDCFF:  # a byte that is no text
        return f"\\x{ord(letter) - 0xDC00:02X}"
    if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") or letter in _TURNS:
        return "".join(f"\\x{byte:02X}" for byte in letter.encode("utf-8", "surrogatepass"))
    return letter


def shell_word(text):
    """What is printable already, as one word of a shell's command line."""
    if _PLAIN.fullmatch(text):
        return text
    if "\\" in text:
        return "$'" + text.replace("'", "\\'") + "'"
    return "'" + text.replace("'", "'\\''") + "'"
