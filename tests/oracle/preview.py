"""What a change would bring about: both documents are asked, and the answers compared."""

from __future__ import annotations

import authority
import impact
from change_shapes import BY_ONESELF
from changes import applied
from documents import Json, effective_policy, milliseconds, passed
from entries import altered
from listings import principals, projects_of
from many import applied_all
from oracle import Oracle


def preview(document: Json, built_in: Json, step: Json) -> Json:
    """The preview of a change or of a list of them, or its error."""
    if "change" in step and isinstance(step["change"], list):
        # A preview takes either, so what would be no change is a list of them.
        step = step | {"changes": step["change"]}
    if "changes" in step:
        changes, documents = step["changes"], applied_all(document, built_in, step)
    else:
        changes, documents = [step["change"]], [document, applied(document, built_in, step)]
    before, after = (Oracle(one, effective_policy(one, built_in)) for one in (documents[0], documents[-1]))
    within = None
    if step.get("actor") is not None:
        # An actor learns of the organizations that the changes are asked of, and of no other.
        guards = [Oracle(one, effective_policy(one, built_in)) for one in documents[:-1]]
        asked = [asked_of(oracle, change) for oracle, change in zip(guards, changes, strict=True)]
        within = {name for name in asked if name is not None}
    # What is not asked for is not computed: it takes long.
    return effects(before, after, changes, step["at"], within, whole={"gained", "lost"} & set(step.get("fields", [])) != set())


def asked_of(oracle: Oracle, change: Json) -> str | None:
    """The organization that a change is asked of."""
    resource = authority.question(oracle, change)[1]
    if change["type"] in BY_ONESELF:
        resource = {"type": "project", "id": change["project"]}
    place = oracle.place(resource["type"], resource["id"])
    return place[0]["id"] if place else None


def effects(before: Oracle, after: Oracle, changes: list[Json], at: str, within: set[str] | None, whole: bool = True) -> Json:
    """What changes from one document to the next, in certain organizations or in all."""
    now = milliseconds(at)
    inside = None if within is None else {p["id"] for oracle in (before, after) for o, p in oracle.projects if o["id"] in within}
    usual = [alike[0] for alike in impact.usages_alike(before.policy, after.policy)]
    lost: list[Json] = []
    elsewhere: list[str] = []
    for kind, name in principals(before):
        had = [project for project in projects_of(before, kind, name, now) if inside is None or project in inside]
        has = projects_of(after, kind, name, now)
        lost += [{"principal": f"{kind}:{name}", "project": project} for project in had if project not in has]
        kept = [project for project in had if project in has]
        if any(_moves(before, after, {"principal": {"type": kind, "id": name}, "project": project, "at": at}, usual) for project in kept):
            elsewhere.append(f"{kind}:{name}")
    changed = impact.access(before, after, at, within) if whole else []
    rows = [row for row in altered(before.document, after.document) if within is None or _is_within(row, within, before, after)]
    return {
        "revision": after.document["revision"],
        "gained": _one_way(changed, "gained"),
        "lost": _one_way(changed, "lost"),
        "projects_lost": sorted(lost, key=lambda row: (row["principal"], row["project"])),
        "live_api_keys": _live_keys(before, after, changes, lost, now),
        "booked_elsewhere": sorted(elsewhere),
        "rows": rows,
    }


def _one_way(changed: list[Json], way: str) -> list[Json]:
    """The rows of what is gained, or of what is lost."""
    return [{"principal": row["principal"], "on": row["on"], "actions": row[way]} for row in changed if row[way]]


def _is_within(row: Json, within: set[str], before: Oracle, after: Oracle) -> bool:
    """Whether an entry is in one of the organizations, on both sides if it is on both. What is said of users is in none."""
    sides = [(oracle, row[side]) for oracle, side in ((before, "before"), (after, "after")) if row[side] is not None]
    return all(_organization_of(oracle, row["entry"], held) in within for oracle, held in sides)


def _organization_of(oracle: Oracle, entry: Json, held: Json) -> str | None:
    if entry["table"] in ("policy", "users"):
        return None
    if entry["table"] == "organizations":
        return str(entry["id"])
    if entry["table"] == "group_members":
        place = authority.group_place(oracle, held["group"])
        return place[0]["id"] if place is not None else None
    if "organization" in held:
        return str(held["organization"])
    project = oracle.place("project", held["in_project" if entry["table"] == "api_keys" else "project"])
    return project[0]["id"] if project is not None else None


def _moves(before: Oracle, after: Oracle, usage: Json, usual: list[tuple[str, str]]) -> bool:
    for kind, surface in usual:
        asked = usage | {"kind": kind, "surface": surface}
        if impact.booked(before, asked) != impact.booked(after, asked):
            return True
    return False


def _live_keys(before: Oracle, after: Oracle, changes: list[Json], lost: list[Json], now: int) -> list[str]:
    """The live keys of those who lose a project, and of somebody who is removed, where they made them there."""
    left = {(row["principal"], row["project"]) for row in lost}
    for change in changes:
        for organization, project in before.projects:
            member = change["type"] == "remove_member" and organization["id"] == change["organization"]
            row = change["type"] == "remove_collaborator" and project["id"] == change["project"] and "user" in change
            if member or row:
                left.add((f"user:{change['user']}", project["id"]))
    keys = [key for _, p in before.projects for key in p["api_keys"] if (f"user:{key.get('created_by')}", p["id"]) in left]
    # The maker of a key that acts as somebody is that person, and it ends with them.
    held = [after.key(key["id"]) for key in keys if key.get("acts_as") is None]
    live = [place[2] for place in held if place is not None]
    return sorted(key["id"] for key in live if not passed(key.get("revoked_at"), now) and not passed(key.get("expires_at"), now))
