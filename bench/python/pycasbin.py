"""Casbin: role-based access with domains; its policy in memory, its enforcer made once. Once plain, and once as its fast enforcer.

The fast enforcer looks at the rules of the action alone, which it finds by a key.
"""

from __future__ import annotations

from pathlib import Path

import casbin

from python.candidate import Ready, allowed, one_by_one
from python.data import RULES


def plain(folder: Path) -> Ready:
    """Three rules, and actions that belong to groups."""
    enforcer = casbin.Enforcer(str(RULES / "casbin.conf"), str(folder / "casbin.csv"))
    prepare(enforcer)
    return lambda questions: [
        one_by_one("enforce", [(one.principal, one.scope, one.action) for one in questions], enforcer.enforce, allowed(questions))
    ]


def fast(folder: Path) -> Ready:
    """A rule for each role and action."""
    enforcer = casbin.FastEnforcer(str(RULES / "casbin_fast.conf"), str(folder / "casbin_fast.csv"), cache_key_order=[0])
    prepare(enforcer)
    return lambda questions: [
        one_by_one("enforce", [(one.action, one.principal, one.scope) for one in questions], enforcer.enforce, allowed(questions))
    ]


def prepare(enforcer: casbin.Enforcer) -> None:
    """Have the roles of every domain worked out now, which it would do at the first question about each.

    No name is a pattern here. Told so, it does not compare all of them with each other, which makes this ten times as fast.
    """
    for manager in enforcer.rm_map.values():
        manager.add_matching_func(None)
    for domain in {domain for _, _, domain in enforcer.get_grouping_policy()}:
        enforcer.rm_map["g"].has_link("nobody", "member", domain)
