"""Print the answers to the example's requests as two tables."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

COLOUR = sys.stdout.isatty()


def painted(text: str, code: int) -> str:
    """The text in a colour, where the terminal has colours."""
    return f"\033[{code}m{text}\033[0m" if COLOUR else text


def reference(value: str | dict[str, str] | None) -> str:
    """A reference as `type:id`."""
    return value if isinstance(value, str) else "" if value is None else f"{value['type']}:{value['id']}"


def table(title: str, rows: list[list[str]], good: list[bool]) -> None:
    """Print each row as what it shows, and below it, in columns, the question and the answer."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print(f"\n{painted(title, 1)}\n{'─' * len(title)}")
    for (mark, note, *cells), is_good in zip(rows, good, strict=True):
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths[2:], strict=True))
        print(f"{painted(mark, 32 if is_good else 31)} {note}\n    {painted(line.rstrip(), 2)}")


def access_row(question: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """One decision."""
    request = question["request"]
    surface = f" ({request['surface']})" if request.get("surface") else ""
    asked = f"{reference(request['principal'])} → {request['action']} → {reference(request['resource'])}{surface}"
    why = answer["reason"] + (f" as {answer['role']}" if answer["role"] else "")
    return ["✓" if answer["allowed"] else "✗", question["note"], asked, why, ", ".join(answer["caveats"])]


def usage_row(question: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """One attribution."""
    intended = f"{answer['intended_organization']}/{answer['intended_project']}"
    booked = f"{answer['organization'] or '?'}/{answer['project'] or '?'}"
    sure = "" if answer["certainty"] == "certain" else f" ({answer['certainty']})"
    mark = "=" if answer["matches_intended"] else "≠"
    return [mark, question["note"], f"meant for {intended}", f"booked to {booked}{sure}", answer["reason"], ", ".join(answer["remedies"])]


def main() -> None:
    """Read the requests and the answers, and print both tables."""
    requests, answers = (json.loads(Path(path).read_text("utf-8")) for path in sys.argv[1:])
    rows = [access_row(*pair) for pair in zip(requests["access"], answers["access"], strict=True)]
    table("May this principal do this?", rows, [answer["allowed"] for answer in answers["access"]])
    rows = [usage_row(*pair) for pair in zip(requests["usage"], answers["usage"], strict=True)]
    table("Where is this usage booked?", rows, [answer["matches_intended"] for answer in answers["usage"]])


if __name__ == "__main__":
    main()
