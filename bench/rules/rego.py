"""Rego's data: objects, so that everything is found by its key."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from rules.rows import Rows


def data(rows: Rows) -> dict[str, Any]:
    """The document."""
    roles: dict[str, dict[str, str]] = defaultdict(dict)
    for principal, role, scope in rows.grants:
        roles[scope][principal] = role
    actions = {role: dict.fromkeys(actions, True) for role, actions in rows.actions.items()}
    # An organization and a project are their own scope.
    return {"roles": roles, "actions": actions, "scopes": {**rows.scopes, **{scope: scope for scope in roles}}}
