# SPDX-License-Identifier: Apache-2.0
"""Reads JSON field by field; each refusal names the file, the place in it, what was expected and what was found."""
import json
import math

from reports.failure import Failure

SCHEMA = 1
TOOL = "copycost"
_FOUND_CHARACTERS_MAX = 40


def refuse(place, expected, found):
    """Raises the Failure for a field that is not what it has to be."""
    shown = json.dumps(found, ensure_ascii=False)
    if len(shown) > _FOUND_CHARACTERS_MAX:
        shown = shown[:_FOUND_CHARACTERS_MAX] + "..."
    raise Failure(f"{place}: {expected} expected, {shown} found")


def is_number(value):
    """True and false are numbers to Python; to a result file they are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


class Object:
    """A JSON object with the place where it stands. Absent and null mean the same: not known."""

    def __init__(self, value, place):
        if not isinstance(value, dict):
            refuse(place, "an object", value)
        self.fields, self.place = value, place

    def at(self, key):
        return f"{self.place}.{key}"

    def _take(self, key, expected, fits, optional):
        value = self.fields.get(key)
        if value is None and optional:
            return None
        if value is None or not fits(value):
            refuse(self.at(key), expected, value)
        return value

    def text(self, key, optional=False):
        return self._take(key, "a text", lambda v: isinstance(v, str), optional) or ""

    def word(self, key, words):
        return self._take(key, "one of " + ", ".join(words), lambda v: v in words, False)

    def flag(self, key, otherwise=None):
        value = self._take(key, "true or false", lambda v: isinstance(v, bool), otherwise is not None)
        return otherwise if value is None else value

    def number(self, key, optional=False, least=0):
        return self._take(key, f"a number from {least} up", lambda v: is_number(v) and v >= least, optional)

    def above_zero(self, key, optional=False):
        return self._take(key, "a number above 0", lambda v: is_number(v) and v > 0, optional)

    def objects(self, key, optional=False):
        value = self._take(key, "a list", lambda v: isinstance(v, list), optional) or []
        return [Object(item, f"{self.at(key)}[{i}]") for i, item in enumerate(value)]

    def texts(self, key):
        """A list of texts; empty where there is none."""
        def fits(value):
            return isinstance(value, list) and all(isinstance(t, str) for t in value)
        return self._take(key, "a list of texts", fits, True) or []

    def child(self, key, optional=True):
        value = self._take(key, "an object", lambda v: isinstance(v, dict), optional)
        return None if value is None else Object(value, self.at(key))


def parse(text, path, line=None):
    """JSON, or the Failure that names line and column; `line` is where the text stands if it is one line of many."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as e:
        raise Failure(f"{path}:{line or e.lineno}:{e.colno}: JSON expected: {e.msg}") from None
    except RecursionError:
        raise Failure(f"{path}: JSON expected, nesting without end found") from None


def parse_result(text, place):
    """The top object of a file that this tool wrote."""
    top = Object(parse(text, place), place)
    if top.fields.get("tool") != TOOL:
        refuse(top.at("tool"), f'"{TOOL}"', top.fields.get("tool"))
    if top.fields.get("schema") != SCHEMA or isinstance(top.fields.get("schema"), bool):
        refuse(top.at("schema"), f"schema {SCHEMA}", top.fields.get("schema"))
    return top
