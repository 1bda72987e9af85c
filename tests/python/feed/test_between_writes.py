"""An edge that looks between any two writes of a publication: it goes forwards, and nothing that it finds is a fault."""

from __future__ import annotations

from pathlib import Path

from bailiwick import Bailiwick, public_key_of
from bailiwick.feed import FolderStore, Follower, Publisher

KEY = bytes(range(32))


class Watched(FolderStore):
    """A store whose edges look before and after each write."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.edges: list[Follower] = []

    def put(self, key: str, data: bytes, seen: str | None) -> str:
        for edge in self.edges:
            edge.refresh()
        etag = super().put(key, data, seen)
        for edge in self.edges:
            edge.refresh()
        return etag


def test_whatever_an_edge_finds_between_two_writes_is_no_fault(tmp_path: Path) -> None:
    members = [{"user": "usr_ada", "role": "admin"}]
    organization = {"id": "org_acme", "owner": "usr_ada", "members": members, "projects": [{"id": "prj_acme", "default": True}]}
    guard = Bailiwick.from_directory({"format": "bailiwick/1", "organizations": [organization]})
    store, told = Watched(tmp_path), list[Exception]()
    publisher = Publisher(guard, store, signing_key=KEY, max_age_seconds=60)
    publisher.publish()
    edge = Follower(store, public_key=public_key_of(KEY), on_error=told.append)
    edge.refresh()
    store.edges = [edge]
    for number in range(5):
        guard.apply({"type": "add_member", "organization": "org_acme", "user": f"usr_{number}"})
        publisher.publish()
        assert edge.wait(0).state == guard.state
    assert (edge.stats.refused, edge.stats.failures, told) == (0, 0, [])
    assert (edge.stats.snapshots, edge.stats.deltas) == (1, 5)
