# SPDX-License-Identifier: Apache-2.0
"""The page: one HTML file that needs nothing from elsewhere. Needs jinja2; every text of a file is escaped."""
import html
import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_TEMPLATES = Path(__file__).parent / "templates"


def marked(text):
    """`**bold**` of a sentence as HTML; everything else escaped."""
    return Markup(re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(text, quote=False)))


def capital(text):
    """A caption as a line of its own; a system's name stays as it is."""
    return text if re.match(r"\w+:", text) else text[:1].upper() + text[1:]


def numeric(table, column):
    """A column of numbers is set flush right."""
    return any(row[column].is_number for row in table.rows if len(row) > column and len(row) > 1)


def attributes(entry, table, column):
    """Classes, and the exact value of the file behind a rounded text."""
    classes = ["n"] if numeric(table, column) else []
    classes += [entry.tone] if entry.tone else []
    text = f' class="{" ".join(classes)}"' if classes else ""
    return Markup(text + (f' data-value="{entry.value!r}"' if entry.is_number else ""))


def render(content):
    """REQUIRES: content has every name that the template uses."""
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined,
                              trim_blocks=True, keep_trailing_newline=True)
    environment.filters.update(marked=marked, capital=capital, numeric=numeric, attributes=attributes)
    css = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    return environment.get_template("report.html").render(css=css, **content)
