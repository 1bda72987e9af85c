"""The policy of the small-scope proof: an action of every class, and cases that ask for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from documents import Json
from oracle import Oracle

AT = "2026-03-01T12:00:00Z"
PAST, PRESENT, FUTURE = "2026-02-01T00:00:00Z", AT, "2026-03-01T12:00:00.001Z"
# Few in one directory, since the oracle walks lists.
TOGETHER = 96

PROJECT_ACTIONS: dict[str, Json] = {
    "p.all": {"roles": ["strong", "mid", "weak"], "api_key": True},
    "p.strong": {"roles": ["strong"], "api_key": True},
    "p.mid": {"roles": ["mid"]},
    "p.weak": {"roles": ["weak"]},
    "p.inner": {"roles": ["strong", "mid", "weak"], "external": False},
    "p.seen": {"roles": ["strong"], "api_key": True},
    "p.spared": {"roles": ["strong", "weak"], "api_key": True},
    "p.nobody": {},
}
ORGANIZATION_ACTIONS: dict[str, Json] = {
    "o.lead": {"roles": ["lead"], "api_key": True},
    "o.open": {"roles": ["lead", "staff"], "external": True},
    "o.owner": {"owner": True},
    "o.spared": {"roles": ["staff"], "external": True, "api_key": True},
}
KIND_ACTIONS = ["thing.use", "thing.keep"]
POLICY: Json = {
    "format": "bailiwick-policy/1",
    "id": "neighbourhood",
    "surfaces": [{"surface": "ui"}, {"surface": "api"}],
    "default_surfaces": {"user": "ui", "api_key": "api"},
    "organization_roles": [{"role": "lead", "project_role": "strong"}, {"role": "staff"}],
    "project_roles": ["strong", "mid", "weak"],
    "default_project_role": {"lead": "mid", "staff": "weak"},
    "collaborator_role": "weak",
    "organization_actions": [{"action": name} | entry for name, entry in ORGANIZATION_ACTIONS.items()],
    "project_actions": [{"action": name} | entry for name, entry in PROJECT_ACTIONS.items()],
    "kinds": [
        {
            "kind": "thing",
            "support": {"ui": "unsupported", "api": "unsupported"},
            "verbs": [{"roles": ["strong", "weak"], "verbs": ["use"]}, {"roles": ["mid"], "verbs": ["keep"], "external": False}],
            "api_key_verbs": ["use"],
        }
    ],
    "visibilities": [
        {"visibility": "hidden", "implied_roles": False},
        {"visibility": "shown", "implied_roles": False, "actions": [{"roles": ["lead", "staff"], "actions": ["p.seen", "thing.use"]}]},
        {"visibility": "open"},
    ],
    "api_key_scopes": [
        {"scope": "some", "actions": ["p.all", "o.lead"], "verbs": ["use"]},
        {"scope": "other", "actions": ["p.spared"]},
    ],
    "suspended_actions": {"principal": ["p.spared", "o.spared"], "scope": ["p.spared", "o.spared"]},
}


def questions(who: str, number: str = "") -> Iterator[Json]:
    """An action of every class."""
    for action in (*PROJECT_ACTIONS, *KIND_ACTIONS):
        yield {"principal": who, "action": action, "resource": f"project:p{number}"}
    for action in ORGANIZATION_ACTIONS:
        yield {"principal": who, "action": action, "resource": f"organization:o{number}"}


def case_of(note: str, document: Json, asked: list[Json]) -> Json:
    """A case with the oracle's answers; what all answers of a file share is left out."""
    oracle = Oracle(document, document["policy"])
    decisions = [oracle.check_access(one | {"at": AT}) for one in asked]
    answers = [{field: value for field, value in decision.items() if SHARED.get(field, ...) != value} for decision in decisions]
    return {"note": note, "call": "check_many", "directory": document, "input": asked, "answer": answers}


SHARED: Json = {"role": None, "caveats": [], "policy": "neighbourhood", "revision": 0}


def batches(everything: Iterator[Any], size: int) -> Iterator[list[Any]]:
    """A few at a time, so that never all of them are held."""
    while batch := list(islice(everything, size)):
        yield batch
