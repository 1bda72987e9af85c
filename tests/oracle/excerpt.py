"""Copies of a directory for places that need less of it: some organizations, or nothing that secrets and people could be guessed from.

A copy has the users whom its organizations mention. A membership of an organization that the copy does not have remains as a home,
so that the usage of externals is booked as in the whole (B4, B5). `elsewhere` has what is needed for that of each such organization.
"""

from __future__ import annotations

from document_shape import list_of
from documents import Json, OracleError, default_project, find
from lookups import Lookups
from rows import named_users
from shapes import identifier
from written import written_directory


def some_organizations(whole: Lookups, names: list[str], built_in: Json) -> tuple[Json, list[Json]]:
    """The organizations with these ids, and what remains of the others."""
    list_of(identifier)(names, "/organizations")
    for place, name in enumerate(names):
        if whole.organization(name) is None:
            raise OracleError("not_found", f"/organizations/{place}")
    organizations = [organization for organization in whole.organizations if organization["id"] in names]
    users = sorted(user for user in _mentioned(organizations) if whole.knows("user", user))
    left_out = [organization for organization in whole.organizations if organization["id"] not in names]
    entries = [find(whole.users, "id", user) or {"id": user} for user in users]
    told = [entry | {"organization": None} if find(left_out, "id", entry.get("organization")) else entry for entry in entries]
    document = written_directory(whole.document | {"users": told, "organizations": organizations}, built_in)
    remains = [_remains(organization, users, entries) for organization in left_out]
    # Of a copy, also what it lacks itself.
    remains += [
        lacked
        | {"members": [row for row in lacked["members"] if row["user"] in users], "homes": [u for u in lacked["homes"] if u in users]}
        for lacked in whole.elsewhere
    ]
    return document, sorted((one for one in remains if one["members"]), key=lambda one: str(one["id"]))


def _mentioned(organizations: list[Json]) -> set[str]:
    """Everybody in a row, and those who made something or whom a key acts as."""
    found = named_users({"organizations": organizations}) | {str(organization["owner"]) for organization in organizations}
    for project in (project for organization in organizations for project in organization["projects"]):
        keys, resources = project.get("api_keys", []), project.get("resources", [])
        found |= {entry["created_by"] for entry in keys + resources if entry.get("created_by") is not None}
        found |= {key["acts_as"] for key in keys if key.get("acts_as") is not None}
    return found


def _remains(organization: Json, users: list[str], entries: list[Json]) -> Json:
    """Who of a copy's users belongs to an organization that it does not have, and where their usage is booked."""
    name = organization["id"]
    return {
        "id": name,
        "members": [row for row in organization["members"] if row["user"] in users],
        "homes": [entry["id"] for entry in entries if entry.get("organization") == name],
        "projects": [{"id": default_project(organization)["id"], "default": True}],
    }


def without_digests(document: Json, built_in: Json) -> Json:
    """A document for places where nobody authenticates, and nobody's address is needed: without digests and e-mails."""
    organizations: list[Json] = []
    for organization in document["organizations"]:
        projects: list[Json] = []
        for project in organization["projects"]:
            bare = [{field: value for field, value in key.items() if field != "digest"} for key in project["api_keys"]]
            projects.append(project | {"api_keys": bare})
        organizations.append(organization | {"projects": projects})
    users = [{field: value for field, value in entry.items() if field != "email"} for entry in document["users"]]
    # An entry that said nothing else goes, unless nothing else mentions the user.
    return written_directory(document | {"users": users, "organizations": organizations}, built_in)
