"""Directory documents: instants, references, and the policy that counts for them.

Everything is found by walking lists. Documents must be valid.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

Json = dict[str, Any]

BUILT_IN = Path(__file__).parents[2] / "core" / "policies" / "projects-2026-02.json"
# The oracle has its own reading of the second built-in policy, so that the two can be compared.
SECOND = Path(__file__).with_name("projects-2026-09.json")
INSTANT = re.compile(r"([\d-]{10})T([\d:]{8})(?:\.(\d+))?(?:Z|([+-]\d\d):(\d\d))", re.IGNORECASE | re.ASCII)
# What a delta renews, and what is no part of the state that it leads from or to.
AGE = ("issued_at", "max_age_seconds")
EPOCH = datetime(1970, 1, 1)


class OracleError(Exception):
    """Bad input or a change that fails, by its code and the path of the fault."""

    def __init__(self, code: str, path: str, decision: Json | None = None) -> None:
        super().__init__(code, path)
        self.code = code
        self.path = path
        self.decision = decision


@cache
def milliseconds(text: str) -> int:
    """An RFC 3339 instant as milliseconds since the epoch; finer digits are cut off."""
    match = INSTANT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    date, clock, fraction, hours, minutes = match.groups()
    seconds = int((datetime.fromisoformat(f"{date}T{clock}") - EPOCH).total_seconds())
    if hours is not None:
        if int(hours[1:]) > 23 or int(minutes) > 59:
            raise ValueError(text)
        offset = int(hours[1:]) * 3600 + int(minutes) * 60
        seconds -= -offset if hours[0] == "-" else offset
    return seconds * 1000 + int(((fraction or "") + "000")[:3])


def passed(moment: str | None, at: int) -> bool:
    """Whether an instant that may be unknown has come."""
    return moment is not None and milliseconds(moment) <= at


def instant(moment: int) -> str:
    """Milliseconds since the epoch as an instant in the form that documents are written in."""
    text = (EPOCH + timedelta(milliseconds=moment // 1000 * 1000)).isoformat()
    fraction = f"{moment % 1000:03}".rstrip("0")
    return f"{text}.{fraction}Z" if fraction else f"{text}Z"


def reference(value: str | Json) -> tuple[str, str]:
    """Type and id of a reference in either form."""
    if isinstance(value, str):
        kind, _, name = value.partition(":")
        return kind, name
    return value["type"], value["id"]


@cache
def second_policy() -> Json:
    """The built-in policy that only documents that name it have."""
    policy: Json = json.loads(SECOND.read_text("utf-8"))
    return policy


def effective_policy(document: Json, built_in: Json) -> Json:
    """The policy that counts for a directory loaded without an override."""
    own = document.get("policy")
    if isinstance(own, dict):
        return own
    return second_policy() if own == second_policy()["id"] else built_in


def find(entries: list[Json], field: str, value: str | None) -> Json | None:
    """The entry whose field has the value; nothing has no value."""
    if value is None:
        return None
    for entry in entries:
        if entry.get(field) == value:
            return entry
    return None


def default_project(organization: Json) -> Json:
    """The one default project."""
    return next(p for p in organization["projects"] if p.get("default", False))


def support(kind: Json, surface: str) -> str:
    """The support of a kind; a surface that is not named is unsupported."""
    return str(kind.get("support", {}).get(surface, "unsupported"))


def actions_by_table(policy: Json) -> dict[str, list[str]]:
    """The names of all actions of a policy, by what sort they are."""
    found: dict[str, list[str]] = {"self": list(policy.get("self_actions", [])), "kind": []}
    for table in ("organization", "project"):
        found[table] = [entry["action"] for entry in policy.get(f"{table}_actions", [])]
    for kind in policy.get("kinds", []):
        found["kind"] += [f"{kind['kind']}.{verb}" for row in kind.get("verbs", []) for verb in row["verbs"]]
    return found
