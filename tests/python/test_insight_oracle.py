"""Why, who, and what if: the package's answers on random directories, held against the oracle."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Bailiwick

# Behind everything else, since its modules have short names.
sys.path.append(str(Path(__file__).parents[1] / "oracle"))

import insight_check
from documents import BUILT_IN
from insight_check import World, random_world
from random_changes import AT
from scene import Scene

FIRST = json.loads(BUILT_IN.read_text("utf-8"))
SEEDS = range(24)


def needs(method: str) -> pytest.MarkDecorator:
    """A test of a method that is yet to come."""
    return pytest.mark.skipif(not hasattr(Bailiwick, method), reason=f"there is no `{method}` yet")


def plain(answer: Any) -> Any:
    """An answer as JSON has it, whether it is an object of the package or not."""
    if hasattr(answer, "to_dict"):
        return plain(answer.to_dict())
    if isinstance(answer, dict):
        return {field: plain(value) for field, value in answer.items()}
    if isinstance(answer, (list, tuple)):
        return [plain(one) for one in answer]
    return answer


class Package:
    """An engine of the package, as the checks ask it."""

    def __init__(self, document: Any) -> None:
        self.guard: Any = Bailiwick.from_directory(document)

    def explain(self, principal: str, action: str, resource: str, **rest: Any) -> Any:
        return plain(self.guard.explain(principal, action, resource, **rest))

    def explain_usage(self, principal: str, kind: str, **rest: Any) -> Any:
        return plain(self.guard.explain_usage(principal, kind, **rest))

    def impact(self, other: Package, **rest: Any) -> Any:
        return plain(self.guard.impact(other.guard, **rest))

    def review(self, **rest: Any) -> Any:
        return plain(self.guard.review(**rest))

    def findings(self, **rest: Any) -> Any:
        return plain(self.guard.findings(**rest))


@cache
def world(seed: int) -> tuple[World, Scene]:
    """A random directory with what is asked of it, and the oracle's view of it."""
    made = random_world(seed, FIRST)
    return made, Scene(made.document, FIRST, AT)


@needs("explain")
@pytest.mark.parametrize("seed", SEEDS)
def test_every_explanation_holds(seed: int) -> None:
    made, scene = world(seed)
    assert list(insight_check.check_explanations(Package(made.document), scene, made.requests, 1))


@needs("explain_usage")
@pytest.mark.parametrize("seed", SEEDS)
def test_every_remedy_leads_where_it_says(seed: int) -> None:
    made, scene = world(seed)
    list(insight_check.check_usages(Package(made.document), scene, made.usages))


@needs("impact")
@pytest.mark.parametrize("seed", SEEDS)
def test_an_impact_is_what_asking_everything_says(seed: int) -> None:
    made, scene = world(seed)
    target = Scene(made.other, FIRST, AT)
    insight_check.check_impact(Package(made.document), Package(made.other), scene, target)


@needs("impact")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_way_back_takes_what_the_way_there_gave(seed: int) -> None:
    made, _ = world(seed)
    engines = [Package(made.document), Package(made.other)]
    there, back = (one.impact(other, at=AT) for one, other in (engines, reversed(engines)))
    assert [row | {"gained": row["lost"], "lost": row["gained"]} for row in back["access"]] == there["access"]
    assert (back["counts"]["gained"], back["counts"]["lost"]) == (there["counts"]["lost"], there["counts"]["gained"])
    assert back["counts"]["bookings"] == there["counts"]["bookings"]
    assert not engines[0].impact(engines[0], at=AT)["widens"]


@needs("review")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_review_is_complete(seed: int) -> None:
    made, scene = world(seed)
    insight_check.check_reviews(Package(made.document), scene)


@needs("findings")
@pytest.mark.parametrize("seed", SEEDS)
def test_findings_are_what_is_risky_and_their_fixes_help(seed: int) -> None:
    made, scene = world(seed)
    insight_check.check_findings(Package(made.document), scene)
