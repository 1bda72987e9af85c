"""What an answer holds of names."""

from __future__ import annotations

import copy
import pickle
import random
from typing import Any

import pytest
from bailiwick import Attribution, Decision

from .requests import GUEST, LONG, load

NAMES: list[str | None] = [None, "", "x", "é", "\u0000", "漢字 \U0001f600", LONG, "x" * 65_534]


def test_names_of_all_lengths_are_kept_apart() -> None:
    made = random.Random(1)
    seen: dict[str, Decision | Attribution] = {}
    for turn in range(400):
        names = [made.choice(NAMES) for _ in range(6)] if turn >= 2 * len(NAMES) else [NAMES[turn // 2]] * 6
        policy = names[5] or ""
        decision = Decision(True, "project_role", names[0], names[1], names[2], [], policy, 1)
        assert (decision.role, decision.organization, decision.project, decision.policy) == (*names[:3], policy)
        attribution = Attribution(names[0], names[1], names[2], names[3], False, None, "unknown_kind", names[4], [], [], policy, 1)
        places = (
            attribution.organization,
            attribution.project,
            attribution.intended_organization,
            attribution.intended_project,
            attribution.api_key,
        )
        assert (*places, attribution.policy) == (*names[:5], policy)
        values: list[Decision | Attribution] = [decision, attribution]
        for value in values:
            for other in (copy.copy(value), copy.deepcopy(value), *(pickle.loads(pickle.dumps(value, protocol)) for protocol in range(6))):
                assert other == value
                assert hash(other) == hash(value)
                assert other.to_dict() == value.to_dict()
            key = repr(value)
            assert seen.setdefault(key, value) == value
    assert len(set(seen.values())) == len(seen)


def test_the_same_text_in_other_places_is_another_answer() -> None:
    def decision(role: str | None, organization: str | None, project: str | None) -> Decision:
        return Decision(True, "project_role", role, organization, project, [], "p", 1)

    parts = [
        (None, "ab", "c"),
        ("ab", None, "c"),
        ("a", "b", "c"),
        ("", "ab", "c"),
        ("ab", "c", None),
        ("a", "bc", None),
        ("abc", None, None),
        (None, None, "abc"),
        ("abc", "", ""),
    ]
    made = [decision(*names) for names in parts]
    assert len(set(made)) == len(made)
    for one, names in zip(made, parts, strict=True):
        assert (one.role, one.organization, one.project, one.policy) == (*names, "p")


@pytest.mark.parametrize("length", [65_535, 65_536, 1_000_000])
@pytest.mark.parametrize("letter", ["x", "é"])
def test_a_name_that_is_too_long_is_refused(length: int, letter: str) -> None:
    name = letter * (length // len(letter.encode()) + 1)
    decision: dict[str, Any] = {**load().check_access(**GUEST).to_dict()}
    attribution: dict[str, Any] = {**load().attribute("api_key:key_ci", "serverless_inference").to_dict()}
    places: list[tuple[Any, dict[str, Any], list[str]]] = [
        (Decision, decision, ["role", "organization", "project", "policy"]),
        (Attribution, attribution, ["organization", "project", "intended_organization", "intended_project", "api_key", "policy"]),
    ]
    for cls, fields, names in places:
        for place in names:
            with pytest.raises(ValueError, match="no name is that long"):
                cls(**{**fields, place: name})
            fits = cls(**{**fields, place: name.encode()[:65_534].decode()})
            assert len(getattr(fits, place).encode()) == 65_534
            assert fits.to_dict() == {**fields, place: getattr(fits, place)}
