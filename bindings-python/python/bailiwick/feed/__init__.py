"""A feed: snapshots and deltas in a store, from one publisher to any number of followers. docs/feed.md describes what lies where."""

from ._follower import Follower, FollowerStats
from ._listener import Signal
from ._publisher import ConflictError, Published, Publisher, PublisherStats
from ._reconciler import Reconciler, ReconcilerStats
from .stores import FolderStore, Found, HttpStore, NotAsSeenError, ObjectStore, Reading, Store, Unchanged

__all__ = [
    "ConflictError",
    "FolderStore",
    "Follower",
    "FollowerStats",
    "Found",
    "HttpStore",
    "NotAsSeenError",
    "ObjectStore",
    "Published",
    "Publisher",
    "PublisherStats",
    "Reading",
    "Reconciler",
    "ReconcilerStats",
    "Signal",
    "Store",
    "Unchanged",
]
