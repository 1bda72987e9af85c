"""Whether an actor may make a change: the action and the resource that stand for it, and the decision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from change_shapes import BY_ONESELF
from documents import Json, OracleError, actions_by_table, default_project, milliseconds, reference
from joining import by_oneself
from oracle import Oracle
from rows import member_role, own_row

ON_ORGANIZATION = {"add_member", "remove_member", "set_member_role", "create_project", "regenerate_default_key"}
ON_ORGANIZATION |= {"remove_organization", "update_organization", "transfer_ownership", "add_group"}
ON_GROUP = {"remove_group", "add_group_member", "remove_group_member"}
# These are asked of the project that the key is in.
IN_PROJECT_OF_KEY = {"expire_api_key", "update_api_key"}
# What they need is a verb of the kind.
OF_KIND = {"add_resource", "remove_resource", "update_resource"}
# No name of a policy and no type is empty, so these are unknown everywhere.
UNKNOWN_ACTION = ""
UNKNOWN_RESOURCE = {"type": "", "id": "-"}


def authorise(oracle: Oracle, change: Json, actor: str | Json, at: str) -> None:
    """Fails with the decision inside where the actor may not do it."""
    for decision in decisions(oracle, change, actor, at):
        if not decision["allowed"]:
            if not belongs(oracle, actor, decision["organization"], milliseconds(at)):
                decision |= {"organization": None, "project": None}
            raise OracleError("forbidden", "/actor", decision)


def decisions(oracle: Oracle, change: Json, actor: str | Json, at: str) -> Iterator[Json]:
    """Everything that has to be allowed, in the order in which it is asked."""
    if change["type"] in BY_ONESELF:
        yield by_oneself(oracle, change, actor, at)
        return
    for action, resource in questions(oracle, change):
        yield oracle.check_access({"principal": actor, "action": action, "resource": resource, "at": at})


def belongs(oracle: Oracle, actor: str | Json, name: str | None, at: int) -> bool:
    """Whether an actor has a membership or a row in an organization, or is one of its keys."""
    organization = oracle.organization(name)
    kind, actor_name = reference(actor)
    if organization is None:
        return False
    if kind == "api_key":
        key = oracle.key(actor_name)
        return key is not None and key[0]["id"] == name
    has_row = any(own_row(organization, project, actor_name, at) is not None for project in organization["projects"])
    return member_role(organization, actor_name, at) is not None or has_row


Question = tuple[str, Json]


def questions(oracle: Oracle, change: Json) -> list[Question]:
    """The actions that a change needs, and what each is checked on. What the change is about comes first."""
    kind = change["type"]
    first = question(oracle, change)
    if kind == "create_api_key":
        return [first, *(_make_key(oracle, project) for project in _named_projects(change.get("projects")))]
    if kind == "update_api_key":
        key = oracle.key(change["key"])
        if key is None:
            return [first]
        # As if the key were made anew.
        further = change["projects"] if "projects" in change else key[2].get("projects")
        return [first, *(_make_key(oracle, project) for project in [key[1]["id"], *_named_projects(further)])]
    if kind == "move_resource":
        resource = named_resource(oracle, change["resource"])
        if resource is None:
            return [first]
        of_kind = {"type": "add_resource", "kind": resource["kind"], "project": change["project"]}
        return [first, question(oracle, {"type": "remove_resource", "resource": change["resource"]}), question(oracle, of_kind)]
    return [first]


def _named_projects(projects: Any) -> list[str]:
    """The further projects of a key; all of them are the platform's to give."""
    return projects if isinstance(projects, list) else []


def _make_key(oracle: Oracle, project: str) -> Question:
    return question(oracle, {"type": "create_api_key", "project": project})


def question(oracle: Oracle, change: Json) -> Question:
    """The action that a change needs first of all, and what it is checked on."""
    kind = change["type"]
    needed: str | None = oracle.policy.get("changes", {}).get(permission(change))
    if needed is None:
        return UNKNOWN_ACTION, UNKNOWN_RESOURCE
    kind_actions = actions_by_table(oracle.policy)["kind"]
    if kind in ("remove_resource", "update_resource", "move_resource"):
        found = named_resource(oracle, change["resource"])
        if found is None:
            # Whatever it is called, it is not there: any known action leads to `unknown_resource`.
            return (kind_actions[0] if kind in OF_KIND else needed), UNKNOWN_RESOURCE
        resource = {"type": found["kind"], "id": found["id"]}
        if kind == "move_resource":
            place = oracle.resource(found["kind"], found["id"])
            return needed, {"type": "project", "id": place[1]["id"] if place else "-"}
        needed = f"{found['kind']}.{needed}"
    else:
        resource = _resource(oracle, change, needed)
        if kind == "add_resource":
            needed = f"{change['kind']}.{needed}"
    # What an added or removed resource needs is an action of its own kind, or none.
    return needed if kind not in OF_KIND or needed in kind_actions else UNKNOWN_ACTION, resource


def permission(change: Json) -> str:
    """What a policy names a change by: suspensions by what is suspended."""
    kind = str(change["type"])
    if kind not in ("suspend", "resume"):
        return kind
    if "project" in change:
        return "suspend_project"
    if "organization" in change:
        return "suspend_member" if "user" in change else "suspend_organization"
    # Somebody everywhere is the platform's.
    return ""


def named_resource(oracle: Oracle, given: str | Json) -> Json | None:
    """The resource that a reference names. API keys are none."""
    resources: list[Json] = [resource for _, project in oracle.projects for resource in project.get("resources", [])]
    kind, name = reference(given)
    return next((resource for resource in resources if (resource["kind"], resource["id"]) == (kind, name)), None)


def group_place(oracle: Oracle, name: str) -> tuple[Json, Json] | None:
    """A group after its organization."""
    return next(((o, group) for o in oracle.organizations for group in o.get("groups", []) if group["id"] == name), None)


def _resource(oracle: Oracle, change: Json, needed: str) -> Json:
    kind = change["type"]
    if kind in ON_GROUP:
        held = group_place(oracle, change["group"])
        return {"type": "organization", "id": held[0]["id"]} if held is not None else UNKNOWN_RESOURCE
    if kind in ON_ORGANIZATION or (kind in ("suspend", "resume") and "organization" in change):
        organization = oracle.organization(change["organization"])
        tables = actions_by_table(oracle.policy)
        if kind == "regenerate_default_key" and organization is not None and needed in tables["project"] + tables["kind"]:
            # What a policy makes of the key is an action on it, and it lies in the default project.
            return {"type": "project", "id": default_project(organization)["id"]}
        return {"type": "organization", "id": change["organization"]}
    if "project" in change:
        return {"type": "project", "id": change["project"]}
    key = oracle.key(change["key"])
    if key is not None and kind in IN_PROJECT_OF_KEY:
        return {"type": "project", "id": key[1]["id"]}
    # Without a kind of their own, keys cannot be asked about.
    return {"type": oracle.policy.get("api_key_kind") or "", "id": change["key"]}
