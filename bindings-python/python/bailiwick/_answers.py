"""Answers that are made of others."""

from __future__ import annotations

from collections.abc import Iterable

from ._bailiwick import Attribution


class Attributions(list[Attribution]):
    """The answers to a batch of usage, row for row."""

    unattributed: int
    """How many rows could not be attributed; their reason is an error code."""

    def __init__(self, rows: Iterable[Attribution], unattributed: int) -> None:
        super().__init__(rows)
        self.unattributed = unattributed


Attributions.__module__ = "bailiwick"
