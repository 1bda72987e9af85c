"""Usage and questions of the example's directory, by rows and as tables in every form that a column may have."""

from __future__ import annotations

import copy
import itertools
import json
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
from bailiwick import Bailiwick

Row = dict[str, Any]

DOCUMENT = json.loads((Path(__file__).parents[3] / "tests/directories/homes.json").read_text("utf-8"))
POLICY = json.loads((Path(__file__).parents[3] / "core/policies/projects-2026-02.json").read_text("utf-8"))


def engine() -> Bailiwick:
    """The directory with homes of every sort."""
    return Bailiwick.from_directory(DOCUMENT)


def named_document() -> Row:
    """The same directory with display names. Some are used twice, and some entries have none."""
    document: Row = copy.deepcopy(DOCUMENT)
    entries = list(document["organizations"])
    for organization in document["organizations"]:
        for project in organization["projects"]:
            entries += [project, *project.get("api_keys", []), *project.get("resources", [])]
    for number, entry in enumerate(entries):
        if number % 3:
            entry["name"] = f"Name {number // 2}"
    return document


def named_engine() -> Bailiwick:
    """The directory with display names."""
    return Bailiwick.from_directory(named_document())


def names() -> dict[str, list[str]]:
    """The ids of the directory by type."""
    found: dict[str, list[str]] = {"user": [user["id"] for user in DOCUMENT.get("users", [])], "api_key": [], "project": []}
    for organization in DOCUMENT["organizations"]:
        found["user"] += [member["user"] for member in organization["members"]]
        found.setdefault("organization", []).append(organization["id"])
        for project in organization["projects"]:
            found["project"].append(project["id"])
            found["user"] += [row["user"] for row in project.get("collaborators", [])]
            found["api_key"] += [key["id"] for key in project.get("api_keys", [])]
            for resource in project.get("resources", []):
                found.setdefault(resource["kind"], []).append(resource["id"])
    return {name: sorted(set(ids)) for name, ids in found.items()}


NAMES = names()
KINDS = [kind["kind"] for kind in POLICY["kinds"]]
PRINCIPALS = [f"{name}:{one}" for name in ("user", "api_key") for one in NAMES[name]]
RESOURCES = [f"{name}:{one}" for name in NAMES if name in KINDS for one in NAMES[name]]
ACTIONS = [f"{kind['kind']}.{verb}" for kind in POLICY["kinds"] for row in kind["verbs"] for verb in row["verbs"]]
ACTIONS += [row["action"] for row in POLICY["organization_actions"] + POLICY["project_actions"]]
INSTANTS = [1_600_000_000_000, 1_769_904_000_000, 1_769_904_000_001, 1_775_000_000_000, -1]
STRANGE = ["", ":", "user", "user:", ":x", "user:\n", "user:" + "x" * 300, "user:nobody", "robot:x", "é:ü", "user:usr:a", "\0", "user:\x85"]


def usage(rng: random.Random, rows: int) -> list[Row]:
    """Rows of usage, a third of them with something wrong."""
    return [
        {
            "principal": rng.choice([*PRINCIPALS * 3, *STRANGE, None]),
            "kind": rng.choice([*KINDS * 4, "telepathy", "", None]),
            "surface": rng.choice([*["api", "ui", "playground", None] * 5, "pigeon"]),
            "project": rng.choice([*NAMES["project"], *[None] * 20, "prj_gone", "", "a\tb"]),
            "resource": rng.choice([*RESOURCES, *[None] * 40, "file:gone", "robot:x", *STRANGE]),
            "at": rng.choice(INSTANTS),
        }
        for _ in range(rows)
    ]


def questions(rng: random.Random, rows: int) -> list[Row]:
    """Rows of questions, some with something wrong."""
    objects = [f"{name}:{one}" for name, ids in NAMES.items() for one in ids]
    return [
        {
            "principal": rng.choice([*PRINCIPALS * 3, *STRANGE, None]),
            "action": rng.choice([*ACTIONS, "file.fly", None]),
            "resource": rng.choice([*objects * 2, *STRANGE, None]),
            "surface": rng.choice([*["api", "ui", "playground", None] * 5, "pigeon"]),
            "at": rng.choice(INSTANTS),
        }
        for _ in range(rows)
    ]


def text_types() -> list[pa.DataType]:
    """Every type of column that holds text."""
    plain = [pa.string(), pa.large_string(), pa.string_view()]
    keys = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()]
    return plain + [pa.dictionary(key, values) for key, values in itertools.product(keys, [pa.string(), pa.large_string()])]


def column(values: list[Any], data_type: pa.DataType) -> pa.Array:
    """A column of text of one of these types."""
    array = pa.array(values, pa.string())
    if pa.types.is_dictionary(data_type):
        return array.dictionary_encode().cast(data_type)
    return array.cast(data_type)


def table(rows: list[Row], data_type: pa.DataType) -> pa.Table:
    """Rows as a table with columns of one type of text, and instants in milliseconds."""
    columns = {name: column([row[name] for row in rows], data_type) for name in rows[0] if name != "at"}
    return pa.table({**columns, "at": pa.array([row["at"] for row in rows], pa.timestamp("ms", "UTC"))})
