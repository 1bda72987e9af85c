"""What a change would bring about: both documents are asked, and the answers compared."""

from __future__ import annotations

from authority import question
from changes import applied
from documents import Json, effective_policy, find, milliseconds, passed, support
from listings import principals, projects_of
from oracle import Oracle


def preview(document: Json, built_in: Json, step: Json) -> Json:
    """The preview of a change, or its error."""
    after = applied(document, built_in, step)
    before, later = (Oracle(one, effective_policy(one, built_in)) for one in (document, after))
    within = None
    if step.get("actor") is not None:
        # An actor learns of the organization that the change is asked of, and of no other.
        asked = question(before, step["change"])[1]
        place = before.place(asked["type"], asked["id"])
        within = {project["id"] for project in place[0]["projects"]} if place else set()
    return effects(before, later, step["change"], step["at"], within)


def effects(before: Oracle, after: Oracle, change: Json, at: str, within: set[str] | None) -> Json:
    """What changes from one document to the next, in certain projects or in all."""
    now = milliseconds(at)
    lost: list[Json] = []
    elsewhere: list[str] = []
    for kind, name in principals(before):
        had = [project for project in projects_of(before, kind, name, now) if within is None or project in within]
        has = projects_of(after, kind, name, now)
        lost += [{"principal": f"{kind}:{name}", "project": project} for project in had if project not in has]
        kept = [project for project in had if project in has]
        if any(_moves(before, after, {"principal": {"type": kind, "id": name}, "project": project, "at": at}) for project in kept):
            elsewhere.append(f"{kind}:{name}")
    return {
        "revision": after.document["revision"],
        "projects_lost": sorted(lost, key=lambda row: (row["principal"], row["project"])),
        "live_api_keys": _live_keys(before, after, change, lost, now),
        "booked_elsewhere": sorted(elsewhere),
    }


def kinds_and_surfaces(before: Json, after: Json) -> list[tuple[str, str]]:
    """Kinds and surfaces enough to see every booking: nothing but support and surface tells them apart (B1 to B6)."""
    found: dict[tuple[str, bool, str, bool], tuple[str, str]] = {}
    for kind, surface in usages(before, after):
        signs = [(support(find(p["kinds"], "kind", kind) or {}, surface), _books(p, surface)) for p in (before, after)]
        found.setdefault((*signs[0], *signs[1]), (kind, surface))
    return list(found.values())


def usages(before: Json, after: Json) -> list[tuple[str, str]]:
    """The kinds and surfaces that both policies have: of others, one side has no booking to compare."""
    kinds = [[kind["kind"] for kind in policy.get("kinds", [])] for policy in (before, after)]
    surfaces = [[surface["surface"] for surface in policy["surfaces"]] for policy in (before, after)]
    return [(k, s) for s in surfaces[0] if s in surfaces[1] for k in kinds[0] if k in kinds[1]]


def _books(policy: Json, surface: str) -> bool:
    return bool((find(policy["surfaces"], "surface", surface) or {}).get("books_to_default_project", False))


def _moves(before: Oracle, after: Oracle, usage: Json) -> bool:
    for kind, surface in kinds_and_surfaces(before.policy, after.policy):
        asked = usage | {"kind": kind, "surface": surface}
        booked = [(a["organization"], a["project"]) for a in (before.attribute(asked), after.attribute(asked))]
        if booked[0] != booked[1]:
            return True
    return False


def _live_keys(before: Oracle, after: Oracle, change: Json, lost: list[Json], now: int) -> list[str]:
    """The live keys of those who lose a project, and of somebody who is removed, where they made them there."""
    left = {(row["principal"], row["project"]) for row in lost}
    for organization, project in before.projects:
        member = change["type"] == "remove_member" and organization["id"] == change["organization"]
        row = change["type"] == "remove_collaborator" and project["id"] == change["project"] and "user" in change
        if member or row:
            left.add((f"user:{change['user']}", project["id"]))
    keys = [key for _, p in before.projects for key in p["api_keys"] if (f"user:{key.get('created_by')}", p["id"]) in left]
    # The maker of a key that acts as somebody is that person, and it ends with them.
    keys = [key for key in keys if key.get("acts_as") is None]
    held = [after.key(key["id"]) for key in keys]
    live = [place[2] for place in held if place is not None]
    return sorted(key["id"] for key in live if not passed(key.get("revoked_at"), now) and not passed(key.get("expires_at"), now))
