"""The wheel, asked in each of its ways."""

from __future__ import annotations

from pathlib import Path

from bailiwick import Bailiwick

from python.candidate import Candidate, Ready, allowed, many, one_by_one
from python.data import Question


def bailiwick(folder: Path) -> Ready:
    """Load the directory."""
    guard = Bailiwick.from_directory((folder / "directory.json").read_text("utf-8"))

    def ready(questions: list[Question]) -> list[Candidate]:
        expected = allowed(questions)
        plain = [question[:3] for question in questions]
        requests = [dict(zip(("principal", "action", "resource"), one, strict=True)) for one in plain]
        kinds = [{"principal": one.principal, "kind": one.resource.split(":")[0], "resource": one.resource} for one in questions]
        usages = [usage for usage in kinds if usage["kind"] not in {"organization", "project"}]
        # What cannot be attributed is an error of the single call, and a row of the other; only the other is asked about such usage.
        clear = [usage for usage, answer in zip(usages, guard.attribute_many(usages), strict=True) if answer.organization is not None]
        return [
            one_by_one("is_allowed", plain, guard.is_allowed, expected),
            one_by_one("check_access", plain, guard.check_access, expected),
            many("check_many", requests, guard.check_many, expected),
            one_by_one(
                "attribute",
                [(usage["principal"], usage["kind"], usage["resource"]) for usage in clear],
                lambda who, kind, what: guard.attribute(who, kind, resource=what),
                None,
            ),
            many("attribute_many", usages, guard.attribute_many, None),
        ]

    return ready
