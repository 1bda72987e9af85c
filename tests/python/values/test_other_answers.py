"""Pages, previews, secrets and errors as values."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bailiwick import ApiKeySecret, Attributions, BailiwickError, ForbiddenError, LostProject, NotFoundError, Page, Preview, new_api_key

from .examples import AT, copies, load


def test_other_answers_are_values() -> None:
    guard = load()
    preview = guard.preview({"type": "remove_collaborator", "project": "prj_a", "user": "usr_dan"}, at=AT)
    rows = guard.attribute_many([{"principal": "api_key:key_ci", "kind": "batch"}, {"principal": "user:nobody", "kind": "batch"}])
    answers = [guard.list_projects("user:usr_ada", limit=1), preview, *preview.projects_lost, new_api_key(), rows]
    assert [type(answer) for answer in answers] == [Page, Preview, LostProject, ApiKeySecret, Attributions]
    for answer in answers:
        for again in copies(answer):
            assert type(again) is type(answer)
            assert again == answer
            assert repr(again) == repr(answer)
            assert getattr(again, "unattributed", None) == getattr(answer, "unattributed", None)
    for frozen, field in zip(answers, ("items", "revision", "principal", "secret"), strict=False):
        with pytest.raises(AttributeError):
            setattr(frozen, field, None)


def test_errors_keep_everything() -> None:
    guard = load()
    row = {"type": "add_collaborator", "project": "prj_a", "user": "usr_dan"}
    calls: list[tuple[type[BailiwickError], Callable[[], object]]] = [
        (ForbiddenError, lambda: guard.apply(row, actor="user:usr_dan", at=AT)),
        (NotFoundError, lambda: guard.apply({**row, "project": "none"})),
        (BailiwickError, lambda: guard.apply(row)),
    ]
    for cls, call in calls:
        with pytest.raises(cls) as raised:
            call()
        error = raised.value
        for again in copies(error):
            assert type(again) is type(error)
            assert vars(again) == vars(error)
            assert again.args == error.args
            assert str(again) == str(error)


def test_a_page_is_counted_and_gone_through_as_its_items_are() -> None:
    page = Page(["prj_a", "prj_b"], "next")
    assert (len(page), list(page), "prj_a" in page, "prj_c" in page, bool(page)) == (2, ["prj_a", "prj_b"], True, False, True)
    assert sorted(page, reverse=True) == ["prj_b", "prj_a"]
    assert (len(Page([], None)), list(Page([], None)), bool(Page([], None))) == (0, [], False)
    assert page == Page(["prj_a", "prj_b"], "next") != Page(["prj_a", "prj_b"], None)
    assert page.to_dict() == {"items": ["prj_a", "prj_b"], "next_cursor": "next"}
    assert repr(page) == "Page(items=['prj_a', 'prj_b'], next_cursor='next')"
