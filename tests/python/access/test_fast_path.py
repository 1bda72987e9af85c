"""The fast path answers as the general path: one question, lists of any length, and bad requests anywhere in them."""

from __future__ import annotations

import pickle
import random
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from bailiwick import Bailiwick, BailiwickError, Decision

from .requests import AT, GUEST, LONG, WIDE, load


class Text(str):
    """A string that answers wrongly to whoever asks it."""

    __slots__ = ()

    def __eq__(self, _: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __str__(self) -> str:
        return "user:usr_ada"


class Key(str):
    """A string that is equal to none as a key."""

    __slots__ = ()

    def __eq__(self, _: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 1


class Lying(dict[str, Any]):
    """A dict that says that it is another one."""

    def __len__(self) -> int:
        return 0

    def __getitem__(self, _: str) -> Any:
        return "user:usr_ada"

    def get(self, *_: Any) -> Any:
        return "user:usr_ada"

    def items(self) -> Any:
        return {}.items()

    def keys(self) -> Any:
        return {}.keys()

    def __iter__(self) -> Any:
        return iter(())


def questions() -> list[dict[str, Any]]:
    """Plain ones of every sort, in no order."""
    principals = [
        "user:usr_ada",
        "user:usr_dan",
        "user:usr_zoe",
        "api_key:key_ci",
        "api_key:key_ended",
        f"user:{LONG}",
        f"user:{WIDE}",
        "user:nobody",
        "robot:x",
    ]
    actions = [
        "file.read",
        "fine_tuning.create",
        "storage.read",
        "instant_cluster.delete",
        "billing.read",
        "members.add",
        "profile.read",
        "no.such",
        "",
    ]
    resources = [
        "project:prj_a",
        "project:prj_default",
        "organization:org_acme",
        f"file:{LONG}",
        "file:a:b",
        "api_key:key_ci",
        "user:usr_ada",
        "file:none",
    ]
    asked = [{"principal": who, "action": what, "resource": on} for who in principals for what in actions for on in resources]
    random.Random(0).shuffle(asked)
    return asked


UNUSUAL: list[Callable[[dict[str, Any]], dict[str, Any]]] = [
    lambda plain: {**plain, "at": AT},
    lambda plain: {**plain, "surface": None},
    lambda plain: {**plain, "surface": "api", "at": datetime(2026, 2, 1, tzinfo=UTC)},
    lambda plain: {**plain, "min_revision": 0},
    lambda plain: {**plain, "principal": dict(zip(("type", "id"), plain["principal"].split(":", 1), strict=True))},
    lambda plain: OrderedDict(reversed(plain.items())),
    Lying,
    lambda plain: {Key(name): value for name, value in plain.items()},
    lambda plain: {name: Text(value) for name, value in plain.items()},
    lambda plain: {"".join(name): "".join(list(value)) for name, value in plain.items()},
    lambda plain: {bytes(name, "ascii").decode(): value for name, value in reversed(plain.items())},
]


def slowly(engine: Bailiwick, request: dict[str, Any]) -> Decision:
    """Asks in a way that is never the short one."""
    fields = {str.encode(name).decode(): value for name, value in dict.items(request)}
    return engine.check_access(**{**fields, "min_revision": fields.get("min_revision", 0)})


def test_a_plain_question_has_the_answer_of_every_other() -> None:
    engine = load()
    for plain in questions():
        wanted = slowly(engine, plain)
        texts: dict[str, Any] = {name: Text(value) for name, value in plain.items()}
        assert engine.check_access(**plain) == engine.check_access(**texts) == wanted
        assert engine.is_allowed(**plain) == engine.is_allowed(**texts) == engine.is_allowed(**plain, min_revision=0) == wanted.allowed
        assert engine.is_allowed(**plain, at=AT) == engine.check_access(**plain, at=AT).allowed


@pytest.mark.parametrize("count", [0, 1, 2, 255, 256, 257, 511, 512, 513, 600])
@pytest.mark.parametrize("unusual", [0, 1, 7])
def test_a_list_is_answered_one_by_one(count: int, unusual: int) -> None:
    engine = load()
    requests = [
        plain if not unusual or place % unusual else UNUSUAL[place % len(UNUSUAL)](plain) for place, plain in enumerate(questions()[:count])
    ]
    wanted = [slowly(engine, request) for request in requests]
    for asked in (requests, tuple(requests), type("Requests", (list,), {})(requests)):
        decisions = engine.check_many(asked)
        assert type(decisions) is list
        assert decisions == wanted
        assert [(hash(decision), repr(decision), pickle.dumps(decision)) for decision in decisions] == [
            (hash(decision), repr(decision), pickle.dumps(decision)) for decision in wanted
        ]


@pytest.mark.parametrize("unusual", UNUSUAL)
def test_one_unusual_request_anywhere(unusual: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    engine = load()
    plain = questions()[:600]
    wanted = [slowly(engine, request) for request in plain]
    for place in (0, 1, 254, 255, 256, 257, 511, 512, 599):
        requests = list(plain)
        requests[place] = unusual(plain[place])
        assert engine.check_many(requests) == [*wanted[:place], slowly(engine, requests[place]), *wanted[place + 1 :]]


BAD: list[tuple[Any, str, str]] = [
    ({**GUEST, "principal": "usr_ada"}, "invalid_reference", "/principal"),
    ({**GUEST, "principal": "user:" + "x" * 257}, "invalid_id", "/principal"),
    ({**GUEST, "resource": "file:"}, "invalid_id", "/resource"),
    ({**GUEST, "resource": "file:\ud800"}, "invalid_id", "/resource"),
    ({**GUEST, "action": "\ud800"}, "wrong_type", "/action"),
    ({**GUEST, "action": None}, "wrong_type", "/action"),
    ({**GUEST, "principal": 1}, "wrong_type", "/principal"),
    ({"principal": "user:x", "action": "file.read"}, "missing_field", ""),
    ({"principal": "user:x", "action": "file.read", "surface": "api"}, "missing_field", ""),
    ({"principal": "user:x", "action": "file.read", "Resource": "file:x"}, "missing_field", ""),
    ({**GUEST, "extra": 1}, "unknown_field", "/extra"),
    ({**GUEST, 1: 1}, "wrong_type", ""),
    ({"principal": "user:x", "action": "file.read", 1: "file:x"}, "wrong_type", ""),
    ({**GUEST, "surface": "no_such"}, "unknown_surface", "/surface"),
    (None, "wrong_type", ""),
    ("user:x", "wrong_type", ""),
    ([], "wrong_type", ""),
]


@pytest.mark.parametrize(("bad", "code", "path"), BAD)
def test_a_bad_request_is_told_by_its_place(bad: Any, code: str, path: str) -> None:
    engine = load()
    for place in (0, 1, 255, 256, 257, 512, 599):
        requests: list[Any] = questions()[:600]
        requests[place] = bad
        with pytest.raises(BailiwickError) as caught:
            engine.check_many(requests)
        assert (caught.value.code, caught.value.path) == (code, f"/{place}{path}")
        # The first one counts.
        requests[599] = {**GUEST, "principal": ""}
        with pytest.raises(BailiwickError) as caught:
            engine.check_many(requests)
        assert (caught.value.path or "").startswith("/599" if place == 599 else f"/{place}{path}")
    if isinstance(bad, dict) and all(isinstance(name, str) for name in bad) and {*GUEST} <= {*bad} <= {*GUEST, "surface"}:
        for ask in (engine.check_access, engine.is_allowed):
            with pytest.raises(BailiwickError) as caught:
                ask(**bad)
            assert (caught.value.code, caught.value.path) == (code, path)
