"""What somebody may do in one directory and not in another, on every object and for every action (section 16, `access`)."""

from __future__ import annotations

from typing import Any

from documents import Json, actions_by_table, support
from listings import principals
from oracle import Oracle


def access(before: Oracle, after: Oracle, at: str, within: set[str] | None) -> tuple[list[Json], list[Json]]:
    """What is gained and what is lost, row by row, in certain organizations or in all. Freshness is not asked."""
    sides = [Oracle({k: v for k, v in one.document.items() if k != "issued_at"}, one.policy) for one in (before, after)]
    everybody = sorted({f"{kind}:{name}" for side in sides for kind, name in principals(side)})
    objects = sorted({name for side in sides for name in _objects(side, sides, within)})
    groups = actions(before.policy, after.policy)
    gained: list[Json] = []
    lost: list[Json] = []
    for who in everybody:
        for on in objects:
            more: list[str] = []
            less: list[str] = []
            for alike in groups:
                asked = {"principal": who, "action": alike[0], "resource": on, "at": at}
                had, has = (side.check_access(asked)["allowed"] for side in sides)
                more += alike if has and not had else []
                less += alike if had and not has else []
            gained += [{"principal": who, "on": on, "actions": sorted(more)}] if more else []
            lost += [{"principal": who, "on": on, "actions": sorted(less)}] if less else []
    return gained, lost


def _objects(side: Oracle, sides: list[Oracle], within: set[str] | None) -> list[str]:
    """Organizations, projects and organization default keys, of those organizations in which anything can differ."""
    alike = next(other for other in sides if other is not side)
    whole = side.policy != alike.policy or side.users != alike.users
    found: list[str] = []
    for organization in side.organizations:
        if (not whole and alike.organization(organization["id"]) == organization) or (
            within is not None and organization["id"] not in within
        ):
            continue
        found.append(f"organization:{organization['id']}")
        for project in organization["projects"]:
            found.append(f"project:{project['id']}")
            keys = [key["id"] for key in project["api_keys"] if key["kind"] == "organization_default"]
            found += [f"{side.policy['api_key_kind']}:{key}" for key in keys if side.policy.get("api_key_kind") is not None]
    return found


def actions(before: Json, after: Json) -> list[list[str]]:
    """All actions but those on oneself; those that nothing tells apart stand together."""
    found: dict[str, list[str]] = {}
    sides = [Oracle({"organizations": []}, policy) for policy in (before, after)]
    names = dict.fromkeys(
        name for policy in (before, after) for table, held in actions_by_table(policy).items() if table != "self" for name in held
    )
    for name in names:
        found.setdefault(repr([_signs(side, name) for side in sides]), []).append(name)
    return list(found.values())


def _signs(side: Oracle, name: str) -> Any:
    """Everything in a policy that a decision on an action looks at."""
    action, policy = side.find_action(name), side.policy
    if action is None:
        return None
    kind: Json = action.get("kind") or {}
    of_kind = (kind.get("kind") == policy.get("api_key_kind"), action.get("verb") == policy.get("create_verb"))
    surfaces = [support(kind, surface) for surface in policy["default_surfaces"].values()]
    facts = [action.get(field) for field in ("table", "roles", "external", "owner", "api_key")]
    scopes = [
        name in scope.get("actions", []) or action.get("verb") in scope.get("verbs", []) or kind.get("kind") in scope.get("kinds", [])
        for scope in policy.get("api_key_scopes", [])
    ]
    seen = [name in row["actions"] for one in policy.get("visibilities", []) for row in one.get("actions", [])]
    spared = [name in policy.get("suspended_actions", {}).get(part, []) for part in ("principal", "scope")]
    return [facts, of_kind if kind else None, surfaces, scopes, seen, spared]
