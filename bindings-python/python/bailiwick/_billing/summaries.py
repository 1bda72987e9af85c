"""A summary of attributed usage: where it went, why, and what each remedy would bring back."""

# pyarrow makes the functions of pyarrow.compute while it is imported.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Unpack, get_args

from ..cluster import UsageColumns
from ..types import AttributionReason, TimeUnit
from .answers import Names, names_of, reader, reading
from .columns import check_name
from .costs import costs
from .exact import plain
from .remedies import Outcomes
from .sums import Amount, Group, Sums, added_up

if TYPE_CHECKING:
    import pyarrow as pa

    from .._bailiwick import Bailiwick, Timeline
    from ..types import ErrorCode, Remedy

ATTRIBUTED: frozenset[str] = frozenset(get_args(AttributionReason))


@dataclass(frozen=True, slots=True)
class OrganizationTotal:
    """What is booked to an `organization` (an id; None for rows that could not be attributed): `rows` and `cost`."""

    organization: str | None
    rows: int
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class ProjectTotal:
    """What is booked to a `project` of an `organization` (ids; both None for rows that could not be attributed): `rows` and `cost`."""

    organization: str | None
    project: str | None
    rows: int
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class ApiKeyTotal:
    """What was used with an `api_key` (an id; None without one) and is booked to a `project` of an `organization`: `rows` and `cost`."""

    organization: str | None
    project: str | None
    api_key: str | None
    rows: int
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class ReasonTotal:
    """What has a `reason`: one of `AttributionReason`, or the code of the error that kept it from being attributed: `rows` and `cost`."""

    reason: AttributionReason | ErrorCode
    rows: int
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class RemedyTotal:
    """What a `remedy` would bring back.

    `rows` and `cost` are those of the usage that it is a remedy of, because it is not booked to the intended project. `to_organization` is
    what of it is booked to another organization, or to none, and would be booked to the intended one. `as_intended` is what would be booked
    to the intended project, wherever it is booked now. Both are found by trying each row that lists the remedy; None if it was not tried.
    Remedies overlap, so their sums do not add up.
    """

    remedy: Remedy
    rows: int
    cost: Decimal | None
    to_organization: Amount | None
    as_intended: Amount | None


@dataclass(frozen=True, slots=True)
class Summary:
    """Sums of attributed usage, the most expensive first. Costs are exact decimals; None if no column of costs was named.

    Each of `organizations`, `projects` and `api_keys` adds up to `total`, and so do `reasons` and `errors` together. `unattributed` is the
    total of `errors`. `remedies` says what each remedy would bring back.
    """

    total: Amount
    unattributed: Amount
    organizations: list[OrganizationTotal]
    projects: list[ProjectTotal]
    api_keys: list[ApiKeyTotal]
    reasons: list[ReasonTotal]
    errors: list[ReasonTotal]
    remedies: list[RemedyTotal]

    def to_dict(self) -> dict[str, Any]:
        """The summary as a dict of JSON values. Costs are texts, so that no digit is lost."""
        document: dict[str, Any] = json_values(asdict(self))
        return document


def summary(
    answers: Any,
    *,
    cost: str | None = None,
    booked_by: Bailiwick | Timeline | None = None,
    at: str | datetime = "at",
    time_zone: str | None = None,
    at_unit: TimeUnit | None = None,
    **usage: Unpack[UsageColumns],
) -> Summary:
    """Add up the answers of attribute_table: by organization, project, API key and reason.

    `cost` is a column of the usage, which the answers have if they were made with `keep_input=True`: numbers, best decimals, or text with
    at most 30 decimal places. Null is nothing. Floats count as the shortest decimal that reads as them, and below 1e-13 as nothing. Costs
    of several currencies do not add up: filter first. A stream is read to its end, one batch at a time: memory grows with the lines of the
    summary, which are one for each API key in each project, and not with the rows.

    With `booked_by`, the engine or the timeline that gave the answers, each remedy of each row is tried at the row's instant: once for all
    rows of the same usage at the same instant, of which 100,000 at most are in memory. The other arguments are those that
    attribute_table was given.

    Raises BailiwickError with a column's name as path: `missing_field`, `duplicate_id`, `wrong_type` (of `cost`: also for NaN),
    `limit_exceeded` for a cost that is too large, `invalid_timestamp` if a row with remedies has no readable instant, for example because
    `time_zone` is not that of attribute_table; `unreadable` if the stream ends in an error. The message names the row, counted from 1.

    >>> import pyarrow
    >>> usage = pyarrow.table({"principal": ["user:usr_bob", "user:usr_gone"], "kind": ["fine_tuning", "batch"], "surface": ["ui", "api"],
    ...                        "project": ["prj_a", None], "cost": [12.5, 0.3]})
    >>> answers = guard.attribute_table(usage, keep_input=True, prefix="booked_")
    >>> told = summary(answers, cost="cost", booked_by=guard)
    >>> told.total
    Amount(rows=2, cost=Decimal('12.8'))
    >>> told.projects[0]
    ProjectTotal(organization='org_acme', project='prj_default', rows=1, cost=Decimal('12.5'))
    >>> told.remedies[0].remedy, told.remedies[0].as_intended
    ('use_project_api_key', Amount(rows=1, cost=Decimal('12.5')))
    """
    stream = reader(answers, "/answers")
    when: Any = {"at": at, "time_zone": time_zone, "at_unit": at_unit}
    outcomes = None if booked_by is None else Outcomes(booked_by, stream.schema, has_cost=cost is not None, **when, **usage)
    ledger = Ledger(stream.schema, cost=cost, outcomes=outcomes)
    with reading("/answers"):
        for batch in stream:
            ledger.add(batch)
    return ledger.summary()


class Ledger:
    """Adds up batches of answers."""

    def __init__(self, schema: pa.Schema, *, cost: str | None, outcomes: Outcomes | None = None) -> None:
        """`outcomes` tries remedies; without it, they are only counted."""
        if cost is not None:
            check_name(cost, "cost")
        self._names: Names = names_of(schema, "/answers")
        self._cost = cost
        self._outcomes = outcomes
        self._rows = 0
        self._sums = Sums(has_cost=cost is not None)
        self._remedies = Sums(has_cost=cost is not None)

    def add(self, batch: pa.RecordBatch) -> None:
        """Add a batch of answers."""
        import pyarrow.compute as pc

        names, before = self._names, self._rows
        cost = None if self._cost is None else costs(batch, self._cost, before=before)
        self._sums.add([*names.place(batch), names.api_keys(batch), names.column(batch, names.reason)], cost)
        self._rows += batch.num_rows
        remedies = names.lists_of_remedies(batch)
        if remedies is None:
            return
        with_some = pc.indices_nonzero(pc.fill_null(pc.list_value_length(remedies), 0))
        if len(with_some) == 0:
            return
        if self._outcomes is not None:
            some = None if cost is None else cost.of(with_some)
            self._outcomes.add(batch, with_some, names, remedies, some, before=before)
        of_row = pc.list_parent_indices(remedies)
        self._remedies.add([pc.list_flatten(remedies)], None if cost is None else cost.of(of_row))

    @property
    def rows(self) -> int:
        """How many rows there have been."""
        return self._rows

    def summary(self) -> Summary:
        """The sums so far."""
        sums, total = self._sums, self._sums.total()
        reasons = [ReasonTotal(reason, amount.rows, amount.cost) for (reason,), amount in sums.by(3)]
        errors = [line for line in reasons if line.reason not in ATTRIBUTED]
        unattributed = added_up((Amount(line.rows, line.cost) for line in errors), has_cost=self._cost is not None)
        return Summary(
            total=total,
            unattributed=unattributed,
            organizations=[OrganizationTotal(*_line(group, amount)) for group, amount in sums.by(0)],
            projects=[ProjectTotal(*_line(group, amount)) for group, amount in sums.by(0, 1)],
            api_keys=[ApiKeyTotal(*_line(group, amount)) for group, amount in sums.by(0, 1, 2)],
            reasons=[line for line in reasons if line.reason in ATTRIBUTED],
            errors=errors,
            remedies=self._remedy_totals(),
        )

    def _remedy_totals(self) -> list[RemedyTotal]:
        tried = (lambda _: (None, None)) if self._outcomes is None else self._outcomes.tried
        return [RemedyTotal(remedy, amount.rows, amount.cost, *tried(remedy)) for (remedy,), amount in self._remedies.by(0)]


def _line(group: Group, amount: Amount) -> Sequence[Any]:
    return (*group, amount.rows, amount.cost)


def json_values(value: Any) -> Any:
    """Dicts and lists with costs as texts."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dict):
        return {name: json_values(member) for name, member in value.items()}
    if isinstance(value, list):
        return [json_values(item) for item in value]
    return value
