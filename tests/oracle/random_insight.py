"""Steps that ask which rule decides, and what another state or another policy would change (section 16)."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from documents import Json
from guard import Guard
from random_directory import NOW
from random_policy import SUPPORT
from random_puts import PutMaker
from random_requests import Case


def rule_question(case: Case) -> Json:
    """The input of `rule`: a question or a usage."""
    return case.request(case.rng.choice(case.actions() or [("project", "", "no.action")])) if case.chance(0.7) else case.usage()


def another_policy(rng: random.Random, policy: Json) -> Json:
    """The policy with a few of the facts changed that decisions and bookings look at; most often it is valid, and fits."""
    found: Json = json.loads(json.dumps(policy))
    found["id"] = f"{policy['id'][:40]} revised"
    rows = [*found.get("organization_actions", []), *found.get("project_actions", [])]
    verbs = [row for kind in found.get("kinds", []) for row in kind.get("verbs", [])]
    for _ in range(rng.randint(1, 4)):
        edit = rng.choice(["roles", "verbs", "support", "support", "books", "order", "external", "key", "automatic", "combination"])
        if edit == "roles" and rows:
            row = rng.choice(rows)
            organization = row in found.get("organization_actions", [])
            names = [role["role"] for role in found["organization_roles"]] if organization else found["project_roles"]
            row["roles"] = [name for name in names if rng.random() < 0.6]
        elif edit == "verbs" and verbs:
            rng.choice(verbs)["roles"] = [name for name in found["project_roles"] if rng.random() < 0.6]
        elif edit == "support" and found.get("kinds"):
            kind = rng.choice(found["kinds"])
            kind["support"] = kind.get("support", {}) | {rng.choice(found["surfaces"])["surface"]: rng.choice(SUPPORT)}
        elif edit == "books":
            rng.choice(found["surfaces"])["books_to_default_project"] = rng.random() < 0.6
        elif edit == "order":
            found["project_roles"] = found["project_roles"][::-1]
        elif edit == "external" and verbs:
            rng.choice(verbs)["external"] = rng.random() < 0.3
        elif edit == "key" and found.get("kinds"):
            kind = rng.choice(found["kinds"])
            kind["api_key_verbs"] = [verb for row in kind.get("verbs", []) for verb in row["verbs"] if rng.random() < 0.5]
        elif edit == "automatic":
            found["default_project_role"] = rng.choice([*found["project_roles"], None])
        elif edit == "combination":
            found["role_combination"] = rng.choice(["strongest", "union", "most_specific"])
    return found


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
        for _ in range(5):
            asked = self.other() | {"at": self.case.instant(NOW)}
            told = self.guard.do({"do": "impact", "input": asked})
            count = 0 if "error" in told else len(told["access"]) + len(told["bookings"])
            if count or self.case.chance(0.1):
                break
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
        if self.case.chance(0.4):
            return {"with_policy": another_policy(self.case.rng, self.guard.oracle.policy)}
        if self.case.chance(0.3):
            change = maker.set_policy()
            renames = {"renames": change["renames"]} if change.get("renames") is not None else {}
            return {"with_policy": change["policy"]} | renames
        for _ in range(self.case.rng.choice([0, 2, 5, 12])):
            maker.guard.do({"do": "apply", "change": maker.change()})
        return {"document": maker.guard.document}
