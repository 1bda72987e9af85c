"""What today's platforms add to a directory: ends, suspensions, groups, visibilities, and keys with limits of their own."""

from __future__ import annotations

import random
from collections.abc import Callable

from documents import Json

DAY = 86_400_000


class StateMaker:
    """Adds newer fields to a valid directory, so that it stays valid."""

    def __init__(self, rng: random.Random, policy: Json, now: int, edge: Callable[[int], str], new_id: Callable[[str], str]) -> None:
        self.rng = rng
        self.policy = policy
        self.now = now
        self.edge = edge
        self.new_id = new_id
        self.several: bool = policy.get("multiple_organizations", False)

    def chance(self, share: float) -> bool:
        """Whether a share has come."""
        return self.rng.random() < share

    def _moment(self, share_past: float) -> str:
        """An instant that has come or is to come."""
        past = self.chance(share_past)
        return self.edge(self.now + self.rng.choice([0, -1, -1000, -DAY, -90 * DAY] if past else [1, 1000, DAY, 90 * DAY]))

    def _optional(self, entry: Json, field: str, share: float, share_past: float) -> None:
        if self.chance(share):
            entry[field] = self._moment(share_past)
        elif self.chance(0.05):
            entry[field] = None

    def row(self, row: Json) -> Json:
        """A row that may end, or say since when it is."""
        self._optional(row, "expires_at", 0.3, 0.45)
        self._optional(row, "added_at", 0.15, 0.9)
        return row

    def organization(self, organization: Json, elsewhere: list[str]) -> None:
        """Members whose membership ends, or who are suspended; members of other organizations; groups."""
        if self.chance(0.08):
            self._optional(organization, "suspended_at", 1, 0.5)
        members: list[Json] = organization["members"]
        roles = [role["role"] for role in self.policy["organization_roles"]]
        if self.several:
            own = {member["user"] for member in members}
            members += [{"user": user, "role": self.rng.choice(roles)} for user in elsewhere if user not in own and self.chance(0.3)]
        for member in members:
            if member["user"] == organization["owner"]:
                if self.chance(0.1):
                    member |= {"expires_at": None, "suspended_at": None}
                if self.chance(0.1):
                    member["added_at"] = self._moment(0.9)
                continue
            self.row(member)
            self._optional(member, "suspended_at", 0.15, 0.5)
        if self.chance(0.75):
            organization["groups"] = [self._group(members) for _ in range(self.rng.randint(0, 3))]

    def _group(self, members: list[Json]) -> Json:
        group: Json = {"id": self.new_id("grp")}
        if self.chance(0.4):
            group["name"] = self.rng.choice(["Eine Gruppe", None, ""])
        group["members"] = [self.row({"user": member["user"]}) for member in members if self.chance(0.5)]
        return group

    def project(self, organization: Json, project: Json) -> None:
        """A visibility, suspension, rows that end and rows of groups."""
        if self.chance(0.1):
            self._optional(project, "suspended_at", 1, 0.5)
        names = [entry["visibility"] for entry in self.policy.get("visibilities", [])]
        if names and self.chance(0.75):
            project["visibility"] = self.rng.choice(names)
        rows = [self.row(row) for row in project.get("collaborators", [])]
        for group in organization.get("groups", []):
            if self.chance(0.6):
                rows.append(self.row({"group": group["id"], "role": self.rng.choice(self.policy["project_roles"])}))
        self.rng.shuffle(rows)
        if rows:
            project["collaborators"] = rows
        for key in project.get("api_keys", []):
            self._key(organization, project, key)

    def _key(self, organization: Json, project: Json, key: Json) -> None:
        names = [entry["scope"] for entry in self.policy.get("api_key_scopes", [])]
        if self.chance(0.4) and (names or self.chance(0.2)):
            key["scopes"] = self.rng.sample(names, self.rng.randint(0, len(names)))
        elif self.chance(0.1):
            key["scopes"] = None
        members = [member["user"] for member in organization["members"]]
        rows = [row["user"] for row in project.get("collaborators", []) if "user" in row]
        if self.chance(0.35):
            key["acts_as"] = self.rng.choice([*members, *rows, *rows] if self.chance(0.9) else [self.new_id("usr")])
        if self.chance(0.35):
            others = [other["id"] for other in organization["projects"] if other["id"] != project["id"]]
            key["projects"] = "all" if self.chance(0.45) else self.rng.sample(others, self.rng.randint(0, len(others)))

    def user(self, entry: Json, homes: list[str]) -> None:
        """A suspension everywhere, and with several organizations a home."""
        if self.chance(0.15):
            self._optional(entry, "suspended_at", 1, 0.5)
        if self.several and homes and self.chance(0.6):
            entry["organization"] = self.rng.choice([*homes, *homes, "outside_org"])
