"""What the generator has written: a directory in every engine's form, and the questions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
RULES = ROOT / "bench" / "rules"


class Question(NamedTuple):
    """A request, with what is expected of it."""

    principal: str
    action: str
    resource: str
    scope: str
    """The project or organization that the resource lies in."""
    allowed: bool


def read(path: Path) -> Any:
    """A JSON document."""
    return json.loads(path.read_text("utf-8"))


def policy() -> Any:
    """The built-in policy."""
    return read(ROOT / "core" / "policies" / "projects-2026-02.json")


def questions(folder: Path, name: str = "requests.json") -> list[Question]:
    """All of them, in random order; or the only one of `first.json`."""
    return [Question(**one) for one in read(folder / name)]
