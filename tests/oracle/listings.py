"""The listings: every question asked, the answers that allow kept.

Nothing is clever here. A listing is what `check_access` allows (section 6), so it asks
`check_access` about everything that there is.
"""

from __future__ import annotations

from itertools import chain

from documents import Json, OracleError, actions_by_table, find, milliseconds, passed, reference
from oracle import Oracle
from suspension import is_suspended_scope


def items(oracle: Oracle, name: str, request: Json) -> list[str]:
    """All items of a listing, in byte order; the request is well formed."""
    if request.get("surface") is not None and find(oracle.policy["surfaces"], "surface", request["surface"]) is None:
        raise OracleError("unknown_surface", "/surface")
    at = milliseconds(request["at"])
    if name == "list_projects" and request.get("action") is not None:
        found = [p["id"] for _, p in oracle.projects if _allows(oracle, request, resource={"type": "project", "id": p["id"]})]
    elif name == "list_projects":
        found = [] if oracle.is_stale({}, at) else projects_of(oracle, *reference(request["principal"]), at)
    elif name == "list_resources":
        found = _resources(oracle, request)
    elif name == "list_principals":
        found = [f"{kind}:{who}" for kind, who in principals(oracle) if _allows(oracle, request, principal={"type": kind, "id": who})]
    else:
        every_action = chain.from_iterable(actions_by_table(oracle.policy).values())
        found = [action for action in every_action if _allows(oracle, request, action=action)]
    # The order of code points is that of the bytes of UTF-8.
    return sorted(found)


def projects_of(oracle: Oracle, principal_type: str, principal: str, at: int) -> list[str]:
    """The projects in which a user has a role that counts, or that a live key reaches, nobody being suspended; A1 is not asked here."""
    if principal_type == "api_key":
        key = oracle.key(principal)
        if key is None or passed(key[2].get("revoked_at"), at) or passed(key[2].get("expires_at"), at):
            return []
        user = key[2].get("acts_as")
        found = [(key[0], project) for project in oracle.reached(key)]
    elif principal_type == "user":
        user, found = principal, oracle.projects
    else:
        return []
    if user is not None:
        found = [(o, p) for o, p in found if oracle.role_in(o, p, user, at)[1] is not None]
    found = [(o, p) for o, p in found if not is_suspended_scope((o, p, {}), at)]
    return [p["id"] for o, p in found if not oracle.is_suspended_principal(principal_type, principal, o, at)]


def principals(oracle: Oracle) -> list[tuple[str, str]]:
    """All keys, and all users in the sense of A3."""
    keys = [("api_key", key["id"]) for _, p in oracle.projects for key in p.get("api_keys", [])]
    users = {entry["id"] for entry in oracle.users} | oracle.named
    return keys + [("user", user) for user in sorted(users)]


def _resources(oracle: Oracle, request: Json) -> list[str]:
    found: list[str] = []
    for _, project in oracle.projects:
        if request.get("project") not in (None, project["id"]):
            continue
        things = [(resource["kind"], resource["id"]) for resource in project.get("resources", [])]
        if oracle.policy.get("api_key_kind") is not None:
            things += [(oracle.policy["api_key_kind"], key["id"]) for key in project.get("api_keys", [])]
        for kind, name in things:
            fits = request.get("kind") in (None, kind)
            if fits and _allows(oracle, request, resource={"type": kind, "id": name}):
                found.append(f"{kind}:{name}")
    return found


def _allows(oracle: Oracle, request: Json, **rest: str | Json) -> bool:
    asked = {field: request.get(field) for field in ("principal", "action", "resource", "surface", "at")}
    return bool(oracle.check_access(asked | rest)["allowed"])
