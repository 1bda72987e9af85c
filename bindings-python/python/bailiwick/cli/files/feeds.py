"""The stores of feeds, and where they are named in place of a directory."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import typer

from bailiwick import Bailiwick, BailiwickError
from bailiwick.feed import Follower
from bailiwick.feed.stores import Reading, store_of

from ..terminal.errors import UnreachableError
from ..terminal.extras import need
from .signing import public_keys_from


def is_feed(directory: str) -> bool:
    """Whether this names a feed: an address or a folder. A directory is a file."""
    return "://" in directory or os.path.isdir(directory)


def store_named(store: str) -> Reading:
    """The store that an argument names."""
    if "://" in store and not store.startswith(("http://", "https://")):
        need("obstore", task="a store that is not a folder", extra="feed")
    try:
        return store_of(store)
    except ValueError as error:
        raise typer.BadParameter(f"this is no store: {error}") from error


def follower_of(store: str, public_key: list[str] | None, *, interval: float, **hooks: Callable[[Any], object]) -> Follower:
    """A follower of a feed, which needs a public key."""
    if not public_key:
        raise typer.BadParameter("a feed is verified: --public-key KEY names the key of its publisher")
    return Follower(store_named(store), public_keys=public_keys_from(public_key), interval=interval, **hooks)


def first_of(follower: Follower, errors: list[Exception]) -> Bailiwick:
    """The first engine of a follower that has looked at its feed, with these errors. Raises BailiwickError, UnreachableError."""
    guard = follower.guard
    if guard is not None:
        return guard
    if errors and isinstance(errors[0], BailiwickError):
        raise errors[0]
    raise UnreachableError(str(errors[0]) if errors else "there is no feed in this store")
