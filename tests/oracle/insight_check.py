"""Everything that section 16 says of an engine's answers, on random directories: what the tests of a package run.

An engine has `explain`, `explain_usage`, `impact`, `review` and `findings` as the packages do, and answers in plain values.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, NamedTuple, Protocol

import explanations
import findings
import impact
import remedies
import reviews
from documents import Json, OracleError, reference
from guard import Guard
from random_changes import AT
from random_insight import another_policy
from random_puts import PutMaker
from random_requests import Case
from scene import Scene


class Engine(Protocol):
    """What is checked."""

    def explain(self, principal: str, action: str, resource: str, *, surface: str | None, at: str) -> Json: ...
    def explain_usage(
        self, principal: str, kind: str, *, surface: str | None, project: str | None, resource: str | None, at: str
    ) -> Json: ...
    def impact(self, other: Any, *, at: str, limit: int | None, cursor: str | None) -> Json: ...
    def review(self, *, organization: str | None, at: str) -> list[Json]: ...
    def findings(self, *, at: str) -> list[Json]: ...


class World(NamedTuple):
    """A directory, another state of it, and what is asked."""

    document: Json
    other: Json
    requests: list[Json]
    usages: list[Json]


def random_world(seed: int, built_in: Json) -> World:
    """Small, the same for the same seed. The other state is a few changes on, or a few changes back."""
    rng = random.Random(f"insight {seed}")
    case = Case(rng)
    document = case.directory()
    while len(document["organizations"]) > 2:
        case = Case(rng)
        document = case.directory()
    # The last revision that there is cannot be changed, and half of the directories would be too old to say anything else.
    document["revision"] = min(document.get("revision", 0), 2**52)
    guard = Guard({field: value for field, value in document.items() if field != "issued_at"}, built_in, AT)
    maker = PutMaker(case, guard, [])
    requests = [_plain(case.request(rng.choice(case.actions() or [("project", "", "no.action")]))) for _ in range(60)]
    usages = [_plain(case.usage()) for _ in range(60)]
    for _ in range(rng.choice([0, 1, 3, 8, 25])):
        guard.do({"do": "apply", "change": maker.change()})
    if rng.random() < 0.5:
        # Another policy, if the directory fits one of a few.
        for _ in range(4):
            change = maker.set_policy() if rng.random() < 0.3 else {"policy": another_policy(rng, guard.oracle.policy)}
            if "revision" in guard.do({"do": "apply", "change": {"type": "set_policy"} | change}):
                break
    sides = [document, guard.document]
    rng.shuffle(sides)
    return World(sides[0], sides[1], requests, usages)


def _plain(asked: Json) -> Json:
    """References as texts. What a request may ask of the age is left to the call `rule`."""
    found = {field: value for field, value in asked.items() if value is not None and field not in ("at", "min_revision", "max_age_seconds")}
    texts = {field: ":".join(reference(found[field])) for field in ("principal", "resource") if field in found}
    return found | texts


def check_explanations(engine: Engine, scene: Scene, requests: list[Json], most: int) -> Iterator[Json]:
    """Of each rule one question or two; the answers."""
    seen: dict[str, int] = {}
    for request in requests:
        try:
            rule, _ = scene.dated.ruling(request | {"at": scene.at})
        except OracleError:
            continue
        seen[rule] = seen.get(rule, 0) + 1
        if seen[rule] <= most:
            told = engine.explain(request["principal"], request["action"], request["resource"], surface=request.get("surface"), at=scene.at)
            explanations.check_explanation(scene, request, told)
            yield told


def check_usages(engine: Engine, scene: Scene, usages: list[Json]) -> Iterator[Json]:
    """All usages that can be attributed; the answers."""
    for usage in usages:
        if remedies.attributable(scene, usage):
            rest: Json = {field: usage.get(field) for field in ("surface", "project", "resource")}
            told = engine.explain_usage(usage["principal"], usage["kind"], **rest, at=scene.at)
            remedies.check_usage_explanation(scene, usage, told)
            yield told


def check_impact(engine: Engine, other: Any, scene: Scene, target: Scene, step: int = 3) -> Json:
    """All at once, the counts alone, and page by page; the whole answer."""
    wanted = impact.impact(scene.oracle, target.oracle, scene.at)
    told = engine.impact(other, at=scene.at, limit=None, cursor=None)
    assert list(told) == ["access", "bookings", "counts", "widens", "next_cursor"], list(told)
    assert told["next_cursor"] is None, "nothing is left"
    for field, value in wanted.items():
        assert told[field] == value, (field, told[field], value)
    short = engine.impact(other, at=scene.at, limit=0, cursor=None)
    assert (short["access"], short["bookings"], short["counts"], short["widens"]) == ([], [], wanted["counts"], wanted["widens"])
    read: Json = {"access": [], "bookings": []}
    cursor = behind = None
    for _ in count():
        page = engine.impact(other, at=scene.at, limit=step, cursor=cursor)
        expected, behind = impact.page(wanted, behind, step)
        assert bool(page["next_cursor"]) == bool(expected["next_cursor"]), "where it ends"
        assert page | {"next_cursor": None} == expected | {"next_cursor": None}, ("a page", page, expected)
        read = {field: read[field] + page[field] for field in read}
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert read == {field: wanted[field] for field in read}
    return told


def check_reviews(engine: Engine, scene: Scene) -> list[Json]:
    """The whole review, and that of one organization; the whole."""
    told = engine.review(organization=None, at=scene.at)
    reviews.check_review(scene, told)
    first = scene.oracle.organizations[0]["id"]
    part = engine.review(organization=first, at=scene.at)
    reviews.check_review(scene, part, first)
    assert part == [row for row in told if row["organization"] == first], "the rows of one organization"
    return told


def check_findings(engine: Engine, scene: Scene) -> list[Json]:
    """The findings; the answer."""
    told = engine.findings(at=scene.at)
    findings.check_findings(scene, told)
    return told


def refused(check: Callable[[], Any]) -> bool:
    """Whether a check fails."""
    try:
        check()
    except AssertionError:
        return True
    return False


def copied(value: Any) -> Any:
    """A value that may be spoiled."""
    return json.loads(json.dumps(value))
