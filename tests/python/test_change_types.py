"""The types of changes: each has a shape, with the fields that the engine takes, and no other."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

import pytest
from bailiwick import Bailiwick, BailiwickError
from bailiwick.types import ActorChange, AddCollaborator, Change, ChangeType, PlatformChange, PutMember, UpdateOrganization

guard = Bailiwick.from_directory({"format": "bailiwick/1", "organizations": []})
SHAPES: tuple[Any, ...] = get_args(Change)


def word(shape: Any) -> str:
    """The type of change of a shape."""
    return str(get_args(get_type_hints(shape)["type"])[0])


def fault(change: dict[str, Any]) -> tuple[str, str | None]:
    """What the engine finds first. The values are wrong, so there is always something."""
    with pytest.raises(BailiwickError) as raised:
        guard.apply(change)
    return raised.value.code, raised.value.path


def test_every_type_has_a_shape() -> None:
    assert {word(shape) for shape in SHAPES} == set(get_args(ChangeType))
    assert set(SHAPES) == {*get_args(ActorChange), *get_args(PlatformChange)}
    assert not {word(shape) for shape in get_args(ActorChange)} & {word(shape) for shape in get_args(PlatformChange)}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_its_fields_are_those_that_the_engine_takes(shape: Any) -> None:
    required, optional = (sorted(names - {"type"}) for names in (shape.__required_keys__, shape.__optional_keys__))
    whole: dict[str, Any] = {field: [7] for field in required}
    for field in [*required, *optional]:
        # The first in the order of the document is the first that is looked at.
        code, path = fault({"type": word(shape), field: [7], **whole})
        assert code not in {"missing_field", "unknown_field"}, field
        assert (path or "").startswith(f"/{field}")
    for field in required:
        rest = {name: value for name, value in whole.items() if name != field}
        assert fault({"type": word(shape), **rest})[0] in {"missing_field", "wrong_type"}, field
    assert fault({"type": word(shape), "beside": 7, **whole}) == ("unknown_field", "/beside")


def test_checkers_know_the_fields() -> None:
    changes: list[Change] = [
        {"type": "suspend", "organization": "org_acme", "user": "usr_dan"},
        {"type": "update_organization", "organization": "org_acme", "name": None, "membership": "sso"},
        {"type": "put_member", "organization": "org_acme", "member": {"user": "usr_dan", "role": "member", "expires_at": None}},
        {"type": "set_policy", "policy": "projects-2026-09", "renames": {"project_roles": {"member": "editor"}}},
    ]
    assert guard.apply_many(changes[:0]) == guard.revision
    neither: AddCollaborator = {"type": "add_collaborator", "project": "prj_a"}  # type: ignore[typeddict-item]
    cleared: UpdateOrganization = {"type": "update_organization", "organization": "org_acme", "multi_project": None}  # type: ignore[typeddict-item]
    beside: PutMember = {"type": "put_member", "organization": "o", "member": {"user": "u", "role": "r", "kind": "k"}}  # type: ignore[typeddict-unknown-key]
    with pytest.raises(BailiwickError):
        guard.apply_many([neither, cleared, beside])
