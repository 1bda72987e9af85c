"""What an engine answers, beside what was expected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bailiwick import Bailiwick, BailiwickError

from .cases import Expectation

ABSENT = "nothing"


@dataclass(frozen=True)
class Difference:
    """A member of an answer that is not as expected. `name` is empty for the whole answer."""

    name: str
    expected: Any
    actual: Any


@dataclass(frozen=True)
class Failure:
    """An expectation that does not hold, and why the engine answers otherwise: the rule and the sentence, for questions that have one."""

    case: Expectation
    differences: list[Difference]
    rule: str | None
    sentence: str | None

    def to_dict(self) -> dict[str, Any]:
        """The failure as a dict of JSON values."""
        return {
            "case": self.case.number,
            "note": self.case.note,
            "call": self.case.call,
            "input": self.case.given,
            "differences": [{"name": one.name, "expected": one.expected, "actual": one.actual} for one in self.differences],
            "rule": self.rule,
            "sentence": self.sentence,
        }


def failure_of(guard: Bailiwick, case: Expectation) -> Failure | None:
    """Why an expectation does not hold; None if it does."""
    actual, is_error = _outcome(guard, case)
    if is_error != case.is_error:
        kind = ("an answer", "an error")
        differences = [Difference("", kind[case.is_error], f"error {actual['code']}" if is_error else kind[False])]
    else:
        differences = list(_differences("", case.outcome, actual))
    if not differences:
        return None
    rule, sentence = (None, None) if is_error else _reason(guard, case)
    return Failure(case, differences, rule, sentence)


def _outcome(guard: Bailiwick, case: Expectation) -> tuple[Any, bool]:
    try:
        # A request can ask more than the quick method takes.
        answer = getattr(guard, "check_access" if case.call == "is_allowed" else case.call)(**case.given)
    except BailiwickError as error:
        return {"code": error.code, "path": error.path}, True
    return (answer.allowed if case.call == "is_allowed" or isinstance(case.outcome, bool) else answer.to_dict()), False


def _differences(name: str, expected: Any, actual: Any) -> Iterator[Difference]:
    """The members that are expected and differ. Others may be anything."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for member, value in expected.items():
            yield from _differences(f"{name}.{member}" if name else member, value, actual.get(member, ABSENT))
    elif type(expected) is not type(actual) or expected != actual:
        yield Difference(name, expected, actual)


def _reason(guard: Bailiwick, case: Expectation) -> tuple[str | None, str | None]:
    if case.call in {"check_access", "is_allowed", "explain"}:
        told = guard.explain(**case.given)
        return told.rule, told.sentence
    if case.call in {"attribute", "explain_usage"}:
        usage = guard.explain_usage(**case.given)
        return usage.rule, usage.sentence
    return None, None
