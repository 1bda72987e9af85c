"""What must hold of a review (section 16): it is complete, and what it says of a row is so."""

from __future__ import annotations

from functools import lru_cache

import impact
from documents import Json, actions_by_table, find, passed, reference
from listings import principals
from rows import member_role, own_row
from scene import Scene

FIELDS = ["principal", "organization", "project", "role", "source", "via", "added_at", "expires_at", "effective", "scopes"]
# A principal and a project.
Access = tuple[str, str]
# The sources whose row is the person's own in the project.
OWN = ("project_role", "external_collaborator")


def check_review(scene: Scene, told: list[Json], organization: str | None = None) -> None:
    """All rows, or those of one organization."""
    assert all(list(row) == FIELDS for row in told), "fields"
    assert all(row not in told[:place] for place, row in enumerate(told)), "twice"
    effective = {(row["principal"], row["project"]) for row in told if row["effective"] and row["project"] is not None}
    allowed, possible = access_in(scene, organization)
    assert allowed <= effective, ("missing", allowed - effective)
    # What somebody may do on another surface than their own alone may be told or not.
    assert effective <= allowed | possible, ("allowed nothing there", effective - allowed - possible)
    for row in told:
        assert organization in (None, row["organization"]), ("another organization", row)
        _check_row(scene, row)


def access_in(scene: Scene, organization: str | None) -> tuple[set[Access], set[Access]]:
    """Who is allowed what `access_by` says, in the projects of one organization or of all."""
    inside = {project["id"] for owner, project in scene.oracle.projects if organization in (None, owner["id"])}
    found = [{access for access in part if access[1] in inside} for part in access_by(scene)]
    return found[0], found[1]


@lru_cache(maxsize=2)
def access_by(scene: Scene) -> tuple[set[Access], set[Access]]:
    """Who is allowed any project or kind action in which project: on their default surface, and on another one alone."""
    oracle = scene.oracle
    tables = actions_by_table(oracle.policy)
    inside = set(tables["project"] + tables["kind"])
    # Of those that nothing tells apart, one.
    actions = [alike[0] for alike in impact.actions(oracle.policy, oracle.policy) if alike[0] in inside]
    surfaces = [surface["surface"] for surface in oracle.policy["surfaces"]]
    found: tuple[set[Access], set[Access]] = (set(), set())
    for kind, name in principals(oracle):
        for _, project in oracle.projects:
            asked: Json = {"principal": {"type": kind, "id": name}, "resource": {"type": "project", "id": project["id"]}}
            if any(scene.allows(asked | {"action": action}) for action in actions):
                found[0].add((f"{kind}:{name}", project["id"]))
            elif any(scene.allows(asked | {"action": action, "surface": on}) for action in actions for on in surfaces):
                found[1].add((f"{kind}:{name}", project["id"]))
    return found


def _check_row(scene: Scene, row: Json) -> None:
    """What a row says of its principal, of its place, and of a source that has a row in the document."""
    oracle = scene.oracle
    kind, name = reference(row["principal"])
    assert oracle.knows(kind, name), ("nobody", row)
    held = oracle.organization(row["organization"])
    assert held is not None, ("no organization", row)
    key = oracle.key(name) if kind == "api_key" else None
    assert row["scopes"] == (key[2].get("scopes") if key is not None else None), ("scopes", row)
    if row["project"] is None:
        return
    project = find(held["projects"], "id", row["project"])
    assert project is not None, ("no project", row)
    if key is not None:
        ends = [passed(key[2].get(field), scene.now) for field in ("revoked_at", "expires_at")]
        assert not (row["effective"] and any(ends)), ("a dead key", row)
        return
    if row["effective"]:
        assert (row["source"], row["role"]) in sources(scene, held, project, name), ("no such source", row)
    if row["source"] in OWN:
        entry = find(project["collaborators"], "user", name) or {}
        assert (row["role"], row["added_at"], row["expires_at"]) == (entry.get("role"), entry.get("added_at"), entry.get("expires_at")), row


def sources(scene: Scene, organization: Json, project: Json, user: str) -> list[tuple[str, str | None]]:
    """All that may make a user's row effective: the roles of A19, an external's of A21, what a visibility gives (A28)."""
    oracle = scene.oracle
    held = member_role(organization, user, scene.now)
    if held is None:
        return [oracle.external_role(organization, project, user, scene.now)]
    found: list[tuple[str, str | None]] = [*oracle.sources(organization, project, user, scene.now)]
    seen = [row for row in oracle.visibility(project).get("actions", []) if held in row["roles"] and row["actions"]]
    return found + ([("project_visibility", held)] if seen else [])


def some_review(scene: Scene, organization: str | None = None) -> list[Json]:
    """A review as the oracle would write one: a row per source, effective where anything is allowed."""
    oracle = scene.oracle
    effective, _ = access_in(scene, organization)
    found: list[Json] = []
    for kind, name in principals(oracle):
        for owner, project in oracle.projects:
            if organization not in (None, owner["id"]):
                continue
            key = oracle.key(name) if kind == "api_key" else None
            given: list[tuple[str, str | None]] = []
            if key is not None:
                given = [("api_key_scope", None)] if oracle.reaches(key, project) else []
            elif kind == "user":
                given = [one for one in sources(scene, owner, project, name) if one[1] is not None]
            for place, (source, role) in enumerate(given):
                row: Json = dict.fromkeys(FIELDS) | {"principal": f"{kind}:{name}", "organization": owner["id"]}
                row |= {"project": project["id"], "role": role, "source": source, "via": str(place)}
                if source in OWN:
                    own = own_row(owner, project, name, scene.now) or {}
                    row |= {field: own.get(field) for field in ("added_at", "expires_at")}
                row["effective"] = (row["principal"], row["project"]) in effective
                row["scopes"] = key[2].get("scopes") if key is not None else None
                found.append(row)
    return found
