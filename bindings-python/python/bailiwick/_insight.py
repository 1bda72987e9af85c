"""Answers about a directory, for administrators."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ._bailiwick import Attribution, Decision

if TYPE_CHECKING:
    from .types import FindingCode, Remedy, ReviewSource, Rule, Severity


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A `change` that would allow what is denied, as `apply` takes it, and `by` whom it may be made.

    `by` has at most ten references, in byte order. The platform may make every change but `join_project`.
    """

    change: dict[str, Any]
    by: list[str]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a `decision` is what it is. For administrators: it names rows that the one who asks may not know of.

    `rule` is the id of the rule that decided, and `sentence` says it in words, which can change between releases. `facts` are the rows that
    the rule looked at, or looked for: each a dict of `fact`, the row's ids, and `present`. `would_allow` are the single changes that would
    allow what is denied, weakest role first, switches and wider grants last; each has been tried.
    """

    decision: Decision
    rule: Rule
    sentence: str
    facts: list[dict[str, Any]]
    would_allow: list[Suggestion]

    def to_dict(self) -> dict[str, Any]:
        """The explanation as a dict of JSON values."""
        return asdict(self) | {"decision": self.decision.to_dict()}


def explanation(document: dict[str, Any]) -> Explanation:
    """An explanation from what the extension passes."""
    suggestions = [Suggestion(**suggestion) for suggestion in document["would_allow"]]
    parts: dict[str, Any] = {**document, "decision": Decision(**document["decision"]), "would_allow": suggestions}
    return Explanation(**parts)


@dataclass(frozen=True, slots=True)
class RemedyOutcome:
    """Where usage would be booked after a `remedy`: `organization` and `project`, and whether that `matches_intended`.

    Both are None if the remedy cannot be applied.
    """

    remedy: Remedy
    organization: str | None
    project: str | None
    matches_intended: bool


@dataclass(frozen=True, slots=True)
class UsageExplanation:
    """Why usage is booked where it is: its `attribution`, and what that rests on.

    `rule`, `sentence` and `facts` are as in an `Explanation`. `remedies` says what each remedy of the attribution would lead to; each has
    been tried.
    """

    attribution: Attribution
    rule: Rule
    sentence: str
    facts: list[dict[str, Any]]
    remedies: list[RemedyOutcome]

    def to_dict(self) -> dict[str, Any]:
        """The explanation as a dict of JSON values."""
        return asdict(self) | {"attribution": self.attribution.to_dict()}


def usage_explanation(document: dict[str, Any]) -> UsageExplanation:
    """An explanation from what the extension passes."""
    outcomes = [RemedyOutcome(**outcome) for outcome in document["remedies"]]
    parts: dict[str, Any] = {**document, "attribution": Attribution(**document["attribution"]), "remedies": outcomes}
    return UsageExplanation(**parts)


@dataclass(frozen=True, slots=True)
class AccessImpact:
    """What a `principal` may do `on` an object afterwards and not before (`gained`), and the reverse (`lost`).

    `principal` and `on` are references; `on` is an organization, a project or an organization default key. The actions are in byte order.
    """

    principal: str
    on: str
    gained: list[str]
    lost: list[str]


@dataclass(frozen=True, slots=True)
class BookedAt:
    """Where usage is booked: the ids of an `organization` and a `project`. None if they are not known."""

    organization: str | None
    project: str | None


@dataclass(frozen=True, slots=True)
class BookingImpact:
    """Usage of a `principal` (a reference) in a `project` (an id) that is booked elsewhere afterwards.

    `before` and `after` say where it is booked. `usage` is a list of `kind@surface`, in byte order.
    """

    principal: str
    project: str
    before: BookedAt
    after: BookedAt
    usage: list[str]


@dataclass(frozen=True, slots=True)
class ImpactCounts:
    """How much differs in all.

    `principals` is the number of those that have a row. `gained` and `lost` count actions, on each object and by each principal, and
    `bookings` usages, in each row.
    """

    principals: int
    gained: int
    lost: int
    bookings: int


@dataclass(frozen=True, slots=True)
class Impact:
    """What differs between two states, for every principal.

    `access` is in byte order of principal and object, `bookings` of principal, project and places. `counts` and `widens` (whether anything
    is gained) are about all rows, whatever the page. `next_cursor` is the cursor of the next page; None on the last page.
    """

    access: list[AccessImpact]
    bookings: list[BookingImpact]
    counts: ImpactCounts
    widens: bool
    next_cursor: str | None

    def to_dict(self) -> dict[str, Any]:
        """The impact as a dict of JSON values."""
        return asdict(self)


def impact(document: dict[str, Any]) -> Impact:
    """An impact from what the extension passes."""

    def booking(row: dict[str, Any]) -> BookingImpact:
        parts: dict[str, Any] = {**row, "before": BookedAt(**row["before"]), "after": BookedAt(**row["after"])}
        return BookingImpact(**parts)

    return Impact(
        access=[AccessImpact(**row) for row in document["access"]],
        bookings=[booking(row) for row in document["bookings"]],
        counts=ImpactCounts(**document["counts"]),
        widens=document["widens"],
        next_cursor=document["next_cursor"],
    )


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One `source` that gives a principal something in an organization or a project, or would give it.

    `principal` is a reference, `organization` and `project` are ids; `project` is None in the organization itself. `role` is the role that
    the source gives, None for API keys. `via` is the reference of a group, or of the user that an API key acts as. `added_at` and
    `expires_at` (RFC 3339) are None if the directory does not say. `effective` tells whether the source allows anything there at the
    instant. `scopes` are those of an API key; None if it has no limits, and for users.
    """

    principal: str
    organization: str
    project: str | None
    role: str | None
    source: ReviewSource
    via: str | None
    added_at: str | None
    expires_at: str | None
    effective: bool
    scopes: list[str] | None

    def to_dict(self) -> dict[str, Any]:
        """The row as a dict of JSON values."""
        return asdict(self)


def review(rows: list[dict[str, Any]]) -> list[ReviewRow]:
    """A review from what the extension passes."""
    return [ReviewRow(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something risky or useless: the code of the `finding`, its `severity`, and a `sentence`, which can change between releases.

    `subject` is what it is about, `on` where, both as references. `fix` is a list of changes that mend it, for `apply_many`; empty if no
    change mends it by itself.
    """

    finding: FindingCode
    severity: Severity
    subject: str
    on: str | None
    sentence: str
    fix: list[dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """The finding as a dict of JSON values."""
        return asdict(self)


def findings(rows: list[dict[str, Any]]) -> list[Finding]:
    """Findings from what the extension passes."""
    return [Finding(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class PolicyAnalysis:
    """What a policy gives to nobody, and how it books.

    `policy` is its id. The lists of names are in byte order: `actions_nobody_has`, `kinds_nobody_can_create`, `changes_nobody_can_make`
    (only the platform can), `scopes_without_actions` and `verbs_only_keys_have`. `roles_without_difference` are dicts of `table` and the
    `roles` that give the same. `bookings` are dicts of `kind`, `surface`, `state` (`before_projects` or `with_projects`), and the rule that
    books usage of a `member`, an `external` collaborator, a `key`, and a `key_of_external`. `is_complete` tells whether each usage is
    booked by exactly one of the rules B1 to B6.
    """

    policy: str
    actions_nobody_has: list[str]
    kinds_nobody_can_create: list[str]
    changes_nobody_can_make: list[str]
    scopes_without_actions: list[str]
    roles_without_difference: list[dict[str, Any]]
    verbs_only_keys_have: list[str]
    bookings: list[dict[str, Any]]
    is_complete: bool

    def to_dict(self) -> dict[str, Any]:
        """The analysis as a dict of JSON values."""
        return asdict(self)


def policy_analysis(document: dict[str, Any]) -> PolicyAnalysis:
    """An analysis from what the extension passes."""
    return PolicyAnalysis(**document)


for _class in (
    AccessImpact,
    BookedAt,
    BookingImpact,
    Explanation,
    Finding,
    Impact,
    ImpactCounts,
    PolicyAnalysis,
    RemedyOutcome,
    ReviewRow,
    Suggestion,
    UsageExplanation,
):
    _class.__module__ = "bailiwick"
