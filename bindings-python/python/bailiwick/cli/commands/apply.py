"""`bailiwick apply`: changes make the next directory out of the last, all of them or none."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from bailiwick import Bailiwick, BailiwickError, ForbiddenError, Preview

from ..files.atomic_output import output_file
from ..files.directories import load
from ..files.documents import list_of, read_list
from ..files.input import STANDARD, one_standard_input
from ..files.signing import signing_key_from
from ..files.summary import summarise
from ..terminal.console import MIDDLING, cell, count, facts, json_bytes, print_json, show, table
from ..terminal.freshness import issue_instant, warn_if_never_stale
from .options import AsJson, At, Directory, Policy, PublicKey, SigningKey

Changes = Annotated[
    str,
    typer.Argument(
        metavar="CHANGES", help="A file with a JSON object a line, or one JSON object or list; - for the input; or the JSON itself."
    ),
]
Actor = Annotated[
    str | None, typer.Option("--actor", help="Who asks for the changes, such as user:usr_ada. Without it, the platform itself.")
]
Out = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="FILE", help="A document if the name ends with .json, or for - (the output); else a snapshot."),
]
Expected = Annotated[int | None, typer.Option("--expected-revision", help="Fail if the directory is of another revision.")]
IsPreview = Annotated[bool, typer.Option("--preview", help="Only say what the changes would mean.")]


def apply(
    directory: Directory,
    changes: Changes,
    output: Out = None,
    actor: Actor = None,
    expected_revision: Expected = None,
    is_preview: IsPreview = False,
    at: At = None,
    signing_key: SigningKey = None,
    policy: Policy = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """Apply one change or a list of them, and write the directory that results. If one fails, nothing is written.

    The file may be the one that the directory was read from. A change that its actor may not make ends the command with 1.
    """
    if (output is None) is not is_preview:
        raise typer.BadParameter("either -o FILE, or --preview, which writes nothing")
    one_standard_input(directory, changes)
    key = None if is_preview else signing_key_from(signing_key)
    guard = load(directory, policy=policy, public_key=public_key)
    before = guard.revision
    made, previews = _make(guard, _changes(changes), actor=actor, at=at, expected_revision=expected_revision, is_preview=is_preview)
    if output is None:
        _show(previews, as_json)
        return
    data = _written(guard, output, key)
    with output_file(output) as file:
        file.write(data)
    summary = {"output": output, "changes": made, "revision_before": before, "revision": guard.revision}
    shown = [("output", output), ("changes", f"{made:,}"), ("revision", f"{before} → {guard.revision}")]
    summarise(summary, facts(shown), output=output, as_json=as_json)


def _changes(given: str) -> Iterator[Any]:
    if given.lstrip().startswith(("{", "[")):
        # What is no text is told as such, and not on the way to it.
        return chain.from_iterable(list_of(given.encode("utf-8", "surrogatepass"), where="the change"))
    return chain.from_iterable(read_list(given))


def _make(
    guard: Bailiwick, changes: Iterator[Any], *, actor: str | None, at: str | None, expected_revision: int | None, is_preview: bool
) -> tuple[int, list[Preview]]:
    """Applies each change in its turn, and returns how many there are. A fault of one among several is located in the list."""
    head = list(islice(changes, 2))
    made, previews = 0, []
    # Nobody named is the platform itself.
    terms: dict[str, Any] = {"at": at, "expected_revision": expected_revision} | ({} if actor is None else {"actor": actor})
    for change in chain(head, changes):
        try:
            if is_preview:
                previews.append(guard.preview(change, **terms))
            guard.apply(change, **terms)
        except BailiwickError as error:
            raise error if len(head) == 1 else _located(error, made) from error
        made += 1
        # It is the directory that has to be at that revision, and after the first change it no longer is.
        terms["expected_revision"] = None
    return made, previews


def _located(error: BailiwickError, index: int) -> BailiwickError:
    if error.path and error.path.startswith(("/actor", "/at", "/expected_revision")):
        path: str | None = error.path
    else:
        path = f"/{index}{error.path or ''}"
    message = f"change {index + 1}: {error.message}"
    if isinstance(error, ForbiddenError):
        return ForbiddenError(error.code, path, message, error.decision)
    return type(error)(error.code, path, message)


def _written(guard: Bailiwick, output: str, key: bytes | None) -> bytes:
    """The bytes of the file: a document, or a snapshot."""
    if output != STANDARD and not output.endswith(".json"):
        data = guard.to_snapshot(key, issued_at=issue_instant(guard, None, is_signed=key is not None))
        warn_if_never_stale(Bailiwick.from_snapshot(data))
        return data
    return json_bytes(guard.to_directory()) + b"\n"


def _show(previews: list[Preview], as_json: bool) -> None:
    if as_json:
        documents = [preview.to_dict() for preview in previews]
        print_json(documents[0] if len(documents) == 1 else documents)
        return
    for preview in previews:
        show(*_drawn(preview))


def _drawn(preview: Preview) -> list[RenderableType]:
    """What would follow from a change, for people."""
    lost = [[lost.principal, lost.project] for lost in preview.projects_lost]
    parts: list[RenderableType] = [
        facts(
            [
                ("revision", preview.revision),
                ("projects lost", count(len(lost), "row") if lost else "none"),
                ("keys that go on", cell(preview.live_api_keys, MIDDLING)),
                ("booked elsewhere", preview.booked_elsewhere),
            ]
        )
    ]
    return [*parts, table(["principal", "loses project"], lost)] if lost else parts
