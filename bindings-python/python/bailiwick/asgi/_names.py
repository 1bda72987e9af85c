"""Checks that the policy has the names that a program uses, before the first request."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Any

from .. import Bailiwick, InvalidInputError
from ..types import ErrorCode

_STRUCTURAL = ("organization", "project", "user", "api_key")
_LONGEST = 64


def check_names(guard: Bailiwick, *, action: str, resource: str, usage: str | None, surface: str | None) -> None:
    """Raises InvalidInputError for the first name that the policy does not have, with similar ones."""
    policy = guard.policy_document
    kinds = _kinds(policy)
    wanted: tuple[tuple[str | None, str, ErrorCode, str, list[str]], ...] = (
        (action, "/action", "unknown_action", "action", _actions(policy)),
        (resource, "/resource", "unknown_kind", "kind", [*_STRUCTURAL, *kinds]),
        (usage, "/usage", "unknown_kind", "kind", kinds),
        (surface, "/surface", "unknown_surface", "surface", [row["surface"] for row in policy["surfaces"]]),
    )
    for name, path, code, what, names in wanted:
        if name is not None and name not in names:
            raise _unknown(code, path, what, name, names)


def _unknown(code: ErrorCode, path: str, what: str, name: str, names: Collection[str]) -> InvalidInputError:
    near = get_close_matches(name, sorted(names))
    shown = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
    hint = f"; similar: {', '.join(f'`{one}`' for one in near)}" if near else ""
    return InvalidInputError(code, path, f"the policy has no {what} `{shown}`{hint}")


def _kinds(policy: dict[str, Any]) -> list[str]:
    return [kind["kind"] for kind in policy.get("kinds", [])]


def _actions(policy: dict[str, Any]) -> list[str]:
    tables = (policy.get(name, []) for name in ("organization_actions", "project_actions"))
    verbs = ((kind["kind"], verb) for kind in policy.get("kinds", []) for row in kind.get("verbs", []) for verb in row["verbs"])
    return [
        *policy.get("self_actions", []),
        *(row["action"] for table in tables for row in table),
        *(f"{kind}.{verb}" for kind, verb in verbs),
    ]
