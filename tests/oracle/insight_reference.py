"""A small engine for section 16, so that the checks can be checked: it guesses, tries, and keeps what helps."""

from __future__ import annotations

from typing import Any

import explanations
import findings
import impact
import remedies
import reviews
from documents import Json, reference
from facts import is_present
from findings import Found
from listings import principals
from scene import Scene, rule_of
from suggestions import helps, suggestions


class Reference:
    """Answers as a package does."""

    def __init__(self, document: Json, built_in: Json, at: str) -> None:
        self.scene = Scene(document, built_in, at)
        self.pages: dict[str, Any] = {}
        self.wholes: dict[int, Json] = {}

    def explain(self, principal: str, action: str, resource: str, *, surface: str | None, at: str) -> Json:
        """Every row that could have to do with it is a fact."""
        request: Json = {"principal": principal, "action": action, "resource": resource} | ({} if surface is None else {"surface": surface})
        rule, decision = self.scene.dated.ruling(request | {"at": at})
        told: Json = {"decision": decision, "rule": rule, "sentence": decision["reason"]}
        changes = [] if decision["allowed"] or rule == "A1" else list(suggestions(self.scene, request))
        kept = [change for place, change in enumerate(changes) if change not in changes[:place]]
        told["facts"] = self._facts(principal)
        told["would_allow"] = [{"change": change, "by": self._able(request, change)} for change in kept]
        return told

    def _facts(self, principal: str) -> list[Json]:
        kind, name = reference(principal)
        key = self.scene.oracle.key(name) if kind == "api_key" else None
        user = name if key is None else key[2].get("acts_as")
        found: list[Json] = [{"fact": "user", "user": user}] if key is None or user is not None else []
        found += [{"fact": "api_key", "key": name}] if key is not None else []
        for organization in self.scene.oracle.organizations if user is not None else []:
            found.append({"fact": "member", "organization": organization["id"], "user": user})
            for project in organization["projects"]:
                found.append({"fact": "collaborator", "project": project["id"], "user": user})
        return [fact | {"present": is_present(self.scene, fact)} for fact in found]

    def _able(self, request: Json, change: Json) -> list[str]:
        users = [f"user:{name}" for kind, name in principals(self.scene.oracle) if kind == "user"]
        return [user for user in users if helps(self.scene, request, change, user)][: explanations.MOST]

    def explain_usage(self, principal: str, kind: str, *, surface: str | None, project: str | None, resource: str | None, at: str) -> Json:
        """The remedies, tried."""
        usage: Json = {"principal": principal, "kind": kind, "surface": surface, "project": project, "resource": resource, "at": at}
        told = self.scene.oracle.attribute(usage)
        answer: Json = {"attribution": told, "rule": rule_of(self.scene.oracle, usage), "sentence": told["reason"]}
        return answer | {"facts": self._facts(principal), "remedies": remedies.remedies(self.scene, usage)}

    def impact(self, other: Reference, *, at: str, limit: int | None, cursor: str | None) -> Json:
        """Pages whose cursors are names of places."""
        if id(other) not in self.wholes:
            self.wholes[id(other)] = impact.impact(self.scene.oracle, other.scene.oracle, at)
        whole = self.wholes[id(other)]
        told, last = impact.page(whole, None if cursor is None else self.pages[cursor], limit)
        if last is not None:
            told["next_cursor"] = repr(last)
            self.pages[repr(last)] = last
        return told

    def review(self, *, organization: str | None, at: str) -> list[Json]:
        """A row per source."""
        return reviews.some_review(self.scene, organization)

    def findings(self, *, at: str) -> list[Json]:
        """All that are certain; the keys among them are revoked."""
        found: list[Json] = []
        for finding, about in sorted(findings.findings(self.scene)[0], key=lambda one: (one[0], sorted(one[1]))):
            subject, *rest = sorted(about, key=lambda name: (not name.startswith(("user:", "api_key:")), name))
            fix: list[Json] = [{"type": "revoke_api_key", "key": reference(subject)[1]}] if subject.startswith("api_key:") else []
            if fix and not self._helps(fix, (finding, about)):
                fix = []
            told: Json = {"finding": finding, "severity": "high", "subject": subject, "on": rest[0] if rest else None}
            found.append(told | {"sentence": finding, "fix": fix})
        return found

    def _helps(self, fix: list[Json], found: Found) -> bool:
        after = self.scene.can(fix)
        return after is not None and found not in findings.findings(after)[0]
