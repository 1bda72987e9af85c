"""`bailiwick findings`: what is risky or useless in a directory, and the changes that mend it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from rich.text import Text

from bailiwick import Finding

from ..files.directories import load
from ..terminal.console import BAD, FAINT, GOOD, MIDDLING, count, json_line, print_json, show, visible
from ..terminal.exits import Exit
from ..terminal.progress import working
from ..terminal.standard_output import write
from .options import AsJson, At, Directory, Policy, PublicKey


class Severity(StrEnum):
    """How much a finding matters."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


COLORS = {"high": BAD, "medium": MIDDLING, "low": FAINT}
Least = Annotated[Severity, typer.Option("--severity", help="Only findings that matter at least so much.")]
AsLines = Annotated[
    bool, typer.Option("--lines", help="Print the changes that mend them as JSON Lines, which `apply` reads, and nothing else.")
]


def findings(
    directory: Directory,
    severity: Least = Severity.LOW,
    as_lines: AsLines = False,
    at: At = None,
    policy: Policy = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """List what is risky or useless, and the changes that mend it. Ends with 1 if there is anything.

    Each change has been tried on a copy of the directory.
    """
    if as_lines and as_json:
        raise typer.BadParameter("either --lines or --json")
    guard = load(directory, policy=policy, public_key=public_key)
    with working("looking for findings"):
        found = guard.findings(at=at)
    order = list(Severity)
    found = [finding for finding in found if order.index(Severity(finding.severity)) >= order.index(severity)]
    if as_lines:
        write(b"".join(json_line(change) for finding in found for change in finding.fix))
    elif as_json:
        print_json([finding.to_dict() for finding in found])
    else:
        show(*_rendered(found))
    if found:
        raise typer.Exit(Exit.NO)


def _rendered(found: list[Finding]) -> list[Text]:
    """What matters most comes first."""
    if not found:
        return [Text("✓ nothing found", GOOD)]
    order = list(reversed(Severity))
    told = [Text("\n").join(_finding(finding)) for finding in sorted(found, key=lambda finding: order.index(Severity(finding.severity)))]
    return [*told, Text(f"✗ {count(len(found), 'finding')}", f"bold {BAD}")]


def _finding(finding: Finding) -> list[Text]:
    head = Text.assemble((finding.severity, f"bold {COLORS[finding.severity]}"), f" {finding.finding}: {visible(finding.sentence)}")
    fix = [Text.assemble(("  fix  ", FAINT), visible(json_line(change).decode().strip())) for change in finding.fix]
    return [head, *fix, Text()]
