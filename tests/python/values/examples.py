"""Fields of decisions and attributions, and an engine that answers with others."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Attribution, Bailiwick, Decision, public_key_of

TEXT = (Path(__file__).parents[2] / "directories/acme.json").read_text("utf-8")
AT = "2026-02-01T12:00:00Z"
SEED = bytes(range(32))
KEY = public_key_of(SEED)
PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
Value = Decision | Attribution
Class = Any  # one of the two, called with whatever is at hand
ALLOWED: dict[str, Any] = {
    "allowed": True,
    "reason": "project_role",
    "role": "member",
    "organization": "org_acme",
    "project": "prj_a",
    "caveats": ["not_project_aware", "usage_attributed_to_default_project"],
    "policy": "projects-2026-02",
    "revision": 42,
}
DENIED: dict[str, Any] = {
    **dict.fromkeys(ALLOWED),
    "allowed": False,
    "reason": "unknown_principal",
    "caveats": [],
    "policy": 'of "us" é',
    "revision": 2**53 - 1,
}
BOOKED: dict[str, Any] = {
    "organization": "org_partner",
    "project": "prj_partner_default",
    "intended_organization": "org_acme",
    "intended_project": "prj_a",
    "matches_intended": False,
    "certainty": "possible",
    "reason": "external_home_organization",
    "api_key": None,
    "remedies": ["use_project_api_key", "invite_to_organization"],
    "caveats": ["unknown_resource", "principal_without_access"],
    "policy": "projects-2026-02",
    "revision": 42,
}
UNATTRIBUTED: dict[str, Any] = {
    **dict.fromkeys(BOOKED),
    "matches_intended": False,
    "reason": "unknown_kind",
    "remedies": [],
    "caveats": [],
    "policy": "projects-2026-02",
    "revision": 0,
}
FIELDS: list[tuple[Class, dict[str, Any]]] = [
    (Decision, ALLOWED),
    (Decision, DENIED),
    (Attribution, BOOKED),
    (Attribution, UNATTRIBUTED),
]
values = pytest.mark.parametrize(("cls", "fields"), FIELDS)


def load() -> Bailiwick:
    return Bailiwick.from_directory(TEXT)


def asked(guard: Bailiwick) -> list[Value]:
    """What an engine answers to questions of both sorts."""
    requests = [
        {"principal": principal, "action": action, "resource": resource, "at": AT}
        for principal in ("user:usr_ada", "user:usr_dan", "user:usr_zoe", "api_key:key_ci", "user:nobody")
        for action in ("fine_tuning.read", "storage.read", "instant_cluster.delete", "billing.read")
        for resource in ("project:prj_a", "organization:org_acme")
    ]
    usages = [
        {"principal": principal, "kind": kind, "surface": surface, "at": AT}
        for principal in ("user:usr_ada", "user:usr_zoe", "api_key:key_ci", "user:nobody")
        for kind in ("fine_tuning", "storage", "serverless_inference")
        for surface in ("api", "ui")
    ]
    return [*guard.check_many(requests), *guard.attribute_many(usages)]


def copies(value: Any) -> list[Any]:
    return [copy.copy(value), copy.deepcopy(value), *(pickle.loads(pickle.dumps(value, protocol)) for protocol in PROTOCOLS)]


class Forged:
    """Pickles as whatever call it is told."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> Any:
        return self.call
