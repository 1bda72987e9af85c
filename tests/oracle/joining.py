"""C20: whether somebody may join or leave a project by themselves."""

from __future__ import annotations

from documents import Json, milliseconds, passed, reference
from oracle import Oracle
from rows import member_role
from suspension import is_suspended_scope


def by_oneself(oracle: Oracle, change: Json, actor: str | Json, at: str) -> Json:
    """C20: what somebody does for themselves is allowed by no permission. The tests stand in the order of section 3."""
    kind, name = reference(actor)
    now = milliseconds(at)
    if oracle.is_stale({}, now):
        return oracle.decision("snapshot_stale")
    if not oracle.knows(kind, name):
        return oracle.decision("unknown_principal")
    key = oracle.key(name) if kind == "api_key" else None
    if key is not None and passed(key[2].get("revoked_at"), now):
        return oracle.decision("key_revoked")
    if key is not None and passed(key[2].get("expires_at"), now):
        return oracle.decision("key_expired")
    place = oracle.place("project", change["project"])
    if place is None:
        return oracle.decision("unknown_resource")
    if oracle.is_suspended_principal(kind, name, place[0], now):
        return oracle.decision("principal_suspended", place)
    if is_suspended_scope(place, now):
        return oracle.decision("scope_suspended", place)
    if key is not None:
        return oracle.decision("key_lacks_permission" if oracle.reaches(key, place[1]) else "key_out_of_scope", place)
    if change["type"] == "leave_project":
        return oracle.decision("self", place, allowed=True)
    held = member_role(place[0], name, now)
    if held is None:
        return oracle.decision("not_a_member", place)
    if held not in oracle.visibility(place[1]).get("join", {}):
        return oracle.decision("role_lacks_permission", place, role=held)
    return oracle.decision("project_visibility", place, allowed=True, role=held)
