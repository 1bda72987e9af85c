"""Changes that would allow a denied question: some that nobody would miss, found by trying."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from change_policy import declared
from documents import Json, reference
from lookups import Place
from scene import Scene


def suggestions(scene: Scene, request: Json) -> Iterator[Json]:
    """Those that really allow it: weakest role first, switches last."""
    return (change for change in _candidates(scene, request) if helps(scene, request, change))


def helps(scene: Scene, request: Json, change: Json, actor: str | None = None) -> bool:
    """Whether a change can be made, by the platform or by somebody, and allows the question."""
    after = scene.can([change], actor)
    return after is not None and after.allows(request)


def _candidates(scene: Scene, request: Json) -> Iterator[Json]:
    oracle = scene.oracle
    kind, name = reference(request["principal"])
    place = oracle.place(*reference(request["resource"]))
    if place is None or not place[0]:
        # Of nothing, or of somebody: no grant helps.
        return
    key = oracle.key(name) if kind == "api_key" else None
    if key is not None:
        yield from _of_key(key, place)
    person = name if kind == "user" else key[2].get("acts_as") if key is not None else None
    if person is not None and oracle.knows("user", person):
        yield from _of_person(scene, person, place)
    if place[1]:
        yield {"type": "resume", "project": place[1]["id"]}
    yield {"type": "resume", "organization": place[0]["id"]}
    if place[1]:
        yield {"type": "set_external_collaborators", "project": place[1]["id"], "allowed": True}


def _of_key(key: Place, place: Place) -> Iterator[Json]:
    """What an administrator does first for a key: lets it last, reach and do more."""
    named: Json = {"key": key[2]["id"]}
    if "expires_at" in key[2]:
        yield {"type": "expire_api_key", **named, "expires_at": None}
    if place[1]:
        further: Any = key[2].get("projects") or []
        if isinstance(further, list):
            yield {"type": "update_api_key", **named, "projects": [*further, place[1]["id"]]}
    if key[2].get("scopes") is not None:
        yield {"type": "update_api_key", **named, "scopes": None}


def _of_person(scene: Scene, user: str, place: Place) -> Iterator[Json]:
    """Rows and roles, the weakest first; and the end of a suspension."""
    organization, project, _ = place
    policy = scene.oracle.policy
    if project:
        for role in reversed(policy["project_roles"]):
            yield {"type": "add_collaborator", "project": project["id"], "user": user, "role": role}
            yield {"type": "set_collaborator_role", "project": project["id"], "user": user, "role": role}
    for role in reversed(declared(policy, "organization_roles")):
        yield {"type": "add_member", "organization": organization["id"], "user": user, "role": role}
        yield {"type": "set_member_role", "organization": organization["id"], "user": user, "role": role}
    yield {"type": "resume", "organization": organization["id"], "user": user}
    yield {"type": "resume", "user": user}
