"""The benchmarks' requests: every way to be allowed or denied that the rules know and every engine here can say, in random order."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from expected import Expected

Json = dict[str, Any]

REQUESTS = 10_000


def actions_of(policy: Json, kinds: list[str]) -> dict[str, list[str]]:
    """The actions for each type of resource; creating is for projects, and not asked for."""
    actions = {"organization": [row["action"] for row in policy["organization_actions"] if "roles" in row]}
    actions["project"] = [row["action"] for row in policy["project_actions"]]
    for kind in policy["kinds"]:
        if kind["kind"] in kinds:
            verbs = [verb for group in kind["verbs"] for verb in group["verbs"] if verb != policy["create_verb"]]
            actions[kind["kind"]] = [f"{kind['kind']}.{verb}" for verb in verbs]
    return actions


def questions(rng: random.Random, document: Json, policy: Json, kinds: list[str]) -> list[Json]:
    """Requests with what is expected of them, every second one allowed.

    Each names the scope of its resource, the project or organization, for engines that cannot look it up.
    """
    expected = Expected(document, policy)
    actions = actions_of(policy, kinds)
    organizations = document["organizations"]
    guarded = [project for one in organizations for project in one["projects"] if not project["allow_external_collaborators"]]

    def on_resource(project: Json) -> tuple[str, str]:
        resource = rng.choice(project["resources"])
        return rng.choice(actions[resource["kind"]]), f"{resource['kind']}:{resource['id']}"

    def on_project(project: Json) -> tuple[str, str]:
        return rng.choice(actions["project"]), f"project:{project['id']}"

    def on_either(project: Json) -> tuple[str, str]:
        return on_project(project) if rng.random() < 0.15 else on_resource(project)

    def any_project() -> Json:
        found: Json = rng.choice(rng.choice(organizations)["projects"])
        return found

    def by_row() -> tuple[str, str, str]:
        project = any_project()
        return f"user:{rng.choice(project['collaborators'])['user']}", *on_either(project)

    def by_guest() -> tuple[str, str, str]:
        project = rng.choice(guarded) if rng.random() < 0.5 else any_project()
        guests = [row["user"] for row in project["collaborators"] if row["user"].startswith("usr_guest_")]
        return f"user:{rng.choice(guests)}", *on_either(project)

    def by_implied_role() -> tuple[str, str, str]:
        organization = rng.choice(organizations)
        admin = rng.choice([member for member in organization["members"] if member["role"] == "admin"])
        return f"user:{admin['user']}", *on_either(rng.choice(organization["projects"]))

    def by_automatic_role() -> tuple[str, str, str]:
        organization = rng.choice(organizations)
        return f"user:{rng.choice(organization['members'])['user']}", *on_either(organization["projects"][0])

    def by_colleague() -> tuple[str, str, str]:
        organization = rng.choice(organizations)
        return f"user:{rng.choice(organization['members'])['user']}", *on_either(rng.choice(organization["projects"]))

    def by_stranger() -> tuple[str, str, str]:
        return f"user:{rng.choice(rng.choice(organizations)['members'])['user']}", *on_either(any_project())

    def by_own_key() -> tuple[str, str, str]:
        project = any_project()
        return f"api_key:{rng.choice(project['api_keys'])['id']}", *on_either(project)

    def by_other_key() -> tuple[str, str, str]:
        return f"api_key:{rng.choice(any_project()['api_keys'])['id']}", *on_resource(any_project())

    def on_organization() -> tuple[str, str, str]:
        organization = rng.choice(organizations)
        home = organization if rng.random() < 0.7 else rng.choice(organizations)
        return f"user:{rng.choice(home['members'])['user']}", rng.choice(actions["organization"]), f"organization:{organization['id']}"

    def by_nobody() -> tuple[str, str, str]:
        return f"user:usr_gone_{rng.randrange(100)}", *on_resource(any_project())

    ways: dict[Callable[[], tuple[str, str, str]], int] = {
        by_row: 40,
        by_guest: 8,
        by_implied_role: 5,
        by_automatic_role: 7,
        by_colleague: 10,
        by_stranger: 8,
        by_own_key: 10,
        by_other_key: 4,
        on_organization: 7,
        by_nobody: 1,
    }
    wanted = {True: REQUESTS // 2, False: REQUESTS // 2}
    result = []
    while any(wanted.values()):
        (way,) = rng.choices(list(ways), list(ways.values()))
        principal, action, resource = way()
        allowed = expected.is_allowed(principal, action, resource)
        if wanted[allowed]:
            wanted[allowed] -= 1
            asked = {"principal": principal, "action": action, "resource": resource}
            result.append({**asked, "scope": expected.scope(resource), "allowed": allowed})
    rng.shuffle(result)
    return result
