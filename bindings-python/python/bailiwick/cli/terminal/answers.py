"""Decisions and attributions for people."""

from __future__ import annotations

from rich.table import Table

from bailiwick import Attribution, Decision

from .console import MIDDLING, cell, facts, mark


def decision_facts(decision: Decision) -> Table:
    """A decision for people."""
    return facts(
        [
            ("decision", mark(decision.allowed, "allowed", "denied")),
            ("reason", decision.reason),
            ("role", decision.role),
            ("organization", decision.organization),
            ("project", decision.project),
            ("caveats", decision.caveats),
            ("policy", f"{decision.policy}, revision {decision.revision}"),
        ]
    )


def attribution_facts(booked: Attribution) -> Table:
    """Where usage is booked, and why."""
    return facts(
        [
            ("booked", mark(booked.matches_intended, "as intended", "elsewhere")),
            ("organization", booked.organization),
            ("project", booked.project),
            ("intended organization", booked.intended_organization),
            ("intended project", booked.intended_project),
            ("certainty", booked.certainty),
            ("reason", booked.reason),
            ("api key", booked.api_key),
            ("remedies", cell(booked.remedies)),
            ("caveats", cell(booked.caveats, MIDDLING)),
            ("policy", f"{booked.policy}, revision {booked.revision}"),
        ]
    )
