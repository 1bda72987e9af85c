"""Writing a directory out: fields in their order, lists in byte order, the same for all documents that say the same."""

from __future__ import annotations

from copy import copy

from documents import AGE, Json, effective_policy, instant, milliseconds, second_policy
from rows import named_users

# The fields of each entry in the order in which they are written. A value in place of
# `...` is the default, which is written out. Fields of the second part of the rules are
# written only if they say something: nothing changes for directories without them.
DIRECTORY: Json = {"format": ..., "revision": 0, "issued_at": ..., "max_age_seconds": ..., "policy": ..., "users": [], "organizations": []}
USER: Json = {"id": ..., "email": ..., "organization": ..., "suspended_at": ...}
ORGANIZATION: Json = {"id": ..., "name": ..., "owner": ..., "membership": "invitation", "multi_project": True}
ORGANIZATION |= {"projects_since": ..., "suspended_at": ..., "members": [], "groups": ..., "projects": []}
MEMBER: Json = {"user": ..., "role": ..., "added_at": ..., "expires_at": ..., "suspended_at": ...}
GROUP: Json = {"id": ..., "name": ..., "members": []}
GROUP_MEMBER: Json = {"user": ..., "added_at": ..., "expires_at": ...}
PROJECT: Json = {"id": ..., "name": ..., "default": False, "allow_external_collaborators": False, "visibility": ..., "suspended_at": ...}
PROJECT |= {"collaborators": [], "api_keys": [], "resources": []}
ROW: Json = {"user": ..., "group": ..., "role": ..., "added_at": ..., "expires_at": ...}
KEY: Json = {"id": ..., "name": ..., "created_by": ..., "created_at": ..., "expires_at": ..., "revoked_at": ..., "digest": ...}
KEY |= {"kind": "project", "scopes": ..., "acts_as": ..., "projects": ...}
RESOURCE: Json = {"id": ..., "kind": ..., "name": ..., "created_by": ..., "created_at": ...}
POLICY: Json = {"format": ..., "id": ..., "surfaces": [], "default_surfaces": ..., "organization_roles": [], "project_roles": []}
POLICY |= {"role_combination": ..., "multiple_organizations": ...}
POLICY |= {"default_project_role": ..., "collaborator_role": ..., "self_actions": [], "organization_actions": []}
POLICY |= {"project_actions": [], "visibilities": ..., "api_key_kind": ..., "api_key_scopes": ..., "default_key_owner_only": ...}
POLICY |= {"suspended_actions": ..., "create_verb": ..., "changes": ..., "kinds": []}
VISIBILITY: Json = {"visibility": ..., "implied_roles": ..., "actions": ..., "join": ...}
SCOPE: Json = {"scope": ..., "actions": ..., "verbs": ..., "kinds": ...}
KIND: Json = {"kind": ..., "label": ..., "usage_by_api_key": False, "support": {}, "verbs": [], "api_key_verbs": []}
INSTANTS = {"issued_at", "projects_since", "created_at", "added_at", "expires_at", "revoked_at", "suspended_at"}
SETS = {"scopes", "projects"}


def in_order(entry: Json, fields: Json) -> Json:
    """An entry as it is written: fields in their order, defaults filled in, unknown facts left out."""
    written: Json = {}
    for field, default in fields.items():
        value = entry.get(field)
        if value is None and default is ...:
            continue
        if value is None:
            value = copy(default)
        elif field in INSTANTS:
            value = instant(milliseconds(value))
        elif field == "digest":
            value = value.lower()
        written[field] = value
    return written


def row_name(row: Json) -> str:
    """What a row stands under in the order of collaborators."""
    return f"group:{row['group']}" if row.get("group") is not None else f"user:{row['user']}"


def written_directory(document: Json, built_in: Json) -> Json:
    """The document of a directory as `to_directory` writes it."""
    directory = in_order(document, DIRECTORY)
    policy = effective_policy(document, built_in)
    own = document.get("policy")
    directory["policy"] = policy["id"]
    if isinstance(own, dict) and written_policy(own) not in (written_policy(built_in), written_policy(second_policy())):
        # One that says what a built-in one says is that one.
        directory["policy"] = written_policy(own)
    directory = in_order(directory, DIRECTORY)
    directory["users"] = _listed(_users(directory, policy), "id")
    directory["organizations"] = _listed([_organization(entry, policy) for entry in directory["organizations"]], "id")
    return directory


def state(document: Json) -> Json:
    """A document without its age."""
    return {field: value for field, value in document.items() if field not in AGE}


def _listed(entries: list[Json], field: str) -> list[Json]:
    """The order of code points is that of the bytes of UTF-8."""
    return sorted(entries, key=lambda entry: str(entry[field]))


def _users(document: Json, policy: Json) -> list[Json]:
    """The entries that say something."""
    several = policy.get("multiple_organizations", False)
    held = {organization["id"] for organization in document["organizations"]}
    homes = {m["user"]: o["id"] for o in document["organizations"] for m in o["members"]}
    named = named_users(document)
    found: list[Json] = []
    for entry in document["users"]:
        user = in_order(entry, USER)
        home = user.get("organization")
        says_home = home is not None and (several or home not in held)
        if "email" in user or "suspended_at" in user or says_home or user["id"] not in named:
            # Where there can be one organization only, a member's entry comes back with it, also where it named none.
            own = {"organization": homes[user["id"]]} if user["id"] in homes and not several else {}
            found.append(in_order(user | own, USER))
    return found


def _organization(entry: Json, policy: Json) -> Json:
    organization = in_order(entry, ORGANIZATION)
    organization["members"] = _listed([in_order(member, MEMBER) for member in organization["members"]], "user")
    if organization.get("groups") is not None:
        organization["groups"] = _listed([in_order(group, GROUP) for group in organization["groups"]], "id")
    for group in organization.get("groups", []):
        group["members"] = _listed([in_order(member, GROUP_MEMBER) for member in group["members"]], "user")
    organization["projects"] = _listed([_project(project, policy) for project in organization["projects"]], "id")
    return _said(organization, "groups")


def _project(entry: Json, policy: Json) -> Json:
    visibilities = policy.get("visibilities", [])
    first = {"visibility": visibilities[0]["visibility"]} if visibilities else {}
    project = in_order(first | entry, PROJECT)
    project["collaborators"] = sorted((in_order(row, ROW) for row in project["collaborators"]), key=row_name)
    project["api_keys"] = _listed([_key(key, project["id"]) for key in project["api_keys"]], "id")
    resources = [in_order(resource, RESOURCE) for resource in project["resources"]]
    project["resources"] = sorted(resources, key=lambda resource: f"{resource['kind']}:{resource['id']}")
    return project


def _key(entry: Json, own: str) -> Json:
    """A key as it is written. Naming its own project among the further ones says nothing."""
    key = in_order(entry, KEY)
    if isinstance(key.get("projects"), list):
        key["projects"] = [project for project in key["projects"] if project != own]
    key = {field: sorted(set(value)) if field in SETS and isinstance(value, list) else value for field, value in key.items()}
    return _said(key, "projects")


def written_policy(document: Json) -> Json:
    """A policy document as it is written: its lists keep their order, and some members are there only if they say something."""
    policy = in_order(document, POLICY)
    policy["surfaces"] = [in_order(surface, {"surface": ..., "books_to_default_project": False}) for surface in policy["surfaces"]]
    policy["default_surfaces"] = in_order(policy["default_surfaces"], {"user": ..., "api_key": ...})
    policy["organization_roles"] = [in_order(role, {"role": ..., "project_role": ...}) for role in policy["organization_roles"]]
    by_owner: Json = {"action": ..., "roles": [], "external": False, "owner": False, "api_key": ...}
    policy["organization_actions"] = [_said(in_order(action, by_owner), api_key=False) for action in policy["organization_actions"]]
    by_key: Json = {"action": ..., "roles": [], "api_key": False, "external": ...}
    policy["project_actions"] = [_said(in_order(action, by_key), external=True) for action in policy["project_actions"]]
    visibilities = policy.get("visibilities", [])
    policy["visibilities"] = [_said(in_order(one, VISIBILITY), "join", "actions", implied_roles=True) for one in visibilities]
    scopes = policy.get("api_key_scopes", [])
    policy["api_key_scopes"] = [_said(in_order(scope, SCOPE), "actions", "verbs", "kinds") for scope in scopes]
    policy["kinds"] = [in_order(kind, KIND) for kind in policy["kinds"]]
    for kind in policy["kinds"]:
        kind["verbs"] = [_said(in_order(row, {"roles": ..., "verbs": ..., "external": ...}), external=True) for row in kind["verbs"]]
    if "suspended_actions" in policy:
        given = policy["suspended_actions"]
        policy["suspended_actions"] = {side: given[side] for side in ("principal", "scope") if given.get(side)}
    defaults: Json = {"role_combination": "strongest", "multiple_organizations": False, "default_key_owner_only": True}
    return _said(policy, "changes", "suspended_actions", "default_project_role", "visibilities", "api_key_scopes", **defaults)


def _said(entry: Json, *fields: str, **defaults: object) -> Json:
    """Without those of the fields that are empty, and without defaults."""
    kept = {field: value for field, value in entry.items() if field not in fields or value not in ({}, [], None)}
    return {field: value for field, value in kept.items() if field not in defaults or value != defaults[field]}
