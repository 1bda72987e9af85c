"""A state at an instant, and what changes make of it: what the answers of section 16 are tried on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from changes import applied
from documents import AGE, Json, OracleError, effective_policy, milliseconds
from oracle import Oracle
from written import written_directory


class Scene:
    """A directory without an age, since no change makes it younger; `dated` has the age that it is asked with."""

    def __init__(self, document: Json, built_in: Json, at: str) -> None:
        whole = written_directory(document, built_in)
        self.document = {field: value for field, value in whole.items() if field not in AGE}
        self.built_in = built_in
        self.at = at
        self.now = milliseconds(at)
        self.oracle = Oracle(self.document, effective_policy(self.document, built_in))
        self.dated = Oracle(whole, self.oracle.policy)
        # What has been tried already: suggestions and fixes are tried more than once.
        self.tried: dict[str, Scene | None] = {}

    def after(self, changes: list[Json], actor: str | None = None) -> Scene:
        """The scene after changes by the platform, or by somebody; the error of the first that fails."""
        document = self.document
        for change in changes:
            step: Json = {"change": change, "at": self.at}
            document = applied(document, self.built_in, step if actor is None else step | {"actor": actor})
        return Scene(document, self.built_in, self.at)

    def can(self, changes: list[Json], actor: str | None = None) -> Scene | None:
        """The same, or nothing where that fails."""
        question = json.dumps([changes, actor])
        if question not in self.tried:
            try:
                self.tried[question] = self.after(changes, actor)
            except OracleError:
                self.tried[question] = None
        return self.tried[question]

    def with_policy(self, policy: str | Json, renames: Json | None = None) -> Scene:
        """The same directory under another policy, which it has to fit."""
        change: Json = {"type": "set_policy", "policy": policy}
        return self.after([change if renames is None else change | {"renames": renames}])

    def allows(self, request: Json) -> bool:
        """Whether a question is allowed."""
        return bool(self.oracle.check_access(request | {"at": self.at})["allowed"])

    def edited(self, edit: Callable[[Json], Any]) -> Scene:
        """The scene after an edit of its document that no change need be able to make."""
        copied = written_directory(self.document, self.built_in)
        edit(copied)
        # It may be no valid directory any more, and is asked all the same.
        found = Scene(self.document, self.built_in, self.at)
        found.document = copied
        found.oracle = Oracle(copied, self.oracle.policy)
        return found


def rule_of(oracle: Oracle, asked: Json) -> str:
    """The rule that decides a question, or that books a usage."""
    return (oracle.booking(asked) if "kind" in asked else oracle.ruling(asked))[0]


def ruled(oracle: Oracle, asked: Json) -> Json:
    """The answer of the call `rule`: what is decided or booked, and by which rule."""
    rule, told = oracle.booking(asked) if "kind" in asked else oracle.ruling(asked)
    return {"attribution" if "kind" in asked else "decision": told, "rule": rule}
