"""One random change at a time: mostly sensible ones, and for every rule some that break it."""

from __future__ import annotations

import random
from collections.abc import Callable

import keys
from change_shapes import CHANGES
from documents import Json, find, passed
from guard import Guard
from random_directory import DAY, NOW
from random_requests import Case

# What is weighed against the actor's own role (C24).
OF_ROLES = ["add_member", "remove_member", "set_member_role", "add_collaborator", "remove_collaborator", "set_collaborator_role"]
OF_ROLES += ["add_group_member", "remove_group_member", "remove_group", "suspend"]
# What many rules are about.
OFTEN = [
    "set_member_role",
    "add_member",
    "create_api_key",
    "update_api_key",
    "move_resource",
    "set_policy",
    "join_project",
    "put_organization",
]
Choice = tuple[int, Callable[[], str | None]]


class ChangeMaker:
    """Makes changes that suit the present document of a guard."""

    def __init__(self, case: Case, guard: Guard, secrets: list[str]) -> None:
        self.case = case
        self.guard = guard
        self.rng: random.Random = case.rng
        self.secrets = secrets

    def change(self, kind: str | None = None) -> Json:
        """A well-formed change of the type, or of any."""
        kind = kind or self.rng.choice([*CHANGES, *OF_ROLES, *OFTEN])
        change: Json = {"type": kind} | getattr(self, kind)()
        fields = list(change)
        if self.case.chance(0.1):
            self.rng.shuffle(fields)
        return {field: change[field] for field in fields}

    # What there is

    @property
    def organizations(self) -> list[Json]:
        """The organizations as they are now."""
        return self.guard.organizations

    def places(self) -> list[tuple[Json, Json]]:
        """Each project after its organization."""
        return [(o, p) for o in self.organizations for p in o["projects"]]

    def keys(self, kind: str | None = None) -> list[Json]:
        """All keys, or those of one kind."""
        return [key for _, p in self.places() for key in p["api_keys"] if kind in (None, key["kind"])]

    def resources(self) -> list[Json]:
        """All resources."""
        return [resource for _, p in self.places() for resource in p["resources"]]

    def _pick(self, *choices: Choice) -> str:
        """The first of the choices, in random order by weight, that has something to offer."""
        left = list(choices)
        while left:
            chosen = self.rng.choices(left, [weight for weight, _ in left])[0]
            value = chosen[1]()
            if value is not None:
                return value
            left.remove(chosen)
        return self.case.new_id("usr")

    def _one_of(self, pool: list[str]) -> str | None:
        return self.rng.choice(pool) if pool else None

    def _wrong_id(self, *spaces: str) -> str:
        """An id that nobody has, or that only another space has."""
        return self.rng.choice([*(name for space in spaces for name in self.case.all(space)), "nowhere"])

    def _organization(self, fits: Callable[[Json], bool] = lambda _: True) -> Json:
        """An organization, rather one that fits; now and then one that does not exist."""
        if self.case.chance(0.06):
            name = self._wrong_id("prj", "usr")
            return find(self.organizations, "id", name) or {"id": name, "members": [], "projects": [], "owner": "nobody"}
        fitting = [o for o in self.organizations if fits(o)]
        return self.rng.choice(fitting if fitting and self.case.chance(0.7) else self.organizations)

    def _place(self, fits: Callable[[Json, Json], bool] = lambda *_: True) -> tuple[Json, Json]:
        if self.case.chance(0.08):
            name = self._wrong_id("org", "key")
            known = next(((o, p) for o, p in self.places() if p["id"] == name), None)
            return known or (self.organizations[0], {"id": name, "collaborators": [], "api_keys": [], "resources": []})
        fitting = [(o, p) for o, p in self.places() if fits(o, p)]
        return self.rng.choice(fitting if fitting and self.case.chance(0.6) else self.places())

    def _members(self, organization: Json) -> list[str]:
        return [member["user"] for member in organization["members"]]

    def _elsewhere(self, organization: Json) -> list[str]:
        """The members of all other organizations."""
        return [user for o in self.organizations if o["id"] != organization["id"] for user in self._members(o)]

    def _externals(self) -> list[str]:
        """Users who are known and members nowhere."""
        known = {entry["id"] for entry in self.guard.document["users"]} | {
            r["user"] for _, p in self.places() for r in p["collaborators"] if "user" in r
        }
        return sorted(known - {user for o in self.organizations for user in self._members(o)})

    def _roleless(self, change: Json, roles: list[str], share: float) -> Json:
        """A change with a role, or without one where that is allowed; now and then one that nobody has."""
        if self.case.chance(share):
            return change if self.case.chance(0.7) else change | {"role": None}
        wrong = ["nobody", "Member", *self.case.org_roles, *self.case.project_roles]
        return change | {"role": self.rng.choice(roles if self.case.chance(0.8) else wrong)}

    def _lowered(self, change: Json, roles: list[str]) -> Json:
        """A change to the weakest role, or to any."""
        return change | {"role": roles[-1]} if self.case.chance(0.6) else self._roleless(change, roles, 0)

    def digest(self) -> str:
        """The digest of a new secret, or one that is taken or was."""
        taken = [key["digest"] for key in self.keys() if "digest" in key]
        roll = self.rng.random()
        if roll < 0.12 and taken:
            digest: str = self.rng.choice(taken)
            return digest.upper().replace("SHA", "sha") if self.case.chance(0.3) else digest
        if roll < 0.2 and self.secrets:
            return keys.digest(self.rng.choice(self.secrets))
        self.secrets.append(new_secret(self.rng))
        return keys.digest(self.secrets[-1])

    def expiry(self) -> str:
        """An instant that is now, near or far, and that requests come back to."""
        moment = NOW + self.rng.choice([0, 1, 1000, DAY, DAY, 40 * DAY, -1, -DAY])
        self.case.edges.append(moment)
        return self.case.instant(moment)

    # One method for each type of change

    def add_member(self) -> Json:
        """Strangers, externals, people who are gone, and people who are members already."""
        organization = self._organization()
        user = self._pick(
            (30, lambda: self.case.new_id("usr")),
            (35, lambda: self._one_of(self._externals())),
            (12, lambda: self._one_of(self.case.gone)),
            (10, lambda: self._one_of(self._members(organization))),
            (13, lambda: self._one_of(self._elsewhere(organization))),
        )
        change: Json = {"organization": organization["id"], "user": user}
        self.case.optional(change, "email", f"{len(user)}@new.test", 0.4)
        return self._roleless(change, self.case.org_roles, 0.4)

    def _leaving(self) -> Json:
        organization = self._organization(lambda o: len(o["members"]) > 1)
        user = self._pick(
            (55, lambda: self._one_of([user for user in self._members(organization) if user != organization["owner"]])),
            (12, lambda: organization["owner"]),
            (12, lambda: self._one_of(self._elsewhere(organization))),
            (10, lambda: self._one_of(self._externals())),
            (11, lambda: self.rng.choice([*self.case.gone, "nobody"])),
        )
        return {"organization": organization["id"], "user": user}

    def remove_member(self) -> Json:
        """Members as a rule, and owners, and people who are none."""
        return self._leaving()

    def set_member_role(self) -> Json:
        """The same people."""
        return self._lowered(self._leaving(), self.case.org_roles)

    def create_project(self) -> Json:
        """In organizations that may have several projects or not; the id may be taken."""
        organization = self._organization(lambda o: bool(o["multi_project"]))
        project = self.rng.choice(self.case.all("prj")) if self.case.chance(0.2) else self.case.new_id("prj")
        return {"organization": organization["id"], "project": project, "name": self.rng.choice(["", "Neu", "新しい", "n"])}

    def set_external_collaborators(self) -> Json:
        """On, off, or as it is."""
        return {"project": self._place()[1]["id"], "allowed": self.case.chance(0.6)}

    def add_collaborator(self) -> Json:
        """Members, externals, strangers, and people who have a row."""
        organization, project = self._place()
        rows = [row["user"] for row in project["collaborators"] if "user" in row]
        user = self._pick(
            (35, lambda: self._one_of([user for user in self._members(organization) if user not in rows])),
            (20, lambda: self._one_of([user for user in self._externals() if user not in rows])),
            (15, lambda: self._one_of(self._elsewhere(organization))),
            (10, lambda: self._one_of(self.case.gone)),
            (8, lambda: self.case.new_id("usr")),
            (12, lambda: self._one_of(rows)),
        )
        return self._roleless({"project": project["id"], "user": user}, self.case.project_roles, 0.45)

    def _with_row(self) -> Json:
        organization, project = self._place(lambda _, p: bool(p["collaborators"]))
        user = self._pick(
            (70, lambda: self._one_of([row["user"] for row in project["collaborators"] if "user" in row])),
            (15, lambda: self._one_of(self._members(organization))),
            (15, lambda: self._one_of([*self._externals(), *self.case.gone, "nobody"])),
        )
        return {"project": project["id"], "user": user}

    def remove_collaborator(self) -> Json:
        """People with a row and without; members of the default project too."""
        return self._with_row()

    def set_collaborator_role(self) -> Json:
        """The same people."""
        return self._lowered(self._with_row(), self.case.project_roles)

    def create_api_key(self) -> Json:
        """The id or the digest may be taken."""
        key = self.rng.choice(self.case.all("key")) if self.case.chance(0.15) else self.case.new_id("key")
        change = {"project": self._place()[1]["id"], "key": key, "digest": self.digest()}
        self.case.optional(change, "name", "new key", 0.4)
        self.case.optional(change, "expires_at", self.expiry(), 0.4)
        self.case.optional(change, "created_by", self._one_of([*self._externals(), *self.case.gone, "nobody"]), 0.15)
        self.case.optional(change, "created_at", self.expiry(), 0.1)
        return change

    def _ending(self) -> Json:
        key = self._pick(
            (60, lambda: self._one_of([key["id"] for key in self.keys("project")])),
            (12, lambda: self._one_of([key["id"] for key in self.keys("project") if "revoked_at" in key])),
            (14, lambda: self._one_of([key["id"] for key in self.keys("organization_default")])),
            (14, lambda: self._wrong_id("usr", "res")),
            (14, lambda: self._one_of([key["id"] for key in self.keys("project") if passed(key.get("expires_at"), NOW)])),
        )
        return {"key": key}

    def revoke_api_key(self) -> Json:
        """Live keys, ended keys, default keys."""
        return self._ending()

    def expire_api_key(self) -> Json:
        """The same keys."""
        return self._ending() | {"expires_at": None if self.case.chance(0.25) else self.expiry()}

    def regenerate_default_key(self) -> Json:
        """Organizations with a default key or without."""

        def has_one(organization: Json) -> bool:
            return any(key["kind"] == "organization_default" for p in organization["projects"] for key in p["api_keys"])

        return {"organization": self._organization(has_one)["id"], "digest": self.digest()}

    def add_resource(self) -> Json:
        """Of kinds that may stand there or not; the id may be taken, or look like a reference."""
        plain = [kind for kind in self.case.kinds if kind != self.case.key_kind]
        wrong = ["robot", "File", *(kind for kind in self.case.kinds if kind == self.case.key_kind)]
        kind = self.rng.choice(plain if plain and self.case.chance(0.85) else wrong)
        taken = self.case.all("res")
        name = self.rng.choice(taken) if self.case.chance(0.15) else self.case.new_id("res")
        alike = f"{kind}:{self.rng.choice(taken)}"
        if self.case.chance(0.15) and len(alike.encode()) <= 256:
            name = alike
            self.case.taken.setdefault("res", set()).add(name)
        there = self.resources()
        if there and self.case.chance(0.12):
            # Its kind decides whether an id is taken.
            taken_by = self.rng.choice(there)
            name, kind = taken_by["id"], taken_by["kind"] if self.case.chance(0.7) else kind
        change = {"project": self._place()[1]["id"], "resource": name, "kind": kind}
        self.case.optional(change, "name", "thing", 0.3)
        return change

    def remove_resource(self) -> Json:
        """By a reference in either form, whether there is one or not."""
        resources, keys_too = self.resources(), self.keys()
        if self.case.chance(0.03) and keys_too:
            # A key is a resource in questions, and none that can be removed.
            return {"resource": f"{self.case.key_kind or 'api_key'}:{self.rng.choice(keys_too)['id']}"}
        resource = {"kind": "file", "id": self._wrong_id("key", "prj")}
        if resources and self.case.chance(0.85):
            resource = self.rng.choice(resources)
        kind = resource["kind"] if self.case.chance(0.9) else self.rng.choice([*self.case.kinds, "robot", "project"])
        forms: list[str | Json] = [f"{kind}:{resource['id']}", {"type": kind, "id": resource["id"]}]
        return {"resource": self.rng.choices(forms, [5, 3])[0]}


def new_secret(rng: random.Random) -> str:
    """A secret of our form, or of somebody else's."""
    if rng.random() < 0.4:
        prefix = rng.choice(["bw", "a", "key2", "0123456789abcdef"])
        body = f"{prefix}_{''.join(rng.choices(keys.DIGITS, k=43))}"
        # Six times the last digit is more than any checksum.
        return body + (keys.checksum(body) if rng.random() < 0.8 else "zzzzzz")
    return rng.choice(["sk-", "geheim ", "秘密", "", "bw_"]) + f"{rng.getrandbits(64):x}"
