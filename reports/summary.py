# SPDX-License-Identifier: Apache-2.0
"""The summary in Markdown: verdicts, decision table, claims, trust. Needs the standard library only."""


def _escape(text):
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _one_line(entry):
    note = entry.note.replace("\n", "; ")
    return f"{entry.text} ({note})" if note else entry.text


def table(t):
    """A table in the dialect that forges and terminals read; numbers flush right, broken rows struck through."""
    numeric = [any(len(r) > i and r[i].is_number for r in t.rows) for i in range(len(t.columns))]
    lines = ["| " + " | ".join(map(_escape, t.columns)) + " |",
             "|" + "|".join("--:" if n else "---" for n in numeric) + "|"]
    for i, row in enumerate(t.rows):
        texts = [_escape(_one_line(e)) for e in row]
        if i in t.struck:
            texts = [f"~~{x}~~" if x.strip() else x for x in texts]
        lines.append("| " + " | ".join(texts) + " |")
    return lines


def _section(title, lines):
    return ["", f"## {title}", "", *lines] if lines else []


def _tables(tables):
    lines = []
    for t in tables:
        lines += ([""] if lines else []) + [f"{_escape(t.caption)}:", "", *table(t)]
    return lines


def render(content):
    """The same content as the page's, without figures and without the table of every cell."""
    lines = [f"# {_escape(content['title'])}", "", _escape(content["scope"])]
    lines += ["", *[f"> **Warning:** {_escape(w)}" for w in content["warnings"]]] if content["warnings"] else []
    lines += _section("Verdicts", [f"* {_escape(' '.join(v))}" for v in content["verdicts"]])
    lines += _section("Break-even inside a design", [f"* {_escape(b)}" for b in content["break_evens"]])
    for i, (said, tables, _) in enumerate(content["maps"]):
        lines += _section("Who wins where", [f"* {_escape(said)}"]) if i == 0 else ["", f"* {_escape(said)}"]
        lines += ["", *_tables(tables)]
    lines += _section("Decision table", _tables(content["decisions"]))
    for title, t in (("Where the winner loses", content["losses"]), ("Published claims", content["claims"])):
        lines += _section(title, _tables([t]) if t.rows else [])
    lines += _section("What this rests on", [f"* {_escape(n)}: {_escape(value)}" for n, value in content["trust"]])
    missing = [f"* {len(cells)} cells: {_escape(reason)}" for reason, cells in content["missing"]]
    unsaid = [f"* {_escape(line)}" for line in content["limits_of_claims"]]
    lines += _section("Not measured, and not claimed", missing + unsaid)
    lines += _section("Reproduce", ["    " + " ".join(command.split("\n")) for command in content["reproduce"]])
    return "\n".join(lines) + "\n"
