"""Whether an actor may make a change: the action and the resource that stand for it, and the decision."""

from __future__ import annotations

from documents import Json, OracleError, actions_by_table, default_project, milliseconds, reference
from oracle import Oracle
from rows import member_role, own_row

ON_ORGANIZATION = {"add_member", "remove_member", "set_member_role", "create_project", "regenerate_default_key"}
# No name of a policy and no type is empty, so these are unknown everywhere.
UNKNOWN_ACTION = ""
UNKNOWN_RESOURCE = {"type": "", "id": "-"}


def authorise(oracle: Oracle, change: Json, actor: str | Json, at: str) -> None:
    """Fails with the decision inside where the actor may not do it."""
    action, resource = question(oracle, change)
    decision = oracle.check_access({"principal": actor, "action": action, "resource": resource, "at": at})
    if not decision["allowed"]:
        if not belongs(oracle, actor, decision["organization"], milliseconds(at)):
            decision |= {"organization": None, "project": None}
        raise OracleError("forbidden", "/actor", decision)


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


def question(oracle: Oracle, change: Json) -> tuple[str, Json]:
    """The action that a change needs, and what it is checked on."""
    kind = change["type"]
    needed: str | None = oracle.policy.get("changes", {}).get(kind)
    if needed is None:
        return UNKNOWN_ACTION, UNKNOWN_RESOURCE
    kind_actions = actions_by_table(oracle.policy)["kind"]
    if kind == "remove_resource":
        found = named_resource(oracle, change["resource"])
        if found is None:
            # Whatever it is called, it is not there: any known action leads to `unknown_resource`.
            return kind_actions[0], UNKNOWN_RESOURCE
        resource = {"type": found["kind"], "id": found["id"]}
        needed = f"{found['kind']}.{needed}"
    else:
        resource = _resource(oracle, change, needed)
        if kind == "add_resource":
            needed = f"{change['kind']}.{needed}"
    # What an added or removed resource needs is an action of its own kind, or none.
    of_kind = kind in ("add_resource", "remove_resource")
    return needed if not of_kind or needed in kind_actions else UNKNOWN_ACTION, resource


def named_resource(oracle: Oracle, given: str | Json) -> Json | None:
    """The resource that a reference names. API keys are none."""
    resources: list[Json] = [resource for _, project in oracle.projects for resource in project.get("resources", [])]
    kind, name = reference(given)
    return next((resource for resource in resources if (resource["kind"], resource["id"]) == (kind, name)), None)


def _resource(oracle: Oracle, change: Json, needed: str) -> Json:
    if change["type"] in ON_ORGANIZATION:
        organization = oracle.organization(change["organization"])
        tables = actions_by_table(oracle.policy)
        if change["type"] == "regenerate_default_key" and organization is not None and needed in tables["project"] + tables["kind"]:
            # What a policy makes of the key is an action on it, and it lies in the default project.
            return {"type": "project", "id": default_project(organization)["id"]}
        return {"type": "organization", "id": change["organization"]}
    if "project" in change:
        return {"type": "project", "id": change["project"]}
    key = oracle.key(change["key"])
    if key is not None and change["type"] == "expire_api_key":
        return {"type": "project", "id": key[1]["id"]}
    # Without a kind of their own, keys cannot be asked about.
    return {"type": oracle.policy.get("api_key_kind") or "", "id": change["key"]}
