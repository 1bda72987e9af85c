"""`bailiwick compile`: compile a directory into a snapshot, signed if there is a key."""

from __future__ import annotations

from typing import Annotated

import typer

from bailiwick import Bailiwick

from ..files.atomic_output import output_file
from ..files.directories import load
from ..files.signing import signing_key_from
from ..files.summary import summarise
from ..terminal.console import count, facts
from ..terminal.freshness import fresh_until, issue_instant, warn_if_never_stale
from .options import AsJson, Directory, Output, Policy, PublicKey, SigningKey

IssuedAt = Annotated[
    str | None,
    typer.Option(
        "--issued-at",
        metavar="INSTANT",
        help="When the snapshot is issued: RFC 3339, or now. Without it, as the directory says, or now for a signed snapshot.",
    ),
]
MaxAge = Annotated[
    int | None, typer.Option("--max-age", metavar="SECONDS", help="How long it may be used after that. Without it, as the directory says.")
]


def compile_snapshot(
    directory: Directory,
    output: Output,
    signing_key: SigningKey = None,
    issued_at: IssuedAt = None,
    max_age: MaxAge = None,
    digests: Annotated[
        bool, typer.Option("--digests/--no-digests", help="Whether the snapshot has the digests of API keys. One for browsers must not.")
    ] = True,
    policy: Policy = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """Compile a directory into a snapshot, which edges load far faster than JSON."""
    key = signing_key_from(signing_key)
    guard = load(directory, policy=policy, public_key=public_key)
    instant = issue_instant(guard, issued_at, is_signed=key is not None)
    data = guard.to_snapshot(key, issued_at=instant, max_age_seconds=max_age, digests=digests)
    # Load it as an edge would: a snapshot that an edge would refuse is not written.
    made = Bailiwick.from_snapshot(data)
    with output_file(output) as file:
        file.write(data)
    summary = {
        "output": output,
        "bytes": len(data),
        "revision": made.revision,
        "policy": made.policy,
        "is_signed": key is not None,
        "issued_at": made.issued_at,
        "fresh_until": made.fresh_until,
    }
    shown = [(name.replace("_", " "), value) for name, value in summary.items() if name not in {"bytes", "fresh_until"}]
    shown += [("fresh until", fresh_until(made.fresh_until)), ("size", count(len(data), "byte"))]
    summarise(summary, facts(shown), output=output, as_json=as_json)
    warn_if_never_stale(made)
