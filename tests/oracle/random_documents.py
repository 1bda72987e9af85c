"""Directory documents with a fault or two, and the first fault that loading reports; sound ones, and how they are written out."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

from document_faults import check_directory
from documents import Json, OracleError, effective_policy
from random_directory import RandomDirectory
from written import written_directory

BAD_INSTANTS: list[Any] = ["soon", "2026-02-30T12:00:00Z", "2026-03-01", "", 1772366400, True, []]
BAD_NAMES: list[Any] = ["", "x" * 257, "a\u0000b", 7, True, [], {}, None]
BAD_VALUES: dict[str, list[Any]] = dict.fromkeys(["added_at", "expires_at", "suspended_at", "revoked_at", "created_at"], BAD_INSTANTS)
BAD_VALUES |= dict.fromkeys(["user", "group", "acts_as", "visibility", "role", "kind", "scope"], BAD_NAMES)
BAD_FLAGS: list[Any] = ["true", 1, None, []]
BAD_VALUES |= dict.fromkeys(["multiple_organizations", "default_key_owner_only", "implied_roles", "external"], BAD_FLAGS)
BAD_VALUES |= {"role_combination": ["", "strongest ", "Union", "any", None, 5], "suspended_actions": [[], None, "x", {"both": []}]}
BAD_VALUES |= {"scopes": ["all", {}, [5], [""], [None]], "projects": [None, {}, "some", "ALL", [5], [None]], "groups": [None, {}, ["g"]]}
BAD_VALUES |= {
    "visibilities": [None, {}, ["open"]],
    "api_key_scopes": [None, {}, ["all"]],
    "default_project_role": [[], 5, {"admin": None}],
}
BAD_VALUES |= {"join": [None, [], "admin", {"admin": 5}], "actions": [None, "x", {}, [5]], "api_key": ["yes", None, 1]}
# Names that nothing has, though their shape is right.
UNKNOWN = ["nothing", "Admin", "α", "prj_0", "usr_0", "all"]
REFERENCES = {"role", "visibility", "group", "kind", "organization", "owner", "policy", "collaborator_role", "default_project_role"}
LISTS = {"scopes", "projects", "actions", "verbs", "kinds", "roles", "principal", "scope", "api_key_verbs"}


def random_documents(seed: int, built_in: Json, count: int = 40) -> Json:
    """A suite file: one directory that loads, and what becomes of it with a fault or two."""
    rng = random.Random(f"documents {seed}")
    directory = RandomDirectory(rng).directory()
    check_directory(directory, built_in, None)
    cases: list[Json] = [{"note": f"{seed}/written", "call": "to_directory", "input": {"directory": directory}}]
    cases[0]["answer"] = written_directory(directory, built_in)
    for number in range(count):
        document = copy.deepcopy(directory)
        for _ in range(rng.choice([1, 1, 1, 2])):
            broken(rng, document)
        case: Json = {"note": f"{seed}/document/{number}", "call": "load", "input": {"directory": document}}
        cases.append(case | _outcome(document, built_in))
    return {"topic": f"random documents {seed}", "cases": cases}


def _outcome(document: Json, built_in: Json) -> Json:
    try:
        check_directory(document, built_in, None)
    except OracleError as error:
        return {"error": {"code": error.code, "path": error.path}}
    policy = effective_policy(document, built_in)
    written = written_directory(document, built_in)
    return {"answer": {"revision": written["revision"], "policy": policy["id"], "issued_at": written.get("issued_at")}}


def broken(rng: random.Random, document: Json) -> None:
    """One thing that is wrong, or would be if it mattered."""
    names = [_bad_value, _bad_value, _unknown_name, _unknown_name, _bad_list]
    rng.choice([*names, _twice, _twice, _field, _owner, _row, _membership, _default])(rng, document)


def _objects(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
    for held in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from _objects(held)


def _holding(document: Json, fields: Any) -> list[tuple[Json, str]]:
    """Each object that has one of the fields, the field after it; of many of one sort only some are needed."""
    return [(entry, field) for entry in _objects(document) for field in entry if field in fields]


def _bad_value(rng: random.Random, document: Json) -> None:
    found = _holding(document, BAD_VALUES)
    if found:
        # Every field has the same share, however many there are of it.
        field = rng.choice(sorted({field for _, field in found}))
        entry = rng.choice([entry for entry, held in found if held == field])
        entry[field] = copy.deepcopy(rng.choice(BAD_VALUES[field]))


def _unknown_name(rng: random.Random, document: Json) -> None:
    found = [(entry, field) for entry, field in _holding(document, REFERENCES) if isinstance(entry[field], str)]
    if found:
        field = rng.choice(sorted({field for _, field in found}))
        entry = rng.choice([entry for entry, held in found if held == field])
        entry[field] = rng.choice(UNKNOWN)


def _bad_list(rng: random.Random, document: Json) -> None:
    """A name that nothing has in a list of names, or a member of an object of names."""
    found = [(entry, field) for entry, field in _holding(document, LISTS) if isinstance(entry[field], list)]
    found = [(entry, field) for entry, field in found if all(isinstance(name, str) for name in entry[field])]
    maps = [(entry, field) for entry, field in _holding(document, ("join", "default_project_role", "changes", "support"))]
    maps = [(entry, field) for entry, field in maps if isinstance(entry[field], dict)]
    if maps and rng.random() < 0.3:
        entry, field = rng.choice(maps)
        entry[field] = entry[field] | {rng.choice(UNKNOWN): "supported" if field == "support" else rng.choice(UNKNOWN)}
    elif found:
        field = rng.choice(sorted({field for _, field in found}))
        entry = rng.choice([entry for entry, held in found if held == field])
        entry[field] = list(entry[field])
        entry[field].insert(rng.randint(0, len(entry[field])), rng.choice(UNKNOWN))


def _twice(rng: random.Random, document: Json) -> None:
    """An entry that a list has twice, as it is or with another id."""
    lists = [entry[field] for entry in _objects(document) for field in entry if isinstance(entry[field], list) and entry[field]]
    lists = [entries for entries in lists if isinstance(entries[0], dict)]
    if lists:
        entries = rng.choice(lists)
        entry = copy.deepcopy(rng.choice(entries))
        if "id" in entry and rng.random() < 0.3:
            entry["id"] = f"{entry['id']}2"[:200]
        entries.insert(rng.randint(0, len(entries)), entry)


def _field(rng: random.Random, document: Json) -> None:
    """A field too much, or one too few."""
    entry = rng.choice(list(_objects(document)))
    if entry and rng.random() < 0.5:
        del entry[rng.choice(list(entry))]
    else:
        entry[rng.choice(["colour", "scope", "expires_at", "suspended_at", "a/b~c", "groups", "acts_as"])] = rng.choice([None, 1, "x"])


def _owner(rng: random.Random, document: Json) -> None:
    """An owner whose row ends or is suspended."""
    organization = rng.choice(document["organizations"]) if document.get("organizations") else {}
    for row in organization.get("members", []) if isinstance(organization, dict) else []:
        if isinstance(row, dict) and row.get("user") == organization.get("owner"):
            row[rng.choice(["expires_at", "suspended_at"])] = rng.choice(["2036-01-01T00:00:00Z", "2020-01-01T00:00:00Z", None])


def _row(rng: random.Random, document: Json) -> None:
    """A row of nobody, of a user and a group at once, or of somebody who is not there."""
    rows = [row for entry in _objects(document) for row in entry.get("collaborators") or [] if isinstance(row, dict)]
    keys = [key for entry in _objects(document) for key in entry.get("api_keys") or [] if isinstance(key, dict)]
    groups = [group for entry in _objects(document) for group in entry.get("groups") or [] if isinstance(group, dict)]
    roll = rng.random()
    if roll < 0.5 and rows:
        row = rng.choice(rows)
        change = rng.choice(["none", "both", "both before", "group"])
        was = dict(row)
        row.clear()
        if change == "both before":
            row |= {"group": "nothing", "user": "usr_0"}
        row |= {field: value for field, value in was.items() if change in ("both", "both before") or field not in ("user", "group")}
        if change in ("both", "group"):
            row |= {"group": "nothing"} if "user" in was or change == "group" else {"user": "usr_0"}
    elif roll < 0.75 and keys:
        key = rng.choice(keys)
        every = [entry["id"] for entry in _objects(document) if "api_keys" in entry and isinstance(entry.get("id"), str)]
        key[rng.choice(["projects", "scopes"])] = rng.choice([[rng.choice([*every, "nowhere"])], ["all"], "all", []])
    elif groups:
        group = rng.choice(groups)
        if isinstance(group.get("members"), list):
            group["members"].append({"user": rng.choice(["nobody", "usr_0", "usr_1", "usr_2"])})


def _default(rng: random.Random, document: Json) -> None:
    """A default project or a default key too much or too few."""
    projects = [p for entry in _objects(document) for p in entry.get("projects") or [] if isinstance(p, dict)]
    keys = [key for entry in _objects(document) for key in entry.get("api_keys") or [] if isinstance(key, dict)]
    organizations = [entry for entry in _objects(document) if "owner" in entry and "projects" in entry and "members" in entry]
    houses = [key for key in keys if key.get("kind") == "organization_default"]
    roll = rng.random()
    if organizations and roll < 0.2:
        rng.choice(organizations)["multi_project"] = False
    elif houses and roll < 0.4:
        rng.choice(houses)["revoked_at"] = rng.choice(["2020-01-01T00:00:00Z", "2036-01-01T00:00:00Z", None])
    elif roll < 0.45:
        document["format"] = rng.choice(["bailiwick/2", "bailiwick-policy/1", "", 5])
    elif keys and rng.random() < 0.5:
        rng.choice(keys)["kind"] = rng.choice(["organization_default", "organization_default", "project", "default"])
    elif projects:
        project = rng.choice(projects)
        project["default"] = not project.get("default", False)


def _membership(rng: random.Random, document: Json) -> None:
    """Somebody whom two organizations list, or a home that is none."""
    organizations = [entry for entry in document.get("organizations") or [] if isinstance(entry, dict)]
    users = [row["user"] for entry in organizations for row in entry.get("members") or [] if isinstance(row, dict) and "user" in row]
    if not organizations or not users:
        return
    if rng.random() < 0.6:
        rows = rng.choice(organizations).get("members")
        if isinstance(rows, list) and rows and isinstance(rows[0], dict):
            row: Json = {"user": rng.choice(users), "role": rows[0].get("role", "admin")}
            rows.insert(rng.randint(0, len(rows)), row | ({"expires_at": "2020-01-01T00:00:00Z"} if rng.random() < 0.4 else {}))
    else:
        entry: Json = {"id": rng.choice([*users, "somebody else"])}
        entry["organization"] = rng.choice([*(organization.get("id") for organization in organizations), "outside"])
        if isinstance(document.setdefault("users", []), list):
            document["users"].append(entry)
