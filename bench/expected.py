"""What the rules say about a request, by look-ups in a document: the benchmarks' own account, so that no engine is its own judge."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


class Expected:
    """Who may do what, for the types of requests that `requests.py` writes."""

    def __init__(self, document: Json, policy: Json) -> None:
        self.homes: dict[str, tuple[str, str]] = {}
        self.projects: dict[str, Json] = {}
        self.organizations: dict[str, str] = {}
        self.places: dict[str, str] = {}
        self.rows: dict[tuple[str, str], str] = {}
        for organization in document["organizations"]:
            self.homes |= {member["user"]: (organization["id"], member["role"]) for member in organization["members"]}
            for project in organization["projects"]:
                self.projects[project["id"]] = project
                self.organizations[project["id"]] = organization["id"]
                self.rows |= {(project["id"], row["user"]): row["role"] for row in project["collaborators"]}
                self.places |= {f"api_key:{key['id']}": project["id"] for key in project["api_keys"]}
                self.places |= {f"{one['kind']}:{one['id']}": project["id"] for one in project["resources"]}
        self.implied = {row["role"]: row.get("project_role") for row in policy["organization_roles"]}
        self.automatic: str = policy["default_project_role"]
        self.strongest: list[str] = policy["project_roles"]
        self.granted: set[tuple[str, str]] = set()
        for row in policy["organization_actions"] + policy["project_actions"]:
            self.granted |= {(role, row["action"]) for role in row.get("roles", [])}
        for kind in policy["kinds"]:
            for group in kind["verbs"]:
                self.granted |= {(role, f"{kind['kind']}.{verb}") for role in group["roles"] for verb in group["verbs"]}
            self.granted |= {("api_key", f"{kind['kind']}.{verb}") for verb in kind.get("api_key_verbs", [])}

    def is_allowed(self, principal: str, action: str, resource: str) -> bool:
        """Whether the principal may do the action on the resource, which exists and is one that the action is for."""
        who = principal.partition(":")[2]
        place, _, target = self.scope(resource).partition(":")
        if place == "organization":
            home, role = self.homes.get(who, (None, ""))
            return home == target and (role, action) in self.granted
        project = target
        if principal.startswith("api_key:"):
            return self.places.get(principal) == project and ("api_key", action) in self.granted
        found = self.role(who, project)
        return found is not None and (found, action) in self.granted

    def scope(self, resource: str) -> str:
        """The project that a resource lies in; a project and an organization are scopes themselves."""
        return f"project:{self.places[resource]}" if resource in self.places else resource

    def role(self, user: str, project: str) -> str | None:
        """The strongest role that a user has in a project."""
        explicit = self.rows.get((project, user))
        home, role = self.homes.get(user, (None, ""))
        if home != self.organizations[project]:
            return explicit if self.projects[project]["allow_external_collaborators"] else None
        automatic = self.automatic if self.projects[project]["default"] else None
        return min((one for one in (explicit, self.implied[role], automatic) if one), key=self.strongest.index, default=None)
