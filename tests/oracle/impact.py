"""What differs between two directories (section 16): what everybody may do, and where usage is booked. Asked about everything."""

from __future__ import annotations

from typing import Any

from documents import Json, actions_by_table, find, milliseconds, support
from listings import principals, projects_of
from oracle import Oracle

Usage = tuple[str, str]


def timeless(oracle: Oracle) -> Oracle:
    """The same state without an age: nothing is stale in section 16."""
    document = {field: value for field, value in oracle.document.items() if field not in ("issued_at", "max_age_seconds")}
    return Oracle(document, oracle.policy, oracle.elsewhere)


def impact(before: Oracle, after: Oracle, at: str) -> Json:
    """The whole answer, with all rows."""
    changed, moved = access(before, after, at, None), bookings(before, after, at)
    counts = {
        "principals": len({row["principal"] for row in [*changed, *moved]}),
        "gained": sum(len(row["gained"]) for row in changed),
        "lost": sum(len(row["lost"]) for row in changed),
        "bookings": sum(len(row["usage"]) for row in moved),
    }
    return {"access": changed, "bookings": moved, "counts": counts, "widens": counts["gained"] > 0}


def page(whole: Json, behind: Any, limit: int | None) -> tuple[Json, Any]:
    """The rows behind a place, those of access first, and the place of the last one if there are more. Of no rows, none follow."""
    places = [(0, row["principal"], row["on"]) for row in whole["access"]]
    places += [(1, *booking_order(row)) for row in whole["bookings"]]
    rows = [*whole["access"], *whole["bookings"]]
    listed = [(place, row) for place, row in zip(places, rows, strict=True) if behind is None or place > behind]
    more = limit is not None and 0 < limit < len(listed)
    shown = listed if limit is None else listed[:limit]
    told: Json = {"access": [row for place, row in shown if place[0] == 0], "bookings": [row for place, row in shown if place[0] == 1]}
    told |= {"counts": whole["counts"], "widens": whole["widens"], "next_cursor": "*" if more else None}
    return told, shown[-1][0] if more else None


def access(before: Oracle, after: Oracle, at: str, within: set[str] | None) -> list[Json]:
    """What each principal gains and loses on each object, in certain organizations or in all."""
    sides = [timeless(one) for one in (before, after)]
    everybody = sorted({f"{kind}:{name}" for side in sides for kind, name in principals(side)})
    objects = sorted({name for side in sides for name in _objects(side, sides, within)})
    groups = actions(before.policy, after.policy)
    found: list[Json] = []
    for who in everybody:
        for on in objects:
            gained: list[str] = []
            lost: list[str] = []
            for alike in groups:
                asked = {"principal": who, "action": alike[0], "resource": on, "at": at}
                had, has = (side.check_access(asked)["allowed"] for side in sides)
                gained += alike if has and not had else []
                lost += alike if had and not has else []
            if gained or lost:
                found.append({"principal": who, "on": on, "gained": sorted(gained), "lost": sorted(lost)})
    return found


def bookings(before: Oracle, after: Oracle, at: str) -> list[Json]:
    """Where usage of each principal in each project is booked, before and after, where that differs."""
    now, sides = milliseconds(at), [timeless(one) for one in (before, after)]
    groups = usages_alike(before.policy, after.policy)
    found: list[Json] = []
    for kind, name in principals(sides[0]):
        listed = [projects_of(side, kind, name, now) for side in sides]
        for project in listed[0]:
            if project not in listed[1]:
                continue
            asked = {"principal": {"type": kind, "id": name}, "project": project, "at": at}
            rows: dict[tuple[Booking, Booking], list[str]] = {}
            for alike in groups:
                was, will = (booked(side, asked | {"kind": alike[0][0], "surface": alike[0][1]}) for side in sides)
                if was != will:
                    rows.setdefault((was, will), []).extend(f"{kind}@{surface}" for kind, surface in alike)
            for pair, usage in rows.items():
                told = [{"organization": organization, "project": default} for organization, default in pair]
                found.append(
                    {"principal": f"{kind}:{name}", "project": project, "before": told[0], "after": told[1], "usage": sorted(usage)}
                )
    return sorted(found, key=booking_order)


Booking = tuple[str | None, str | None]


def booked(oracle: Oracle, usage: Json) -> Booking:
    """The organization and the project that a usage is booked to."""
    told = oracle.attribute(usage)
    return told["organization"], told["project"]


def booking_order(row: Json) -> tuple[Any, ...]:
    """Byte order: by principal and project, then by both bookings; nothing comes before everything."""
    ends = [row[side][field] for side in ("before", "after") for field in ("organization", "project")]
    return (row["principal"], row["project"], *((end is not None, end or "") for end in ends))


def usages(before: Json, after: Json) -> list[Usage]:
    """The kinds and surfaces that both policies have: of others, one side has no booking to compare."""
    kinds = [[kind["kind"] for kind in policy.get("kinds", [])] for policy in (before, after)]
    surfaces = [[surface["surface"] for surface in policy["surfaces"]] for policy in (before, after)]
    return [(k, s) for s in surfaces[0] if s in surfaces[1] for k in kinds[0] if k in kinds[1]]


def usages_alike(before: Json, after: Json) -> list[list[Usage]]:
    """All of them; those that nothing tells apart stand together: support and surface alone decide (B1 to B6)."""
    found: dict[Any, list[Usage]] = {}
    for kind, surface in usages(before, after):
        signs = [(support(find(p["kinds"], "kind", kind) or {}, surface), _books(p, surface)) for p in (before, after)]
        found.setdefault((*signs[0], *signs[1]), []).append((kind, surface))
    return list(found.values())


def _books(policy: Json, surface: str) -> bool:
    return bool((find(policy["surfaces"], "surface", surface) or {}).get("books_to_default_project", False))


# Whether organizations that are equal on both sides are passed over, where nothing outside them differs. The self-check asks without.
SHORT_CUT = True


def _objects(side: Oracle, sides: list[Oracle], within: set[str] | None) -> list[str]:
    """Organizations, projects and organization default keys, of those organizations in which anything can differ."""
    alike = next(other for other in sides if other is not side)
    whole = not SHORT_CUT or side.policy != alike.policy or side.users != alike.users
    found: list[str] = []
    for organization in side.organizations:
        if (not whole and alike.organization(organization["id"]) == organization) or (
            within is not None and organization["id"] not in within
        ):
            continue
        found.append(f"organization:{organization['id']}")
        for project in organization["projects"]:
            found.append(f"project:{project['id']}")
            keys = [key["id"] for key in project["api_keys"] if key["kind"] == "organization_default"]
            found += [f"{side.policy['api_key_kind']}:{key}" for key in keys if side.policy.get("api_key_kind") is not None]
    return found


def actions(before: Json, after: Json) -> list[list[str]]:
    """All actions but those on oneself; those that nothing tells apart stand together."""
    found: dict[str, list[str]] = {}
    sides = [Oracle({"organizations": []}, policy) for policy in (before, after)]
    names = dict.fromkeys(
        name for policy in (before, after) for table, held in actions_by_table(policy).items() if table != "self" for name in held
    )
    for name in names:
        found.setdefault(repr([_signs(side, name) for side in sides]), []).append(name)
    return list(found.values())


def _signs(side: Oracle, name: str) -> Any:
    """Everything in a policy that a decision on an action looks at."""
    action, policy = side.find_action(name), side.policy
    if action is None:
        return None
    kind: Json = action.get("kind") or {}
    of_kind = (kind.get("kind") == policy.get("api_key_kind"), action.get("verb") == policy.get("create_verb"))
    surfaces = [support(kind, surface["surface"]) for surface in policy["surfaces"]]
    facts = [action.get(field) for field in ("table", "roles", "external", "owner", "api_key")]
    scopes = [
        name in scope.get("actions", []) or action.get("verb") in scope.get("verbs", []) or kind.get("kind") in scope.get("kinds", [])
        for scope in policy.get("api_key_scopes", [])
    ]
    seen = [name in row["actions"] for one in policy.get("visibilities", []) for row in one.get("actions", [])]
    spared = [name in policy.get("suspended_actions", {}).get(part, []) for part in ("principal", "scope")]
    return [facts, of_kind if kind else None, surfaces, scopes, seen, spared]
