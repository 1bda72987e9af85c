"""Steps that ask which rule decides, and what another state or another policy would change (section 16)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from documents import Json
from guard import Guard
from random_directory import NOW
from random_puts import PutMaker
from random_requests import Case


def rule_question(case: Case) -> Json:
    """The input of `rule`: a question or a usage, without what nothing in section 16 asks."""
    asked = case.request(case.rng.choice(case.actions() or [("project", "", "no.action")])) if case.chance(0.7) else case.usage()
    return {field: value for field, value in asked.items() if field not in ("min_revision", "max_age_seconds")}


class InsightMaker:
    """Asks a guard, step by step."""

    def __init__(self, case: Case, guard: Guard, secrets: list[str], do: Callable[[Json], Any]) -> None:
        self.case = case
        self.guard = guard
        self.secrets = secrets
        self.do = do

    def episode(self) -> None:
        """A few rules, or the impact of something."""
        self.case.follow(self.guard.organizations)
        if self.case.chance(0.5):
            for _ in range(self.case.rng.randint(1, 4)):
                self.do({"do": "rule", "input": rule_question(self.case)})
        else:
            self._impact()

    def _impact(self) -> None:
        """All at once, or page by page."""
        asked = self.other() | {"at": self.case.instant(NOW)}
        told = self.guard.do({"do": "impact", "input": asked})
        count = 0 if "error" in told else len(told["access"]) + len(told["bookings"])
        if count < 2 or self.case.chance(0.5):
            self.do({"do": "impact", "input": asked | ({"limit": 0} if self.case.chance(0.2) else {})})
            return
        limit = max(1, count // self.case.rng.randint(2, 3))
        page = self.do({"do": "impact", "input": asked | {"limit": limit}})
        while page["next_cursor"] is not None:
            page = self.do({"do": "impact", "input": asked | {"limit": limit, "cursor": "next"}})

    def other(self) -> Json:
        """Another policy, which need not fit; or the directory after some changes."""
        maker = PutMaker(self.case, Guard(self.guard.document, self.guard.built_in, self.guard.at), list(self.secrets))
        if self.case.chance(0.5):
            change = maker.set_policy()
            renames = {"renames": change["renames"]} if change.get("renames") is not None else {}
            return {"with_policy": change["policy"]} | renames
        for _ in range(self.case.rng.choice([0, 2, 5, 12])):
            maker.guard.do({"do": "apply", "change": maker.change()})
        return {"document": maker.guard.document}
