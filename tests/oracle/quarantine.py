"""Quarantine: a directory without the organizations that have a fault, instead of none."""

from __future__ import annotations

from typing import Any

import document_shape
import shapes
from document_faults import Meaning, check_directory, known_policy, places
from documents import Json, OracleError

# The ids that only one organization can have, by the lists that declare them.
CLAIMED = ("groups", "projects", "api_keys", "resources")


def sound_part(document: Json, built_in: Json, before: Json | None = None, override: Json | None = None) -> tuple[Json, list[Json]]:
    """The document without what has a fault, and what was left out. Of an id that two claim, the one that had it before keeps it."""
    if not isinstance(document, dict) or not isinstance(document.get("organizations"), list):
        check_directory(document, built_in, override)
    # Everything outside is as ever; it is looked at before the organizations.
    check_directory(document | {"organizations": [], "users": without_homes(document.get("users", []))}, built_in, override)
    policy: Any = document.get("policy", built_in["id"])
    effective = override or (policy if isinstance(policy, dict) else known_policy(policy))
    faults: dict[int, tuple[str, str]] = {}
    for place, organization in enumerate(document["organizations"]):
        fault = own_fault(organization, effective)
        if fault is not None:
            faults[place] = fault
    # Whoever is left out keeps what it had, against which others may stand that nothing stood against yet.
    while more := claimed(document["organizations"], faults, effective, before):
        faults |= more
    kept = [organization for place, organization in enumerate(document["organizations"]) if place not in faults]
    told = [
        {"organization": named(document["organizations"][place]), "code": code, "path": f"/organizations/{place}{path}"}
        for place, (code, path) in sorted(faults.items())
    ]
    sound = document | {"organizations": kept}
    check_directory(sound, built_in, override)
    return sound, told


def without_homes(users: Any) -> Any:
    """Entries of `users` whose homes are looked at later, with the organizations."""
    if not isinstance(users, list):
        return users
    return [
        {k: v for k, v in entry.items() if k != "organization" or not isinstance(v, str)} if isinstance(entry, dict) else entry
        for entry in users
    ]


def named(organization: Any) -> str | None:
    """The id of an organization, if it has one. What is no id could be anything, so it is not told."""
    name = organization.get("id") if isinstance(organization, dict) else None
    try:
        shapes.identifier(name, "")
    except OracleError:
        return None
    return str(name)


def own_fault(organization: Any, policy: Json) -> tuple[str, str] | None:
    """The first fault of an organization by itself, and its path within."""
    try:
        document_shape.organization(organization, "")
    except OracleError as error:
        return error.code, error.path
    alone: Json = {"organizations": [organization]}
    order = list(places(alone, ""))
    found = sorted(Meaning(alone, policy).faults(), key=lambda fault: order.index(fault[1]))
    return (found[0][0], found[0][1].removeprefix("/organizations/0")) if found else None


def claimed(organizations: list[Any], faulty: dict[int, Any], policy: Json, before: Json | None) -> dict[int, tuple[str, str]]:
    """Those that claim what another one claims too, and had it not before: nobody is evicted by somebody else's fault."""
    holders: dict[tuple[str, str], list[tuple[int, str, str]]] = {}
    for place, organization in enumerate(organizations):
        if place in faulty:
            # What is left out for a fault of its own claims nothing but its id.
            name = named(organization)
            if name is not None:
                holders.setdefault(("organization", name), []).append((place, "duplicate_id", "/id"))
            continue
        for claim, code, path in claims(organization, policy):
            holders.setdefault(claim, []).append((place, code, path))
    previous: dict[tuple[str, str], str] = {}
    for organization in (before or {"organizations": []})["organizations"]:
        previous |= {claim: organization["id"] for claim, _, _ in claims(organization, policy)}
    staying = {named(organizations[place]) for place in faulty} - {None}
    found: dict[int, list[tuple[str, str]]] = {}
    for claim, who in holders.items():
        sound = {place for place, _, _ in who if place not in faulty}
        # Under one id nobody can be told from the other.
        same = claim[0] == "organization"
        if len(who if same else sound) < 2 and (same or previous.get(claim) not in staying):
            continue
        for place, code, path in who:
            if place in sound and (same or named(organizations[place]) != previous.get(claim)):
                found.setdefault(place, []).append((code, path))
    first: dict[int, tuple[str, str]] = {}
    for place, told in found.items():
        order = list(places(organizations[place], ""))
        first[place] = min(told, key=lambda fault: order.index(fault[1]))
    return first


def claims(organization: Any, policy: Json) -> list[tuple[tuple[str, str], str, str]]:
    """Everything of which there is one in a directory: what it is, the code of a second one, and its path."""
    found: list[tuple[tuple[str, str], str, str]] = [(("organization", organization["id"]), "duplicate_id", "/id")]
    if not policy.get("multiple_organizations", False):
        for place, row in enumerate(organization["members"]):
            found.append((("member", row["user"]), "user_in_two_organizations", f"/members/{place}/user"))
    found += [(("group", group["id"]), "duplicate_id", f"/groups/{n}/id") for n, group in enumerate(organization.get("groups", []))]
    for number, project in enumerate(organization["projects"]):
        path = f"/projects/{number}"
        found.append((("project", project["id"]), "duplicate_id", f"{path}/id"))
        for place, key in enumerate(project.get("api_keys", [])):
            found.append((("api_key", key["id"]), "duplicate_id", f"{path}/api_keys/{place}/id"))
            if key.get("digest") is not None and key.get("revoked_at") is None:
                found.append((("digest", key["digest"].lower()), "duplicate_digest", f"{path}/api_keys/{place}/digest"))
        for place, resource in enumerate(project.get("resources", [])):
            name = f"{resource['kind']}:{resource['id']}"
            found.append((("resource", name), "duplicate_id", f"{path}/resources/{place}/id"))
    return found
