"""What must hold of every decision, whatever the directory: the oracle held against laws that no rule spells out."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import neighbourhood_users
from documents import Json, OracleError, milliseconds, reference
from oracle import Oracle
from rows import ended, is_former

Decisions = list[Json | None]


def decisions(document: Json, policy: Json, requests: list[Json]) -> Decisions:
    """An answer for each request; none for an unknown surface."""
    oracle = Oracle(document, policy)
    found: Decisions = []
    for request in requests:
        try:
            found.append(oracle.check_access(request))
        except OracleError:
            found.append(None)
    return found


def allowed(found: Decisions) -> list[bool]:
    """Which of them are allowed."""
    return [one is not None and bool(one["allowed"]) for one in found]


def edited(document: Json, edit: Callable[[Json], Any]) -> Json:
    """A copy in which every object was edited."""

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            edit(value)
        for held in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
            walk(held)

    result = copy.deepcopy({field: value for field, value in document.items() if field != "policy"})
    walk(result)
    return result


def without(*fields: str) -> Callable[[Json], None]:
    """Takes fields out of an object."""

    def edit(entry: Json) -> None:
        for field in fields:
            entry.pop(field, None)

    return edit


def without_ended(document: Json, at: int) -> Json:
    """The same directory if nothing that has ended had ever been there; whom it named stays known."""
    result = edited(document, lambda _: None)
    named = {entry["id"] for entry in result.setdefault("users", [])}

    def forget(rows: list[Json], organization: Json) -> list[Json]:
        gone = [row for row in rows if ended(row, at) or is_former(organization, row.get("user"), at)]
        result["users"] += [{"id": row["user"]} for row in gone if "user" in row and row["user"] not in named]
        named.update(row["user"] for row in gone if "user" in row)
        return [row for row in rows if row not in gone]

    for organization in result["organizations"]:
        for project in organization["projects"]:
            project["collaborators"] = forget(project.get("collaborators", []), organization)
        for group in organization.get("groups", []):
            group["members"] = forget(group["members"], organization)
        organization["members"] = forget(organization["members"], organization)
    return result


def check_laws(document: Json, policy: Json, requests: list[Json]) -> None:
    """Suspensions, scopes and acting only take away; what has ended is not there; roles that add up are never fewer."""
    found = decisions(document, policy, requests)
    for fields in (("suspended_at",), ("scopes",), ("acts_as",), ("scopes", "acts_as", "suspended_at")):
        freer = decisions(edited(document, without(*fields)), policy, requests)
        assert all(now or not was for was, now in zip(allowed(found), allowed(freer), strict=True)), fields
    for request, decision in zip(requests, found, strict=True):
        bare = decisions(without_ended(document, milliseconds(request["at"])), policy, [request])
        assert bare == [decision], request
    strongest, union = (policy | {"role_combination": name} for name in ("strongest", "union"))
    pairs = zip(allowed(decisions(document, strongest, requests)), allowed(decisions(document, union, requests)), strict=True)
    assert all(all_of_them or not one for one, all_of_them in pairs)
    nobody = policy | {"visibilities": [], "default_project_role": None}
    nobody["organization_roles"] = [{"role": role["role"]} for role in policy["organization_roles"]]
    roleless = decisions(edited(document, without("collaborators", "groups", "visibility", "acts_as")), nobody, requests)
    for request, decision in zip(requests, roleless, strict=True):
        # Without a role, a user has nothing in any project.
        is_user = reference(request["principal"])[0] == "user"
        assert not (is_user and decision and decision["allowed"] and decision["project"]), request


def check_neighbourhood(part: int, parts: int) -> int:
    """Nothing outside the neighbourhood of a question changes its answer; how many questions were asked."""
    asked = 0
    for surrounding in neighbourhood_users.SURROUNDINGS[part::parts]:
        for bare, noisy in _pairs(surrounding):
            assert bare == noisy
            asked += len(bare)
    return asked


def _pairs(surrounding: neighbourhood_users.Surrounding) -> Iterator[tuple[list[Json], list[Json]]]:
    for case, other in zip(neighbourhood_users.user_cases(surrounding), neighbourhood_users.user_cases(surrounding, 1), strict=True):
        assert case["input"] == other["input"]
        yield case["answer"], other["answer"]
