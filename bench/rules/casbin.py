"""Casbin's policy: who has which role in which domain, and what a role may do, as few rules or as many."""

from __future__ import annotations

from collections.abc import Iterator

from rules.rows import Rows


def lines(rows: Rows) -> Iterator[str]:
    """One rule for each role; actions belong to groups."""
    for role, actions in rows.actions.items():
        yield f"p, {role}, {role}.actions"
        yield from (f"g2, {action}, {role}.actions" for action in actions)
    yield from roles(rows)


def fast_lines(rows: Rows) -> Iterator[str]:
    """One rule for each role and action, for an enforcer that finds rules by the action."""
    yield from (f"p, {action}, {role}" for role, actions in rows.actions.items() for action in actions)
    yield from roles(rows)


def roles(rows: Rows) -> Iterator[str]:
    """Who has which."""
    yield from (f"g, {principal}, {role}, {scope}" for principal, role, scope in rows.grants)
