"""Wrong answers about section 16: each of them must be refused, or the checks would check nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import explanations
from documents import Json
from insight_check import (
    Engine,
    World,
    check_explanations,
    check_findings,
    check_impact,
    check_reviews,
    check_usages,
    copied,
    refused,
)
from scene import Scene

# A change that helps nobody.
IDLE = {"type": "put_user", "user": {"id": "somebody new"}}
# Spoils an answer in place; false where it has nothing to spoil.
Mistake = Callable[[Any], bool]


class Mistaken:
    """An engine that makes one mistake wherever it can, in one sort of answer."""

    def __init__(self, engine: Any, call: str, mistake: Mistake) -> None:
        self.engine = engine
        self.call = call
        self.mistake = mistake
        self.made = False

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def asked(*arguments: Any, **named: Any) -> Any:
            answer = copied(getattr(self.engine, name)(*arguments, **named))
            if name == self.call and self.mistake(answer):
                self.made = True
            return answer

        return asked


class Remembering:
    """An engine that is asked everything once: mistakes are many, and its answers do not change."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.answers: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def asked(*arguments: Any, **named: Any) -> Any:
            question = repr((name, arguments, named))
            if question not in self.answers:
                self.answers[question] = getattr(self.engine, name)(*arguments, **named)
            return self.answers[question]

        return asked


def check_mistakes(engine: Any, other: Any, scene: Scene, target: Scene, world: World) -> Counter[str]:
    """Each mistake is refused wherever it is made; how often each was made."""
    made: Counter[str] = Counter()
    engine = Remembering(engine)
    for call, ask in _asked(other, scene, target, world):
        for mistake in MISTAKES[call]:
            mistaken: Any = Mistaken(engine, call, mistake)
            assert refused(partial(ask, mistaken)) == mistaken.made, (call, mistake.__name__)
            made[_name(call, mistake)] += mistaken.made
    return made


def _asked(other: Any, scene: Scene, target: Scene, world: World) -> Iterator[tuple[str, Callable[[Engine], Any]]]:
    """Questions one by one, so that every mistake is seen by itself."""

    def explained(request: Json, engine: Engine) -> None:
        list(check_explanations(engine, scene, [request], 1))

    def booked(usage: Json, engine: Engine) -> None:
        list(check_usages(engine, scene, [usage]))

    for request in world.requests[:25]:
        yield "explain", partial(explained, request)
    for usage in world.usages[:25]:
        yield "explain_usage", partial(booked, usage)
    yield "impact", lambda engine: check_impact(engine, other, scene, target)
    yield "review", lambda engine: check_reviews(engine, scene)
    yield "findings", lambda engine: check_findings(engine, scene)


def mistake_names() -> list[str]:
    """All mistakes that there are."""
    return [_name(call, mistake) for call, mistakes in MISTAKES.items() for mistake in mistakes]


def _name(call: str, mistake: Mistake) -> str:
    return f"{call}: {mistake.__name__}"


# Explanations


def the_rule(answer: Json) -> bool:
    answer["rule"] = "A9"
    return True


def the_decision(answer: Json) -> bool:
    answer["decision"]["allowed"] = not answer["decision"]["allowed"]
    return True


def a_fact(answer: Json) -> bool:
    for fact in answer["facts"][:1]:
        fact["present"] = not fact["present"]
    return bool(answer["facts"])


def no_ground(answer: Json) -> bool:
    answer["facts"] = []
    return bool(answer["decision"]["allowed"])


def no_suggestion(answer: Json) -> bool:
    found = bool(answer["would_allow"])
    answer["would_allow"] = []
    return found


def an_idle_suggestion(answer: Json) -> bool:
    answer["would_allow"].append({"change": IDLE, "by": []})
    return True


def somebody_who_may_not(answer: Json) -> bool:
    for entry in answer["would_allow"][:1]:
        entry["by"] = ["user:nobody at all"]
    return bool(answer["would_allow"])


def somebody_left_out(answer: Json) -> bool:
    named = [entry["by"] for entry in answer["would_allow"] if entry["by"]]
    for by in named[:1]:
        by.pop()
    return bool(named)


def too_many(answer: Json) -> bool:
    for entry in answer["would_allow"][:1]:
        entry["by"] = [f"user:{number}" for number in range(11)]
    return bool(answer["would_allow"])


def the_strongest_first(answer: Json) -> bool:
    told = answer["would_allow"]
    granting = [entry for entry in told if "role" in entry["change"]]
    told[:] = granting[::-1] + [entry for entry in told if entry not in granting]
    bare = [{field: value for field, value in entry["change"].items() if field != "role"} for entry in granting]
    return any(one in bare[:place] for place, one in enumerate(bare))


def a_switch_first(answer: Json) -> bool:
    told = answer["would_allow"]
    switches = [entry for entry in told if entry["change"]["type"] in explanations.SWITCHES]
    told[:] = switches + [entry for entry in told if entry not in switches]
    return bool(switches) and any("role" in entry["change"] for entry in told)


# Usages


def where_it_leads(answer: Json) -> bool:
    for remedy in answer["remedies"][:1]:
        remedy["matches_intended"] = not remedy["matches_intended"]
    return bool(answer["remedies"])


def no_remedy(answer: Json) -> bool:
    found = bool(answer["remedies"])
    answer["remedies"] = []
    return found


def the_booking(answer: Json) -> bool:
    answer["attribution"]["project"] = "nowhere"
    return True


# Impacts


def the_direction(answer: Json) -> bool:
    for row in answer["access"]:
        row["gained"], row["lost"] = row["lost"], row["gained"]
    return bool(answer["access"])


def the_other_way_round(answer: Json) -> bool:
    for row in answer["bookings"]:
        row["before"], row["after"] = row["after"], row["before"]
    return bool(answer["bookings"])


def a_row_left_out(answer: Json) -> bool:
    rows = answer["bookings"] or answer["access"]
    return bool(rows and rows.pop())


def whether_it_widens(answer: Json) -> bool:
    answer["widens"] = not answer["widens"]
    return True


def a_count(answer: Json) -> bool:
    answer["counts"]["principals"] += 1
    return True


def no_end(answer: Json) -> bool:
    answer["next_cursor"] = "again"
    return True


# Reviews and findings


def no_effect(answer: list[Json]) -> bool:
    named = [row for row in answer if row["effective"]]
    for row in answer:
        if named and (row["principal"], row["project"]) == (named[0]["principal"], named[0]["project"]):
            row["effective"] = False
    return bool(named)


def an_effect_elsewhere(answer: list[Json]) -> bool:
    named = [row for row in answer if row["effective"]]
    answer += [row | {"project": "nowhere"} for row in named[:1]]
    return bool(named)


def another_role(answer: list[Json]) -> bool:
    named = [row for row in answer if row["effective"] and row["principal"].startswith("user:")]
    for row in named[:1]:
        row["role"] = "no such role"
    return bool(named)


def no_such_thing(answer: list[Json]) -> bool:
    told: Json = {"finding": "group_empty", "severity": "low", "subject": "group:no such group", "on": None}
    answer.append(told | {"sentence": "it is empty", "fix": []})
    return True


def one_missing(answer: list[Json]) -> bool:
    return bool(answer and answer.pop())


def one_twice(answer: list[Json]) -> bool:
    answer += answer[:1]
    return bool(answer)


def a_fix_that_does_not_help(answer: list[Json]) -> bool:
    for told in answer[:1]:
        told["fix"] = [IDLE]
    return bool(answer)


OF_DECISIONS: list[Mistake] = [the_rule, the_decision, a_fact, no_ground, no_suggestion]
OF_DECISIONS += [an_idle_suggestion, somebody_who_may_not, somebody_left_out, too_many, the_strongest_first, a_switch_first]
MISTAKES: dict[str, list[Mistake]] = {
    "explain": OF_DECISIONS,
    "explain_usage": [the_rule, where_it_leads, no_remedy, the_booking],
    "impact": [the_direction, the_other_way_round, a_row_left_out, whether_it_widens, a_count, no_end],
    "review": [no_effect, an_effect_elsewhere, another_role],
    "findings": [no_such_thing, one_missing, one_twice, a_fix_that_does_not_help],
}
