"""The rows that an answer rests on, by the names that outcomes give them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from ..._policies import built_in_policy
from .directory_rows import DirectoryRows
from .policy_rows import PolicyRows
from .question import Json, Question, Row

Finder = Callable[[], Iterator[Row]]


class Rows:
    """Finds rows of a directory that is written out, and of its policy."""

    def __init__(self, directory: Json, question: Question) -> None:
        named = directory["policy"]
        policy = built_in_policy(named) if isinstance(named, str) else named
        self.policy: PolicyRows = PolicyRows(policy, question)
        if not question.surface:
            question = replace(question, surface=self.policy.default_surface())
        self.question = question
        self.directory: DirectoryRows = DirectoryRows(directory, question)
        self.policy = PolicyRows(policy, question)
        self._finders: dict[str, Finder] = {
            "freshness": self.directory.freshness,
            "organization": self.directory.organization,
            "member": self.directory.member,
            "external rows": self.directory.external_rows,
            "project": self.directory.project,
            "collaborator": self.directory.collaborator,
            "groups": self.directory.groups,
            "key": self.directory.key,
            "key user": self.directory.key_user,
            "scopes": lambda: self.policy.scopes(self.directory.scopes()),
            "visibility": self._visibility,
            "suspension": self.directory.suspension,
            "suspended principal": lambda: self.policy.suspended_actions("principal"),
            "suspended scope": lambda: self.policy.suspended_actions("scope"),
            "resource": lambda: self.directory.resource(self.policy.api_key_kind),
            "home": self.directory.home,
            "policy": self.policy.itself,
            "action": self.policy.action,
            "key action": self.policy.key_action,
            "support": self.policy.support,
            "surface": self.policy.surface,
            "roles": self._roles,
        }

    def found(self, names: tuple[str, ...]) -> list[Row]:
        """The rows of these names, each of them once."""
        rows: dict[tuple[str, str, str | None], Row] = {}
        for name in names:
            for row in self._finders[name]():
                rows.setdefault((row.document, row.path or row.what, row.path), row)
        return list(rows.values())

    def is_member(self) -> bool:
        """Whether the principal is a member of the organization that the question is about."""
        return self.directory.is_member()

    def _roles(self) -> Iterator[Row]:
        """What turns memberships into project roles, and which of them counts."""
        for member in self.directory.member():
            if member.row is not None:
                yield from self.policy.organization_role(member.row["role"])
        if any(project.row.get("default") for project in self.directory.project()):
            yield from self.policy.default_role()
        yield from self._visibility()
        yield from self.policy.combination()
        yield from self.policy.project_roles()

    def _visibility(self) -> Iterator[Row]:
        for project in self.directory.project():
            yield from self.policy.visibility(project.row.get("visibility"))
