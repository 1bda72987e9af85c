"""The shape of directory and policy documents: the first fault in document order."""

from __future__ import annotations

from typing import Any

import shapes
from documents import Json, OracleError
from shapes import Check

FORMATS = {"directory": "bailiwick/1", "policy": "bailiwick-policy/1"}


def format_of(kind: str) -> Check:
    """The one format that is read."""

    def check(value: Any, path: str) -> None:
        shapes.text(value, path)
        if value != FORMATS[kind]:
            raise OracleError("unsupported_format", path)

    return check


def one_of(*values: str) -> Check:
    """One of a few words."""

    def check(value: Any, path: str) -> None:
        if value not in values or not isinstance(value, str):
            raise OracleError("wrong_type", path)

    return check


def list_of(inner: Check) -> Check:
    """A list of such values."""

    def check(value: Any, path: str) -> None:
        if not isinstance(value, list):
            raise OracleError("wrong_type", path)
        for place, entry in enumerate(value):
            inner(entry, f"{path}/{place}")

    return check


def map_of(inner: Check) -> Check:
    """An object of any members."""

    def check(value: Any, path: str) -> None:
        if not isinstance(value, dict):
            raise OracleError("wrong_type", path)
        for name, entry in value.items():
            inner(entry, f"{path}/{escaped(name)}")

    return check


def escaped(name: str) -> str:
    """A member in a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def entry(required: dict[str, Check], optional: dict[str, Check], nullable: str = "") -> Check:
    """An object of these fields; those that are named as nullable may be null."""

    def check(value: Any, path: str) -> None:
        if not isinstance(value, dict):
            raise OracleError("wrong_type", path)
        if any(field not in value for field in required):
            raise OracleError("missing_field", path)
        checks = required | optional
        for field, held in value.items():
            place = f"{path}/{escaped(field)}"
            if field not in checks:
                raise OracleError("unknown_field", place)
            if held is not None or field not in nullable.split():
                checks[field](held, place)

    return check


name, label, moment, flag = shapes.identifier, shapes.label, shapes.moment, shapes.boolean
names = list_of(name)
no_fields: dict[str, Check] = {}

# Directories

ROW: dict[str, Check] = {"added_at": moment, "expires_at": moment}
NULLABLE_ROW = "added_at expires_at"


def collaborator(value: Any, path: str) -> None:
    """A row of a user or of a group."""
    who = [field for field in value if field in ("user", "group")] if isinstance(value, dict) else ["user"]
    # Of two, the second is one that such a row does not have.
    entry(dict.fromkeys(who[:1] or ["user"], name) | {"role": name}, ROW, NULLABLE_ROW)(value, path)


def key_projects(value: Any, path: str) -> None:
    """Further projects, or all of them."""
    if value != "all":
        names(value, path)


user = entry({"id": name}, {"email": label, "organization": name, "suspended_at": moment}, nullable="email organization suspended_at")
member = entry({"user": name, "role": name}, ROW | {"suspended_at": moment}, NULLABLE_ROW + " suspended_at")
group = entry({"id": name, "members": list_of(entry({"user": name}, ROW, NULLABLE_ROW))}, {"name": label}, "name")
key = entry(
    {"id": name},
    {"name": label, "created_by": name, "created_at": moment, "expires_at": moment, "revoked_at": moment, "digest": shapes.digest}
    | {"kind": one_of("project", "organization_default"), "scopes": names, "acts_as": name, "projects": key_projects},
    "name created_by created_at expires_at revoked_at digest scopes acts_as",
)
resource = entry({"id": name, "kind": name}, {"name": label, "created_by": name, "created_at": moment}, "name created_by created_at")
project = entry(
    {"id": name},
    {"name": label, "default": flag, "allow_external_collaborators": flag, "visibility": name, "suspended_at": moment}
    | {"collaborators": list_of(collaborator), "api_keys": list_of(key), "resources": list_of(resource)},
    "name suspended_at",
)
organization = entry(
    {"id": name, "owner": name, "members": list_of(member), "projects": list_of(project)},
    {"name": label, "membership": one_of("invitation", "sso"), "multi_project": flag, "projects_since": moment}
    | {"suspended_at": moment, "groups": list_of(group)},
    "name projects_since suspended_at",
)

# Policies


def organization_action(value: Any, path: str) -> None:
    """An action; what is the owner's alone is no key's."""

    def by_key(held: Any, place: str) -> None:
        flag(held, place)
        if held and value.get("owner") is True:
            raise OracleError("wrong_type", place)

    entry({"action": name}, {"roles": names, "external": flag, "owner": flag, "api_key": by_key})(value, path)


def automatic_role(value: Any, path: str) -> None:
    """A project role, or one for each organization role."""
    (map_of(name) if isinstance(value, dict) else name)(value, path)


SUPPORT = one_of("supported", "unsupported", "not_applicable")
verbs = entry({"roles": names, "verbs": names}, {"external": flag})
kind = entry(
    {"kind": name},
    {"label": label, "usage_by_api_key": flag, "support": map_of(SUPPORT), "verbs": list_of(verbs), "api_key_verbs": names},
    "label",
)
visibility = entry(
    {"visibility": name},
    {"implied_roles": flag, "actions": list_of(entry({"roles": names, "actions": names}, no_fields)), "join": map_of(name)},
)
policy = entry(
    {"format": format_of("policy"), "id": name}
    | {"surfaces": list_of(entry({"surface": name}, {"books_to_default_project": flag}))}
    | {"default_surfaces": entry({"user": name, "api_key": name}, no_fields)}
    | {"organization_roles": list_of(entry({"role": name}, {"project_role": name}, "project_role"))}
    | {"project_roles": names, "collaborator_role": name},
    {"default_project_role": automatic_role, "self_actions": names, "organization_actions": list_of(organization_action)}
    | {"project_actions": list_of(entry({"action": name}, {"roles": names, "api_key": flag, "external": flag}))}
    | {"api_key_kind": name, "create_verb": name, "changes": map_of(name), "kinds": list_of(kind)}
    | {"role_combination": one_of("strongest", "union", "most_specific"), "multiple_organizations": flag}
    | {"visibilities": list_of(visibility), "default_key_owner_only": flag}
    | {"api_key_scopes": list_of(entry({"scope": name}, {"actions": names, "verbs": names, "kinds": names}))}
    | {"suspended_actions": entry({}, {"principal": names, "scope": names})},
    "default_project_role api_key_kind create_verb",
)


def id_or_policy(value: Any, path: str) -> None:
    """A built-in policy's id, or a whole policy."""
    if isinstance(value, str):
        name(value, path)
    else:
        policy(value, path)


DIRECTORY: tuple[dict[str, Check], dict[str, Check]] = (
    {"format": format_of("directory"), "organizations": list_of(organization)},
    {"revision": shapes.number, "issued_at": moment, "max_age_seconds": shapes.number, "policy": id_or_policy, "users": list_of(user)},
)
directory = entry(*DIRECTORY, nullable="issued_at max_age_seconds")


def check_format(value: Json, kind: str, path: str) -> None:
    """A format that is not read is told before all else."""
    if isinstance(value, dict) and isinstance(value.get("format"), str) and value["format"] != FORMATS[kind]:
        raise OracleError("unsupported_format", f"{path}/format")
