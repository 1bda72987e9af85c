"""A way to ask an engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from python.data import Question

MANY = 200
"""How many questions go into one call that takes many."""


class Candidate(NamedTuple):
    """Something that answers questions by their numbers."""

    operation: str
    length: int
    """How many questions it has."""
    batch: int
    """How many it takes at a time: the ranges that it is asked for are multiples."""
    run: Callable[[int, int], list[Any]]
    """Answers from one number to before another; what is true of an answer is that it is allowed."""
    expected: list[bool] | None


Ready = Callable[[list[Question]], list[Candidate]]
"""An engine that has its data: from questions to the ways to ask them."""


def allowed(questions: Iterable[Question]) -> list[bool]:
    """What is expected."""
    return [question.allowed for question in questions]


def one_by_one(
    operation: str, prepared: Sequence[tuple[Any, Any, Any]], ask: Callable[[Any, Any, Any], Any], expected: list[bool] | None
) -> Candidate:
    """Ask questions one by one, each with the three arguments that were prepared for it."""

    def run(start: int, end: int) -> list[Any]:
        return [ask(one, two, three) for one, two, three in prepared[start:end]]

    return Candidate(operation, len(prepared), 1, run, expected)


def many(operation: str, prepared: Sequence[Any], ask: Callable[[Sequence[Any]], Iterable[Any]], expected: list[bool] | None) -> Candidate:
    """Ask many at a time."""
    batch = max(1, min(MANY, len(prepared)))
    lists = [prepared[start : start + batch] for start in range(0, len(prepared) - batch + 1, batch)]

    def run(start: int, end: int) -> list[Any]:
        return [answer for one in lists[start // batch : end // batch] for answer in ask(one)]

    length = len(lists) * batch
    return Candidate(operation, length, batch, run, expected and expected[:length])
