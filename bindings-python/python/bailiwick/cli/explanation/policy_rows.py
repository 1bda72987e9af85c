"""The rows of a policy that a question touches."""

from __future__ import annotations

from collections.abc import Iterator

from .question import Json, Question, Row


class PolicyRows:
    """Finds them in a policy document."""

    def __init__(self, policy: Json, question: Question) -> None:
        self._policy = policy
        self._asked = question

    @property
    def api_key_kind(self) -> str | None:
        """The kind that API keys are when they are asked about."""
        kind: str | None = self._policy.get("api_key_kind")
        return kind

    def default_surface(self) -> str:
        """The surface that a question means that names none."""
        surface: str = self._policy["default_surfaces"]["user" if self._asked.user is not None else "api_key"]
        return surface

    def itself(self) -> Iterator[Row]:
        """The policy as a whole."""
        yield self._row("policy", "", {"id": self._policy["id"]})

    def action(self) -> Iterator[Row]:
        """Who has the action."""
        for table in ("self_actions", "organization_actions", "project_actions"):
            for index, row in enumerate(self._policy.get(table, [])):
                if self._asked.action == (row if isinstance(row, str) else row["action"]):
                    yield self._row("action", f"/{table}/{index}", row)
        for path, kind, verb in self._kinds():
            for index, row in enumerate(kind.get("verbs", [])):
                if verb in row["verbs"]:
                    yield self._row("action", f"{path}/verbs/{index}", {"kind": kind["kind"], **row})

    def key_action(self) -> Iterator[Row]:
        """Whether keys have the action."""
        for table in ("organization_actions", "project_actions"):
            for index, row in enumerate(self._policy.get(table, [])):
                if self._asked.action == row["action"]:
                    yield self._row("action", f"/{table}/{index}", row)
        for path, kind, verb in self._kinds():
            if _has(kind, verb):
                yield self._row("action", path, {"kind": kind["kind"], "api_key_verbs": kind.get("api_key_verbs", [])})

    def support(self) -> Iterator[Row]:
        """Where the platform keeps the kind apart by project."""
        for path, kind, verb in self._kinds():
            if kind["kind"] == self._asked.kind or _has(kind, verb):
                yield self._row("kind", path, {"kind": kind["kind"], "support": kind.get("support", {})})

    def organization_role(self, role: str) -> Iterator[Row]:
        """What an organization role implies."""
        for index, row in enumerate(self._policy["organization_roles"]):
            if row["role"] == role:
                yield self._row("organization role", f"/organization_roles/{index}", row)

    def default_role(self) -> Iterator[Row]:
        """What every member has in a default project."""
        yield self._row("role in the default project", "/default_project_role", self._policy.get("default_project_role"))

    def visibility(self, named: str | None) -> Iterator[Row]:
        """What a visibility gives. A project that names none has the first."""
        for index, row in enumerate(self._policy.get("visibilities", [])):
            if row["visibility"] == named or (named is None and index == 0):
                yield self._row("visibility", f"/visibilities/{index}", row)

    def scopes(self, names: list[str]) -> Iterator[Row]:
        """What the scopes of a key give."""
        for index, row in enumerate(self._policy.get("api_key_scopes", [])):
            if row["scope"] in names:
                yield self._row("scope", f"/api_key_scopes/{index}", row)

    def suspended_actions(self, of: str) -> Iterator[Row]:
        """What is allowed in spite of a suspension."""
        yield self._row("in spite of a suspension", f"/suspended_actions/{of}", self._policy.get("suspended_actions", {}).get(of, []))

    def combination(self) -> Iterator[Row]:
        """How several roles count together, if not by the strongest."""
        if "role_combination" in self._policy:
            yield self._row("combination of roles", "/role_combination", self._policy["role_combination"])

    def project_roles(self) -> Iterator[Row]:
        """Which role is stronger than which."""
        yield self._row("project roles", "/project_roles", self._policy["project_roles"])

    def surface(self) -> Iterator[Row]:
        """The surface on which usage was made."""
        for index, row in enumerate(self._policy["surfaces"]):
            if row["surface"] == self._asked.surface:
                yield self._row("surface", f"/surfaces/{index}", row)

    def _row(self, what: str, path: str, row: Json) -> Row:
        return Row(what, self._policy["id"], path, row)

    def _kinds(self) -> Iterator[tuple[str, Json, str]]:
        """The kinds that the question can be of, each with the verb that the action would be then. A kind may have a dot in its name."""
        for index, kind in enumerate(self._policy.get("kinds", [])):
            prefix = f"{kind['kind']}."
            verb = self._asked.action.removeprefix(prefix) if self._asked.action.startswith(prefix) else ""
            if verb or kind["kind"] == self._asked.kind:
                yield f"/kinds/{index}", kind, verb


def _has(kind: Json, verb: str) -> bool:
    return any(verb in row["verbs"] for row in kind.get("verbs", []))
