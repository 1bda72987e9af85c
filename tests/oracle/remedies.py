"""What each remedy of an attribution leads to, tried on the directory (section 16, `explain_usage`)."""

from __future__ import annotations

import json

from documents import Json, OracleError, find, reference
from facts import check_facts
from oracle import Oracle
from scene import Scene, rule_of

FIELDS = ["attribution", "rule", "sentence", "facts", "remedies"]


def check_usage_explanation(scene: Scene, usage: Json, told: Json) -> None:
    """The whole answer on one usage that can be attributed, and that has no instant of its own."""
    asked = usage | {"at": scene.at}
    assert list(told) == FIELDS, list(told)
    assert told["attribution"] == scene.oracle.attribute(asked), ("attribution", told["attribution"])
    assert told["rule"] == rule_of(scene.oracle, asked), ("rule", told["rule"])
    assert isinstance(told["sentence"], str) and told["sentence"], "a sentence"
    check_facts(scene, told["facts"])
    assert told["remedies"] == remedies(scene, asked), ("remedies", told["remedies"], remedies(scene, asked))


def remedies(scene: Scene, usage: Json) -> list[Json]:
    """Where each remedy by itself leads, and whether the usage was meant to go there; one that nobody can carry out leads nowhere."""
    before = scene.oracle.attribute(usage)
    found: list[Json] = []
    for remedy in before["remedies"]:
        after = _tried(scene, usage, before, remedy)
        ends = (None, None) if after is None else (after["organization"], after["project"])
        met = ends == (before["intended_organization"], before["intended_project"])
        found.append({"remedy": remedy, "organization": ends[0], "project": ends[1], "matches_intended": met})
    return found


def _tried(scene: Scene, usage: Json, before: Json, remedy: str) -> Json | None:
    oracle = scene.oracle
    if remedy in ("provision_with_sso", "invite_to_organization"):
        after = scene.can(_joining(oracle, _person(oracle, usage), before["intended_organization"]))
        return None if after is None else after.oracle.attribute(usage)
    document: Json = json.loads(json.dumps(oracle.document))
    policy: Json = json.loads(json.dumps(oracle.policy))
    if remedy == "use_project_api_key":
        # The same through a key of the intended project, made by nobody in particular.
        project = Oracle(document, policy).place("project", before["intended_project"])
        assert project is not None
        names = {entry["id"] for _, p in oracle.projects for entry in p.get("api_keys", [])}
        key = next(name for name in (f"new{'+' * n}" for n in range(len(names) + 1)) if name not in names)
        project[1].setdefault("api_keys", []).append({"id": key, "kind": "project"})
        usage = {
            "principal": {"type": "api_key", "id": key},
            "kind": usage["kind"],
            "project": before["intended_project"],
            "at": usage["at"],
        }
    else:
        # The same once the platform supports the kind where it was used.
        kind = find(policy["kinds"], "kind", usage["kind"])
        assert kind is not None
        surface = oracle.surface(usage, reference(usage["principal"])[0])
        kind["support"] = kind.get("support", {}) | {surface: "supported"}
    return Oracle(document, policy, oracle.elsewhere).attribute(usage)


def _person(oracle: Oracle, usage: Json) -> str:
    """Who is external: the user, or the maker of the key (B5)."""
    kind, name = reference(usage["principal"])
    key = oracle.key(name) if kind == "api_key" else None
    return name if key is None else str(key[2].get("acts_as") or key[2]["created_by"])


def _joining(oracle: Oracle, user: str, name: str) -> list[Json]:
    """The person becomes a member there. Without several organizations, they leave the one before; its owner cannot."""
    left: list[Json] = []
    if not oracle.policy.get("multiple_organizations", False):
        others = [o for o in oracle.organizations if o["id"] != name and find(o["members"], "user", user) is not None]
        left = [{"type": "remove_member", "organization": other["id"], "user": user} for other in others]
    return [*left, {"type": "add_member", "organization": name, "user": user}]


def attributable(scene: Scene, usage: Json) -> bool:
    """Whether a usage has an attribution, and so an explanation."""
    try:
        scene.oracle.attribute(usage | {"at": scene.at})
    except OracleError:
        return False
    return True
