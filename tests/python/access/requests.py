"""A directory with names of every length, and requests about it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from bailiwick import Bailiwick

ACME: dict[str, Any] = json.loads((Path(__file__).parents[2] / "directories/acme.json").read_text("utf-8"))
AT = "2026-02-01T12:00:00Z"
LONG, WIDE = "l" * 256, "é" * 128
GUEST: dict[str, Any] = {"principal": f"user:{LONG}", "action": "file.read", "resource": "project:prj_a"}
COMING = {"type": "add_collaborator", "project": "prj_a", "user": LONG, "role": "member"}
GOING = {"type": "remove_collaborator", "project": "prj_a", "user": LONG}


def load(**fields: Any) -> Bailiwick:
    """The example as a directory that does not age, with a guest of a long name and a key that has ended."""
    document = copy.deepcopy({**ACME, "issued_at": None, "max_age_seconds": None, **fields})
    project = next(project for project in document["organizations"][0]["projects"] if project["id"] == "prj_a")
    for name in (LONG, WIDE, "a:b"):
        project.setdefault("collaborators", []).append({"user": name, "role": "member"})
        project.setdefault("resources", []).append({"id": name, "kind": "file"})
    project.setdefault("api_keys", []).append({"id": "key_ended", "expires_at": "2020-01-01T00:00:00Z"})
    return Bailiwick.from_directory(document)
