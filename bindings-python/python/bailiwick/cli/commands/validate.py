"""`bailiwick validate`: all faults of a document, each with its line."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.text import Text

from bailiwick import BailiwickError, Fault, find_faults

from ..files.directories import is_snapshot, load_bytes, policy_from
from ..files.input import display_name, one_standard_input, read
from ..files.limits import DIRECTORY_BYTES
from ..terminal.console import BAD, GOOD, STRONG, count, print_json, show, visible
from ..terminal.excerpt import Excerpts
from ..terminal.exits import Exit
from ..terminal.redaction import redact_message
from .options import AsJson, Policy

Document = Annotated[str, typer.Argument(metavar="DOCUMENT", help="A directory or a policy as JSON, or a snapshot. - is standard input.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="Show no more faults than this.")]


def validate(document: Document, limit: Limit = 50, policy: Policy = None, as_json: AsJson = False) -> None:
    """List all faults of a document, and their places. Ends with 1 if there are any.

    If fields are missing or of a wrong type, only those are listed: the meaning of the document is checked after they are corrected.
    """
    one_standard_input(document, policy)
    data = read(document, most=DIRECTORY_BYTES)
    faults = _snapshot_faults(data) if is_snapshot(data) else find_faults(data, policy=policy_from(policy))
    if as_json:
        print_json({"valid": not faults, "count": len(faults), "faults": [_document(fault) for fault in faults[:limit]]})
    elif faults:
        excerpts = None if is_snapshot(data) else Excerpts(data.decode("utf-8-sig", "replace"))
        # One piece for each fault: printing a piece takes longer than making it.
        shown = [Text("\n").join(_rendered(fault, document, excerpts)) for fault in faults[:limit]]
        show(*shown, _summary(len(faults), limit))
    else:
        show(Text(f"✓ {display_name(document)} is valid", GOOD))
    if faults:
        raise typer.Exit(Exit.NO)


def _snapshot_faults(data: bytes) -> list[Fault]:
    """The fault of a snapshot, which has no lines."""
    try:
        load_bytes(data)
    except BailiwickError as error:
        return [Fault(error.code, error.path or "", error.message, 1, 1)]  # type: ignore[arg-type]  # the engine's codes are its codes
    return []


def _rendered(fault: Fault, document: str, excerpts: Excerpts | None) -> list[Text]:
    """A fault in the style of compilers."""
    head = Text.assemble((fault.code, f"bold {BAD}"), (f": {visible(redact_message(fault.message))}", STRONG))
    if excerpts is None:
        return [head, Text()]
    place = f"{visible(document)}:{fault.line}:{fault.column}" + (f"  {visible(fault.path)}" if fault.path else "")
    return [head, Text.assemble("  --> ", place), *excerpts.of(fault), Text()]


def _document(fault: Fault) -> dict[str, Any]:
    """A fault as JSON."""
    return {**fault.to_dict(), "message": redact_message(fault.message)}


def _summary(number: int, limit: int) -> Text:
    rest = f", {number - limit:,} of them not shown (--limit)" if number > limit else ""
    return Text(f"✗ {count(number, 'fault')}{rest}", f"bold {BAD}")
