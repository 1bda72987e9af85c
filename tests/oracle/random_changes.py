"""Seeded sequences of steps on a guard: changes, previews, questions, listings page by page, snapshots.

Half of the changes suit the directory and half do not. A sequence is made against the
oracle's own guard, so that every step is about the directory as it is by then.
"""

from __future__ import annotations

import random
from typing import Any

import authority
import keys
import listings
from change_shapes import BY_ONESELF
from documents import Json, instant, milliseconds
from guard import SHORT, Guard
from random_change import OF_ROLES, new_secret
from random_directory import NOW
from random_faults import broken_change, broken_step
from random_insight import InsightMaker
from random_puts import PutMaker
from random_questions import PAGED, QuestionMaker
from random_requests import Case
from random_snapshots import SnapshotMaker

AT = instant(NOW)
OF_KEYS = {"create_api_key", "revoke_api_key", "expire_api_key", "regenerate_default_key", "update_api_key", "remove_api_key"}
EVERYTHING = [*SHORT, "gained", "lost", "rows"]
# What is weighed against what the actor holds.
WEIGHED = {*OF_ROLES, "create_api_key", "update_api_key", "move_resource", "resume", "update_project"}
RARE = {"not_for_externals", "key_scope_lacks_permission", "key_user_lacks_access", "principal_suspended", "scope_suspended"}


def random_changes(seed: int, built_in: Json, sequences: int = 12, insight: bool = False) -> Json:
    """A directory and a few sequences that begin with it; the same for the same seed. Section 16 is asked about if `insight` says so."""
    rng = random.Random(f"changes {seed}")
    case = Case(rng)
    directory = case.directory()
    # The last revision that there is cannot be changed.
    directory["revision"] = min(directory.get("revision", 0), 2**52)
    secrets = known_secrets(rng, directory)
    found: list[Json] = []
    for number in range(sequences):
        case.gone = case.gone[:4]
        sequence = Sequence(case, Guard(directory, built_in, AT), list(secrets), insight)
        sequence.run(rng.randint(40, 65))
        entry: Json = {"note": f"{seed}/steps/{number}", "call": "steps"}
        found.append(entry | {"input": {"steps": sequence.steps}, "answer": sequence.outcomes})
    return {"topic": f"random changes {seed}", "directory": directory, "at": AT, "cases": found}


def known_secrets(rng: random.Random, directory: Json) -> list[str]:
    """Secrets that some keys of a directory are given: now and then one for two keys, of which all but one are revoked."""
    projects = [project for organization in directory["organizations"] for project in organization["projects"]]
    secrets: list[str] = []
    live: set[str] = set()
    for key in [key for project in projects for key in project.get("api_keys", [])]:
        if rng.random() < 0.6:
            again = [secret for secret in secrets if key.get("revoked_at") or secret not in live]
            secrets.append(rng.choice(again) if again and rng.random() < 0.25 else new_secret(rng))
            key["digest"] = keys.digest(secrets[-1])
            if not key.get("revoked_at"):
                live.add(secrets[-1])
    return secrets


class Sequence:
    """The steps that one case takes, and their outcomes."""

    def __init__(self, case: Case, guard: Guard, secrets: list[str], insight: bool = False) -> None:
        self.case = case
        self.guard = guard
        self.rng = case.rng
        self.steps: list[Json] = []
        self.outcomes: list[Any] = []
        self.changes = PutMaker(case, guard, secrets)
        self.questions = QuestionMaker(case, guard, secrets)
        self.snapshots = SnapshotMaker(self.rng, guard, secrets, self.do, self.change, self._question)
        self.insight = InsightMaker(case, guard, secrets, self.do) if insight else None
        self._follow_policy()

    def do(self, step: Json) -> Any:
        """Takes a step."""
        before = self.guard.document["policy"]
        outcome = self.guard.do(step)
        self.steps.append(step)
        self.outcomes.append(outcome)
        if self.guard.document["policy"] != before:
            self._follow_policy()
        return outcome

    def _follow_policy(self) -> None:
        """Asks with the words of the policy that there is now."""
        self.case.follow_policy(self.guard.oracle.policy)
        self.questions = QuestionMaker(self.case, self.guard, self.questions.secrets)

    def run(self, length: int) -> None:
        """Steps of all sorts until there are enough."""
        sorts = [
            (self._changes, 60),
            (self._list, 5),
            (self._question, 14),
            (self._pages, 9),
            (self._document, 3),
            (self.snapshots.episode, 7),
        ]
        if self.insight is not None:
            sorts.append((self.insight.episode, 8))
        while len(self.steps) < length:
            self.rng.choices([sort for sort, _ in sorts], [weight for _, weight in sorts])[0]()
        self._document()

    def _question(self, touched: Json | None = None) -> None:
        self.do(self.questions.question(touched))

    def _document(self) -> None:
        self.do({"do": "to_directory"})

    def _changes(self) -> None:
        """A change, perhaps after its preview, and then questions about what it has touched."""
        step = self._change_step()
        if self.case.chance(0.35):
            self._preview(step)
            if self.case.chance(0.15):
                return
        outcome = self.do(step)
        touched = {field: value for field, value in step["change"].items() if isinstance(value, str)} if "revision" in outcome else {}
        if touched.get("type") in ("remove_member", "remove_user"):
            self.case.gone.append(touched["user"])
        if touched.get("type") == "suspend" and self.case.chance(0.6):
            # Once more, or not any more.
            again = {"type": self.rng.choice(["suspend", "resume", "resume"])}
            self.do({field: value for field, value in step.items() if field in ("do", "at")} | {"change": step["change"] | again})
        for _ in range(self.rng.choice([0, 1, 1, 2, 3]) if touched else self.rng.choice([0, 0, 1])):
            self._question(touched)

    def _list(self) -> None:
        """A few changes at once: those that suit each other, and now and then one that does not."""
        scratch = Guard(self.guard.document, self.guard.built_in, AT)
        maker = PutMaker(self.case, scratch, self.changes.secrets)
        step: Json = {"do": "apply_many", "changes": []}
        if self.case.chance(0.3):
            organization = self.rng.choice(scratch.organizations)
            step["actor"] = self.case.reference("user", organization["owner"])
        if self.case.chance(0.2):
            step["expected_revision"] = self.guard.document["revision"] + self.rng.choice([0, 0, 1])
        for _ in range(self.rng.randint(0, 6)):
            change = maker.change()
            tried = scratch.do({"do": "apply", "change": change} | ({"actor": step["actor"]} if "actor" in step else {}))
            if "revision" in tried or self.case.chance(0.08):
                step["changes"].append(change if self.case.chance(0.96) else broken_change(self.rng, change))
        if self.case.chance(0.35):
            self._preview(step)
        self.do(step)

    def _preview(self, step: Json) -> None:
        """The preview of a change or a list, now and then with everything that it says."""
        asked = {"fields": self.rng.sample(EVERYTHING, self.rng.randint(2, 7))} if self.case.chance(0.2) else {}
        self.do(step | {"do": "preview"} | asked)

    def change(self) -> bool:
        """A change that is well formed; whether it was applied."""
        return "revision" in self.do({"do": "apply", "change": self.changes.change()})

    def _change_step(self) -> Json:
        change = self.changes.change()
        step: Json = {"do": "apply", "change": change}
        actor = self._actor(change)
        if actor is not None:
            step["actor"] = actor
        if self.case.chance(0.8):
            step["at"] = self.case.at()
        revision = self.guard.document["revision"]
        if self.case.chance(0.25):
            wrong = [max(revision - 1, 0), revision + 1, 0, 2**53 - 1]
            step["expected_revision"] = revision if self.case.chance(0.6) else self.rng.choice(wrong)
        elif self.case.chance(0.04):
            step["expected_revision"] = None
        return broken_step(self.rng, step) if self.case.chance(0.13) else step

    def _actor(self, change: Json) -> str | Json | None:
        """Nobody, or rather somebody who may than somebody who may not."""
        named = change["type"] in BY_ONESELF or authority.permission(change) in self.case.policy.get("changes", {})
        if change["type"] in BY_ONESELF and self.case.chance(0.85):
            return self.case.reference(*self.rng.choice(self._around(change)))
        if self.case.chance(0.85 if not named else 0.15 if change["type"] in WEIGHED else 0.25 if change["type"] in OF_KEYS else 0.45):
            return None
        organization, project = self._scene(change)
        pools = [
            ([("user", organization["owner"])], 40),
            ([("user", member["user"]) for member in organization["members"]], 15),
            ([("user", row["user"]) for row in project["collaborators"] if "user" in row], 10),
            (self._permitted(change, organization) if change["type"] in WEIGHED else [], 150),
            ([("api_key", key["id"]) for key in project["api_keys"]], 10),
            (self._limited(change) if change["type"] in OF_KEYS else [], 200),
            (self._turned_away(change) if self.case.modern else [], 30),
            ([("user", user) for user in self.case.gone], 5),
            ([self.case.anything()], 5),
        ]
        offered = [(pool, weight) for pool, weight in pools if pool]
        pool = self.rng.choices([pool for pool, _ in offered], [weight for _, weight in offered])[0]
        return self.case.reference(*self.rng.choice(pool))

    def _around(self, change: Json) -> list[tuple[str, str]]:
        """Those who could join or leave a project."""
        organization, project = self._scene(change)
        rows = [("user", row["user"]) for row in project["collaborators"] if "user" in row]
        keys = [("api_key", key["id"]) for key in project["api_keys"][:1]]
        join = self.guard.oracle.visibility(project).get("join", {})
        members = [("user", member["user"]) for member in organization["members"]]
        able = [("user", member["user"]) for member in organization["members"] if member["role"] in join]
        return members * 2 + rows * 2 + keys + able * 6

    def _limited(self, change: Json) -> list[tuple[str, str]]:
        """The keys with scopes, and those that act as somebody, that have the permission: they make and alter no keys (C22)."""
        oracle = self.guard.oracle
        action, resource = authority.question(oracle, change)
        keys = [key for _, p in oracle.projects for key in p["api_keys"] if "scopes" in key or "acts_as" in key]
        asked = [{"principal": f"api_key:{key['id']}", "action": action, "resource": resource, "at": AT} for key in keys]
        return [("api_key", key["id"]) for key, one in zip(keys, asked, strict=True) if oracle.check_access(one)["allowed"]]

    def _turned_away(self, change: Json) -> list[tuple[str, str]]:
        """Whoever has a role, and is refused for another reason."""
        oracle = self.guard.oracle
        action, resource = authority.question(oracle, change)
        everybody = listings.principals(oracle)
        asked = [{"principal": {"type": kind, "id": name}, "action": action, "resource": resource, "at": AT} for kind, name in everybody]
        reasons = [oracle.check_access(one)["reason"] for one in asked]
        return [who for who, reason in zip(everybody, reasons, strict=True) if reason in RARE]

    def _permitted(self, change: Json, organization: Json) -> list[tuple[str, str]]:
        """Whoever may make a change, but the owner: what they hold themselves is another question (C24)."""
        oracle = self.guard.oracle
        action, resource = authority.question(oracle, change)
        users = {row["user"] for p in organization["projects"] for row in p["collaborators"] if "user" in row}
        users |= {member["user"] for member in organization["members"]} - {organization["owner"]}
        everybody = [("user", user) for user in sorted(users)]
        everybody += [("api_key", key["id"]) for p in organization["projects"] for key in p["api_keys"]]

        def may(principal: tuple[str, str]) -> bool:
            who = {"type": principal[0], "id": principal[1]}
            return bool(oracle.check_access({"principal": who, "action": action, "resource": resource, "at": AT})["allowed"])

        strongest = [member["user"] for member in organization["members"] if member["role"] == self.case.org_roles[0]]
        permitted = [principal for principal in everybody if may(principal)]
        # Those who have something to exceed, if there are any.
        return [(kind, name) for kind, name in permitted if name not in strongest] or permitted

    def _scene(self, change: Json) -> tuple[Json, Json]:
        """The organization and a project that a change is about, as far as there are any."""
        for organization, project in self.changes.places():
            keys_and_resources = [entry["id"] for entry in project["api_keys"] + project["resources"]]
            about = [change.get("key"), change.get("resource")]
            in_group = any(group["id"] == change.get("group") for group in organization.get("groups", []))
            if project["id"] == change.get("project") or in_group or any(name in about for name in keys_and_resources):
                return organization, project
        organizations = [o for o in self.guard.organizations if o["id"] == change.get("organization")]
        organization = self.rng.choice(organizations or self.guard.organizations)
        return organization, self.rng.choice(organization["projects"])

    def _pages(self) -> None:
        """A listing from its first page to its last, with some wrong turns on the way."""
        self.case.follow(self.guard.organizations)
        call, request = self._listing()
        for _ in range(4):
            # Most random questions list too little for two pages.
            if self.questions.count(call, request) > 1:
                break
            call, request = self._listing()
        count = self.questions.count(call, request)
        limit = max(1, count // self.rng.randint(2, 4))
        if self.case.chance(0.1):
            limit = self.rng.choice([max(1, count), count + 1])
        page = self.do({"do": call, "input": request | {"limit": limit}})
        while page["next_cursor"] is not None:
            if self.case.chance(0.2):
                self._wrong_turn(call, request, limit)
            if self.case.chance(0.05) and self.change():
                # A cursor outlives the change, but what it counted may not.
                self.do({"do": call, "input": request | {"limit": limit, "cursor": "next"}})
                return
            if self.case.chance(0.03):
                # Another engine, and the cursor still holds.
                self.snapshots.reload()
            step = {"limit": limit, "cursor": "next"}
            if self.case.chance(0.1):
                step["limit"] = limit + self.rng.randint(0, 3)
            if self.case.chance(0.05):
                step["at"] = instant(milliseconds(request.get("at", AT)) + self.rng.choice([-1, 1, 1000]))
            page = self.do({"do": call, "input": request | step})

    def _listing(self) -> tuple[str, Json]:
        """A listing that has pages, and a request without a fault."""
        call = self.rng.choice(PAGED)
        request = self.questions.listing(call)
        if request.get("surface") not in [surface["surface"] for surface in self.case.policy["surfaces"]]:
            request.pop("surface", None)
        return call, request

    def _wrong_turn(self, call: str, request: Json, limit: int) -> None:
        """The cursor with other arguments or another listing, or one that is no cursor."""
        step = {"limit": limit, "cursor": "next"}
        roll = self.rng.random()
        if roll < 0.3:
            self.do({"do": call, "input": request | {"limit": limit, "cursor": "nonsense"}})
        elif roll < 0.5 and call != "list_projects":
            self.do({"do": "list_projects", "input": {"principal": "user:somebody"} | step})
        elif call == "list_projects":
            self.do({"do": call, "input": request | step | {"principal": "user:somebody else"}})
        else:
            self.do({"do": call, "input": request | step | {"action": "another.action"}})
