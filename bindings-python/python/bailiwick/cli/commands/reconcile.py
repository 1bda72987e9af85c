"""`bailiwick reconcile`: the changes that turn a directory into that of a document."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ..files.directories import load, write_directory
from ..files.documents import without_mark
from ..files.input import STANDARD, one_standard_input, read
from ..files.limits import DIRECTORY_BYTES
from ..files.signing import signing_key_from
from ..files.summary import summarise
from ..terminal.console import facts, json_line, table
from ..terminal.progress import working
from ..terminal.standard_output import write
from .options import AsJson, Directory, Policy, PublicKey, SigningKey, WrittenDirectory

Document = Annotated[
    str, typer.Argument(metavar="DOCUMENT", help="The directory as it should be: a document in JSON. - is standard input.")
]
IsDryRun = Annotated[bool, typer.Option("--dry-run", help="Only list the changes. Without -o, this is the default.")]
AsLines = Annotated[bool, typer.Option("--lines", help="Print the changes as JSON Lines, which `apply` reads, and nothing else.")]
Quarantine = Annotated[
    bool,
    typer.Option("--quarantine", help="Leave an organization with a fault as it is. Without it, a document with any fault is refused."),
]


def reconcile(
    directory: Directory,
    document: Document,
    output: WrittenDirectory = None,
    is_dry_run: IsDryRun = False,
    as_lines: AsLines = False,
    quarantine: Quarantine = False,
    signing_key: SigningKey = None,
    policy: Policy = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """List the changes that turn a directory into that of a document. With -o, make them and write the resulting directory.

    The document's revision is not read: each change adds one to that of the directory. The output may be the file that the directory was
    read from.
    """
    if is_dry_run and output is not None:
        raise typer.BadParameter("either -o FILE, or --dry-run, which writes nothing")
    if as_lines and as_json:
        raise typer.BadParameter("either --lines or --json")
    one_standard_input(directory, document)
    key = None if output is None else signing_key_from(signing_key)
    guard = load(directory, policy=policy, public_key=public_key)
    before = guard.revision
    wanted = without_mark(read(document, most=DIRECTORY_BYTES))
    # Made in memory also where nothing is written: then it is known what is in quarantine.
    with working("reconciling", size=len(wanted)):
        done = guard.reconcile(wanted, quarantine=quarantine)
    left_out = guard.quarantined if quarantine else []
    if output is not None:
        write_directory(guard, output, key)
    if as_lines:
        write(b"".join(map(json_line, done.changes)), to_stderr=output == STANDARD)
        return
    summary = {"output": output, "revision_before": before, "revision": done.revision, "changes": done.changes, "quarantined": left_out}
    parts = [facts([("output", output), ("changes", f"{len(done.changes):,}"), ("revision", f"{before} → {done.revision}")])]
    if done.changes:
        parts.append(table(["", "change", "of"], [[number, *_told(change)] for number, change in enumerate(done.changes, 1)], right=[""]))
    if left_out:
        rows = [[entry["organization"], entry["code"], entry["path"], entry["message"]] for entry in left_out]
        parts.append(table(["organization", "code", "path", "message"], rows, title="In quarantine"))
    summarise(summary, *parts, output=output, as_json=as_json)


def _told(change: dict[str, Any]) -> list[str]:
    """The type of a change, and the ids that it names. The rest of it is in --json and --lines."""
    ids = [f"{name} {_id(value)}" for name, value in sorted(change.items()) if name != "type" and _id(value) is not None]
    return [change["type"], ", ".join(ids)]


def _id(value: Any) -> str | None:
    """The id of an entry, or an id itself."""
    if isinstance(value, dict):
        value = next((value[name] for name in ("id", "user", "group") if name in value), None)
    return value if isinstance(value, str) else None
