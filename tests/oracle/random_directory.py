"""Seeded directories, policies, requests and usages for comparing two implementations.

Directories are small and valid, and crowded with what is easily confused: ids that are
equal across id spaces, keys that outlive their creators, instants at the very edge.
"""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

Json = dict[str, Any]

BUILT_IN = Path(__file__).parents[2] / "core" / "policies" / "projects-2026-02.json"
NOW = 1_772_366_400_000  # 2026-03-01T12:00:00Z; most requests are made then
DAY = 86_400_000
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

ROLES = ["boss", "hand", "Admin", "admin", "member", "läser", "guest", "owner", "self"]
KINDS = ["queue", "data.set", "notebook", "vm", "Queue", "函数", "organization_default"]
VERBS = ["make", "see", "run", "drop", "x.y", "create", "read", "lösen"]
SURFACES = ["cli", "web", "lab", "api", "playground", "モバイル"]
SUPPORT = ["supported", "supported", "unsupported", "unsupported", "not_applicable"]


def random_case(seed: int) -> Json:
    """A directory, about 60 access requests and 40 usages; the same for the same seed."""
    return Case(random.Random(seed)).build()


def random_policy(rng: random.Random) -> Json:
    """A valid policy that shares little with the built-in one."""

    def some(pool: list[str], low: int = 0) -> list[str]:
        return rng.sample(pool, rng.randint(low, len(pool)))

    def most(pool: list[str]) -> list[str]:
        return some(pool, len(pool) - 1) if rng.random() < 0.75 else some(pool)

    surfaces = rng.sample(SURFACES, rng.randint(1, 4))
    organization_roles = rng.sample(ROLES, rng.randint(1, 3))
    project_roles = rng.sample(ROLES, rng.randint(1, 4))
    policy: Json = {
        "format": "bailiwick-policy/1",
        "id": rng.choice(["house-rules", "règles/2", "p:1"]),
        "surfaces": [{"surface": surface} for surface in surfaces],
        "default_surfaces": {
            "user": rng.choice(surfaces),
            "api_key": rng.choice(surfaces),
        },
        "organization_roles": [{"role": role} for role in organization_roles],
        "project_roles": project_roles,
        "collaborator_role": rng.choice(project_roles),
    }
    for surface in policy["surfaces"]:
        if rng.random() < 0.4:
            surface["books_to_default_project"] = rng.random() < 0.8
    for role in policy["organization_roles"]:
        if rng.random() < 0.5:
            role["project_role"] = rng.choice(project_roles)
    if rng.random() < 0.6:
        policy["default_project_role"] = rng.choice(project_roles)
    if rng.random() < 0.7:
        policy["self_actions"] = ["me.read", "me.update"][: rng.randint(1, 2)]

    if rng.random() < 0.85:
        names = ["house.read", "house.write", "bill.pay", "crown.wear", "crown.see"]
        policy["organization_actions"] = [{"action": n} for n in some(names, 1)]
        for action in policy["organization_actions"]:
            if rng.random() < 0.8:
                action["roles"] = most(organization_roles)
            if rng.random() < 0.4:
                action["external"] = rng.random() < 0.7
            if action["action"].startswith("crown") or rng.random() < 0.1:
                action["owner"] = True
    if rng.random() < 0.85:
        names = ["room.read", "room.write", "room.lend"]
        policy["project_actions"] = [{"action": n} for n in some(names, 1)]
        for action in policy["project_actions"]:
            if rng.random() < 0.9:
                action["roles"] = most(project_roles)
            if rng.random() < 0.6:
                action["api_key"] = rng.random() < 0.8

    policy["kinds"] = [{"kind": kind} for kind in some(KINDS, 1)]
    if rng.random() < 0.8:
        # Mostly not called `api_key`, so that nobody relies on the name.
        policy["api_key_kind"] = rng.choice(["token", "api_key", "key.card"])
        policy["kinds"].append({"kind": policy["api_key_kind"]})
        rng.shuffle(policy["kinds"])
    if rng.random() < 0.05:
        del policy["kinds"]
        policy.pop("api_key_kind", None)
    for kind in policy.get("kinds", []):
        if rng.random() < 0.5:
            kind["label"] = f"The {kind['kind']}"
        if rng.random() < 0.4:
            kind["usage_by_api_key"] = rng.random() < 0.8
        if rng.random() < 0.9:
            kind["support"] = {s: rng.choice(SUPPORT) for s in some(surfaces)}
        verbs = some(VERBS, 1)
        # Each verb stands in one row; the rows may contradict the order of strength.
        cut = rng.randint(0, len(verbs))
        rows = [part for part in (verbs[:cut], verbs[cut:]) if part]
        kind["verbs"] = [{"roles": most(project_roles), "verbs": part} for part in rows]
        if rng.random() < 0.7:
            kind["api_key_verbs"] = most(verbs)
    used = [v for k in policy.get("kinds", []) for row in k["verbs"] for v in row["verbs"]]
    if used and rng.random() < 0.7:
        policy["create_verb"] = rng.choice(used)
    return policy


class Case:
    """What one seed builds up."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.own_policy = rng.random() < 0.45
        self.policy: Json = random_policy(rng) if self.own_policy else json.loads(BUILT_IN.read_text())
        self.taken: dict[str, set[str]] = {}
        self.key_kind: str | None = self.policy.get("api_key_kind")
        self.kinds = [kind["kind"] for kind in self.policy.get("kinds", [])]
        self.org_roles = [role["role"] for role in self.policy["organization_roles"]]
        self.project_roles: list[str] = self.policy["project_roles"]
        self.organizations: list[Json] = []
        self.externals: list[str] = []
        self.users: list[Json] = []
        self.gone: list[str] = []
        self.edges: list[int] = []

    def build(self) -> Json:
        directory = self._directory()
        actions = self._actions()
        self.rng.shuffle(actions)
        # Every action has its turn: a small policy is covered by each case, a large one
        # by any two or three.
        turns = [actions[i % len(actions)] for i in range(60)] if actions else [None] * 60
        requests = [self._request(action) for action in turns]
        self.rng.shuffle(requests)
        usages = [self._usage() for _ in range(40)]
        return {"directory": directory, "requests": requests, "usages": usages}

    def _chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _new_id(self, space: str) -> str:
        """An id that is new in its space, and often taken in another."""
        taken = self.taken.setdefault(space, set())
        pool = [name for name in SHARED_IDS if name not in taken]
        if pool and self._chance(0.3):
            name = self.rng.choice(pool)
        else:
            name = f"{space}_{len(taken)}"
        taken.add(name)
        return name

    def _instant(self, moment: int) -> str:
        """The moment in one of the forms that RFC 3339 has for it."""
        offset = self.rng.choice(OFFSETS) if self._chance(0.3) else 0
        zone = timezone(timedelta(minutes=offset))
        local = datetime.fromtimestamp(moment // 1000, zone)
        text = local.strftime("%Y-%m-%dT%H:%M:%S")
        fraction = f"{moment % 1000:03}"
        if self._chance(0.2):
            # Finer than the milliseconds that count.
            fraction += self.rng.choice(["000", "9", "499999"])
        elif self._chance(0.5):
            fraction = fraction.rstrip("0")
        text += f".{fraction}" if fraction else ""
        if offset:
            return text + local.strftime("%z")[:3] + ":" + local.strftime("%z")[3:]
        return text + self.rng.choice(["Z", "Z", "Z", "Z", "+00:00", "-00:00"])

    def _edge(self, moment: int) -> str:
        """An instant that requests come back to."""
        self.edges.append(moment)
        return self._instant(moment)

    def _optional(self, entry: Json, field: str, value: Any, share: float) -> None:
        """Sets an optional fact, or leaves it out, or says null."""
        if self._chance(share):
            entry[field] = value
        elif self._chance(0.2):
            entry[field] = None

    def _flag(self, entry: Json, field: str, value: bool, default: bool) -> None:
        if value != default or self._chance(0.5):
            entry[field] = value

    # The directory

    def _directory(self) -> Json:
        rng = self.rng
        document: Json = {"format": "bailiwick/1"}
        if self._chance(0.8):
            document["revision"] = rng.choice([0, 1, 42, 42, 2**53 - 1])
        if self._chance(0.5):
            self._age(document)
        if self.own_policy:
            document["policy"] = self.policy
        elif self._chance(0.5):
            document["policy"] = self.policy["id"]
        for _ in range(rng.randint(1, 4)):
            self.organizations.append(self._organization())
        for _ in range(rng.randint(0, 4)):
            self._external()
        for organization in self.organizations:
            for project in organization["projects"]:
                self._fill(organization, project)
            rng.shuffle(organization["projects"])
        for organization in self.organizations:
            for member in organization["members"]:
                if self._chance(0.2):
                    entry = {"id": member["user"]}
                    self._optional(entry, "organization", organization["id"], 0.6)
                    self.users.append(entry)
        for entry in self.users:
            self._optional(entry, "email", f"{len(entry['id'])}@example.test", 0.3)
        rng.shuffle(self.users)
        if self.users or self._chance(0.5):
            document["users"] = self.users
        document["organizations"] = self.organizations
        fields = list(document)
        if self._chance(0.2):
            rng.shuffle(fields)
        return {field: document[field] for field in fields}

    def _age(self, document: Json) -> None:
        """Fresh at NOW as a rule, since a stale directory answers nothing else."""
        age = self.rng.choice([0, 60, 300, 86_400, 30 * 86_400, 2**53 - 1])
        issued_at = NOW - self.rng.choice([0, 1, 30, 59_999]) * min(age, 1)
        if self._chance(0.04):
            issued_at = NOW - 2 * DAY
        self._optional(document, "issued_at", self._edge(issued_at), 0.85)
        self._optional(document, "max_age_seconds", age, 0.6)
        if age < 10**9:
            self.edges.append(issued_at + age * 1000)

    def _organization(self) -> Json:
        rng = self.rng
        members = [{"user": self._new_id("usr"), "role": self.org_roles[0]}]
        owner = members[0]["user"]
        for _ in range(rng.randint(0, 5)):
            role = rng.choice(self.org_roles)
            members.append({"user": self._new_id("usr"), "role": role})
        rng.shuffle(members)
        organization = {"id": self._new_id("org"), "owner": owner, "members": members}
        self._optional(organization, "name", "An organization", 0.5)
        if self._chance(0.6):
            organization["membership"] = rng.choice(["invitation", "sso"])
        since = NOW - rng.choice([0, 1, DAY, 100 * DAY, -DAY])
        if self._chance(0.5):
            self._optional(organization, "projects_since", self._edge(since), 0.8)
        several = self._chance(0.85)
        self._flag(organization, "multi_project", several, default=True)
        projects = [{"id": self._new_id("prj"), "default": True}]
        for _ in range(rng.randint(0, 3) if several else 0):
            project: Json = {"id": self._new_id("prj")}
            self._flag(project, "default", value=False, default=False)
            projects.append(project)
        for project in projects:
            open_to_all = self._chance(0.75)
            self._flag(project, "allow_external_collaborators", open_to_all, default=False)
            self._optional(project, "name", "Ein Projekt", 0.5)
        return organization | {"projects": projects}

    def _external(self) -> None:
        """A user without membership: home outside, none, or known by a row alone."""
        user = self._new_id("usr")
        self.externals.append(user)
        if self._chance(0.3):
            return
        entry: Json = {"id": user}
        outside = self.rng.choice(["outside_org", "außen:1", "y" * 256])
        self._optional(entry, "organization", outside, 0.7)
        self.users.append(entry)

    def _fill(self, organization: Json, project: Json) -> None:
        rng = self.rng
        members = [member["user"] for member in organization["members"]]
        strangers = [m["user"] for o in self.organizations for m in o["members"]]
        strangers = [u for u in strangers if u not in members] + self.externals
        rows = [user for user in members if self._chance(0.35)]
        rows += [user for user in strangers if self._chance(0.3)]
        rng.shuffle(rows)
        if rows or self._chance(0.5):
            project["collaborators"] = [{"user": user, "role": rng.choice(self.project_roles)} for user in rows]
        keys = [self._key(rows, members + strangers) for _ in range(rng.randint(0, 3))]
        if project.get("default") and self._chance(0.6):
            # Each organization has one at most; it cannot be revoked, but may expire.
            key = self._key(rows, members)
            key.pop("revoked_at", None)
            if self._chance(0.8):
                key.pop("expires_at", None)
            keys.append(key | {"kind": "organization_default"})
            rng.shuffle(keys)
        if keys or self._chance(0.5):
            project["api_keys"] = keys
        plain = [kind for kind in self.kinds if kind != self.key_kind]
        resources = []
        for _ in range(rng.randint(0, 4) if plain else 0):
            resource = {"id": self._new_id("res"), "kind": rng.choice(plain)}
            self._optional(resource, "name", "Ресурс", 0.3)
            self._optional(resource, "created_by", self._creator(rows, members), 0.5)
            self._optional(resource, "created_at", self._instant(NOW - DAY), 0.3)
            resources.append(resource)
        if resources or self._chance(0.5):
            project["resources"] = resources

    def _key(self, rows: list[str], others: list[str]) -> Json:
        rng = self.rng
        key: Json = {"id": self._new_id("key")}
        self._optional(key, "name", "ci", 0.3)
        self._optional(key, "created_by", self._creator(rows, others), 0.8)
        self._optional(key, "created_at", self._instant(NOW - 9 * DAY), 0.5)
        ends = [NOW + DAY] * 5 + [NOW + 1, NOW + 1, NOW, NOW - 1, NOW - DAY]
        if self._chance(0.35):
            self._optional(key, "expires_at", self._edge(rng.choice(ends)), 0.9)
        if self._chance(0.25):
            self._optional(key, "revoked_at", self._edge(rng.choice(ends)), 0.9)
        digest = f"sha256:{rng.getrandbits(256):064x}"
        self._optional(key, "digest", digest, 0.5)
        if self._chance(0.4):
            key["kind"] = "project"
        return key

    def _creator(self, rows: list[str], others: list[str]) -> str:
        """Often one of the project's collaborators, sometimes a user who is gone."""
        if self._chance(0.15):
            self.gone.append(self._new_id("usr"))
            return self.gone[-1]
        return self.rng.choice(rows if rows and self._chance(0.6) else others)

    # Requests and usages

    def _actions(self) -> list[tuple[str, str, str]]:
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

    def _all(self, space: str) -> list[str]:
        return sorted(self.taken.get(space, {f"{space}_none"}))

    def _reference(self, kind: str, name: str) -> str | Json:
        if self._chance(0.3):
            return {"type": kind, "id": name}
        return f"{kind}:{name}"

    def _anything(self) -> tuple[str, str]:
        """A reference that need not fit, nor exist."""
        kind = self.rng.choice([*STRUCTURAL, "robot", *self.kinds])
        space = self.rng.choice(["usr", "org", "prj", "key", "res", "nope"])
        fitting = {"user": "usr", "organization": "org", "project": "prj"}
        if self._chance(0.6):
            space = fitting.get(kind, "key" if kind == self.key_kind else "res")
        return kind, self.rng.choice(self._all(space))

    def _place(self) -> tuple[Json, Json]:
        organization = self.rng.choice(self.organizations)
        projects: list[Json] = organization["projects"]
        # Projects beside the default one say more.
        others = [p for p in projects if not p.get("default")]
        return organization, self.rng.choice(projects + others)

    def _insider(self, organization: Json, project: Json) -> tuple[str, str]:
        """A principal who has something to do with the project."""
        members = [("user", member["user"]) for member in organization["members"]]
        rows = [("user", row["user"]) for row in project.get("collaborators", [])]
        keys = [("api_key", key["id"]) for key in project.get("api_keys", [])]
        pools = [[("user", organization["owner"])], members, rows, rows, keys, keys]
        return self.rng.choice(self.rng.choice([pool for pool in pools if pool]))

    def _inside(self, project: Json, kind: str) -> tuple[str, str] | None:
        """Something of the kind in the project."""
        names = [r["id"] for r in project.get("resources", []) if r["kind"] == kind]
        if kind == self.key_kind:
            names = [key["id"] for key in project.get("api_keys", [])]
        return (kind, self.rng.choice(names)) if names else None

    def _at(self) -> str:
        if self.edges and self._chance(0.3):
            edge = self.rng.choice(self.edges)
            return self._instant(edge + self.rng.choice([0, 0, -1, 1]))
        return self._instant(NOW)

    def _surface(self, entry: Json) -> None:
        if self._chance(0.03):
            unknown = [*SURFACES, "ui", "nowhere", "API"]
            entry["surface"] = self.rng.choice(unknown)
            return
        surfaces = [s["surface"] for s in self.policy["surfaces"]]
        self._optional(entry, "surface", self.rng.choice(surfaces), 0.6)

    def _request(self, action: tuple[str, str, str] | None) -> Json:
        rng = self.rng
        table, kind, name = action or ("project", "", "no.action")
        organization, project = self._place()
        principal = self._insider(organization, project)
        # Keys are refused outside projects anyway: a few of them are enough.
        refused = principal[0] == "api_key" and table in ("self", "organization")
        if refused and self._chance(0.8):
            principal = ("user", rng.choice(organization["members"])["user"])
        if table == "kind" and self._chance(0.08):
            keys = [("api_key", key) for key in self._all("key")]
            principal = rng.choice(keys)
        resource: tuple[str, str] = ("project", project["id"])
        if table == "self":
            # The id of the principal even where that is a key's, which is not oneself.
            resource = ("user", principal[1])
            if self._chance(0.3):
                resource = ("user", rng.choice(organization["members"])["user"])
        elif table == "organization":
            resource = ("organization", organization["id"])
            if self._chance(0.35):
                principal = ("user", organization["owner"])
            elif self._chance(0.15):
                other = rng.choice(self.organizations)
                principal = ("user", rng.choice(other["members"])["user"])
        elif kind and self._chance(0.6):
            resource = self._inside(project, kind) or resource

        if self._chance(0.03):
            principal = self._anything()
        if self._chance(0.06):
            principal = ("user", rng.choice(self._all("usr")))
        if self._chance(0.02):
            principal = ("user", rng.choice([*self.gone, "nobody"]))
        if self._chance(0.04):
            resource = self._anything()
        if self._chance(0.03):
            wrong = [f"{name}.x", name.split(".")[0], name.upper(), "no.action"]
            name = rng.choice(wrong)
        request: Json = {
            "principal": self._reference(*principal),
            "action": name,
            "resource": self._reference(*resource),
            "at": self._at(),
        }
        self._surface(request)
        if self._chance(0.05):
            request["min_revision"] = rng.choice([0, 1, 42, 43, 2**53 - 1, None])
        if self._chance(0.05):
            request["max_age_seconds"] = rng.choice([0, 1, 300, 10**7, 2**53 - 1, None])
        return request

    def _usage(self) -> Json:
        rng = self.rng
        organization, project = self._place()
        principal = self._insider(organization, project)
        kind = rng.choice(self.kinds or ["no_kind"])
        resources = project.get("resources", [])
        if resources and self._chance(0.4):
            # Otherwise a policy of many kinds would hardly ever meet its resource.
            kind = rng.choice(resources)["kind"]
        usage: Json = {"principal": self._reference(*principal), "kind": kind}
        self._surface(usage)
        self._optional(usage, "project", project["id"], 0.5)
        inside = self._inside(project, kind)
        if inside is not None:
            self._optional(usage, "resource", self._reference(*inside), 0.6)
        usage["at"] = self._at()

        if self._chance(0.04):
            usage["principal"] = self._reference(*self._anything())
        if self._chance(0.04):
            usage["principal"] = self._reference("user", rng.choice(self._all("usr")))
        if self._chance(0.04):
            usage["kind"] = rng.choice([*self.kinds, "robot", "project", kind.upper()])
        if self._chance(0.06):
            usage["project"] = rng.choice([*self._all("prj"), "nope", "prj_x"])
        if self._chance(0.06):
            usage["resource"] = self._reference(*self._anything())
        return usage
