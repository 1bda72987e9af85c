"""Answers about a directory, for administrators."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ._bailiwick import Attribution, Decision

if TYPE_CHECKING:
    from .types import Remedy, Rule


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A `change` that would allow what is denied, as `apply` takes it, and `by` whom it may be made.

    `by` has at most ten references, in byte order. The platform may make every change but `join_project`.
    """

    change: dict[str, Any]
    by: list[str]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a decision is what it is. For administrators: it names rows that the one who asks may not know of.

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
        return {
            "decision": self.decision.to_dict(),
            "rule": self.rule,
            "sentence": self.sentence,
            "facts": self.facts,
            "would_allow": [asdict(suggestion) for suggestion in self.would_allow],
        }


def explanation(document: dict[str, Any]) -> Explanation:
    """An explanation from what the extension passes."""
    suggestions = [Suggestion(**suggestion) for suggestion in document["would_allow"]]
    return Explanation(**{**document, "decision": Decision(**document["decision"]), "would_allow": suggestions})


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
    """Why usage is booked where it is.

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
        return {
            "attribution": self.attribution.to_dict(),
            "rule": self.rule,
            "sentence": self.sentence,
            "facts": self.facts,
            "remedies": [asdict(outcome) for outcome in self.remedies],
        }


def usage_explanation(document: dict[str, Any]) -> UsageExplanation:
    """An explanation from what the extension passes."""
    outcomes = [RemedyOutcome(**outcome) for outcome in document["remedies"]]
    return UsageExplanation(**{**document, "attribution": Attribution(**document["attribution"]), "remedies": outcomes})


for _class in (Explanation, RemedyOutcome, Suggestion, UsageExplanation):
    _class.__module__ = "bailiwick"
