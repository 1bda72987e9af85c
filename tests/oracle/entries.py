"""A directory as rows of tables, so that two directories can be compared entry by entry."""

from __future__ import annotations

from collections.abc import Iterator

from documents import Json
from written import row_name

# Which entry it is; and the entry with what it belongs to, but without the lists in it, whose entries are rows of their own.
Row = tuple[Json, Json]


def rows(document: Json) -> Iterator[Row]:
    """All entries of a written directory."""
    yield {"table": "policy"}, {"policy": document["policy"]}
    for user in document["users"]:
        yield {"table": "users", "id": user["id"]}, user
    for organization in document["organizations"]:
        own = {"organization": organization["id"]}
        yield {"table": "organizations", "id": organization["id"]}, _bare(organization, "members", "groups", "projects")
        for member in organization["members"]:
            yield {"table": "members", **own, "user": member["user"]}, own | member
        for group in organization.get("groups", []):
            yield {"table": "groups", "id": group["id"]}, own | _bare(group, "members")
            for row in group["members"]:
                belongs = {"group": group["id"]}
                yield {"table": "group_members", **belongs, "user": row["user"]}, belongs | row
        for project in organization["projects"]:
            yield {"table": "projects", "id": project["id"]}, own | _bare(project, "collaborators", "api_keys", "resources")
            yield from _inside(project)


def _inside(project: Json) -> Iterator[Row]:
    own = {"project": project["id"]}
    for row in project["collaborators"]:
        who = {field: row[field] for field in ("user", "group") if field in row}
        yield {"table": "collaborators", **own, **who}, own | row
    for key in project["api_keys"]:
        # The further projects of a key are not what it belongs to.
        yield {"table": "api_keys", "id": key["id"]}, {"in_project": project["id"]} | key
    for resource in project["resources"]:
        yield {"table": "resources", "kind": resource["kind"], "id": resource["id"]}, own | resource


def _bare(entry: Json, *lists: str) -> Json:
    return {field: value for field, value in entry.items() if field not in lists}


def altered(before: Json, after: Json) -> list[Json]:
    """What each entry was and is, of those that differ, in the order of tables and of ids."""
    sides = [{_order(entry): (entry, row) for entry, row in rows(document)} for document in (before, after)]
    found: list[Json] = []
    for place in sorted(sides[0].keys() | sides[1].keys()):
        was, now = (side.get(place) for side in sides)
        if was is None or now is None or was[1] != now[1]:
            entry = (was or now or ({}, {}))[0]
            found.append({"entry": entry, "before": was and was[1], "after": now and now[1]})
    return found


TABLES = ["policy", "users", "organizations", "members", "groups", "group_members", "projects", "collaborators", "api_keys", "resources"]


def _order(entry: Json) -> tuple[int, str, str]:
    """Tables one after the other; within each, by what an entry belongs to and then by its id."""
    table = TABLES.index(entry["table"])
    if entry["table"] == "resources":
        return table, f"{entry['kind']}:{entry['id']}", ""
    if entry["table"] == "collaborators":
        return table, entry["project"], row_name(entry)
    first, *rest = [value for field, value in entry.items() if field != "table"] or [""]
    return table, first, rest[0] if rest else ""
