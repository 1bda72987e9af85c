"""Snapshots that a release wrote are read as they always were, and so are deltas of the present format.

`tests/snapshots/README.md` says what they are.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Bailiwick, InvalidInputError, public_key_of

FOLDER = Path(__file__).parents[1] / "snapshots"
INDEX: dict[str, Any] = json.loads((FOLDER / "index.json").read_text("utf-8"))
SNAPSHOTS = {golden["name"]: golden for golden in INDEX["snapshots"]}
DELTAS = {golden["name"]: golden for golden in INDEX["deltas"]}


def key(golden: dict[str, Any], name: str) -> bytes | None:
    """That key of a golden, if it is signed."""
    return bytes.fromhex(INDEX[name]) if golden["signed"] else None


def trust(golden: dict[str, Any]) -> dict[str, Any]:
    """What the bytes are held to. One of them was issued in the last second that there is."""
    signed = {"public_key": bytes.fromhex(INDEX["public_key"])} if golden["signed"] else {}
    return {"at": "9999-12-31T23:59:59.999Z", **signed}


def load(name: str) -> Bailiwick:
    return Bailiwick.from_snapshot((FOLDER / f"{name}.bin").read_bytes(), **trust(SNAPSHOTS[name]))


def stored(name: str) -> Bailiwick:
    """The directory of the document beside the bytes."""
    return Bailiwick.from_directory((FOLDER / f"{name}.json").read_bytes())


def test_the_keys_belong_together() -> None:
    assert public_key_of(bytes.fromhex(INDEX["signing_key"])).hex() == INDEX["public_key"]


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_a_snapshot(name: str) -> None:
    engine, same = load(name), stored(name)
    assert json.dumps(engine.to_directory()) == json.dumps(same.to_directory())
    if SNAPSHOTS[name].get("excerpt"):
        # It says more than its document.
        assert engine.to_snapshot() == (FOLDER / f"{name}.bin").read_bytes()
        return
    seed, digests = key(SNAPSHOTS[name], "signing_key"), SNAPSHOTS[name].get("digests", True)
    assert engine.to_snapshot(seed, digests=digests) == same.to_snapshot(seed, digests=digests)


@pytest.mark.parametrize("name", DELTAS)
def test_a_delta(name: str) -> None:
    golden = DELTAS[name]
    engine = load(golden["after"])
    before, delta = engine.to_snapshot(), (FOLDER / f"{name}.delta").read_bytes()
    if "refused" not in golden:
        engine.apply_delta(delta, **trust(golden))
        assert json.dumps(engine.to_directory()) == json.dumps(stored(name).to_directory())
        assert engine.to_snapshot() == stored(name).to_snapshot()
        return
    with pytest.raises(InvalidInputError) as raised:
        engine.apply_delta(delta, **trust(golden))
    assert raised.value.code == golden["refused"]
    assert engine.to_snapshot() == before
