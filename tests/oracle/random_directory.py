"""Seeded directories and policies for comparing two implementations.

Directories are small and valid, and crowded with what is easily confused: ids that are
equal across id spaces, keys that outlive their creators, instants at the very edge.
"""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta, timezone
from typing import Any

from documents import BUILT_IN, Json, second_policy
from random_policy import delegating, random_policy
from random_policy_fields import with_new_fields
from random_state import StateMaker

DAY = 86_400_000
NOW = 1_772_366_400_000  # 2026-03-01T12:00:00Z; most requests are made then
STRUCTURAL = ["user", "api_key", "organization", "project"]
OFFSETS = [0, 120, -330, 345, 840, -720]
# Ids that any space may use: with colons, in several scripts, composed and decomposed,
# at the limit of 256 bytes.
SHARED_IDS = ["same", "a:b", "api_key:key", ":", "user:same", "é", "e\u0301", "東京/1"]
SHARED_IDS += [
    'q"uo\\te',
    " space ",
    "😀",
    "Same",
    "x" * 256,
    "ß" * 128,
    "project:same",
]


class RandomDirectory:
    """A directory that one seed builds up, and its policy."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.own_policy = rng.random() < 0.45
        self.policy: Json = random_policy(rng) if self.own_policy else json.loads(BUILT_IN.read_text())
        # A share of all directories has no newer field at all.
        self.modern = rng.random() < 0.7
        if not self.own_policy and self.modern and rng.random() < 0.35:
            self.policy = second_policy()
        elif not self.own_policy and rng.random() < 0.6:
            self.own_policy = True
            self.policy = delegating(self.policy)
        if self.own_policy and self.modern:
            self.policy = with_new_fields(rng, self.policy)
        self.taken: dict[str, set[str]] = {}
        self.follow_policy(self.policy)
        self.organizations: list[Json] = []
        self.externals: list[str] = []
        self.users: list[Json] = []
        self.gone: list[str] = []
        self.edges: list[int] = []

    def follow_policy(self, policy: Json) -> None:
        """Asks with the words of this policy from now on."""
        self.policy = policy
        self.key_kind: str | None = policy.get("api_key_kind")
        self.kinds = [kind["kind"] for kind in policy.get("kinds", [])]
        self.org_roles = [role["role"] for role in policy["organization_roles"]]
        self.project_roles: list[str] = policy["project_roles"]

    def follow(self, organizations: list[Json]) -> None:
        """Asks about these organizations from now on."""
        self.organizations = organizations

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def new_id(self, space: str) -> str:
        """An id that is new in its space, and often taken in another."""
        taken = self.taken.setdefault(space, set())
        pool = [name for name in SHARED_IDS if name not in taken]
        if pool and self.chance(0.3):
            name = self.rng.choice(pool)
        else:
            name = f"{space}_{len(taken)}"
        taken.add(name)
        return name

    def instant(self, moment: int) -> str:
        """The moment in one of the forms that RFC 3339 has for it."""
        offset = self.rng.choice(OFFSETS) if self.chance(0.3) else 0
        zone = timezone(timedelta(minutes=offset))
        local = datetime.fromtimestamp(moment // 1000, zone)
        text = local.strftime("%Y-%m-%dT%H:%M:%S")
        fraction = f"{moment % 1000:03}"
        if self.chance(0.2):
            # Finer than the milliseconds that count.
            fraction += self.rng.choice(["000", "9", "499999"])
        elif self.chance(0.5):
            fraction = fraction.rstrip("0")
        text += f".{fraction}" if fraction else ""
        if offset:
            return text + local.strftime("%z")[:3] + ":" + local.strftime("%z")[3:]
        return text + self.rng.choice(["Z", "Z", "Z", "Z", "+00:00", "-00:00"])

    def _edge(self, moment: int) -> str:
        """An instant that requests come back to."""
        self.edges.append(moment)
        return self.instant(moment)

    def optional(self, entry: Json, field: str, value: Any, share: float) -> None:
        """Sets an optional fact, or leaves it out, or says null."""
        if self.chance(share):
            entry[field] = value
        elif self.chance(0.2):
            entry[field] = None

    def _flag(self, entry: Json, field: str, value: bool, default: bool) -> None:
        if value != default or self.chance(0.5):
            entry[field] = value

    # The directory

    def directory(self) -> Json:
        rng = self.rng
        document: Json = {"format": "bailiwick/1"}
        if self.chance(0.8):
            document["revision"] = rng.choice([0, 1, 42, 42, 2**53 - 1])
        if self.chance(0.5):
            self._age(document)
        if self.own_policy:
            document["policy"] = self.policy
        elif self.policy is second_policy() or self.chance(0.5):
            document["policy"] = self.policy["id"]
        for _ in range(rng.randint(1, 4)):
            self.organizations.append(self._organization())
        for _ in range(rng.randint(0, 4)):
            self._external()
        state = StateMaker(rng, self.policy, NOW, self._edge, self.new_id)
        for organization in self.organizations:
            if self.modern:
                others = [m["user"] for o in self.organizations if o is not organization for m in o["members"]]
                state.organization(organization, list(dict.fromkeys(others)))
        for organization in self.organizations:
            for project in organization["projects"]:
                self._fill(organization, project)
                if self.modern:
                    state.project(organization, project)
            rng.shuffle(organization["projects"])
        homes: dict[str, list[str]] = {}
        for organization in self.organizations:
            for member in organization["members"]:
                homes.setdefault(member["user"], []).append(organization["id"])
        for user, held in homes.items():
            if self.chance(0.4 if self.modern else 0.2):
                entry = {"id": user}
                if not state.several:
                    self.optional(entry, "organization", held[0], 0.6)
                self.users.append(entry)
        if self.modern:
            for entry in self.users:
                state.user(entry, homes.get(entry["id"], []))
        for entry in self.users:
            self.optional(entry, "email", f"{len(entry['id'])}@example.test", 0.3)
        rng.shuffle(self.users)
        if self.users or self.chance(0.5):
            document["users"] = self.users
        document["organizations"] = self.organizations
        fields = list(document)
        if self.chance(0.2):
            rng.shuffle(fields)
        return {field: document[field] for field in fields}

    def _age(self, document: Json) -> None:
        """Fresh at NOW as a rule, since a stale directory answers nothing else."""
        age = self.rng.choice([0, 60, 300, 86_400, 30 * 86_400, 2**53 - 1])
        issued_at = NOW - self.rng.choice([0, 1, 30, 59_999]) * min(age, 1)
        if self.chance(0.04):
            issued_at = NOW - 2 * DAY
        self.optional(document, "issued_at", self._edge(issued_at), 0.85)
        self.optional(document, "max_age_seconds", age, 0.6)
        if age < 10**9:
            self.edges.append(issued_at + age * 1000)

    def _organization(self) -> Json:
        rng = self.rng
        members = [{"user": self.new_id("usr"), "role": self.org_roles[0]}]
        owner = members[0]["user"]
        for _ in range(rng.randint(0, 5)):
            role = rng.choice(self.org_roles)
            members.append({"user": self.new_id("usr"), "role": role})
        rng.shuffle(members)
        organization = {"id": self.new_id("org"), "owner": owner, "members": members}
        self.optional(organization, "name", "An organization", 0.5)
        if self.chance(0.6):
            organization["membership"] = rng.choice(["invitation", "sso"])
        since = NOW - rng.choice([0, 1, DAY, 100 * DAY, -DAY])
        if self.chance(0.5):
            self.optional(organization, "projects_since", self._edge(since), 0.8)
        several = self.chance(0.85)
        self._flag(organization, "multi_project", several, default=True)
        projects = [{"id": self.new_id("prj"), "default": True}]
        for _ in range(rng.randint(0, 3) if several else 0):
            project: Json = {"id": self.new_id("prj")}
            self._flag(project, "default", value=False, default=False)
            projects.append(project)
        for project in projects:
            open_to_all = self.chance(0.75)
            self._flag(project, "allow_external_collaborators", open_to_all, default=False)
            self.optional(project, "name", "Ein Projekt", 0.5)
        return organization | {"projects": projects}

    def _external(self) -> None:
        """A user without membership: home outside, none, or known by a row alone."""
        user = self.new_id("usr")
        self.externals.append(user)
        if self.chance(0.3):
            return
        entry: Json = {"id": user}
        outside = self.rng.choice(["outside_org", "außen:1", "y" * 256])
        self.optional(entry, "organization", outside, 0.7)
        self.users.append(entry)

    def _fill(self, organization: Json, project: Json) -> None:
        rng = self.rng
        members = [member["user"] for member in organization["members"]]
        strangers = [m["user"] for o in self.organizations for m in o["members"]]
        strangers = [u for u in dict.fromkeys(strangers) if u not in members] + self.externals
        rows = [user for user in members if self.chance(0.35)]
        rows += [user for user in strangers if self.chance(0.3)]
        rng.shuffle(rows)
        if rows or self.chance(0.5):
            project["collaborators"] = [{"user": user, "role": rng.choice(self.project_roles)} for user in rows]
        keys = [self._key(rows, members + strangers) for _ in range(rng.randint(0, 3))]
        if project.get("default") and self.chance(0.6):
            # Each organization has one at most; it cannot be revoked, but may expire.
            key = self._key(rows, members)
            key.pop("revoked_at", None)
            if self.chance(0.8):
                key.pop("expires_at", None)
            keys.append(key | {"kind": "organization_default"})
            rng.shuffle(keys)
        if keys or self.chance(0.5):
            project["api_keys"] = keys
        plain = [kind for kind in self.kinds if kind != self.key_kind]
        resources = []
        for _ in range(rng.randint(0, 4) if plain else 0):
            resource = {"id": self.new_id("res"), "kind": rng.choice(plain)}
            others = [kind for kind in plain if kind != resource["kind"]]
            if others and self.chance(0.15):
                # Each kind has ids of its own.
                resources.append({"id": resource["id"], "kind": rng.choice(others)})
            self.optional(resource, "name", "Ресурс", 0.3)
            self.optional(resource, "created_by", self._creator(rows, members), 0.5)
            self.optional(resource, "created_at", self.instant(NOW - DAY), 0.3)
            resources.append(resource)
        if resources or self.chance(0.5):
            project["resources"] = resources

    def _key(self, rows: list[str], others: list[str]) -> Json:
        rng = self.rng
        key: Json = {"id": self.new_id("key")}
        self.optional(key, "name", "ci", 0.3)
        self.optional(key, "created_by", self._creator(rows, others), 0.8)
        self.optional(key, "created_at", self.instant(NOW - 9 * DAY), 0.5)
        ends = [NOW + DAY] * 5 + [NOW + 1, NOW + 1, NOW, NOW - 1, NOW - DAY]
        if self.chance(0.35):
            self.optional(key, "expires_at", self._edge(rng.choice(ends)), 0.9)
        if self.chance(0.25):
            self.optional(key, "revoked_at", self._edge(rng.choice(ends)), 0.9)
        digest = f"sha256:{rng.getrandbits(256):064x}"
        self.optional(key, "digest", digest, 0.5)
        if self.chance(0.4):
            key["kind"] = "project"
        return key

    def _creator(self, rows: list[str], others: list[str]) -> str:
        """Often one of the project's collaborators, sometimes a user who is gone."""
        if self.chance(0.15):
            self.gone.append(self.new_id("usr"))
            return self.gone[-1]
        return self.rng.choice(rows if rows and self.chance(0.6) else others)

    def actions(self) -> list[tuple[str, str, str]]:
        """Table, kind and name of every action of the policy."""
        found = [("self", "", name) for name in self.policy.get("self_actions", [])]
        for table in ("organization", "project"):
            for entry in self.policy.get(f"{table}_actions", []):
                found.append((table, "", entry["action"]))
        for kind in self.policy.get("kinds", []):
            for row in kind.get("verbs", []):
                for verb in row["verbs"]:
                    found.append(("kind", kind["kind"], f"{kind['kind']}.{verb}"))
        return found
