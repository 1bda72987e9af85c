"""`bailiwick follow`: the newest directory of a feed in a file."""

from __future__ import annotations

import threading
from typing import Annotated

import typer

from ..files.directories import write_directory
from ..files.feeds import first_of, follower_of
from ..files.input import STANDARD
from ..files.signing import signing_key_from
from ..files.summary import summarise
from ..terminal.console import facts, note
from .options import AsJson, PublicKey, SigningKey, WrittenDirectory

StoreArgument = Annotated[
    str, typer.Argument(metavar="STORE", help="The feed: a folder, or an address such as https://host/feed or s3://bucket/prefix.")
]
Interval = Annotated[float, typer.Option("--interval", min=0.1, metavar="SECONDS", help="How often to look for news.")]
Once = Annotated[bool, typer.Option("--once", help="Write the directory as it is now, and end.")]


def follow(
    store: StoreArgument,
    output: WrittenDirectory = None,
    interval: Interval = 5,
    once: Once = False,
    signing_key: SigningKey = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """Follow a feed: write the directory whenever it changes, until it is interrupted. `bailiwick serve` takes a feed itself.

    What is not signed by the public key, or is older than what was written, is not taken.
    """
    if output is None:
        raise typer.BadParameter("-o FILE names the file to write")
    if output == STANDARD and not once:
        raise typer.BadParameter("standard output can be written --once; name a file to follow")
    key = signing_key_from(signing_key)
    errors: list[Exception] = []
    follower = follower_of(store, public_key, interval=interval, on_error=errors.append)
    follower.refresh()
    guard = first_of(follower, errors)
    write_directory(guard, output, key)
    document = {"store": store, "output": output, "revision": guard.revision, "state": guard.state, "fresh_until": guard.fresh_until}
    shown = [("output", output), ("revision", guard.revision), ("fresh until", guard.fresh_until)]
    summarise(document, facts(shown), output=output, as_json=as_json)
    if once:
        return
    pause = threading.Event()
    while not pause.wait(interval):
        issued, _ = guard.issued_at, errors.clear()
        # Also where only the age is newer: whoever reads the file would take it for stale.
        if follower.refresh() or guard.issued_at != issued:
            write_directory(guard, output, key)
            note(f"wrote revision {guard.revision}")
        for error in errors:
            note(f"{store}: {error}")
