"""The example of docs/edge.md that compares what two engines hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bailiwick import Bailiwick, public_key_of

PAGE = (Path(__file__).parents[2] / "docs/edge.md").read_text("utf-8")
DOCUMENT: dict[str, Any] = {
    "format": "bailiwick/1",
    "revision": 4,
    "issued_at": "2026-03-01T12:00:00Z",
    "max_age_seconds": 600,
    "organizations": [
        {
            "id": "o",
            "owner": "a",
            "members": [{"user": "a", "role": "admin"}],
            "projects": [{"id": "p", "default": True, "api_keys": [{"id": "k", "digest": f"sha256:{'5' * 64}"}]}],
        }
    ],
}
KEY = bytes([7] * 32)


def test_copies_are_the_same_however_they_came_about_and_drift_shows() -> None:
    found = re.search(r"\n## Have two engines drifted apart\?\n.*?^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None
    names: dict[str, Any] = {}
    exec(found[1], names)
    state = names["state"]

    central = Bailiwick.from_directory(DOCUMENT)
    edge = Bailiwick.from_snapshot(central.to_snapshot(KEY, issued_at="2026-03-02T12:00:00Z"), public_key_of(KEY))
    lean = Bailiwick.from_snapshot(central.to_snapshot(digests=False))
    assert state(edge) == state(lean) == state(central)

    change = {"type": "create_project", "organization": "o", "project": "q", "name": "Q"}
    central.apply(change)
    assert state(edge)["revision"] != state(central)["revision"]
    edge.apply_delta(central.to_delta(4, signing_key=KEY, issued_at="2026-03-03T12:00:00Z"))
    assert state(edge) == state(central)

    other = Bailiwick.from_directory(DOCUMENT)
    other.apply({**change, "project": "elsewhere"})
    assert state(other)["revision"] == state(central)["revision"]
    assert state(other)["sha256"] != state(central)["sha256"]
