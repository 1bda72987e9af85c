"""The facts of an explanation: which row each of them is, whether it counts, and the directory without it."""

from __future__ import annotations

from authority import group_place
from documents import Json, find, reference
from rows import ended, groups_of, member, own_row
from scene import Scene

# The rows of people and of their groups.
PEOPLE = ("member", "collaborator", "group_member", "group_collaborator")
IDS: dict[str, tuple[str, ...]] = {
    "user": ("user",),
    "organization": ("organization",),
    "member": ("organization", "user"),
    "project": ("project",),
    "collaborator": ("project", "user"),
    "group_member": ("group", "user"),
    "group_collaborator": ("project", "group"),
    "api_key": ("key",),
    "resource": ("resource",),
}


def check_facts(scene: Scene, facts: list[Json]) -> None:
    """Each is named by its ids, is said to be there exactly if it counts, and is told once."""
    for fact in facts:
        assert isinstance(fact["fact"], str) and isinstance(fact["present"], bool), fact
        if fact["fact"] in IDS and set(fact) != {"fact", "present"}:
            assert set(IDS[fact["fact"]]) <= set(fact), ("ids", fact)
            assert is_present(scene, fact) == fact["present"], ("present", fact)
        elif fact["fact"] in IDS:
            # What nobody knows need not be repeated: it may be a secret, in the wrong place.
            assert not fact["present"], ("ids", fact)
    assert all(fact not in facts[:place] for place, fact in enumerate(facts)), ("twice", facts)


def is_present(scene: Scene, fact: Json) -> bool:
    """Whether a row is there; one that has ended is not (A27), and nor is anything of whose membership has ended."""
    oracle, kind = scene.oracle, fact["fact"]
    if kind == "user":
        return oracle.knows("user", fact["user"])
    if kind in ("organization", "member"):
        organization = oracle.organization(fact["organization"])
        return organization is not None and (kind == "organization" or member(organization, fact["user"], scene.now) is not None)
    if kind == "group_member":
        held = group_place(oracle, fact["group"])
        return held is not None and fact["group"] in groups_of(held[0], fact["user"], scene.now)
    if kind == "api_key":
        return oracle.key(fact["key"]) is not None
    if kind == "resource":
        return oracle.resource(*reference(fact["resource"])) is not None
    place = oracle.place("project", fact["project"])
    if place is None or kind == "project":
        return place is not None
    if kind == "collaborator":
        return own_row(place[0], place[1], fact["user"], scene.now) is not None
    row = find(place[1]["collaborators"], "group", fact["group"])
    return row is not None and not ended(row, scene.now)


def without(scene: Scene, facts: list[Json]) -> Scene:
    """The scene if none of these rows were there. Of a user, nothing at all is left."""
    gone = [fact for fact in facts if fact["present"]]

    def edit(document: Json) -> None:
        users = [fact["user"] for fact in gone if fact["fact"] == "user"]
        document["users"] = [entry for entry in document["users"] if entry["id"] not in users]
        for organization in document["organizations"]:
            own = {"organization": organization["id"]}
            organization["members"] = _kept(organization["members"], "member", own, gone, users)
            for group in organization.get("groups", []):
                group["members"] = _kept(group["members"], "group_member", {"group": group["id"]}, gone, users)
            for project in organization["projects"]:
                own = {"project": project["id"]}
                rows = _kept(project["collaborators"], "collaborator", own, gone, users)
                project["collaborators"] = _kept(rows, "group_collaborator", own, gone, users)
                keys = [fact["key"] for fact in gone if fact["fact"] == "api_key"]
                project["api_keys"] = [key for key in project["api_keys"] if key["id"] not in keys]

    return scene.edited(edit)


def _kept(rows: list[Json], kind: str, belongs: Json, gone: list[Json], users: list[str]) -> list[Json]:
    """The rows of a list that no fact names."""
    named = [tuple(fact[field] for field in IDS[kind]) for fact in gone if fact["fact"] == kind]
    ids = [tuple((belongs | row).get(field) for field in IDS[kind]) for row in rows]
    return [row for row, name in zip(rows, ids, strict=True) if name not in named and row.get("user") not in users]
