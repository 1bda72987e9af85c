"""Cedar: its policies and entities parsed once and kept, requests made beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cedarpy

from python.candidate import Candidate, Ready, allowed, many, one_by_one
from python.data import RULES, Question


def uid(reference: str) -> dict[str, str]:
    """Names an entity."""
    kind, _, name = reference.partition(":")
    return {"type": kind, "id": name}


def request(question: Question) -> dict[str, Any]:
    """The request in its terms."""
    action = {"type": "Action", "id": question.action}
    return {"principal": uid(question.principal), "action": action, "resource": uid(question.resource), "context": {}}


def cedar(folder: Path) -> Ready:
    """Parse everything."""
    policies = cedarpy.PolicySet.from_str((RULES / "cedar.cedar").read_text("utf-8"))
    entities = cedarpy.Entities.from_json_str((folder / "cedar.json").read_text("utf-8"))

    def one(request: Any, policies: Any, entities: Any) -> bool:
        return bool(cedarpy.is_authorized(request, policies, entities).allowed)

    def batch(requests: Any) -> list[bool]:
        return [answer.allowed for answer in cedarpy.is_authorized_batch(requests, policies, entities)]

    def ready(questions: list[Question]) -> list[Candidate]:
        requests = [request(question) for question in questions]
        expected = allowed(questions)
        return [
            one_by_one("is_authorized", [(request, policies, entities) for request in requests], one, expected),
            many("is_authorized_batch", requests, batch, expected),
        ]

    return ready
