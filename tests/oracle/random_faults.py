"""Changes, and what goes with them, whose shape is wrong in one place or in two."""

from __future__ import annotations

import hashlib
import random
from typing import Any

import change_shapes
import shapes
from documents import Json

BAD_IDS = ["", "x" * 257, "ü" * 129, "a\u0000b", "line\nbreak", "\u007f", 7, True, None, [], {"id": "usr"}]
EMPTY = f"sha256:{hashlib.sha256(b'').hexdigest()}"
BAD_OBJECTS: list[Any] = [
    {"type": "file"},
    {"id": "x"},
    {"type": "", "id": "x"},
    {"type": "a:b", "id": "x"},
    {"type": 5, "id": "x"},
    {"type": "file", "id": ""},
    {"type": "file", "id": 5},
    {"type": "file", "id": "x", "project": "y"},
]
BAD_VALUES: dict[shapes.Check, list[Any]] = {
    shapes.identifier: BAD_IDS,
    shapes.name: [7, False, ["admin"], {}, "", "x" * 257, "a\tb"],
    shapes.label: [7, True, [], "n" * 4097],
    shapes.boolean: ["true", 1, 0, None, []],
    shapes.moment: ["soon", "2026-02-30T12:00:00Z", "2026-03-01", "", True, []],
    shapes.end: ["soon", "2026-02-30T12:00:00Z", "2026-03-01", "", True, []],
    shapes.digest: [
        "",
        "sha256:abc",
        f"sha512:{'a' * 64}",
        f"sha256:{'g' * 64}",
        f"sha256:{'a' * 65}",
        EMPTY,
        EMPTY.upper().replace("SHA", "sha"),
        None,
        5,
    ],
    shapes.any_reference: ["usr_ada", "", ":x", "user:", f"user:{'x' * 257}", "file:a\u0000b", 5, None, [], {}, *BAD_OBJECTS],
    shapes.number: [-1, "42", 2**53, 1.5, True, []],
}
BAD_ENTRIES: list[Any] = ["", 5, 1.5, True, None, [], {}, "x" * 257, "some", [None], [[]], {"id": ""}]
NO_CHANGES: list[Any] = [None, [], "add_member", 5, {}, {"user": "usr_ada"}]
NO_TYPES: list[Any] = ["", "add_user", "Add_Member", "add_member ", "apply", 5, None, ["add_member"]]


def broken_step(rng: random.Random, step: Json) -> Json:
    """The step with a fault of shape: in the change, or in what stands beside it."""
    roll = rng.random()
    if roll < 0.3:
        faults: dict[str, shapes.Check] = {
            "actor": shapes.any_reference,
            "at": shapes.moment,
            "expected_revision": shapes.number,
        }
        wrong = rng.sample(list(faults), rng.choice([1, 1, 1, 2]))
        step = step | {field: rng.choice(BAD_VALUES[faults[field]]) for field in wrong}
        if rng.random() < 0.8:
            return step
    return step | {"change": broken_change(rng, step["change"])}


def broken_change(rng: random.Random, change: Json) -> Any:
    """The change with one or two faults."""
    roll = rng.random()
    if roll < 0.08:
        return rng.choice(NO_CHANGES)
    if roll < 0.2:
        return change | {"type": rng.choice(NO_TYPES)}
    checks = change_shapes.fields(change)
    fields = list(change.items())
    for _ in range(rng.choice([1, 1, 1, 2])):
        # Few changes have a digest, so that it is broken more often than other fields.
        places = [number for number, (field, _) in enumerate(fields) for _ in range(4 if field == "digest" else 1)]
        place = rng.choice(places)
        name = fields[place][0]
        roll = rng.random()
        if roll < 0.25 and len(fields) > 1:
            fields.pop(place)
        elif roll < 0.45 or name not in checks:
            fields.insert(place, (rng.choice(["colour", "a/b~c", "users", "", "Type"]), rng.choice([1, None, "x"])))
        else:
            fields[place] = (name, _spoiled(rng, fields[place][1], checks[name]))
    return dict(fields)


def _spoiled(rng: random.Random, value: Any, check: shapes.Check) -> Any:
    """Another value, or an entry with a fault somewhere inside."""
    if check in BAD_VALUES:
        return rng.choice(BAD_VALUES[check])
    if not isinstance(value, (dict, list)) or not value or rng.random() < 0.2:
        return rng.choice(BAD_ENTRIES)
    if isinstance(value, list):
        place = rng.randrange(len(value))
        return [_within(rng, entry) if number == place else entry for number, entry in enumerate(value)]
    field = rng.choice(list(value))
    roll = rng.random()
    if roll < 0.2:
        return {name: held for name, held in value.items() if name != field}
    if roll < 0.3:
        return value | {rng.choice(["colour", "a/b~c", "Id"]): rng.choice([1, None, "x"])}
    return value | {field: _within(rng, value[field])}


def _within(rng: random.Random, value: Any) -> Any:
    return _spoiled(rng, value, _any) if isinstance(value, (dict, list)) and value else rng.choice(BAD_ENTRIES)


def _any(value: Any, path: str) -> None:
    """No check of its own."""
