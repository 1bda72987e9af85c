"""`bailiwick apply`: apply changes to a directory, all of them or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from bailiwick import Bailiwick, BailiwickError, InvalidInputError, Preview

from ..files.directories import load, write_directory
from ..files.input import one_standard_input
from ..files.limits import PREVIEWED
from ..files.signing import signing_key_from
from ..files.summary import summarise
from ..terminal.console import MIDDLING, cell, count, facts, print_json, show, table
from .changes import Actor, Changes, changes_of, located
from .options import AsJson, At, Directory, Policy, PublicKey, SigningKey, WrittenDirectory

Expected = Annotated[int | None, typer.Option("--expected-revision", help="Fail if the directory is of another revision.")]
IsPreview = Annotated[bool, typer.Option("--preview", help="Only show what the changes would do.")]


def apply(
    directory: Directory,
    changes: Changes,
    output: WrittenDirectory = None,
    actor: Actor = None,
    expected_revision: Expected = None,
    is_preview: IsPreview = False,
    at: At = None,
    signing_key: SigningKey = None,
    policy: Policy = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """Apply one change or a list of them, and write the resulting directory. If one fails, nothing is written.

    The output may be the file that the directory was read from. If the actor may not make a change, the command ends with 1.
    """
    if (output is None) is not is_preview:
        raise typer.BadParameter("either -o FILE, or --preview, which writes nothing")
    one_standard_input(directory, changes)
    key = None if is_preview else signing_key_from(signing_key)
    guard = load(directory, policy=policy, public_key=public_key)
    before = guard.revision
    # Without an actor, permissions are not checked.
    terms: dict[str, Any] = {"at": at, "expected_revision": expected_revision} | ({} if actor is None else {"actor": actor})
    parts = changes_of(changes)
    if output is None:
        _show(_preview(guard, parts, terms), as_json)
        return
    made = _make(guard, parts, terms)
    write_directory(guard, output, key)
    summary = {"output": output, "changes": made, "revision_before": before, "revision": guard.revision}
    shown = [("output", output), ("changes", f"{made:,}"), ("revision", f"{before} → {guard.revision}")]
    summarise(summary, facts(shown), output=output, as_json=as_json)


def _make(guard: Bailiwick, parts: Iterator[list[Any]], terms: dict[str, Any]) -> int:
    """Applies the changes in order, and returns how many there are. If one fails, nothing is written, so all are made or none."""
    head = list(islice(parts, 2))
    if len(head) == 1 and len(head[0]) == 1:
        # One change alone: paths have no position.
        guard.apply(head[0][0], **terms)
        return 1
    made = 0
    for part in chain(head, parts):
        try:
            guard.apply_many(part, **terms)
        except BailiwickError as error:
            raise located(error, made) from error
        made += len(part)
        # The directory is at that revision only before the first change.
        terms = terms | {"expected_revision": None}
    return made


def _preview(guard: Bailiwick, parts: Iterator[list[Any]], terms: dict[str, Any]) -> Preview:
    """What the changes would do together."""
    changes: list[Any] = []
    for part in parts:
        changes += part
        if len(changes) > PREVIEWED:
            raise InvalidInputError("limit_exceeded", "", f"a preview is of at most {PREVIEWED:,} changes")
    if len(changes) == 1:
        return guard.preview(changes[0], **terms)
    try:
        return guard.preview(changes, **terms)
    except BailiwickError as error:
        raise located(error, 0) from error


def _show(preview: Preview, as_json: bool) -> None:
    if as_json:
        print_json(preview.to_dict())
    else:
        show(*_rendered(preview))


def _rendered(preview: Preview) -> list[RenderableType]:
    """A preview, for people."""
    parts: list[RenderableType] = [
        facts(
            [
                ("revision", preview.revision),
                ("entries altered", _rows(preview.rows)),
                ("access gained", _rows(preview.gained)),
                ("access lost", _rows(preview.lost)),
                ("projects lost", _rows(preview.projects_lost)),
                ("live API keys", cell(preview.live_api_keys, MIDDLING)),
                ("booked elsewhere", preview.booked_elsewhere),
            ]
        )
    ]
    for verb, rows in (("gains", preview.gained), ("loses", preview.lost)):
        if rows:
            parts.append(table(["principal", verb, "on"], [[row.principal, count(len(row.actions), "action"), row.on] for row in rows]))
    lost = [[lost.principal, lost.project] for lost in preview.projects_lost]
    return [*parts, table(["principal", "loses project"], lost)] if lost else parts


def _rows(rows: Sequence[object]) -> str:
    return count(len(rows), "row") if rows else "none"
