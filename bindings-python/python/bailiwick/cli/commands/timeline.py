"""`bailiwick timeline`: a directory at every moment of its past, in a journal."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from bailiwick import BailiwickError, InvalidInputError, Timeline
from bailiwick.journal import Journal

from ..files.directories import is_snapshot, write_directory
from ..files.input import STANDARD, display_name, read, refuse_overwriting
from ..files.journals import load_timeline, open_journal, snapshot_of
from ..files.limits import DIRECTORY_BYTES
from ..files.signing import public_keys_from, signing_key_from
from ..files.summary import summarise
from ..terminal.console import facts, print_json, show, table
from ..terminal.errors import UnwritableError, reason
from .attribute import attribute
from .changes import Actor, changes_of, located
from .instant import instant_of
from .options import AsJson, Directory, Policy, PublicKey, SigningKey, WrittenDirectory

timeline: typer.Typer = typer.Typer(help="Keep a directory's past in a journal, and look at any moment of it.", no_args_is_help=True)
timeline.command("attribute")(attribute)

JournalFile = Annotated[str, typer.Argument(metavar="JOURNAL", help="A journal, which `bailiwick timeline init` begins.")]
AGE = re.compile(r"(\d{1,6})([hdw])")
HOURS = {"h": 1, "d": 24, "w": 7 * 24}


@timeline.command()
def init(
    journal: Annotated[str, typer.Argument(metavar="JOURNAL", help="The journal, a new file.")],
    directory: Directory,
    beginning: Annotated[
        str | None,
        typer.Option(
            "--beginning", metavar="INSTANT", help="From when the directory is in force, in RFC 3339. Without it, when it was issued."
        ),
    ] = None,
    signing_key: SigningKey = None,
    policy: Policy = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """Begin a journal with a directory, in a new file. An existing file is not overwritten."""
    key = signing_key_from(signing_key)
    since = None if beginning is None else instant_of(beginning, path="/beginning")
    snapshot = snapshot_of(directory, beginning, policy=policy, public_key=public_key)
    try:
        with Journal.create(journal, snapshot, signing_key=key, **({} if since is None else {"beginning": since})) as made:
            begun = made.timeline
    except FileExistsError as error:
        raise UnwritableError(f"{display_name(journal)} already exists and is not overwritten") from error
    except BailiwickError as error:
        if error.path != "/beginning" or error.code != "missing_field":
            raise
        message = "the directory does not say when it was issued: name the instant with --beginning"
        raise InvalidInputError(error.code, error.path, message) from error
    except OSError as error:
        raise UnwritableError(f"{display_name(journal)} cannot be written: {reason(error)}") from error
    _tell(begun, journal, as_json, is_signed=key is not None)


@timeline.command()
def append(
    journal: JournalFile,
    addition: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A delta, a later snapshot, or changes: a JSON object on each line, or one JSON object or list; - for standard input; "
            "or the JSON itself.",
        ),
    ],
    actor: Actor = None,
    at: Annotated[str | None, typer.Option("--at", metavar="INSTANT", help="When the changes were made. Without it, now.")] = None,
    signing_key: SigningKey = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """Append a delta, a snapshot or changes to a journal. If one change fails, none is written.

    What the command has told is on the disk. The time of a change never goes back (invalid_order): a past that was recorded wrongly is
    corrected in a second journal. The journal is signed as it was begun: give the same key.
    """
    key = signing_key_from(signing_key)
    with open_journal(journal, key, public_key) as opened:
        if (data := _binary(addition)) is not None:
            if actor is not None or at is not None:
                raise typer.BadParameter("--actor and --at are for changes; deltas and snapshots have their own")
            opened.append(data, **({"public_keys": public_keys_from(public_key)} if public_key else {}))
        else:
            changes = [change for part in changes_of(addition) for change in part]
            # Without an actor, permissions are not checked.
            terms: dict[str, Any] = {"at": at or datetime.now(UTC)} | ({} if actor is None else {"actor": actor})
            _make_all(opened, changes, terms)
        _tell(opened.timeline, journal, as_json, is_signed=key is not None)


@timeline.command("at")
def look(
    journal: JournalFile,
    instant: Annotated[str, typer.Argument(metavar="INSTANT", help="The moment, in RFC 3339.")],
    output: WrittenDirectory = None,
    signing_key: SigningKey = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """Show which revision was in force at a moment; with -o, write the directory as it was then.

    Every other command takes what is written: `check`, `why`, `review`, or `diff` for what changed between two moments.
    """
    if output is None and signing_key is not None:
        raise typer.BadParameter("--signing-key is for -o FILE")
    refuse_overwriting(output, journal)
    moment = instant_of(instant, path="/at")
    known = load_timeline(journal, public_key=public_key)
    guard = known.at(moment)
    if output is not None:
        write_directory(guard, output, signing_key_from(signing_key))
    end = known.end
    is_late = end is not None and moment > instant_of(end, path="/end")
    document = {
        "output": output,
        "revision": guard.revision,
        "policy": guard.policy,
        "state": guard.state,
        "known_until": end,
        "is_after_end": is_late,
    }
    shown = [
        ("revision", guard.revision),
        ("policy", guard.policy),
        ("state", guard.state),
        ("known until", f"{end}: what happened after it is not known" if is_late else end),
    ]
    summarise(document, facts(([("output", output)] if output else []) + shown), output=output, as_json=as_json)


@timeline.command()
def log(
    journal: JournalFile,
    since: Annotated[str | None, typer.Option("--since", metavar="INSTANT", help="Leave out what was earlier.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="INSTANT", help="Leave out what was later.")] = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """Show what changed, when, and who did it, oldest first.

    What lies between two snapshots has no author: only the entries that differ are known.
    """
    first, last = (None if text is None else instant_of(text, path=path) for text, path in ((since, "/since"), (until, "/until")))
    steps = [
        step
        for step in load_timeline(journal, public_key=public_key).log()
        if (first is None or instant_of(step["at"], path="/at") >= first) and (last is None or instant_of(step["at"], path="/at") <= last)
    ]
    if as_json:
        print_json(steps)
        return
    rows = []
    for step in steps:
        kinds = [change["type"] for change in step["changes"]] or (["(another policy)"] if step["policy"] else ["(a later snapshot)"])
        actors = list(dict.fromkeys(change["actor"] or "the platform" for change in step["changes"]))
        entries = [_entry(entry) for entry in step["entries"]]
        shown = entries if len(entries) <= 3 else [*entries[:2], f"and {len(entries) - 2:,} more"]
        rows.append([step["revision"], step["at"], list(dict.fromkeys(kinds)), actors, shown])
    show(table(["revision", "at", "change", "by", "entries"], rows, right=["revision"]))


@timeline.command()
def compact(
    journal: JournalFile,
    until: Annotated[str | None, typer.Option("--until", metavar="INSTANT", help="Merge what was up to this instant.")] = None,
    older_than: Annotated[
        str | None,
        typer.Option("--older-than", metavar="AGE", help="Merge what is older: 90d, for example. h, d, w: hours, days, weeks."),
    ] = None,
    signing_key: SigningKey = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """Merge the oldest part of a journal into one checkpoint, which makes it smaller.

    The command tells which moments can no longer be told apart: usage from then is before_history afterwards. Readers see the old file or
    the new one.
    """
    if (until is None) is (older_than is None):
        raise typer.BadParameter("either --until or --older-than")
    end = instant_of(until, path="/until") if until is not None else _before_now(str(older_than))
    key = signing_key_from(signing_key)
    options: dict[str, Any] = {"public_keys": public_keys_from(public_key)} if public_key else {}
    with open_journal(journal, key, public_key) as opened:
        merged = opened.compact(end, **options)
        kept = opened.timeline
        start, before = merged or (None, None)
        document = {"journal": journal, "merged_from": start, "merged_to": before, "beginning": kept.beginning, "revisions": len(kept)}
        words = "nothing" if merged is None else f"from {start} to before {before}: these moments can no longer be told apart"
        shown = [("merged", words), ("begins", kept.beginning), ("later revisions", len(kept))]
        summarise(document, facts(shown), output=None, as_json=as_json)


def _binary(addition: str) -> bytes | None:
    """The delta or snapshot in a file. None for anything else."""
    if addition == STANDARD or addition.lstrip().startswith(("{", "[")):
        return None
    data = read(addition, most=DIRECTORY_BYTES)
    return data if is_snapshot(data) else None


def _make_all(journal: Journal, changes: list[Any], terms: dict[str, Any]) -> None:
    if len(changes) == 1:
        journal.apply(changes[0], **terms)
        return
    try:
        journal.apply_many(changes, **terms)
    except BailiwickError as error:
        raise located(error, 0) from error


def _tell(known: Timeline, journal: str, as_json: bool, *, is_signed: bool) -> None:
    document = {
        "journal": journal,
        "beginning": known.beginning,
        "end": known.end,
        "revision": known.revision,
        "revisions": len(known),
        "is_signed": is_signed,
    }
    shown = [("begins", known.beginning), ("known until", known.end), ("revision", known.revision), ("later revisions", len(known))]
    summarise(document, facts([("journal", journal), *shown]), output=None, as_json=as_json)


def _entry(entry: dict[str, Any]) -> str:
    return " ".join(str(value) for value in entry.values())


def _before_now(text: str) -> datetime:
    found = AGE.fullmatch(text)
    if found is None:
        raise typer.BadParameter("--older-than is a number with h, d or w: 90d")
    try:
        return datetime.now(UTC) - timedelta(hours=int(found[1]) * HOURS[found[2]])
    except OverflowError as error:
        raise typer.BadParameter("--older-than reaches back to before the year 1") from error
