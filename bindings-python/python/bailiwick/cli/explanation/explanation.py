"""Why an answer is what it is: the rule that decided, in words, with the rows that it looked at.

The engine decides. What is told here is read from its answer; nothing is decided a second time.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from bailiwick import Attribution, Bailiwick, Decision

from .question import Question, Row
from .rows import Rows
from .sentences import BOOKINGS, CAVEATS, DECISIONS, REMEDIES, USAGE_CAVEATS, Outcome, Who


@dataclass(frozen=True)
class Explanation:
    """A rule, a sentence, and rows."""

    rule: str
    words: str
    remarks: list[str]
    """What else the answer says, such as caveats or remedies, in words."""
    rows: list[Row]

    def to_dict(self) -> dict[str, Any]:
        """The explanation as a dict of JSON values."""
        return {"rule": self.rule, "words": self.words, "remarks": self.remarks, "rows": [row.to_dict() for row in self.rows]}


def explain_decision(
    guard: Bailiwick, decision: Decision, principal: str, action: str, resource: str, surface: str | None, at: str | None
) -> Explanation:
    """The rule that made a decision. It is the reason's rule; where several rules share a reason, who asked and what for tells which."""
    question = Question(principal, action, resource, "", surface or "", decision.organization, decision.project, at)
    rows = Rows(guard.to_directory(), question)
    if decision.organization is not None and decision.project is None:
        who = Who.IN_ORGANIZATION
    else:
        who = Who.MEMBER if rows.is_member() else Who.OUTSIDER
    outcome = _outcome(DECISIONS[decision.reason], who)
    given = {**asdict(rows.question), "role": decision.role}
    return Explanation(
        outcome.rule, outcome.words.format_map(given), [CAVEATS[caveat] for caveat in decision.caveats], rows.found(outcome.rows)
    )


def explain_attribution(
    guard: Bailiwick, attribution: Attribution, principal: str, kind: str, surface: str | None, resource: str | None
) -> Explanation:
    """The rule by which usage is booked."""
    question = Question(principal, "", resource or "", kind, surface or "", attribution.intended_organization, attribution.intended_project)
    rows = Rows(guard.to_directory(), question)
    outcome = _outcome(BOOKINGS[attribution.reason], Who.OUTSIDER if question.user is not None else Who.MEMBER)
    remarks = [REMEDIES[remedy] for remedy in attribution.remedies] + [USAGE_CAVEATS[caveat] for caveat in attribution.caveats]
    return Explanation(outcome.rule, outcome.words.format_map(asdict(rows.question)), remarks, rows.found(outcome.rows))


def _outcome(outcome: Outcome | dict[Who, Outcome], who: Who) -> Outcome:
    return outcome if isinstance(outcome, Outcome) else outcome[who]
