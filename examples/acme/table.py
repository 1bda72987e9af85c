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


def table(title: str, head: list[str], rows: list[list[str]], good: list[bool]) -> None:
    """Print rows in columns as wide as what is in them."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    print(f"\n{painted(title, 1)}")
    for row, is_good in zip([head, *rows], [True, *good], strict=True):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        if row is not head:
            cells[0] = painted(cells[0], 32 if is_good else 31)
        print("  ".join(cells).rstrip())
        if row is head:
            print("  ".join("─" * width for width in widths))


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
    return [mark, question["note"], intended, booked + sure, answer["reason"], ", ".join(answer["remedies"])]


def main() -> None:
    """Read the requests and the answers, and print both tables."""
    requests, answers = (json.loads(Path(path).read_text("utf-8")) for path in sys.argv[1:])
    rows = [access_row(*pair) for pair in zip(requests["access"], answers["access"], strict=True)]
    head = ["", "access", "question", "because", "caveats"]
    table("May this principal do this?", head, rows, [answer["allowed"] for answer in answers["access"]])
    rows = [usage_row(*pair) for pair in zip(requests["usage"], answers["usage"], strict=True)]
    head = ["", "usage", "intended for", "booked to", "because", "remedies"]
    table("Where is this usage booked?", head, rows, [answer["matches_intended"] for answer in answers["usage"]])


if __name__ == "__main__":
    main()
