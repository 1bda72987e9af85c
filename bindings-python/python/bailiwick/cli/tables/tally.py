"""Counts where usage is booked, and why."""

from __future__ import annotations

from collections import Counter
from typing import Any, get_args

from rich.console import RenderableType

from bailiwick.types import AttributionReason

from ..terminal.console import count, table
from ..terminal.extras import arrow

REASONS: tuple[str, ...] = get_args(AttributionReason)
SHOWN = 20
"""How many projects a summary shows."""

BOOKED = {
    "predates_projects": "older than the projects of its organization",
    "playground": "used where everything is booked to the default project",
    "project_scoped": "kept apart by project",
    "external_home_organization": "perhaps another organization's, since an external collaborator used it",
    "default_project_fallback": "of a kind that is not kept apart by project",
}
"""Each reason in a few words, for the summary."""

Destination = tuple[str | None, str | None]


class Tally:
    """Counts rows by destination and by reason."""

    def __init__(self, organization: str, project: str, reason: str) -> None:
        self._columns = [organization, project, reason]
        self._groups: Counter[tuple[str | None, str | None, str]] = Counter()
        self.rows: int = 0

    def add(self, batch: Any) -> None:
        """Counts a batch of answers."""
        pa = arrow()
        self.rows += batch.num_rows
        groups = pa.Table.from_batches([batch.select(self._columns)]).group_by(self._columns).aggregate([([], "count_all")])
        for organization, project, reason, number in zip(*(column.to_pylist() for column in groups.columns), strict=True):
            self._groups[(organization, project, reason)] += number

    @property
    def reasons(self) -> Counter[str]:
        """Rows that were attributed, by reason."""
        return self._by_reason(is_attributed=True)

    @property
    def errors(self) -> Counter[str]:
        """Rows that could not be attributed, by code."""
        return self._by_reason(is_attributed=False)

    @property
    def unattributed(self) -> int:
        """How many rows could not be attributed."""
        return self.errors.total()

    @property
    def places(self) -> Counter[Destination]:
        """Rows that were attributed, by organization and project."""
        places: Counter[Destination] = Counter()
        for (organization, project, reason), number in self._groups.items():
            if reason in REASONS:
                places[(organization, project)] += number
        return places

    def _by_reason(self, *, is_attributed: bool) -> Counter[str]:
        found: Counter[str] = Counter()
        for (_, _, reason), number in self._groups.items():
            if (reason in REASONS) is is_attributed:
                found[reason] += number
        return found

    def to_dict(self) -> dict[str, Any]:
        """The counts as a dict of JSON values, the most frequent first."""
        return {
            "rows": self.rows,
            "unattributed": self.unattributed,
            "reasons": dict(_ordered(self.reasons)),
            "errors": dict(_ordered(self.errors)),
            "places": [
                {"organization": organization, "project": project, "rows": number}
                for (organization, project), number in _ordered(self.places)
            ],
        }

    def rendered(self) -> list[RenderableType]:
        """The counts as tables."""
        places = _ordered(self.places)
        shown = [[*(name or "(not known)" for name in place), *self._numbers(number)] for place, number in places[:SHOWN]]
        why = [[reason, BOOKED[reason], *self._numbers(number)] for reason, number in _ordered(self.reasons)]
        faults = [[code, *self._numbers(number)] for code, number in _ordered(self.errors)]
        numbers = ("rows", "share")
        parts: list[RenderableType] = [
            f"{count(self.rows, 'row')}, {self.unattributed:,} of them not attributed",
            table(["organization", "project", *numbers], shown, title="Where it went", right=numbers),
        ]
        if len(places) > SHOWN:
            parts.append(f"and {count(len(places) - SHOWN, 'more project')}; --json has them all")
        parts.append(table(["reason", "in words", *numbers], why, title="Why", right=numbers))
        if faults:
            parts.append(table(["code", *numbers], faults, title="Not attributed", right=numbers))
        return parts

    def _numbers(self, number: int) -> tuple[str, str]:
        return f"{number:,}", f"{number / self.rows:.1%}"


def _ordered(counts: Counter[Any]) -> list[tuple[Any, int]]:
    """The most frequent first, and those that are equally frequent by name."""
    return sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
