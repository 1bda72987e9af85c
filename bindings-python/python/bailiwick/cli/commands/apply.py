"""`bailiwick apply`: apply changes to a directory, all of them or none."""

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
        metavar="CHANGES",
        help="A file with a JSON object on each line, or one JSON object or list; - for standard input; or the JSON itself.",
    ),
]
Actor = Annotated[
    str | None, typer.Option("--actor", help="Who makes the changes, such as user:usr_ada. Without it, permissions are not checked.")
]
Out = Annotated[
    str | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="A document if the name ends with .json, or for - (standard output); else a snapshot."
    ),
]
Expected = Annotated[int | None, typer.Option("--expected-revision", help="Fail if the directory is of another revision.")]
IsPreview = Annotated[bool, typer.Option("--preview", help="Only show what the changes would do.")]


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
    """Apply one change or a list of them, and write the resulting directory. If one fails, nothing is written.

    The output may be the file that the directory was read from. If the actor may not make a change, the command ends with 1.
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
        # Invalid text gets a proper error later, and does not fail here.
        return chain.from_iterable(list_of(given.encode("utf-8", "surrogatepass"), where="the change"))
    return chain.from_iterable(read_list(given))


def _make(
    guard: Bailiwick, changes: Iterator[Any], *, actor: str | None, at: str | None, expected_revision: int | None, is_preview: bool
) -> tuple[int, list[Preview]]:
    """Applies the changes in order, and returns how many there are. If there are several, the path of an error begins with the index."""
    head = list(islice(changes, 2))
    made, previews = 0, []
    # Without an actor, permissions are not checked.
    terms: dict[str, Any] = {"at": at, "expected_revision": expected_revision} | ({} if actor is None else {"actor": actor})
    for change in chain(head, changes):
        try:
            if is_preview:
                previews.append(guard.preview(change, **terms))
            guard.apply(change, **terms)
        except BailiwickError as error:
            raise error if len(head) == 1 else _located(error, made) from error
        made += 1
        # The directory is at that revision only before the first change.
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
        show(*_rendered(preview))


def _rendered(preview: Preview) -> list[RenderableType]:
    """A preview, for people."""
    lost = [[lost.principal, lost.project] for lost in preview.projects_lost]
    parts: list[RenderableType] = [
        facts(
            [
                ("revision", preview.revision),
                ("projects lost", count(len(lost), "row") if lost else "none"),
                ("live API keys", cell(preview.live_api_keys, MIDDLING)),
                ("booked elsewhere", preview.booked_elsewhere),
            ]
        )
    ]
    return [*parts, table(["principal", "loses project"], lost)] if lost else parts
