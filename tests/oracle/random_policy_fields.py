"""Policies with what today's platforms need: combinations, visibilities, scopes, suspensions."""

from __future__ import annotations

import random
from typing import Any

from documents import Json, actions_by_table

VISIBILITIES = ["open", "closed", "private", "sichtbar", "α"]
SCOPES = ["read-only", "all", "files", "nothing", "読み取り", "admin"]


def with_new_fields(rng: random.Random, policy: Json) -> Json:
    """The policy with some of the newer fields; some of them only say what is so anyway."""

    def some(pool: list[str], low: int = 0) -> list[str]:
        return rng.sample(pool, rng.randint(min(low, len(pool)), len(pool)))

    def a_few(pool: list[str]) -> list[str]:
        return rng.sample(pool, min(len(pool), rng.randint(0, 4)))

    policy = dict(policy)
    tables = actions_by_table(policy)
    roles = [role["role"] for role in policy["organization_roles"]]
    if rng.random() < 0.7:
        policy["role_combination"] = rng.choice(["strongest", "union", "union", "most_specific", "most_specific"])
    if rng.random() < 0.45:
        policy["multiple_organizations"] = rng.random() < 0.8
    if rng.random() < 0.4:
        policy["default_project_role"] = {role: rng.choice(policy["project_roles"]) for role in some(roles)}
    if rng.random() < 0.75:
        on_project = tables["project"] + tables["kind"]
        policy["visibilities"] = [_visibility(rng, name, roles, policy, on_project) for name in rng.sample(VISIBILITIES, rng.randint(1, 3))]
    if rng.random() < 0.75:
        kinds = [kind["kind"] for kind in policy.get("kinds", [])]
        verbs = sorted({verb for kind in policy.get("kinds", []) for row in kind["verbs"] for verb in row["verbs"]})
        everything = tables["organization"] + tables["project"] + tables["kind"]
        policy["api_key_scopes"] = []
        for name in rng.sample(SCOPES, rng.randint(1, 4)):
            scope: Json = {"scope": name}
            for field, pool in (("actions", everything), ("verbs", verbs), ("kinds", kinds)):
                if rng.random() < 0.6:
                    scope[field] = some(pool) if rng.random() < 0.3 else a_few(pool)
            policy["api_key_scopes"].append(scope)
        if rng.random() < 0.5:
            policy["api_key_scopes"][0] |= {"kinds": kinds, "actions": everything}
    if rng.random() < 0.6:
        names = [name for table in tables.values() for name in table]
        policy["suspended_actions"] = {side: a_few(names) for side in ("principal", "scope") if rng.random() < 0.8}
    if rng.random() < 0.5:
        policy["default_key_owner_only"] = rng.random() < 0.3
    policy["organization_actions"] = [_for_keys(rng, action) for action in policy.get("organization_actions", [])]
    policy["project_actions"] = [_for_insiders(rng, action) for action in policy.get("project_actions", [])]
    policy["kinds"] = [
        kind | {"verbs": [_for_insiders(rng, row) for row in kind["verbs"]]} if "verbs" in kind else kind
        for kind in policy.get("kinds", [])
    ]
    if rng.random() < 0.1 and tables["project"]:
        # Changes that few policies name.
        later = rng.choice(["update_project", "set_visibility", "remove_api_key", "update_organization"])
        policy["changes"] = policy.get("changes", {}) | {later: rng.choice(tables["project"])}
    return policy


def _visibility(rng: random.Random, name: str, roles: list[str], policy: Json, actions: list[str]) -> Json:
    entry: Json = {"visibility": name}
    if rng.random() < 0.6:
        entry["implied_roles"] = rng.random() < 0.25
    if rng.random() < 0.8 and actions:
        entry["actions"] = [
            {"roles": rng.sample(roles, rng.randint(0, len(roles))), "actions": rng.sample(actions, rng.randint(1, min(5, len(actions))))}
            for _ in range(rng.randint(1, 2))
        ]
    if rng.random() < 0.5:
        entry["join"] = {role: rng.choice(policy["project_roles"]) for role in roles if rng.random() < 0.6}
    return entry


def _for_keys(rng: random.Random, action: Json) -> Json:
    """Organization actions for keys; what is the owner's is theirs alone."""
    if rng.random() < 0.5:
        return action | {"api_key": not action.get("owner", False) and rng.random() < 0.8}
    return action


def _for_insiders(rng: random.Random, entry: dict[str, Any]) -> Json:
    return entry | {"external": rng.random() < 0.3} if rng.random() < 0.35 else entry
