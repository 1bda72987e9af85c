"""What attributed usage costs: sums of answers to whole tables, and what differs between two of them."""

from __future__ import annotations

from .comparisons import Balance, Comparison, Move, compare_attributions
from .summaries import ApiKeyTotal, OrganizationTotal, ProjectTotal, ReasonTotal, RemedyTotal, Summary, summary
from .sums import Amount

__all__ = [
    "Amount",
    "ApiKeyTotal",
    "Balance",
    "Comparison",
    "Move",
    "OrganizationTotal",
    "ProjectTotal",
    "ReasonTotal",
    "RemedyTotal",
    "Summary",
    "compare_attributions",
    "summary",
]

for _class in (
    Amount,
    ApiKeyTotal,
    Balance,
    Comparison,
    Move,
    OrganizationTotal,
    ProjectTotal,
    ReasonTotal,
    RemedyTotal,
    Summary,
    compare_attributions,
    summary,
):
    _class.__module__ = "bailiwick"
