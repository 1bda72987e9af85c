"""`bailiwick publish`: a directory as a feed, which edges follow."""

from __future__ import annotations

import threading
from typing import Annotated, Any

import typer

from bailiwick import Bailiwick, BailiwickError
from bailiwick.feed import ConflictError, Published, Publisher, Store

from ..files.directories import load
from ..files.feeds import store_named
from ..files.input import STANDARD
from ..files.signing import public_keys_from, signing_key_from
from ..files.summary import summarise
from ..files.watched import WatchedFile
from ..terminal.console import facts, note
from ..terminal.errors import UnreachableError
from .options import AsJson, Directory, Policy, PublicKey, SigningKey

SECONDS = 1.0

StoreArgument = Annotated[
    str, typer.Argument(metavar="STORE", help="The store of the feed: a folder, or an address such as s3://bucket/prefix.")
]
GreatestAge = Annotated[
    int | None,
    typer.Option("--max-age", metavar="SECONDS", help="How long an edge answers that hears nothing. Without it, that of the directory."),
]
Follow = Annotated[bool, typer.Option("--follow", help="Go on: publish the directory whenever its file changes, and renew the feed.")]
OlderKey = Annotated[
    list[str] | None,
    typer.Option("--older-key", metavar="KEY", help="The public key that the feed was signed with before, while the key is replaced."),
]


def publish(
    directory: Directory,
    store: StoreArgument,
    max_age: GreatestAge = None,
    follow: Follow = False,
    older_key: OlderKey = None,
    signing_key: SigningKey = None,
    policy: Policy = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """Publish a directory to a feed, as the changes since it was published last. Edges follow the feed, and verify it by the public key.

    An edge denies everything once it has heard nothing for --max-age seconds, so publish at least twice in that time, or use --follow.
    """
    if follow and directory == STANDARD:
        raise typer.BadParameter("standard input cannot be followed; name a file")
    key = signing_key_from(signing_key)
    if key is None:
        raise typer.BadParameter("what edges take is signed: --signing-key FILE")
    watched = WatchedFile(directory)

    def wanted() -> Bailiwick:
        return load(directory, policy=policy, public_key=public_key)

    place = store_named(store)
    if not isinstance(place, Store):
        raise typer.BadParameter("this store can only be read")
    options: dict[str, Any] = {"signing_key": key, "max_age_seconds": max_age, "interval": SECONDS}
    older = {"public_keys": public_keys_from(older_key)} if older_key else {}
    try:
        publisher = Publisher.resume(place, wanted, **options, **older)
        published = _publish(publisher, wanted())
    except (ConflictError, OSError) as error:
        if isinstance(error, BailiwickError):
            raise
        raise UnreachableError(f"nothing was published: {error}") from error
    _tell(publisher, published, store, as_json)
    if follow:
        _follow(publisher, watched, wanted)


def _publish(publisher: Publisher, wanted: Bailiwick) -> Published:
    """Publish what differs, and renew."""
    if publisher.guard.state != wanted.state:
        publisher.guard.reconcile(wanted.to_directory())
    return publisher.publish()


def _follow(publisher: Publisher, watched: WatchedFile, wanted: Any) -> None:
    """Goes on until it is interrupted. What fails is told, and tried again."""
    pause, is_due = threading.Event(), False
    while not pause.wait(SECONDS):
        try:
            is_due |= watched.has_changed()
            published = _publish(publisher, wanted()) if is_due else publisher.publish()
            is_due = False
        except ConflictError as error:
            note(f"nothing was published: {error}; the feed is read again")
            is_due = True
            try:
                publisher.guard = publisher.read() or publisher.guard
            except Exception as failure:
                note(f"the feed cannot be read: {failure}")
        except Exception as error:
            note(f"nothing was published: {error}")
        else:
            if published.steps or published.jumps:
                note(f"published revision {published.revision}")


def _tell(publisher: Publisher, published: Published, store: str, as_json: bool) -> None:
    document = {"store": store, **published._asdict(), "state": publisher.guard.state}
    shown = [("store", store), ("revision", published.revision), ("written", f"{published.bytes:,} bytes")]
    summarise(document, facts(shown), output=None, as_json=as_json)
