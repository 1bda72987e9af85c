"""The method: everybody answers everything as expected; then they are measured in turn, round by round, and the medians are told.

Processor time of this process is what counts, so that others on the machine disturb as little as they can. In a round each runs once
without the clock, so that nobody pays for the cache lines that the one before has driven out.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Any

from python.candidate import Candidate

HOT = 200
"""A loop over so many questions is what caches like best."""
BUDGET_NS = 20e6
"""Somebody slow answers as many questions in a round as this allows, the next ones in every round."""
PATIENCE_S = 60
"""Somebody slow is checked on as many questions as this allows."""
LEAST = 10_000
"""A fast one runs through the questions as often as it takes to be timed well."""


@dataclass
class Course:
    """A candidate that has answered as expected."""

    engine: str
    candidate: Candidate
    checked: int
    nanoseconds: float

    def round(self, number: int, length: int) -> float:
        """Nanoseconds a question in this round."""
        batch, run = self.candidate.batch, self.candidate.run
        afford = max(1, int(BUDGET_NS / self.nanoseconds / batch)) * batch
        window = min(afford, length)
        start = (number * window) % (length - window + 1) // batch * batch if window < length else 0
        passes = max(1, min(LEAST, afford) // window)
        run(start, start + window)
        clock = time.process_time_ns()
        for _ in range(passes):
            run(start, start + window)
        return (time.process_time_ns() - clock) / (window * passes)


def checked(engine: str, candidate: Candidate) -> Course:
    """Ask everything once, and stop at the first answer that is not what was expected."""
    step = candidate.batch * ceil(20 / candidate.batch)
    answers: list[Any] = []
    clock, cpu = time.monotonic(), time.process_time_ns()
    while len(answers) < candidate.length and time.monotonic() - clock < PATIENCE_S:
        answers += candidate.run(len(answers), min(candidate.length, len(answers) + step))
    nanoseconds = (time.process_time_ns() - cpu) / len(answers)
    if candidate.expected is not None:
        for number, answer in enumerate(answers):
            assert bool(answer) == candidate.expected[number], f"{engine}, {candidate.operation}: question {number}"
    return Course(engine, candidate, len(answers), nanoseconds)


def told(times: list[float]) -> dict[str, float]:
    """The median, and where nine of ten rounds lie."""
    times = sorted(times)
    return {name: times[round((len(times) - 1) * share)] for name, share in {"median_ns": 0.5, "low_ns": 0.05, "high_ns": 0.95}.items()}


def one_set(courses: list[Course], rounds: int, length: Callable[[Candidate], int]) -> list[dict[str, float]]:
    """The first questions of each."""
    times: list[list[float]] = [[] for _ in courses]
    for number in range(rounds):
        for course, own in zip(courses, times, strict=True):
            own.append(course.round(number, length(course.candidate)))
    return [told(own) for own in times]


def measure(candidates: list[tuple[str, Candidate]], rounds: int) -> dict[str, Any]:
    """Check all, then time all."""
    courses = [checked(engine, candidate) for engine, candidate in candidates]
    # What has been loaded is there to stay; nobody pays for looking through it again.
    gc.collect()
    gc.freeze()
    hot = one_set(courses, rounds, lambda candidate: min(HOT, candidate.length))
    mixed = one_set(courses, rounds, lambda candidate: candidate.length)
    rows = zip(courses, hot, mixed, strict=True)
    return {
        "rows": [
            {"engine": one.engine, "operation": one.candidate.operation, "checked": one.checked, "hot": h, "mixed": m} for one, h, m in rows
        ]
    }
