"""The shape of changes: their types, and the fields of each.

A missing field comes first, then the first fault in document order. What a well-formed
value names is looked up elsewhere.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import document_shape
from document_shape import entry, id_or_policy, map_of, names, one_of
from documents import Json, OracleError
from shapes import Check, any_reference, boolean, digest, end, identifier, label, moment, name, number, text


class Form(NamedTuple):
    """The fields of a type: those that it needs, those that may be null, and those that may only be left out."""

    required: dict[str, Check]
    clearable: dict[str, Check]
    optional: dict[str, Check]


def renamed(value: Any, path: str) -> None:
    """Old names and the new ones that take their places."""
    entry({}, dict.fromkeys(RENAMED, map_of(name)))(value, path)


RENAMED = ("organization_roles", "project_roles", "kinds", "scopes", "visibilities")
ORGANIZATION: dict[str, Check] = {"organization": identifier}
PROJECT: dict[str, Check] = {"project": identifier}
USER: dict[str, Check] = {"user": identifier}
GROUP: dict[str, Check] = {"group": identifier}
KEY: dict[str, Check] = {"key": identifier}
NAME: dict[str, Check] = {"name": label}
ENDS: dict[str, Check] = {"expires_at": moment}
ROLE: dict[str, Check] = {"role": name}
LIMITS: dict[str, Check] = {"scopes": names, "acts_as": identifier, "projects": document_shape.key_projects}
SUSPENDED: dict[str, Check] = {"suspended_at": moment}
MEMBERSHIP: dict[str, Check] = {"membership": one_of("invitation", "sso"), "multi_project": boolean}

FORMS: dict[str, Form] = {
    "add_member": Form(ORGANIZATION | USER, {"email": label} | ROLE | ENDS, {}),
    "remove_member": Form(ORGANIZATION | USER, {}, {}),
    "set_member_role": Form(ORGANIZATION | USER | ROLE, ENDS, {}),
    "create_project": Form(ORGANIZATION | PROJECT | NAME, {}, {}),
    "set_external_collaborators": Form(PROJECT | {"allowed": boolean}, {}, {}),
    "add_collaborator": Form(PROJECT, ROLE | ENDS, {}),
    "remove_collaborator": Form(PROJECT, {}, {}),
    "set_collaborator_role": Form(PROJECT | ROLE, ENDS, {}),
    "create_api_key": Form(PROJECT | KEY | {"digest": digest}, NAME | ENDS | {"created_by": identifier, "created_at": moment} | LIMITS, {}),
    "revoke_api_key": Form(KEY, {}, {}),
    "expire_api_key": Form(KEY | {"expires_at": end}, {}, {}),
    "regenerate_default_key": Form(ORGANIZATION | {"digest": digest}, {}, {}),
    "add_resource": Form(PROJECT | {"resource": identifier, "kind": name}, NAME, {}),
    "remove_resource": Form({"resource": any_reference}, {}, {}),
    # The platform's own
    "put_organization": Form({"organization": document_shape.organization}, {}, {}),
    "put_project": Form(ORGANIZATION | {"project": document_shape.project}, {}, {}),
    "put_user": Form({"user": document_shape.user}, {}, {}),
    "put_member": Form(ORGANIZATION | {"member": document_shape.member}, {}, {}),
    "put_group": Form(ORGANIZATION | {"group": document_shape.group}, {}, {}),
    "put_collaborator": Form(PROJECT | {"collaborator": document_shape.collaborator}, {}, {}),
    "put_api_key": Form(PROJECT | {"api_key": document_shape.key}, {}, {}),
    "put_resource": Form(PROJECT | {"resource": document_shape.resource}, {}, {}),
    "drop_member": Form(ORGANIZATION | USER, {}, {}),
    "remove_user": Form(USER, {}, {}),
    "set_default_project": Form(PROJECT, {}, {}),
    "move_project": Form(PROJECT | ORGANIZATION, {}, {}),
    "set_policy": Form({"policy": id_or_policy}, {"renames": renamed}, {}),
    # Actors' too
    "remove_organization": Form(ORGANIZATION, {}, {}),
    "update_organization": Form(ORGANIZATION, NAME | {"projects_since": moment} | SUSPENDED, MEMBERSHIP),
    "transfer_ownership": Form(ORGANIZATION | USER, {}, {}),
    "remove_project": Form(PROJECT, {}, {}),
    "update_project": Form(PROJECT, NAME | SUSPENDED, {"allow_external_collaborators": boolean, "visibility": name}),
    "set_visibility": Form(PROJECT | {"visibility": name}, {}, {}),
    "move_resource": Form({"resource": any_reference} | PROJECT, {}, {}),
    "suspend": Form({}, {}, {}),
    "resume": Form({}, {}, {}),
    "join_project": Form(PROJECT, {}, {}),
    "leave_project": Form(PROJECT, {}, {}),
    "add_group": Form(ORGANIZATION | GROUP, NAME, {}),
    "remove_group": Form(GROUP, {}, {}),
    "add_group_member": Form(GROUP | USER, ENDS, {}),
    "remove_group_member": Form(GROUP | USER, {}, {}),
    "update_api_key": Form(KEY, NAME | LIMITS, {}),
    "remove_api_key": Form(KEY, {}, {}),
    "update_resource": Form({"resource": any_reference}, NAME, {}),
}
CHANGES = tuple(FORMS)
# The platform's alone: no policy can name them.
PLATFORMS = {kind for kind in CHANGES if kind.startswith("put_")}
PLATFORMS |= {"drop_member", "remove_user", "set_default_project", "move_project", "set_policy"}
# By users for themselves, without a permission of the policy.
BY_ONESELF = ("join_project", "leave_project")
OF_USER_OR_GROUP = ("add_collaborator", "remove_collaborator", "set_collaborator_role")


def form(value: Json) -> Form:
    """The fields of a change, by its type and by what it is about."""
    found = FORMS[value["type"]]
    if value["type"] in OF_USER_OR_GROUP:
        # One of the two: the second is a field that such a change does not have.
        who = next((field for field in value if field in ("user", "group")), "user")
        return found._replace(required=found.required | {who: identifier})
    if value["type"] in ("suspend", "resume"):
        first = next((field for field in value if field in ("organization", "project", "user")), "organization")
        rest = {"organization": ["user"], "user": ["organization"], "project": []}[first]
        return found._replace(required={first: identifier}, optional=dict.fromkeys(rest, identifier))
    return found


def fields(value: Json) -> dict[str, Check]:
    """The checks of all fields that a change may have beside its type."""
    required, clearable, optional = form(value)
    return required | clearable | optional


def change(value: Any) -> None:
    """A change; its type is looked at before everything else."""
    if not isinstance(value, dict):
        raise OracleError("wrong_type", "")
    if "type" not in value:
        raise OracleError("missing_field", "")
    text(value["type"], "/type")
    if value["type"] not in FORMS:
        raise OracleError("unknown_change", "/type")
    required, clearable, optional = form(value)
    entry({"type": text} | required, clearable | optional, " ".join(clearable))(value, "")


def circumstances(step: Json) -> None:
    """Who changes, when, and what they take the revision to be."""
    for field, check in (("actor", any_reference), ("at", moment), ("expected_revision", number)):
        # An actor that is named is never nobody.
        if field in step and (field == "actor" or step[field] is not None):
            check(step[field], f"/{field}")
