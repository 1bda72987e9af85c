"""What a file of cases says once for all of them: the instant of requests, and members of answers."""

from __future__ import annotations

from typing import Any

Json = Any


def with_at(given: Json, at: str | None) -> Json:
    """A request, or each of a list, with the file's `at` where it has none of its own."""
    if isinstance(given, list):
        return [with_at(one, at) for one in given]
    return {**given, "at": at} if at is not None and isinstance(given, dict) and "at" not in given else given


def merged(answer: Json, shared: Json) -> Json:
    """An answer, or each of a list, with the members that all answers of the file share."""
    if isinstance(answer, list):
        return [merged(one, shared) for one in answer]
    return {**shared, **answer} if isinstance(answer, dict) else answer
