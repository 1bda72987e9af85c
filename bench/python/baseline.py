"""What a developer would write by hand: nested dicts, no rules beyond lookups, no explanations."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from python.candidate import Ready, allowed, one_by_one
from python.data import policy, read


class Project(NamedTuple):
    """What a project says of who reaches it."""

    organization: str
    is_default: bool
    externals: bool
    rows: dict[str, str]


class Baseline:
    """Everything by its id."""

    def __init__(self, document: dict[str, Any], rules: dict[str, Any]) -> None:
        self.homes: dict[str, tuple[str, str]] = {}
        self.keys: dict[str, str] = {}
        self.projects: dict[str, Project] = {}
        self.resources: dict[str, tuple[str, str]] = {}
        self.permissions: dict[str, set[str]] = {}
        for organization in document["organizations"]:
            self.homes |= {member["user"]: (organization["id"], member["role"]) for member in organization["members"]}
            for project in organization["projects"]:
                rows = {row["user"]: row["role"] for row in project["collaborators"]}
                entry = Project(organization["id"], project["default"], project["allow_external_collaborators"], rows)
                self.projects[project["id"]] = entry
                self.keys |= {key["id"]: project["id"] for key in project["api_keys"]}
                self.resources |= {resource["id"]: (resource["kind"], project["id"]) for resource in project["resources"]}
        for row in rules["organization_actions"] + rules["project_actions"]:
            self.grant(row.get("roles", []), row["action"])
        for kind in rules["kinds"]:
            for group in kind["verbs"]:
                for verb in group["verbs"]:
                    self.grant(group["roles"], f"{kind['kind']}.{verb}")
            for verb in kind.get("api_key_verbs", []):
                self.grant(["api_key"], f"{kind['kind']}.{verb}")

    def grant(self, roles: list[str], action: str) -> None:
        """Let some roles do something."""
        for role in roles:
            self.permissions.setdefault(role, set()).add(action)

    def is_allowed(self, principal: str, action: str, resource: str) -> bool:
        """Look everything up."""
        role = self.role(principal, resource)
        return role is not None and action in self.permissions[role]

    def role(self, principal: str, resource: str) -> str | None:
        """The role that counts."""
        sort, _, who = principal.partition(":")
        kind, _, target = resource.partition(":")
        if kind == "organization":
            home = self.homes.get(who)
            return home[1] if home is not None and home[0] == target else None
        if kind != "project":
            found = self.resources.get(target)
            if found is None or found[0] != kind:
                return None
            target = found[1]
        if sort == "api_key":
            return "api_key" if self.keys.get(who) == target else None
        project = self.projects.get(target)
        if project is None:
            return None
        home = self.homes.get(who)
        if home is None or home[0] != project.organization:
            return project.rows.get(who) if project.externals else None
        if home[1] == "admin":
            return "admin"
        return project.rows.get(who, "member" if project.is_default else None)


def baseline(folder: Path) -> Ready:
    """Make it."""
    made = Baseline(read(folder / "directory.json"), policy())
    return lambda questions: [one_by_one("is_allowed", [question[:3] for question in questions], made.is_allowed, allowed(questions))]
