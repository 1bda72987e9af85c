"""Where a feed lies: a folder, an object store, or what HTTP serves of either."""

from __future__ import annotations

import os
from typing import Any, TypeAlias

from .folder import FolderStore
from .http import HttpStore
from .object_store import ObjectStore
from .store import Found, NotAsSeenError, Reading, Store, Unchanged

__all__ = ["FolderStore", "Found", "HttpStore", "NotAsSeenError", "ObjectStore", "Place", "Reading", "Store", "Unchanged", "store_of"]

Place: TypeAlias = "str | os.PathLike[str] | Store | Any"
"""A folder; an address, `https://…` to read, or `s3://…`, `gs://…`, `az://…`; a store of obstore; or a store of one's own."""


def store_of(place: Place) -> Store | Reading:
    """The store that a place names."""
    if isinstance(place, str) and place.startswith(("http://", "https://")):
        return HttpStore(place)
    if isinstance(place, str) and "://" in place:
        return ObjectStore.of_url(place)
    if isinstance(place, (str, os.PathLike)):
        return FolderStore(place)
    # Before the next test: those of obstore have methods of these names too.
    if any(base.__module__.partition(".")[0] == "obstore" for base in type(place).__mro__):
        return ObjectStore(place)
    if isinstance(place, Reading):
        return place
    message = "expected a folder, an address, a store of obstore, or an object with `get`, `put` and `delete`"
    raise TypeError(message)
