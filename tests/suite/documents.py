"""The documents that cases name, and the engines that are loaded from them. tests/README.md says how they are named."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from bailiwick import Bailiwick

Json = Any

TESTS = Path(__file__).resolve().parents[1]


def named(folder: str, source: Json) -> Json:
    """A document by its name, as itself, or as another one with changes; an id of a policy stays what it is."""
    if isinstance(source, str):
        path = TESTS / folder / f"{source}.json"
        return json.loads(path.read_text("utf-8")) if path.exists() else source
    if not isinstance(source, dict) or "base" not in source:
        return source
    document = copy.deepcopy(named(folder, source["base"]))

    def place(pointer: str) -> tuple[Json, Json]:
        *steps, key = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
        parent = document
        for step in steps:
            parent = parent[int(step)] if isinstance(parent, list) else parent[step]
        return parent, int(key) if isinstance(parent, list) and key != "-" else key

    for pointer, value in source.get("set", {}).items():
        parent, key = place(pointer)
        if key == "-":
            parent.append(value)
        else:
            parent[key] = value
    for pointer in source.get("remove", []):
        parent, key = place(pointer)
        del parent[key]
    return document


def load(source: Json, policy: Json = None, **options: Json) -> Bailiwick:
    """Load a directory, under its own policy or another one."""
    return Bailiwick.from_directory(source, policy=None if policy is None else named("policies", policy), **options)


def world(*sources: Json) -> Bailiwick:
    """The directory and policy that the first of these sources names: the case, then its file."""

    def of(name: str) -> Json:
        return next((source[name] for source in sources if name in source), None)

    return load(named("directories", of("directory")), of("policy"))
