"""Snapshots that an earlier release wrote give the decisions that it made.

`tests/snapshots/README.md` says what they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Bailiwick

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests/snapshots"

# The SHA-256 of all decisions, as the release that wrote the snapshots made them. They are never computed again.
DECISIONS = {
    "v1-minimal": (744, "1b5ac2bf7650ab87f07a961f84a419059eb35c26be442e516722c1b9245a7ef0"),
    "v1-embedded-signed": (230, "5ef3df6cebc6899a8a6c5c4ce647c6080ac3adc427f442b3c926889b44c15a68"),
    "v1-studio": (5_300, "f64d5f4a3b179adc10f704a990d1b8d729c9e01930c23e8c6754d3a49c1643f2"),
    "v1-acme-signed": (37_851, "cdf78b5bd145d0d7a11296f4d6c931a7b80a9e4215106a1778f1b2f67ce58703"),
}


def questions(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Every principal, action and resource of a directory."""
    policy = document["policy"]
    if isinstance(policy, str):
        policy = json.loads((ROOT / f"core/policies/{policy}.json").read_text("utf-8"))
    principals, resources = {"user:nobody"} | {f"user:{user['id']}" for user in document["users"]}, {"project:nothing"}
    for organization in document["organizations"]:
        resources.add(f"organization:{organization['id']}")
        principals |= {f"user:{row['user']}" for row in organization["members"]}
        for project in organization["projects"]:
            keys = {f"api_key:{entry['id']}" for entry in project["api_keys"]}
            principals |= keys | {f"user:{row['user']}" for row in project["collaborators"]}
            resources |= keys | {f"project:{project['id']}"} | {f"{entry['kind']}:{entry['id']}" for entry in project["resources"]}
    actions = set(policy["self_actions"]) | {
        row["action"] for table in ("organization_actions", "project_actions") for row in policy[table]
    }
    actions |= {f"{kind['kind']}.{verb}" for kind in policy["kinds"] for row in kind["verbs"] for verb in row["verbs"]}
    for principal in sorted(principals):
        for resource in sorted(resources | {principal}):
            for action in sorted(actions):
                yield principal, action, resource


@pytest.mark.parametrize("name", DECISIONS)
def test_the_decisions_are_those_of_the_release_that_wrote_it(name: str) -> None:
    engine = Bailiwick.from_snapshot((FOLDER / f"{name}.bin").read_bytes(), at="9999-12-31T23:59:59.999Z")
    digest, count = hashlib.sha256(), 0
    for principal, action, resource in questions(json.loads((FOLDER / f"{name}.json").read_text("utf-8"))):
        decision = engine.check_access(principal, action, resource, at="2026-02-01T06:30:00Z")
        fields = [decision.allowed, decision.reason, decision.role, decision.organization, decision.project, decision.policy]
        digest.update(json.dumps([principal, action, resource, *fields]).encode())
        count += 1
    assert (count, digest.hexdigest()) == DECISIONS[name]
