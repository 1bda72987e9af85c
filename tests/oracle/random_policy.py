"""Seeded policies that share little with the built-in one."""

from __future__ import annotations

import random

from authority import ON_GROUP, ON_ORGANIZATION
from documents import Json, actions_by_table
from policy_meaning import ON_RESOURCE, PERMITTED

ROLES = ["boss", "hand", "Admin", "admin", "member", "läser", "guest", "owner", "self"]
KINDS = ["queue", "data.set", "notebook", "vm", "Queue", "函数", "organization_default"]
VERBS = ["make", "see", "run", "drop", "x.y", "create", "read", "lösen"]
SURFACES = ["cli", "web", "lab", "api", "playground", "モバイル"]
SUPPORT = ["supported", "supported", "unsupported", "unsupported", "not_applicable"]


def random_policy(rng: random.Random) -> Json:
    """A valid policy that shares little with the built-in one."""

    def some(pool: list[str], low: int = 0) -> list[str]:
        return rng.sample(pool, rng.randint(low, len(pool)))

    def most(pool: list[str]) -> list[str]:
        return some(pool, len(pool) - 1) if rng.random() < 0.75 else some(pool)

    surfaces = rng.sample(SURFACES, rng.randint(1, 4))
    organization_roles = rng.sample(ROLES, rng.randint(1, 3))
    project_roles = rng.sample(ROLES, rng.randint(1, 4))
    policy: Json = {
        "format": "bailiwick-policy/1",
        "id": rng.choice(["house-rules", "règles/2", "p:1"]),
        "surfaces": [{"surface": surface} for surface in surfaces],
        "default_surfaces": {
            "user": rng.choice(surfaces),
            "api_key": rng.choice(surfaces),
        },
        "organization_roles": [{"role": role} for role in organization_roles],
        "project_roles": project_roles,
        "collaborator_role": rng.choice(project_roles),
    }
    for surface in policy["surfaces"]:
        if rng.random() < 0.4:
            surface["books_to_default_project"] = rng.random() < 0.8
    for role in policy["organization_roles"]:
        if rng.random() < 0.5:
            role["project_role"] = rng.choice(project_roles)
    if rng.random() < 0.6:
        policy["default_project_role"] = rng.choice(project_roles)
    if rng.random() < 0.7:
        policy["self_actions"] = ["me.read", "me.update"][: rng.randint(1, 2)]

    if rng.random() < 0.85:
        names = ["house.read", "house.write", "bill.pay", "crown.wear", "crown.see"]
        policy["organization_actions"] = [{"action": n} for n in some(names, 1)]
        for action in policy["organization_actions"]:
            if rng.random() < 0.8:
                action["roles"] = most(organization_roles)
            if rng.random() < 0.4:
                action["external"] = rng.random() < 0.7
            if action["action"].startswith("crown") or rng.random() < 0.1:
                action["owner"] = True
    if rng.random() < 0.85:
        names = ["room.read", "room.write", "room.lend"]
        policy["project_actions"] = [{"action": n} for n in some(names, 1)]
        for action in policy["project_actions"]:
            if rng.random() < 0.9:
                action["roles"] = most(project_roles)
            if rng.random() < 0.6:
                action["api_key"] = rng.random() < 0.8

    policy["kinds"] = [{"kind": kind} for kind in some(KINDS, 1)]
    if rng.random() < 0.8:
        # Mostly not called `api_key`, so that nobody relies on the name.
        policy["api_key_kind"] = rng.choice(["token", "api_key", "key.card"])
        policy["kinds"].append({"kind": policy["api_key_kind"]})
        rng.shuffle(policy["kinds"])
    if rng.random() < 0.05:
        del policy["kinds"]
        policy.pop("api_key_kind", None)
    for kind in policy.get("kinds", []):
        if rng.random() < 0.5:
            kind["label"] = f"The {kind['kind']}"
        if rng.random() < 0.4:
            kind["usage_by_api_key"] = rng.random() < 0.8
        if rng.random() < 0.9:
            kind["support"] = {s: rng.choice(SUPPORT) for s in some(surfaces)}
        verbs = some(VERBS, 1)
        # Each verb stands in one row; the rows may contradict the order of strength.
        cut = rng.randint(0, len(verbs))
        rows = [part for part in (verbs[:cut], verbs[cut:]) if part]
        kind["verbs"] = [{"roles": most(project_roles), "verbs": part} for part in rows]
        if rng.random() < 0.7:
            kind["api_key_verbs"] = most(verbs)
    used = [v for k in policy.get("kinds", []) for row in k["verbs"] for v in row["verbs"]]
    if used and rng.random() < 0.7:
        policy["create_verb"] = rng.choice(used)
    if rng.random() < 0.8:
        policy["changes"] = random_changes_table(rng, policy)
    return policy


# Who may bring others in and send them away may do what is like it.
LIFE = dict.fromkeys(["add_group", "add_group_member", "update_organization", "transfer_ownership"], "members.invite")
LIFE |= dict.fromkeys(["remove_group", "remove_group_member", "suspend_member", "remove_organization"], "members.remove")
LIFE |= dict.fromkeys(["suspend_organization"], "members.manage_roles")
LIFE |= dict.fromkeys(["update_project", "set_visibility", "move_resource", "suspend_project", "remove_project"], "collaborators.add")


def delegating(policy: Json) -> Json:
    """A policy by which every role may bring others in, send them away and give them roles, and externals may too."""
    opened = ("members.", "collaborators.")
    organization = [
        a | {"roles": ["admin", "member"], "external": True} if a["action"].startswith(opened) else a
        for a in policy["organization_actions"]
    ]
    project = [
        a | {"roles": ["admin", "member"], "api_key": True} if a["action"].startswith(opened) else a for a in policy["project_actions"]
    ]
    # And keys may make keys.
    kinds = [
        kind | {"api_key_verbs": ["read", "create", "revoke"]} if kind["kind"] == policy["api_key_kind"] else kind
        for kind in policy["kinds"]
    ]
    changed: Json = {"organization_actions": organization, "project_actions": project, "kinds": kinds}
    # Asked of the default project.
    key = str(policy["api_key_kind"])
    changed["changes"] = policy["changes"] | LIFE | dict.fromkeys(("regenerate_default_key", "update_api_key"), f"{key}.create")
    changed["changes"] |= {"remove_api_key": f"{key}.revoke", "update_resource": "read"}
    return policy | {"id": "delegating"} | changed


def random_changes_table(rng: random.Random, policy: Json) -> Json:
    """The actions that changes need: mostly ones that fit, for all types of change or for some."""
    tables = actions_by_table(policy)
    kinds = policy.get("kinds", [])
    verbs = sorted({verb for kind in kinds for row in kind["verbs"] for verb in row["verbs"]})
    key_kind = policy.get("api_key_kind")
    on_key = [name for name in tables["kind"] if key_kind is not None and name.startswith(f"{key_kind}.")]
    everything = [name for names in tables.values() for name in names]
    partial = rng.random() < 0.3
    table: Json = {}
    for change in sorted(PERMITTED):
        if change in ON_RESOURCE:
            pool = verbs
        elif change in ON_ORGANIZATION or change in ON_GROUP or change in ("suspend_organization", "suspend_member"):
            pool = tables["organization"]
            if change == "regenerate_default_key" and rng.random() < 0.4:
                # Asked of the default project.
                pool = on_key + tables["project"]
        else:
            pool = on_key if change in ("revoke_api_key", "remove_api_key") else tables["project"] + tables["kind"]
        if change not in ON_RESOURCE and (not pool or rng.random() < 0.08):
            # An action that fits nowhere: no actor can ever do it.
            pool = everything
        if pool and not (partial and rng.random() < 0.5):
            table[change] = rng.choice(pool)
    return table
