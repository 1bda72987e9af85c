"""Random changes of the rest of a tenant's life: organizations, projects, groups, suspensions, limits of keys, moves, policies."""

from __future__ import annotations

import json
from typing import Any

from change_policy import NAMES, declared
from documents import BUILT_IN, Json, effective_policy, second_policy
from random_change import ChangeMaker
from random_directory import DAY, NOW
from random_policy_fields import with_new_fields


class LifeMaker(ChangeMaker):
    """Makes the changes that are about more than a row, a key or a resource."""

    @property
    def policy(self) -> Json:
        """The policy as it is now."""
        return effective_policy(self.guard.document, self.guard.built_in)

    def groups(self) -> list[tuple[Json, Json]]:
        """Each group after its organization."""
        return [(o, group) for o in self.organizations for group in o.get("groups", [])]

    def _ends(self, change: Json, share: float = 0.25) -> Json:
        """A row that ends some day, has ended, or never ends."""
        self.case.optional(change, "expires_at", self.expiry(), share)
        return change

    def moment(self) -> str:
        """An instant around the present."""
        edge = NOW + self.rng.choice([0, -1, 1, -DAY, DAY])
        self.case.edges.append(edge)
        return self.case.instant(edge)

    # Rows that end, and rows of groups

    def add_member(self) -> Json:
        """With an end now and then."""
        return self._ends(super().add_member())

    def set_member_role(self) -> Json:
        """Likewise."""
        return self._ends(super().set_member_role())

    def _of_group(self, change: Json) -> Json:
        """A group in place of the user: one of the organization's, or another."""
        if not self.case.chance(0.3):
            return change
        project = next((p for _, p in self.places() if p["id"] == change["project"]), None)
        own = [g["id"] for o, g in self.groups() if any(p is project for p in o["projects"])]
        held = [row["group"] for row in (project or {}).get("collaborators", []) if "group" in row]
        name = self._pick(
            (40, lambda: self._one_of(own)),
            (60, lambda: self._one_of(held)),
            (10, lambda: self._one_of([group["id"] for _, group in self.groups()])),
            (4, lambda: self._wrong_id("usr", "prj")),
        )
        return {"group" if field == "user" else field: name if field == "user" else value for field, value in change.items()}

    def add_collaborator(self) -> Json:
        """Of a person or a group."""
        return self._ends(self._of_group(super().add_collaborator()))

    def remove_collaborator(self) -> Json:
        """Likewise."""
        return self._of_group(super().remove_collaborator())

    def set_collaborator_role(self) -> Json:
        """Likewise."""
        return self._ends(self._of_group(super().set_collaborator_role()))

    # People

    def drop_member(self) -> Json:
        """The same people as are removed."""
        return self._leaving()

    def transfer_ownership(self) -> Json:
        """To one of the strongest as a rule."""
        organization = self._organization(lambda o: len(o["members"]) > 1)
        strongest = [
            m["user"] for m in organization["members"] if m["role"] == self.case.org_roles[0] and m["user"] != organization["owner"]
        ]
        user = self._pick(
            (60, lambda: self._one_of(strongest)),
            (25, lambda: self._one_of(self._members(organization))),
            (15, lambda: self._wrong_id("usr")),
        )
        return {"organization": organization["id"], "user": user}

    def remove_user(self) -> Json:
        """Anybody, owners and strangers too."""
        everybody = [user for o in self.organizations for user in self._members(o)]
        user = self._pick((50, lambda: self._one_of(everybody)), (40, lambda: self._one_of(self._externals())), (10, lambda: "nobody"))
        return {"user": user}

    # Organizations and projects

    def remove_organization(self) -> Json:
        """Rarely one that is there, so that something is left to change."""
        there = len(self.organizations) > 1 and self.case.chance(0.35)
        if there:
            return {"organization": self.rng.choice(self.organizations)["id"]}
        name = self._wrong_id("prj", "usr")
        return {"organization": "nowhere" if name in [o["id"] for o in self.organizations] else name}

    def update_organization(self) -> Json:
        """Some facts, some of them cleared."""
        change: Json = {"organization": self._organization(lambda o: len(o["projects"]) > 1)["id"]}
        self.case.optional(change, "name", self.rng.choice(["", "Umbenannt", "改名"]), 0.4)
        if self.case.chance(0.3):
            change["membership"] = self.rng.choice(["invitation", "sso"])
        if self.case.chance(0.35):
            change["multi_project"] = self.case.chance(0.6)
        self.case.optional(change, "projects_since", self.moment(), 0.3)
        self.case.optional(change, "suspended_at", self.moment(), 0.12)
        return change

    def remove_project(self) -> Json:
        """Default projects too."""
        return {"project": self._place(lambda _, p: not p["default"])[1]["id"]}

    def update_project(self) -> Json:
        """Some facts, some of them the platform's."""
        change: Json = {"project": self._place()[1]["id"]}
        self.case.optional(change, "name", self.rng.choice(["", "Umbenannt", "改名"]), 0.5)
        self.case.optional(change, "suspended_at", self.moment(), 0.12)
        if self.case.chance(0.2):
            change["allow_external_collaborators"] = self.case.chance(0.5)
        if self.case.chance(0.2):
            change["visibility"] = self._visibility()
        return change

    def _visibility(self) -> str:
        names = declared(self.policy, "visibilities")
        name: str = self.rng.choice(names if names and self.case.chance(0.85) else ["unseen", *self.case.org_roles])
        return name

    def set_visibility(self) -> Json:
        """One of the policy's, or another word."""
        return {"project": self._place()[1]["id"], "visibility": self._visibility()}

    def set_default_project(self) -> Json:
        """Another one, or the one that it is."""
        return {"project": self._place(lambda _, p: not p["default"])[1]["id"]}

    def move_project(self) -> Json:
        """To another organization as a rule."""
        organization, project = self._place(lambda _, p: not p["default"])
        return {"project": project["id"], "organization": self._organization(lambda o: o is not organization)["id"]}

    def move_resource(self) -> Json:
        """Mostly within the organization."""
        change, other = self.remove_resource(), self.case.chance(0.35)
        here = [o for o, p in self.places() if any(r["id"] == _name(change["resource"]) for r in p["resources"])]
        target = self._place(lambda o, _: (o in here) != other)[1]["id"]
        return change | {"project": target}

    def update_resource(self) -> Json:
        """A new name, or none."""
        change = self.remove_resource()
        self.case.optional(change, "name", "renamed", 0.7)
        return change

    # Suspensions, joining and leaving

    def suspend(self) -> Json:
        """Anything that can be suspended; now and then what is."""
        roll = self.rng.random()
        again = self.case.chance(0.4)
        if roll < 0.2:
            return {"organization": self._organization(lambda o: ("suspended_at" in o) == again)["id"]}
        if roll < 0.4:
            return {"project": self._place(lambda _, p: ("suspended_at" in p) == again)[1]["id"]}
        rows = [(o, m) for o in self.organizations for m in o["members"] if "suspended_at" in m]
        if again and rows:
            organization, row = self.rng.choice(rows)
            return {"organization": organization["id"], "user": row["user"]}
        return self._leaving() if roll < 0.8 else self.remove_user()

    def resume(self) -> Json:
        """Rather what is suspended."""
        roll = self.rng.random()
        rows = [(o, m) for o in self.organizations for m in o["members"] if "suspended_at" in m]
        if roll < 0.4 and rows:
            organization, row = self.rng.choice(rows)
            return {"organization": organization["id"], "user": row["user"]}
        if roll < 0.5:
            return self._leaving()
        suspended = [entry["id"] for entry in self.guard.document["users"] if "suspended_at" in entry]
        if roll < 0.65 and suspended:
            return {"user": self.rng.choice(suspended)}
        if roll < 0.8:
            return {"organization": self._organization(lambda o: "suspended_at" in o)["id"]}
        return {"project": self._place(lambda _, p: "suspended_at" in p)[1]["id"]}

    def join_project(self) -> Json:
        """A project that some may join, or another."""
        join = {entry["visibility"] for entry in self.policy.get("visibilities", []) if entry.get("join")}
        return {"project": self._place(lambda _, p: p.get("visibility") in join)[1]["id"]}

    def leave_project(self) -> Json:
        """A project with people in it."""
        return {"project": self._place(lambda _, p: bool(p["collaborators"]))[1]["id"]}

    # Groups

    def add_group(self) -> Json:
        """The id may be taken."""
        taken = [group["id"] for _, group in self.groups()]
        name = self.rng.choice(taken) if taken and self.case.chance(0.2) else self.case.new_id("grp")
        change: Json = {"organization": self._organization()["id"], "group": name}
        self.case.optional(change, "name", self.rng.choice(["", "Gruppe"]), 0.4)
        return change

    def _some_group(self) -> tuple[Json, Json]:
        """Rather one that has rows in projects; now and then none that there is."""
        groups = self.groups()
        if not groups or self.case.chance(0.08):
            return self.rng.choice(self.organizations), {"id": self._wrong_id("usr", "org"), "members": []}
        with_rows = {row["group"] for _, p in self.places() for row in p["collaborators"] if "group" in row}
        fitting = [(o, group) for o, group in groups if group["id"] in with_rows]
        return self.rng.choice(fitting if fitting and self.case.chance(0.6) else groups)

    def remove_group(self) -> Json:
        """With rows or without."""
        return {"group": self._some_group()[1]["id"]}

    def _in_group(self, inside: bool) -> Json:
        organization, group = self._some_group()
        members, present = self._members(organization), [row["user"] for row in group["members"]]
        others = [user for user in members if user not in present]
        user = self._pick(
            (80 if inside else 20, lambda: self._one_of(present)),
            (20 if inside else 70, lambda: self._one_of(others)),
            (8, lambda: self._one_of([*self._externals(), *self._elsewhere(organization)])),
            (3, lambda: "nobody"),
        )
        return {"group": group["id"], "user": user}

    def add_group_member(self) -> Json:
        """Members as a rule."""
        return self._ends(self._in_group(inside=False))

    def remove_group_member(self) -> Json:
        """People who are in it as a rule."""
        return self._in_group(inside=True)

    # Keys

    def create_api_key(self) -> Json:
        """With limits of its own now and then."""
        change = super().create_api_key()
        return self._limits(change, change["project"], 0.3)

    def _limits(self, change: Json, project: str, share: float) -> Json:
        """Scopes, further projects, and whom it acts as; some of them not there."""
        home = next((o for o, p in self.places() if p["id"] == project), self.organizations[0])
        scopes = declared(self.policy, "scopes")
        if self.case.chance(share):
            named = self.rng.sample(scopes, self.rng.randint(0, len(scopes)))
            change["scopes"] = self.rng.choice([named, named, None, [*named, "no scope"]])
        if self.case.chance(share):
            own = [p["id"] for p in home["projects"]]
            some = self.rng.sample(own, self.rng.randint(0, len(own)))
            change["projects"] = self.rng.choice(
                [some, some, "all", "all", None, [*some, self._wrong_id("prj", "usr")], [*some, "nowhere"]]
            )
        if self.case.chance(share):
            change["acts_as"] = self.rng.choice([*self._members(home), *self.case.gone, None, home["owner"], home["owner"]])
        return change

    def update_api_key(self) -> Json:
        """All sorts of keys."""
        change = self._ending()
        self.case.optional(change, "name", "renamed", 0.4)
        home = next((p["id"] for _, p in self.places() if any(key["id"] == change["key"] for key in p["api_keys"])), "nowhere")
        return self._limits(change, home, 0.4)

    def remove_api_key(self) -> Json:
        """All sorts of keys."""
        return self._ending()

    # Policies

    def set_policy(self) -> Json:
        """The same one with other names, one that has more, one of the built-in ones, or one that is none."""
        roll = self.rng.random()
        if roll < 0.45:
            return self._renaming()
        if roll < 0.7:
            return {"policy": with_new_fields(self.rng, json.loads(json.dumps(self.policy)))}
        if roll < 0.8:
            return {"policy": self.rng.choice([json.loads(BUILT_IN.read_text("utf-8"))["id"], second_policy()["id"]])}
        if roll < 0.9:
            return {"policy": "no such policy"}
        return {"policy": self.policy | {"collaborator_role": "nobody"}}

    def _renaming(self) -> Json:
        """Every name of a few sorts replaced, and most of the replacements told."""
        policy = json.loads(json.dumps(self.policy))
        renames: dict[str, dict[str, str]] = {}
        for sort in self.rng.sample(["scopes", "visibilities", "project_roles", "organization_roles"], self.rng.randint(1, 2)):
            names = declared(policy, sort)
            # All move on by one, or all are new.
            new = [*names[1:], *names[:1]] if self.case.chance(0.3) else [f"{name}+" for name in names]
            renames[sort] = {old: fresh for old, fresh in zip(names, new, strict=True) if len(fresh.encode()) <= 256}
            _rename(policy, sort, renames[sort])
        told = {sort: dict(names) for sort, names in renames.items() if self.case.chance(0.85)}
        for mapping in told.values():
            if self.case.chance(0.15):
                mapping["nobody"] = "somebody"
            elif self.case.chance(0.12) and mapping:
                mapping[next(iter(mapping))] = "somebody else"
            elif self.case.chance(0.25) and mapping:
                mapping.pop(next(reversed(mapping)))
        change: Json = {"policy": policy}
        self.case.optional(change, "renames", told, 0.95)
        return change


def _name(given: str | Json) -> str:
    return given.partition(":")[2] if isinstance(given, str) else str(given["id"])


# Where a policy uses the names of a sort, beside the table that declares them: the last two steps to each place.
USES: dict[str, set[tuple[str, str]]] = {
    "project_roles": {("organization_roles", "project_role"), ("project_actions", "roles"), ("verbs", "roles")},
    "organization_roles": {("organization_actions", "roles"), ("actions", "roles")},
    "scopes": set(),
    "visibilities": set(),
}


def _rename(policy: Json, sort: str, names: dict[str, str]) -> None:
    """Renames one sort of names throughout a policy."""

    def new(name: Any) -> Any:
        return names.get(name, name) if isinstance(name, str) else name

    def walk(value: Any, table: str) -> None:
        for entry in value if isinstance(value, list) else [value]:
            if not isinstance(entry, dict):
                continue
            for field, held in entry.items():
                if (table, field) in USES[sort]:
                    entry[field] = [new(name) for name in held] if isinstance(held, list) else new(held)
                else:
                    walk(held, field)

    walk(policy, "")
    _, table, field = NAMES[sort]
    policy[table] = [new(entry) if field is None else entry | {field: new(entry[field])} for entry in policy.get(table, [])]
    if sort == "project_roles":
        policy["collaborator_role"] = new(policy["collaborator_role"])
    automatic = policy.get("default_project_role")
    maps: list[tuple[Json, str, Any]] = [(policy, "default_project_role", automatic)]
    maps += [(one, "join", one.get("join")) for one in policy.get("visibilities", [])]
    for holder, field_of_map, held in maps:
        if isinstance(held, dict) and sort in ("project_roles", "organization_roles"):
            by_key = sort == "organization_roles"
            holder[field_of_map] = {new(k) if by_key else k: v if by_key else new(v) for k, v in held.items()}
        elif isinstance(held, str) and sort == "project_roles":
            holder[field_of_map] = new(held)
