"""Values and pickles from another release, or from anybody."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from bailiwick import Attribution, Decision
from hypothesis import given, settings
from hypothesis import strategies as st

from .examples import ALLOWED, BOOKED, DENIED, FIELDS, Class, Forged, values

WRONG: list[tuple[str, Any]] = [
    ("reason", "because"),
    ("reason", ""),
    ("reason", None),
    ("reason", 5),
    ("reason", b"project_role"),
    ("policy", None),
    ("policy", "\ud800"),
    ("organization", 5),
    ("project", ["prj_a"]),
    ("revision", -1),
    ("revision", 2**64),
    ("revision", 1.5),
    ("revision", "42"),
    ("revision", None),
]
WRONG_IN: dict[Class, list[tuple[str, Any]]] = {
    Decision: [
        ("allowed", None),
        ("allowed", 1),
        ("allowed", "false"),
        ("role", 5),
        ("caveats", None),
        ("caveats", ["because"]),
        ("caveats", "not_project_aware"),
        ("caveats", [None]),
        ("caveats", 5),
    ],
    Attribution: [
        ("certainty", "sure"),
        ("certainty", True),
        ("matches_intended", 0),
        ("matches_intended", None),
        ("remedies", ["pray"]),
        ("remedies", "use_project_api_key"),
        ("remedies", {}),
        ("caveats", ["not_project_aware"]),
        ("api_key", 5),
        ("intended_project", b"prj_a"),
    ],
}


@values
def test_what_is_no_value_is_refused(cls: Class, fields: dict[str, Any]) -> None:
    for name, wrong in [*WRONG, *WRONG_IN[cls]]:
        if (name, wrong) == ("remedies", {}):
            continue  # holds no words at all
        changed = {**fields, name: wrong}
        with pytest.raises((TypeError, ValueError)):
            cls(**changed)
        with pytest.raises((TypeError, ValueError)):
            pickle.loads(pickle.dumps(Forged(cls, *changed.values())))
    for arguments in ((), tuple(fields.values())[:-1], (*fields.values(), None), (fields,)):
        with pytest.raises(TypeError):
            pickle.loads(pickle.dumps(Forged(cls, *arguments)))
    with pytest.raises(TypeError):
        cls(**fields, colour="red")


def test_a_decision_cannot_contradict_its_reason() -> None:
    for fields in (ALLOWED, DENIED):
        with pytest.raises(ValueError, match="`allowed` is not what `reason` says"):
            Decision(**{**fields, "allowed": not fields["allowed"]})


def test_a_refusal_does_not_repeat_what_was_passed() -> None:
    for cls, name in ((Decision, "reason"), (Attribution, "certainty")):
        with pytest.raises(ValueError, match=name) as raised:
            cls(**{**(ALLOWED if cls is Decision else BOOKED), name: "bw_secret"})
        assert "bw_secret" not in str(raised.value)


ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.lists(st.text(), max_size=2)


@given(st.sampled_from(FIELDS), st.lists(st.tuples(st.integers(0, 10), ANYTHING), max_size=3))
@settings(max_examples=300, deadline=None)
def test_whatever_a_pickle_brings_there_is_a_value_or_an_exception(
    kind: tuple[Class, dict[str, Any]], changes: list[tuple[int, Any]]
) -> None:
    cls, fields = kind
    changed = {**fields, **{list(fields)[place % len(fields)]: value for place, value in changes}}
    try:
        value = pickle.loads(pickle.dumps(Forged(cls, *changed.values())))
    except (TypeError, ValueError):
        return
    assert value == pickle.loads(pickle.dumps(value))
    assert json.loads(json.dumps(value.to_dict())) == value.to_dict()
