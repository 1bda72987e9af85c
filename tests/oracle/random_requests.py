"""Random requests and usages on a random directory."""

from __future__ import annotations

import random

from documents import Json
from random_directory import NOW, STRUCTURAL, RandomDirectory
from random_policy import SURFACES


def random_case(seed: int) -> Json:
    """A directory, about 60 access requests and 40 usages; the same for the same seed."""
    return Case(random.Random(seed)).build()


class Case(RandomDirectory):
    """What one seed builds up: a directory, and what is asked of it."""

    def build(self) -> Json:
        directory = self.directory()
        actions = self.actions()
        self.rng.shuffle(actions)
        # Every action has its turn: a small policy is covered by each case, a large one
        # by any two or three.
        turns = [actions[i % len(actions)] for i in range(60)] if actions else [None] * 60
        requests = [self.request(action) for action in turns]
        self.rng.shuffle(requests)
        usages = [self.usage() for _ in range(40)]
        return {"directory": directory, "requests": requests, "usages": usages}

    def all(self, space: str) -> list[str]:
        return sorted(self.taken.get(space, {f"{space}_none"}))

    def reference(self, kind: str, name: str) -> str | Json:
        if self.chance(0.3):
            return {"type": kind, "id": name}
        return f"{kind}:{name}"

    def anything(self) -> tuple[str, str]:
        """A reference that need not fit, nor exist."""
        kind = self.rng.choice([*STRUCTURAL, "robot", *self.kinds])
        space = self.rng.choice(["usr", "org", "prj", "key", "res", "nope"])
        fitting = {"user": "usr", "organization": "org", "project": "prj"}
        if self.chance(0.6):
            space = fitting.get(kind, "key" if kind == self.key_kind else "res")
        return kind, self.rng.choice(self.all(space))

    def place(self) -> tuple[Json, Json]:
        organization = self.rng.choice(self.organizations)
        projects: list[Json] = organization["projects"]
        # Projects beside the default one say more.
        others = [p for p in projects if not p.get("default")]
        return organization, self.rng.choice(projects + others)

    def insider(self, organization: Json, project: Json) -> tuple[str, str]:
        """A principal who has something to do with the project."""
        members = [("user", member["user"]) for member in organization["members"]]
        rows = [("user", row["user"]) for row in project.get("collaborators", []) if "user" in row]
        keys = [("api_key", key["id"]) for key in project.get("api_keys", [])]
        # Those of the organization's other projects may reach this one.
        keys += [("api_key", key["id"]) for p in organization["projects"] for key in p.get("api_keys", []) if key.get("projects")]
        pools = [[("user", organization["owner"])], members, rows, rows, keys, keys]
        return self.rng.choice(self.rng.choice([pool for pool in pools if pool]))

    def _inside(self, project: Json, kind: str) -> tuple[str, str] | None:
        """Something of the kind in the project."""
        names = [r["id"] for r in project.get("resources", []) if r["kind"] == kind]
        if kind == self.key_kind:
            names = [key["id"] for key in project.get("api_keys", [])]
        return (kind, self.rng.choice(names)) if names else None

    def at(self) -> str:
        if self.edges and self.chance(0.3):
            edge = self.rng.choice(self.edges)
            return self.instant(edge + self.rng.choice([0, 0, -1, 1]))
        return self.instant(NOW)

    def surface(self, entry: Json) -> None:
        if self.chance(0.03):
            unknown = [*SURFACES, "ui", "nowhere", "API"]
            entry["surface"] = self.rng.choice(unknown)
            return
        surfaces = [s["surface"] for s in self.policy["surfaces"]]
        self.optional(entry, "surface", self.rng.choice(surfaces), 0.6)

    def request(self, action: tuple[str, str, str] | None) -> Json:
        rng = self.rng
        table, kind, name = action or ("project", "", "no.action")
        organization, project = self.place()
        principal = self.insider(organization, project)
        # Keys are refused outside projects anyway: a few of them are enough.
        refused = principal[0] == "api_key" and table in ("self", "organization")
        wide = [key["id"] for p in organization["projects"] for key in p.get("api_keys", []) if key.get("projects") == "all"]
        if refused and self.chance(0.2 if principal[1] in wide and table == "organization" else 0.8):
            principal = ("user", rng.choice(organization["members"])["user"])
        if table == "kind" and self.chance(0.08):
            keys = [("api_key", key) for key in self.all("key")]
            principal = rng.choice(keys)
        resource: tuple[str, str] = ("project", project["id"])
        if table == "self":
            # The id of the principal even where that is a key's, which is not oneself.
            resource = ("user", principal[1])
            if self.chance(0.3):
                resource = ("user", rng.choice(organization["members"])["user"])
        elif table == "organization":
            resource = ("organization", organization["id"])
            if self.chance(0.35):
                principal = ("user", organization["owner"])
            elif self.chance(0.15):
                other = rng.choice(self.organizations)
                principal = ("user", rng.choice(other["members"])["user"])
        elif kind and self.chance(0.6):
            resource = self._inside(project, kind) or resource

        if self.chance(0.08):
            principal, name, resource = self._seen() or (principal, name, resource)
        if self.chance(0.03):
            principal = self.anything()
        if self.chance(0.06):
            principal = ("user", rng.choice(self.all("usr")))
        if wide and table == "organization" and self.chance(0.25):
            principal = ("api_key", rng.choice(wide))
        if self.chance(0.02):
            principal = ("user", rng.choice([*self.gone, "nobody"]))
        if self.chance(0.04):
            resource = self.anything()
        if self.chance(0.03):
            wrong = [f"{name}.x", name.split(".")[0], name.upper(), "no.action"]
            name = rng.choice(wrong)
        request: Json = {
            "principal": self.reference(*principal),
            "action": name,
            "resource": self.reference(*resource),
            "at": self.at(),
        }
        self.surface(request)
        if self.chance(0.05):
            request["min_revision"] = rng.choice([0, 1, 42, 43, 2**53 - 1, None])
        if self.chance(0.05):
            request["max_age_seconds"] = rng.choice([0, 1, 300, 10**7, 2**53 - 1, None])
        return request

    def _seen(self) -> tuple[tuple[str, str], str, tuple[str, str]] | None:
        """A member and an action that a visibility may give them."""
        declared = self.policy.get("visibilities", [])
        found: list[tuple[tuple[str, str], str, tuple[str, str]]] = []
        for organization in self.organizations:
            for project in organization["projects"]:
                rows: list[Json] = next((one.get("actions", []) for one in declared if one["visibility"] == project.get("visibility")), [])
                for member in organization["members"]:
                    actions = [action for row in rows if member["role"] in row["roles"] for action in row["actions"]]
                    found += [(("user", member["user"]), action, ("project", project["id"])) for action in actions]
        return self.rng.choice(found) if found else None

    def usage(self) -> Json:
        rng = self.rng
        organization, project = self.place()
        principal = self.insider(organization, project)
        kind = rng.choice(self.kinds or ["no_kind"])
        resources = project.get("resources", [])
        if resources and self.chance(0.4):
            # Otherwise a policy of many kinds would hardly ever meet its resource.
            kind = rng.choice(resources)["kind"]
        usage: Json = {"principal": self.reference(*principal), "kind": kind}
        self.surface(usage)
        self.optional(usage, "project", project["id"], 0.5)
        inside = self._inside(project, kind)
        if inside is not None:
            self.optional(usage, "resource", self.reference(*inside), 0.6)
        usage["at"] = self.at()

        if self.chance(0.04):
            usage["principal"] = self.reference(*self.anything())
        if self.chance(0.04):
            usage["principal"] = self.reference("user", rng.choice(self.all("usr")))
        if self.chance(0.04):
            usage["kind"] = rng.choice([*self.kinds, "robot", "project", kind.upper()])
        if self.chance(0.06):
            usage["project"] = rng.choice([*self.all("prj"), "nope", "prj_x"])
        if self.chance(0.06):
            usage["resource"] = self.reference(*self.anything())
        return usage
