"""Decisions and attributions as values."""

from __future__ import annotations

import copy
import itertools
import json
import pickle
import pickletools
import sys
from typing import Any

import pytest
from bailiwick import Attribution, Decision

from .examples import ALLOWED, BOOKED, DENIED, FIELDS, UNATTRIBUTED, Class, asked, copies, load, values


@values
def test_a_value_is_its_fields(cls: Class, fields: dict[str, Any]) -> None:
    value = cls(**fields)
    assert value.to_dict() == fields == {name: getattr(value, name) for name in cls.__match_args__}
    assert list(value.to_dict()) == list(fields) == list(cls.__match_args__)
    assert json.loads(json.dumps(value.to_dict())) == fields
    assert value == cls(*fields.values())
    assert repr(value) == f"{cls.__name__}({', '.join(f'{name}={field!r}' for name, field in fields.items())})"
    assert eval(repr(value)) == value
    assert str(value) == repr(value)


@values
def test_a_value_is_frozen(cls: Class, fields: dict[str, Any]) -> None:
    value = cls(**fields)
    for name in (*fields, "another"):
        with pytest.raises(AttributeError):
            setattr(value, name, None)
        with pytest.raises(AttributeError):
            delattr(value, name)
    for field in value.to_dict().values():
        if isinstance(field, list):
            field.append("more")
    for name in ("caveats", "remedies"):
        getattr(value, name, []).append("more")
    value.to_dict().clear()
    assert value.to_dict() == fields
    with pytest.raises(TypeError):
        type("Sub", (cls,), {})


def test_values_are_equal_where_every_field_is() -> None:
    answers = [*asked(load()), *(cls(**fields) for cls, fields in FIELDS)]
    assert len({type(answer) for answer in answers}) == 2
    one: Any
    for one, other in itertools.product(answers, answers):
        same = type(one) is type(other) and one.to_dict() == other.to_dict()
        assert (one == other) is same
        assert (one != other) is not same
        assert hash(one) == hash(other) or not same
    assert len(set(answers)) == len({repr(answer) for answer in answers})
    assert len(set(map(hash, answers))) == len(set(answers))
    for cls, fields in FIELDS:
        for name, other in {"policy": "x", "revision": 7, "organization": "org_x"}.items():
            assert cls(**fields) != cls(**{**fields, name: other})


@values
def test_a_value_equals_nothing_else(cls: Class, fields: dict[str, Any]) -> None:
    value = cls(**fields)
    other: Any
    for other in (fields, tuple(fields.values()), True, False, None, repr(value), object()):
        assert value != other
        assert other != value
    with pytest.raises(TypeError):
        _ = value < cls(**fields)
    # Somebody else's class may see it otherwise.
    assert value == type("Anything", (), {"__eq__": lambda *_: True, "__hash__": None})()


def test_only_a_decision_is_true_or_false() -> None:
    assert Decision(**ALLOWED)
    assert not Decision(**DENIED)
    assert Attribution(**UNATTRIBUTED)


def told(answer: object) -> str:
    """What a host would do with an answer, by its pattern."""
    match answer:
        case Decision(True, reason, role):
            return f"{role} by {reason}"
        case Decision(allowed=False, reason="unknown_principal" | "unknown_resource"):
            return "unknown"
        case Decision(allowed=False, reason=reason):
            return reason
        case Attribution(certainty=None, reason=code):
            return f"row refused: {code}"
        case Attribution(organization, project, matches_intended=False, remedies=[first, *_]):
            return f"{organization}/{project}, but {first}"
        case Attribution(project=project):
            return f"{project}"
        case _:
            return "no answer"


def test_patterns() -> None:
    assert [told(cls(**fields)) for cls, fields in FIELDS] == [
        "member by project_role",
        "unknown",
        "org_partner/prj_partner_default, but use_project_api_key",
        "row refused: unknown_kind",
    ]
    assert told(Decision(**{**DENIED, "reason": "key_expired"})) == "key_expired"
    assert told(Attribution(**{**BOOKED, "matches_intended": True})) == "prj_partner_default"
    assert told(ALLOWED) == "no answer"


def test_answers_can_be_copied_and_pickled() -> None:
    for answer in [*asked(load()), *(cls(**fields) for cls, fields in FIELDS)]:
        for again in copies(answer):
            assert type(again) is type(answer)
            assert again == answer
            assert hash(again) == hash(answer)
            assert again.to_dict() == answer.to_dict()


@values
def test_a_pickle_names_the_class_where_users_find_it(cls: Class, fields: dict[str, Any]) -> None:
    names = {argument for opcode, argument, _ in pickletools.genops(pickle.dumps(cls(**fields), 0)) if opcode.name == "GLOBAL"}
    assert f"bailiwick {cls.__name__}" in names
    assert not any("_bailiwick" in str(name) for name in names)


def replaced(value: Any, **changes: Any) -> Any:
    """`copy.replace`, which Python has since 3.13."""
    if sys.version_info >= (3, 13):
        return copy.replace(value, **changes)
    return value.__replace__(**changes)


@values
def test_a_value_with_other_fields(cls: Class, fields: dict[str, Any]) -> None:
    value = cls(**fields)
    assert replaced(value) == value
    assert replaced(value, revision=7, organization="org_x").to_dict() == {**fields, "revision": 7, "organization": "org_x"}
    assert value.to_dict() == fields
    with pytest.raises(TypeError):
        replaced(value, colour="red")
    with pytest.raises(ValueError, match="this release does not know"):
        replaced(value, reason="because")
