# SPDX-License-Identifier: Apache-2.0
"""Reads a page back: its tables with the exact values behind the texts, its ids, and what it would load."""
from html.parser import HTMLParser


class Page(HTMLParser):
    """`tables[id]` is a list of rows, a row a list of (text, note, value, classes of cell and row)."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.ids, self.loads, self.sections, self.words = {}, [], [], [], []
        self._table, self._cell, self._small, self._row_class, self._silent = None, None, False, "", False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.ids += [attrs["id"]] if "id" in attrs else []
        for key in ("src", "href", "xlink:href", "data", "action"):
            if not attrs.get(key, "#").startswith("#"):
                self.loads.append(attrs[key])
        if tag == "section":
            self.sections.append(attrs.get("id"))
        elif tag == "table":
            self._table = self.tables.setdefault(attrs["id"], [])
        elif tag == "tr" and self._table is not None:
            self._row_class = attrs.get("class", "")
            self._table.append([])
        elif tag == "td":
            self._cell = ["", "", attrs.get("data-value"), f"{attrs.get('class', '')} {self._row_class}".split()]
            self._table[-1].append(self._cell)
        elif tag == "small":
            self._small = True
        elif tag in ("style", "script"):
            self._silent = True

    def handle_endtag(self, tag):
        if tag == "table":
            self._table = None
        elif tag == "td":
            self._cell = None
        elif tag == "small":
            self._small = False
        elif tag in ("style", "script"):
            self._silent = False

    def handle_data(self, data):
        if not self._silent:
            self.words.append(data)
        if self._cell is not None:
            self._cell[1 if self._small else 0] += data

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def rows(self, table):
        """The rows without headings."""
        return [r for r in self.tables[table] if len(r) > 1]
