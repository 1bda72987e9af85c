"""Cedar's entities. A role in a scope is a group; an action belongs to the group of those who have it; a resource knows its scope.

What a member may, an admin may as well: the admins of a scope are a group within its members, and one group of actions suffices for both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from rules.rows import Rows

Json = dict[str, Any]


def uid(kind: str, name: str) -> Json:
    """Names an entity."""
    return {"type": kind, "id": name}


def uid_of(reference: str) -> Json:
    """Names the entity that stands for what has this reference."""
    return uid(*reference.split(":", 1))


def group(role: str, scope: str) -> Json:
    """Names those who have a role in a scope."""
    return uid("role", f"{scope}/{role}")


def entities(rows: Rows) -> Iterator[Json]:
    """All of them."""
    holders = defaultdict(set)
    for role, actions in rows.actions.items():
        for action in actions:
            holders[action].add(role)
    for action, roles in holders.items():
        parents = [uid("Action", role) for role in sorted(roles) if role != "admin" or "member" not in roles]
        yield {"uid": uid("Action", action), "attrs": {}, "parents": parents}
    groups = defaultdict(list)
    for principal, role, scope in rows.grants:
        groups[principal].append(group(role, scope))
    for principal, parents in groups.items():
        yield {"uid": uid_of(principal), "attrs": {}, "parents": parents}
    for scope in dict.fromkeys(scope for _, _, scope in rows.grants):
        for role in rows.actions:
            yield {"uid": group(role, scope), "attrs": {}, "parents": [group("member", scope)] if role == "admin" else []}
        attributes = {role: {"__entity": group(role, scope)} for role in rows.actions}
        yield {"uid": uid_of(scope), "attrs": {"scope": {"__entity": uid_of(scope)}, **attributes}, "parents": []}
    for resource, scope in rows.scopes.items():
        yield {"uid": uid_of(resource), "attrs": {"scope": {"__entity": uid_of(scope)}}, "parents": []}
