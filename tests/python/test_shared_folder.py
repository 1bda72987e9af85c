"""A feed in a folder that both languages publish to and follow: one lock, one kind of etag, one chain."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Bailiwick, public_key_of
from bailiwick.feed import ConflictError, FolderStore, Follower, NotAsSeenError, Publisher
from bailiwick.feed.stores import Found

pytestmark = pytest.mark.both_packages
ROOT = Path(__file__).parents[2]
KEY = bytes([1]) * 32
HEAD = """
import { Bailiwick, publicKeyOf } from "bailiwick";
import { Follower } from "bailiwick/follow";
import { FolderStore } from "bailiwick/folder";
import { Publisher } from "bailiwick/publish";

const signingKey = new Uint8Array(32).fill(1);
const store = new FolderStore(process.env.FEED);
const add = (guard, user) => guard.apply({ type: "add_member", organization: "org_a", user, role: "member" });
const say = (value) => console.log(JSON.stringify(value));
"""


def node(folder: Path, code: str) -> Any:
    """What a script in Node.js says."""
    environment = {**os.environ, "FEED": str(folder)}
    command = ["node", "--input-type=module"]
    said = subprocess.run(command, input=HEAD + code, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return json.loads(said.stdout)


def engine() -> Bailiwick:
    organization = {
        "id": "org_a",
        "owner": "usr_ada",
        "members": [{"user": "usr_ada", "role": "admin"}],
        "projects": [{"id": "prj_default", "default": True}],
    }
    return Bailiwick.from_directory({"format": "bailiwick/1", "max_age_seconds": 300, "organizations": [organization]})


def add(guard: Bailiwick, user: str) -> None:
    guard.apply({"type": "add_member", "organization": "org_a", "user": user, "role": "member"})


def test_each_goes_on_from_what_the_other_has_published(tmp_path: Path) -> None:
    publisher = Publisher(engine(), tmp_path, signing_key=KEY)
    publisher.publish()
    follower = Follower(tmp_path, public_key=public_key_of(KEY))
    follower.refresh()
    there = node(
        tmp_path,
        """
        const publisher = await Publisher.resume(store, () => { throw new Error("there is a feed"); }, { signingKey });
        add(publisher.guard, "usr_node");
        const { steps } = await publisher.publish();
        const follower = new Follower({ store, publicKey: publicKeyOf(signingKey) });
        await follower.refresh();
        say({ steps, state: follower.guard.state, tag: (await store.get("snapshot")).tag });
        """,
    )
    assert there["steps"] == 1
    found = FolderStore(tmp_path).get("snapshot")
    assert isinstance(found, Found)
    assert found.etag == there["tag"]
    # The one here is told, and goes on from there.
    add(publisher.guard, "usr_late")
    with pytest.raises(ConflictError):
        publisher.publish()
    resumed = publisher.read()
    assert resumed is not None and resumed.state == there["state"]
    publisher.guard = resumed
    add(resumed, "usr_python")
    publisher.publish()
    follower.refresh()
    state = node(
        tmp_path,
        """
        const follower = new Follower({ store, publicKey: publicKeyOf(signingKey) });
        await follower.refresh();
        say(follower.guard.state);
        """,
    )
    assert follower.guard is not None
    assert follower.guard.state == resumed.state == state


def test_of_writes_at_the_same_time_one_succeeds(tmp_path: Path) -> None:
    rounds = 200
    won: set[int] = set()

    def write() -> None:
        store = FolderStore(tmp_path)
        for number in range(rounds):
            try:
                store.put(f"deltas/{number}", b"python", None)
            except NotAsSeenError:
                continue
            won.add(number)

    thread = threading.Thread(target=write)
    thread.start()
    others = node(
        tmp_path,
        f"""
        const won = [];
        for (let number = {rounds - 1}; number >= 0; number--) {{
          if ((await store.put(`deltas/${{number}}`, new TextEncoder().encode("node"), null)) !== null) won.push(number);
        }}
        say(won);
        """,
    )
    thread.join()
    assert won | set(others) == set(range(rounds))
    assert not won & set(others)
    for number in range(rounds):
        assert (tmp_path / f"deltas/{number}").read_bytes() == (b"python" if number in won else b"node")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deltas"]
