"""What a refused caller is told of the reason: their own limits, but nothing that only somebody with access may know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest
from bailiwick import Bailiwick
from bailiwick.asgi import _refused
from bailiwick.types import DenyReason

PATTERNS = Path(__file__).parents[3] / "examples/policies"


def told(pattern: str, principal: str, action: str, resource: str, at: str = "2026-07-01T00:00:00Z") -> tuple[str, str]:
    """The reason of a decision, and what the caller is told."""
    document = json.loads((PATTERNS / pattern).read_text("utf-8"))
    guard = Bailiwick.from_directory(document["directory"], policy=document["policy"])
    decision = guard.check_access(principal, action, resource, at=at)
    type_name = resource.partition(":")[0]
    is_key = principal.startswith("api_key:")
    return decision.reason, _refused.disclosed_reason(decision, is_key=is_key, resource_type=type_name)


@pytest.mark.parametrize(
    ("pattern", "principal", "action", "resource", "reason"),
    [
        ("limited-keys.json", "api_key:key_app", "file.read", "project:prj_production", "key_scope_lacks_permission"),
        ("personal-and-service-keys.json", "api_key:key_tomo", "model.use", "project:prj_speech", "key_user_lacks_access"),
        ("contractors.json", "user:usr_noor", "budget.read", "project:prj_launch", "not_for_externals"),
    ],
)
def test_limits_of_the_caller_are_disclosed(pattern: str, principal: str, action: str, resource: str, reason: str) -> None:
    assert told(pattern, principal, action, resource) == (reason, reason)


@pytest.mark.parametrize(("principal", "reason"), [("user:usr_lin", "principal_suspended"), ("user:usr_tomo", "scope_suspended")])
def test_a_suspension_looks_like_a_resource_that_does_not_exist(principal: str, reason: str) -> None:
    asked = ("archived-projects.json", principal, "page.edit")
    assert told(*asked, "page:pag_home") == (reason, "not_a_collaborator")
    assert told(*asked, "page:pag_nowhere") == ("unknown_resource", "not_a_collaborator")


def test_a_key_of_a_suspended_organization() -> None:
    asked = ("empty-balance.json", "api_key:key_app", "model.run")
    assert told(*asked, "project:prj_common") == ("principal_suspended", "key_out_of_scope")
    assert told(*asked, "project:prj_nowhere") == ("unknown_resource", "key_out_of_scope")


def test_what_is_disclosed_are_reasons() -> None:
    assert set(get_args(DenyReason)) >= _refused._DISCLOSED
