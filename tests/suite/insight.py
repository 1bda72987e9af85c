"""The calls of insight that name documents. tests/README.md says what they are."""

from __future__ import annotations

from typing import Any

from bailiwick import Bailiwick, analyse_policy, built_in_policy

from .documents import named

Json = Any

CALLS = {"impact", "with_policy", "review", "findings", "policy_document", "built_in_policy", "analyse_policy"}


def call(guard: Bailiwick, name: str, given: Json) -> Json:
    """The answer of one call."""
    if name == "impact":
        return guard.impact(_other(guard, given), **_options(given, "at", "limit", "cursor")).to_dict()
    if name == "with_policy":
        other = _under(guard, given["policy"], given)
        return {"policy": other.policy, "revision": other.revision, "state": other.state}
    if name == "review":
        return [row.to_dict() for row in guard.review(**given)]
    if name == "findings":
        return [finding.to_dict() for finding in guard.findings(**given)]
    if name == "built_in_policy":
        return built_in_policy(given["id"])
    if name == "analyse_policy":
        return analyse_policy(named("policies", given["policy"])).to_dict()
    return guard.policy_document


def _options(given: Json, *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}


def _other(guard: Bailiwick, given: Json) -> Bailiwick:
    """The state that an impact leads to: another document, or the same directory under another policy."""
    if "document" in given:
        return Bailiwick.from_directory(named("directories", given["document"]))
    return _under(guard, given["with_policy"], given)


def _under(guard: Bailiwick, policy: Json, given: Json) -> Bailiwick:
    return guard.with_policy(named("policies", policy), **_options(given, "renames"))
