"""Exceptions and answers as values, and engines that are apart."""

from __future__ import annotations

import copy
import gc
import json
import pickle
from collections.abc import Callable

import bailiwick
import pytest
from bailiwick import (
    ApiKeySecret,
    Bailiwick,
    BailiwickError,
    ForbiddenError,
    InvalidInputError,
    LostProject,
    NotFoundError,
    Page,
    Preview,
    new_api_key,
)

from .world import ADA, AT, addition, guard, load, refuses, removal, works


def forbidden() -> ForbiddenError:
    error = refuses(lambda: guard.apply(addition("usr_new"), actor="user:usr_dan", at=AT), "forbidden", "/actor")
    assert isinstance(error, ForbiddenError)
    return error


def not_found() -> NotFoundError:
    error = refuses(lambda: guard.apply(removal("nobody")), "not_found", "/user")
    assert isinstance(error, NotFoundError)
    return error


def invalid() -> InvalidInputError:
    error = refuses(lambda: guard.apply(addition("usr_dan")), "already_exists", "/user")
    assert isinstance(error, InvalidInputError)
    return error


def test_the_classes_of_errors() -> None:
    for error, base, others in (
        (forbidden(), PermissionError, (ValueError, LookupError)),
        (not_found(), LookupError, (ValueError, OSError)),
        (invalid(), ValueError, (OSError, LookupError)),
    ):
        assert isinstance(error, BailiwickError)
        assert isinstance(error, base)
        assert not isinstance(error, others)
        assert type(error).__name__ in bailiwick.__all__
        assert type(error).__module__ == "bailiwick"
        assert hasattr(error, "decision") is isinstance(error, ForbiddenError)
        assert error.message in str(error)
        assert error.code in str(error)
        assert error.__traceback__ is not None
        with pytest.raises(base):
            raise error
    for code in ("revision_conflict", "delta_gap", "cursor_invalid"):
        call: Callable[[], object] = {
            "revision_conflict": lambda: guard.apply(addition("x"), expected_revision=0),
            "delta_gap": lambda: guard.to_delta(0),
            "cursor_invalid": lambda: guard.list_projects(ADA, cursor="x"),
        }[code]
        with pytest.raises(InvalidInputError) as raised:
            call()
        assert raised.value.code == code


def test_a_forbidden_change_brings_its_decision() -> None:
    decision = forbidden().decision
    expected = guard.check_access("user:usr_dan", "collaborators.add", "project:prj_a", at=AT)
    assert type(decision) is bailiwick.Decision
    assert {**decision.to_dict(), "revision": 0} == {**expected.to_dict(), "revision": 0}
    assert not decision
    for change in (
        addition("usr_dan"),
        {"type": "add_collaborator", "project": "none", "user": "x"},
        {"type": "revoke_api_key", "key": "none"},
    ):
        for actor in ("user:usr_dan", {"type": "user", "id": "usr_dan"}, "api_key:key_ci", "user:nobody"):
            with pytest.raises(ForbiddenError) as raised:
                guard.preview(change, actor=actor, at=AT, expected_revision=0)  # type: ignore[arg-type]
            assert not raised.value.decision.allowed


@pytest.mark.parametrize("make", [forbidden, not_found, invalid])
def test_errors_can_be_copied_and_pickled(make: Callable[[], BailiwickError]) -> None:
    error = make()
    error.add_note("and a note")
    copies = [copy.copy(error), copy.deepcopy(error)]
    copies += [pickle.loads(pickle.dumps(error, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    for again in copies:
        assert type(again) is type(error)
        assert (again.code, again.path, again.message, str(again)) == (error.code, error.path, error.message, str(error))
        assert getattr(again, "decision", None) == getattr(error, "decision", None)
        assert again.__notes__ == ["and a note"]


def test_answers_are_values() -> None:
    page = guard.list_projects(ADA, at=AT, limit=1)
    preview = guard.preview(removal("usr_dan"), at=AT)
    told = preview.gained, preview.lost
    assert preview == Preview(guard.revision + 1, *told, [LostProject("user:usr_dan", "prj_a")], ["key_ci"], [], preview.rows)
    made = new_api_key()
    for answer, field in ((page, "items"), (preview, "revision"), (preview.projects_lost[0], "project"), (made, "secret")):
        copies = [copy.copy(answer), copy.deepcopy(answer), *(pickle.loads(pickle.dumps(answer, protocol)) for protocol in range(2, 6))]
        for again in copies:
            assert again == answer
            assert type(again) is type(answer)
        assert type(answer).__module__ == "bailiwick"
        assert type(answer).__name__ in repr(answer)
        with pytest.raises(AttributeError):
            setattr(answer, field, None)
    assert isinstance(page, Page)
    assert isinstance(made, ApiKeySecret)
    assert page != guard.list_projects(ADA, at=AT)
    assert page.next_cursor is not None
    assert guard.list_projects(ADA, at=AT, cursor=page.next_cursor).items == guard.list_projects(ADA, at=AT).items[1:]
    assert json.loads(json.dumps(page.to_dict())) == {"items": page.items, "next_cursor": page.next_cursor}
    assert json.loads(json.dumps(preview.to_dict()))["projects_lost"] == [{"principal": "user:usr_dan", "project": "prj_a"}]
    page.items.clear()
    assert guard.list_projects(ADA, at=AT).items


def test_an_error_outlives_the_engine_and_its_revision() -> None:
    engine = load()
    with pytest.raises(ForbiddenError) as raised:
        engine.apply(addition("usr_new"), actor="user:usr_dan", at=AT)
    revision = engine.revision
    works(engine)
    del engine
    gc.collect()
    assert raised.value.decision.revision == revision


def test_two_engines_do_not_see_each_other() -> None:
    one, other = load(), load()
    copied = Bailiwick.from_snapshot(one.to_snapshot())
    one.apply(addition("usr_one"))
    assert one.is_allowed("user:usr_one", "file.read", "project:prj_a", at=AT)
    assert not other.is_allowed("user:usr_one", "file.read", "project:prj_a", at=AT)
    assert not copied.is_allowed("user:usr_one", "file.read", "project:prj_a", at=AT)
    assert copied.apply_delta(one.to_delta(copied.revision)) == one.revision
    assert copied.to_snapshot() == one.to_snapshot()
    refuses(lambda: copied.apply_delta(one.to_delta(42)), "delta_gap", "", copied)
