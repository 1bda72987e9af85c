"""What engines take to be ready, each in a process of its own."""

from __future__ import annotations

import statistics
from typing import Any

from peers.child import ExceededError, Limits, run
from peers.languages import LANGUAGES, SIZES

LIMITS = Limits(seconds=120, kilobytes=4_000_000)
AGAIN_MS = 3_000
"""What is fast is measured more than once."""
STARTS = 7


def loaded(language: str, size: str, engine: str) -> dict[str, Any]:
    """Processor time, time and resident memory; or which limit it exceeded."""
    command = [*LANGUAGES[language], SIZES[size], "--load", engine]
    try:
        measured = [run(command, LIMITS).answer]
        while len(measured) < 3 and measured[0]["wall_ms"] < AGAIN_MS:
            measured.append(run(command, LIMITS).answer)
    except ExceededError as exceeded:
        return {"exceeded": str(exceeded)}
    return {name: statistics.median(one[name] for one in measured) for name in measured[0]}


def started(language: str) -> dict[str, float]:
    """Processor time of a process until its first decision on a small directory, in milliseconds, less that of one that does nothing."""
    command = LANGUAGES[language]
    engines = [engine["engine"] for engine in run([*command, "--list"]).answer["engines"]]
    empty = statistics.median(run([*command, "--nothing"]).cpu_ms for _ in range(STARTS))

    def one(engine: str) -> float:
        return statistics.median(run([*command, SIZES["small"], "--start", engine]).cpu_ms for _ in range(STARTS)) - empty

    return {engine: one(engine) for engine in engines}
