"""Counts where usage is booked, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from rich.console import RenderableType

from bailiwick import Amount, ProjectTotal, ReasonTotal, RemedyTotal, Summary
from bailiwick._billing.exact import descending, minus, plain
from bailiwick._billing.remedies import Outcomes
from bailiwick._billing.summaries import Ledger

from ..terminal.console import count, table

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

Line = ProjectTotal | ReasonTotal | RemedyTotal | Amount


class Tally:
    """Counts rows, and what they cost, by destination and by reason."""

    def __init__(self, schema: Any, *, cost: str | None = None, outcomes: Outcomes | None = None) -> None:
        self._ledger = Ledger(schema, cost=cost, outcomes=outcomes)
        self._cost = cost
        self._told: Summary | None = None
        self.rows: int = 0

    def add(self, batch: Any) -> None:
        """Counts a batch of answers."""
        self._ledger.add(batch)
        self._told = None
        self.rows += batch.num_rows

    @property
    def summary(self) -> Summary:
        """The sums so far."""
        if self._told is None:
            self._told = self._ledger.summary()
        return self._told

    @property
    def unattributed(self) -> int:
        """How many rows could not be attributed."""
        return self.summary.unattributed.rows

    @property
    def places(self) -> list[ProjectTotal]:
        """Where rows that were attributed are booked."""
        told = self.summary
        if not told.unattributed.rows:
            return told.projects
        # Usage of people without an organization is attributed, and has no place either.
        nowhere = next(line for line in told.projects if line.organization is line.project is None)
        rows = nowhere.rows - told.unattributed.rows
        cost = None if nowhere.cost is None else minus(nowhere.cost, told.unattributed.cost or Decimal(0))
        rest = [ProjectTotal(None, None, rows, cost)] if rows else []
        return _by_size([*(line for line in told.projects if line is not nowhere), *rest])

    def to_dict(self) -> dict[str, Any]:
        """The counts as a dict of JSON values, the largest first."""
        told = self.summary
        reasons, errors = told.reasons, told.errors
        document: dict[str, Any] = {
            "rows": self.rows,
            "unattributed": self.unattributed,
            "reasons": {line.reason: line.rows for line in reasons},
            "errors": {line.reason: line.rows for line in errors},
            "places": [{"organization": line.organization, "project": line.project, **self._amount(line)} for line in self.places],
        }
        if self._cost is not None:
            document["cost"] = {
                "column": self._cost,
                "total": _text(told.total),
                "unattributed": _text(told.unattributed),
                "reasons": {line.reason: _text(line) for line in reasons},
                "errors": {line.reason: _text(line) for line in errors},
            }
        if _were_tried(told.remedies):
            document["remedies"] = told.to_dict()["remedies"]
        return document

    def _amount(self, line: Line) -> dict[str, Any]:
        return {"rows": line.rows} if self._cost is None else {"rows": line.rows, "cost": _text(line)}

    def rendered(self) -> list[RenderableType]:
        """The counts as tables."""
        told, places = self.summary, self.places
        shown = [[line.organization or "(not known)", line.project or "(not known)", *self._numbers(line)] for line in places[:SHOWN]]
        why = [[line.reason, BOOKED[line.reason], *self._numbers(line)] for line in told.reasons]
        faults = [[line.reason, *self._numbers(line)] for line in told.errors]
        numbers = ("rows", "share") if self._cost is None else ("rows", "share", self._cost)
        cost = "" if self._cost is None else f", {_money(told.unattributed)} of {_money(told.total)} of `{self._cost}`"
        parts: list[RenderableType] = [
            f"{count(self.rows, 'row')}, {self.unattributed:,} of them not attributed{cost}",
            table(["organization", "project", *numbers], shown, title="Where it went", right=numbers),
        ]
        if len(places) > SHOWN:
            parts.append(f"and {count(len(places) - SHOWN, 'more project')}; --json has them all")
        parts.append(table(["reason", "in words", *numbers], why, title="Why", right=numbers))
        if faults:
            parts.append(table(["code", *numbers], faults, title="Not attributed", right=numbers))
        if _were_tried(told.remedies):
            parts.append(self._remedies(told.remedies))
        return parts

    def _remedies(self, remedies: Sequence[RemedyTotal]) -> RenderableType:
        """What each remedy would bring back: from another organization to the intended one, and to the intended project."""
        tell: Callable[[Any], str] = (lambda amount: f"{amount.rows:,}") if self._cost is None else _money
        rows = [[line.remedy, tell(line), tell(line.to_organization), tell(line.as_intended)] for line in remedies]
        numbers = ("it concerns", "from another organization", "to the project")
        unit = "rows" if self._cost is None else self._cost
        return table(["remedy", *numbers], rows, title=f"What remedies would bring back ({unit})", right=numbers)

    def _numbers(self, line: Line) -> tuple[str, ...]:
        numbers = (f"{line.rows:,}", f"{line.rows / self.rows:.1%}")
        return numbers if self._cost is None else (*numbers, _money(line))


def _were_tried(remedies: Sequence[RemedyTotal]) -> bool:
    return any(line.as_intended is not None for line in remedies)


def _text(line: Line) -> str | None:
    return None if line.cost is None else plain(line.cost)


def _money(line: Any) -> str:
    """An amount for people, at least to the cent."""
    text = f"{line.cost:,f}"
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction:0<2}"


def _by_size(lines: list[ProjectTotal]) -> list[ProjectTotal]:
    return sorted(lines, key=lambda line: (descending(line.cost), -line.rows))
