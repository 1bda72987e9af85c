"""Whole entries that are put into a directory: as they are, a little different, new, or with a fault that only the directory shows."""

from __future__ import annotations

import json
from typing import Any

from change_policy import declared
from documents import Json
from random_life import LifeMaker


class PutMaker(LifeMaker):
    """Makes the changes that set one entry."""

    def _copy(self, entry: Json) -> Json:
        copied: Json = json.loads(json.dumps(entry))
        return copied

    def _row(self, row: Json) -> Json:
        """A row with instants of its own."""
        for field in ("added_at", "expires_at"):
            self.case.optional(row, field, self.moment(), 0.25)
        return row

    def _spoiled(self, entries: list[Any]) -> None:
        """Something twice, now and then."""
        if entries and self.case.chance(0.12):
            entries.append(self._copy(self.rng.choice(entries)))

    def put_user(self) -> Json:
        """Members, externals and strangers; with a home that may be wrong."""
        everybody = [user for o in self.organizations for user in self._members(o)]
        user = self._pick(
            (40, lambda: self._one_of(everybody)), (40, lambda: self._one_of(self._externals())), (20, lambda: self.case.new_id("usr"))
        )
        entry: Json = {"id": user}
        homes = [o["id"] for o in self.organizations]
        self.case.optional(entry, "email", f"{len(user)}@put.test", 0.4)
        self.case.optional(entry, "organization", self.rng.choice([*homes, "outside_org", "outside_org"]), 0.35)
        self.case.optional(entry, "suspended_at", self.moment(), 0.2)
        return {"user": entry}

    def put_member(self) -> Json:
        """Anybody, the owner too."""
        organization = self._organization()
        user = self._pick(
            (40, lambda: self._one_of(self._members(organization))),
            (15, lambda: organization["owner"]),
            (25, lambda: self._one_of(self._externals())),
            (10, lambda: self._one_of(self._elsewhere(organization))),
            (10, lambda: self.case.new_id("usr")),
        )
        roles = self.case.org_roles if self.case.chance(0.9) else ["nobody"]
        row = {"user": user, "role": roles[0] if self.case.chance(0.4) else self.rng.choice(roles)}
        row = self._row(row) if user != organization["owner"] or self.case.chance(0.3) else row
        self.case.optional(row, "suspended_at", self.moment(), 0.15)
        return {"organization": organization["id"], "member": row}

    def put_group(self) -> Json:
        """With members, and now and then with somebody who is none."""
        organization, group = self._some_group()
        name = group["id"] if self.case.chance(0.7) else self.case.new_id("grp")
        if self.case.chance(0.25):
            organization = self._organization()
        entry: Json = {"id": name, "members": [self._row({"user": u}) for u in self._members(organization) if self.case.chance(0.5)]}
        self.case.optional(entry, "name", "Eine Gruppe", 0.3)
        if self.case.chance(0.08):
            entry["members"].append({"user": self.rng.choice([*self._externals(), "nobody"])})
        self._spoiled(entry["members"])
        home = organization["id"] if self.case.chance(0.95) else self._wrong_id("usr", "prj")
        return {"organization": home, "group": entry}

    def put_collaborator(self) -> Json:
        """Of anybody, with effect or without."""
        organization, project = self._place()
        groups = [group["id"] for group in organization.get("groups", [])]
        row: Json = {
            "user": self._pick((5, lambda: self._one_of(self._members(organization))), (5, lambda: self._one_of(self._externals())))
        }
        if self.case.chance(0.35):
            row = {"group": self.rng.choice(groups) if groups and self.case.chance(0.8) else self._wrong_id("grp", "usr")}
        row["role"] = self.rng.choice(self.case.project_roles if self.case.chance(0.92) else ["nobody"])
        return {"project": project["id"], "collaborator": self._row(row)}

    def _key(self, project: Json, organization: Json) -> Json:
        """A key of the project as it is or altered, one that is elsewhere, or a new one."""
        own, others = project["api_keys"], self.keys()
        pool = own if own and self.case.chance(0.6) else others if others and self.case.chance(0.3) else []
        key: Json = self._copy(self.rng.choice(pool)) if pool else {"id": self.case.new_id("key")}
        self.case.optional(key, "name", "put", 0.2)
        if self.case.chance(0.3):
            key["digest"] = self.digest()
        for field in ("expires_at", "revoked_at", "created_at"):
            if self.case.chance(0.15):
                key[field] = self.moment()
        if self.case.chance(0.1):
            key["kind"] = self.rng.choice(["project", "organization_default"])
        scopes = declared(self.policy, "scopes")
        if self.case.chance(0.15):
            key["scopes"] = [*self.rng.sample(scopes, self.rng.randint(0, len(scopes))), *(["no scope"] if self.case.chance(0.2) else [])]
        if self.case.chance(0.15):
            own_projects = [p["id"] for p in organization["projects"]]
            key["projects"] = self.rng.choice(["all", own_projects[:1], ["nowhere"], [*own_projects[:1], "nowhere"]])
        return key

    def put_api_key(self) -> Json:
        """In any project."""
        organization, project = self._place()
        return {"project": project["id"], "api_key": self._key(project, organization)}

    def put_resource(self) -> Json:
        """One of the project, one that is elsewhere, or a new one."""
        _, project = self._place()
        there = project["resources"] if self.case.chance(0.6) else self.resources()
        plain = [kind for kind in self.case.kinds if kind != self.case.key_kind]
        wrong = ["robot", *([self.case.key_kind] if self.case.key_kind else [])]
        kind = self.rng.choice(plain if plain and self.case.chance(0.88) else wrong)
        entry = self._copy(self.rng.choice(there)) if there and self.case.chance(0.7) else {"id": self.case.new_id("res"), "kind": kind}
        self.case.optional(entry, "name", "put", 0.3)
        self.case.optional(entry, "created_at", self.moment(), 0.2)
        return {"project": project["id"], "resource": entry}

    def put_project(self) -> Json:
        """One that there is with something else in it, or a new one."""
        organization, project = self._place()
        entry: Json = self._copy(project) if self.case.chance(0.7) else {"id": self.case.new_id("prj")}
        if self.case.chance(0.2):
            organization = self._organization()
        self._furnish(organization, entry)
        if self.case.chance(0.1):
            entry["default"] = not entry.get("default", False)
        elif self.case.chance(0.12):
            # The default project as it is, but for that.
            entry = self._copy(next((p for p in organization["projects"] if p["default"]), entry)) | {"default": False}
        home = organization["id"] if self.case.chance(0.95) else self._wrong_id("usr", "prj")
        return {"organization": home, "project": entry}

    def _furnish(self, organization: Json, project: Json) -> None:
        """Other rows, keys and resources."""
        self.case.optional(project, "name", "Gesetzt", 0.3)
        if self.case.chance(0.3):
            project["allow_external_collaborators"] = self.case.chance(0.6)
        if self.case.chance(0.15):
            project["visibility"] = self._visibility()
        people = [*self._members(organization), *self._externals()]
        if self.case.chance(0.5):
            chosen = self.rng.sample(people, self.rng.randint(0, min(3, len(people))))
            project["collaborators"] = [self._row({"user": user, "role": self.rng.choice(self.case.project_roles)}) for user in chosen]
        if self.case.chance(0.1):
            project["collaborators"] = [{"group": "nobody's", "role": self.case.project_roles[0]}]
        self._spoiled(project.get("collaborators", []))
        if self.case.chance(0.5):
            new = self._key({"api_keys": []}, organization)
            if self.case.chance(0.1):
                new = {"id": self.case.new_id("key"), "projects": ["nowhere"]}
            project["api_keys"] = [*(key for key in project.get("api_keys", []) if key["id"] != new["id"]), new]
        self._spoiled(project.get("api_keys", []))
        plain = [kind for kind in self.case.kinds if kind != self.case.key_kind]
        if plain and self.case.chance(0.35):
            entry = {"id": self.case.new_id("res"), "kind": self.rng.choice(plain)}
            project["resources"] = [*project.get("resources", []), entry]
        self._spoiled(project.get("resources", []))

    def put_organization(self) -> Json:
        """One that there is, with other people and projects, or a new one."""
        if self.case.chance(0.65):
            entry = self._copy(self._organization())
            if not entry["projects"]:
                entry |= {"owner": "somebody", "members": []}
            entry["members"] = [row for row in entry["members"] if row["user"] == entry["owner"] or self.case.chance(0.8)]
            kept = {row["user"] for row in entry["members"]}
            for group in entry.get("groups", []):
                group["members"] = [row for row in group["members"] if row["user"] in kept or self.case.chance(0.2)]
            entry["projects"] = [p for p in entry["projects"] if p["default"] or self.case.chance(0.75)]
            left = {p["id"] for p in entry["projects"]}
            for key in [key for p in entry["projects"] for key in p["api_keys"]]:
                if isinstance(key.get("projects"), list):
                    key["projects"] = [name for name in key["projects"] if name in left or self.case.chance(0.4)]
        else:
            owner = self.case.new_id("usr")
            entry = {"id": self.rng.choice([self.case.new_id("org"), "outside_org"]), "owner": owner}
            entry["members"] = [{"user": owner, "role": self.case.org_roles[0]}]
            entry["projects"] = [{"id": self.case.new_id("prj"), "default": True}]
            if self.case.chance(0.15):
                entry["projects"] += [{"id": self._place()[1]["id"]}]
            if self.case.chance(0.3):
                entry["projects"][0]["api_keys"] = [self._key({"api_keys": []}, entry)]
        strangers = [*self._externals(), self.case.new_id("usr"), *(self._elsewhere(entry) if self.case.chance(0.12) else [])]
        new: Json = {"user": self.rng.choice(strangers), "role": self.rng.choice(self.case.org_roles)}
        if self.case.chance(0.5) and new["user"] not in [row["user"] for row in entry["members"]]:
            entry["members"].append(self._row(new))
        self._spoiled(entry["members"])
        self._spoiled(entry["projects"])
        if entry["projects"] and self.case.chance(0.5):
            self._furnish(entry, self.rng.choice(entry["projects"]))
        if self.case.chance(0.15):
            entry["multi_project"] = self.case.chance(0.4)
        self.case.optional(entry, "suspended_at", self.moment(), 0.1)
        taken = [key["digest"] for key in self.keys() if "digest" in key and "revoked_at" not in key]
        if taken and entry["projects"] and self.case.chance(0.06):
            keys = entry["projects"][0].setdefault("api_keys", [])
            keys.append({"id": self.case.new_id("key"), "digest": self.rng.choice(taken)})
        return {"organization": entry}
