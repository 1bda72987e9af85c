"""What only Python can pass in: whatever it is, the answer is a BailiwickError, and the engine goes on working."""

from __future__ import annotations

import copy
import json
import pickle
import threading
import time
from collections import OrderedDict, UserDict, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any

import bailiwick
import pytest
from bailiwick import Attributions, Bailiwick, BailiwickError

TEXT = (Path(__file__).parents[1] / "directories/acme.json").read_text("utf-8")
AT = "2026-02-01T00:01:00Z"
REQUEST: dict[str, Any] = {
    "principal": "user:usr_dan",
    "action": "instant_cluster.submit_job",
    "resource": "instant_cluster:cl_1",
    "at": AT,
}
USAGE: dict[str, Any] = {"principal": "user:usr_dan", "kind": "instant_cluster", "resource": "instant_cluster:cl_1", "at": AT}
guard = Bailiwick.from_directory(TEXT)


@pytest.fixture(autouse=True)
def still_answers() -> Iterator[None]:
    yield
    assert guard.is_allowed(**REQUEST)


def refuses(call: Callable[[], object], code: str, path: str) -> BailiwickError:
    """The call raises a whole and proper error, with this code and path."""
    with pytest.raises(BailiwickError) as raised:
        call()
    error = raised.value
    assert isinstance(error, ValueError)
    assert (error.code, error.path) == (code, path), error.message
    assert 0 < len(error.message) < 500
    return error


def having(*path: str | int, value: object) -> dict[str, Any]:
    """The document with one member set, by its path from the root."""
    document: Any = json.loads(TEXT)
    node = document
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return document  # type: ignore[no-any-return]


def load(document: Any) -> Callable[[], Bailiwick]:
    return lambda: Bailiwick.from_directory(document)


def check(**changes: Any) -> Callable[[], object]:
    return lambda: guard.check_access(**{**REQUEST, **changes})


def test_an_error_is_a_real_one() -> None:
    error = refuses(load(5), "wrong_type", "")
    assert type(error).__name__ in bailiwick.__all__
    assert type(error).__module__ == "bailiwick"
    assert error.message in str(error)
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is type(error)
        assert (again.code, again.path, again.message) == (error.code, error.path, error.message)


def test_a_denial_is_not_an_error() -> None:
    decision = guard.check_access("user:nobody", "x.y", "project:prj_a", at=AT)
    assert not decision
    assert decision.reason == "unknown_action"


FOREIGN = [
    float("nan"),
    float("inf"),
    Decimal(1),
    1j,
    object(),
    {1},
    frozenset({1}),
    range(3),
    date(2026, 2, 1),
    lambda: 1,
    Ellipsis,
    int,
    UserDict(),
    bytearray(b"{}"),
    memoryview(b"{}"),
]


@pytest.mark.parametrize("value", FOREIGN, ids=lambda value: type(value).__name__)
def test_values_that_json_does_not_have(value: Any) -> None:
    refuses(load(value), "wrong_type", "")
    refuses(lambda: guard.check_many(value), "wrong_type", "")
    refuses(lambda: guard.attribute_many(value), "wrong_type", "")
    refuses(lambda: guard.check_many([REQUEST, value]), "wrong_type", "/1")
    refuses(load(having("revision", value=value)), "wrong_type", "/revision")
    refuses(check(principal=value), "wrong_type", "/principal")
    refuses(check(surface=value), "wrong_type", "/surface")
    refuses(lambda: guard.is_allowed(value, "a.b", "c:d"), "wrong_type", "/principal")
    assert guard.attribute_many([value])[0].reason == "wrong_type"


@pytest.mark.parametrize("value", ["false", "", "False", 0, 1, 0.0, [], {}, ()], ids=repr)
def test_what_is_almost_a_boolean(value: Any) -> None:
    refuses(load(having("organizations", 0, "multi_project", value=value)), "wrong_type", "/organizations/0/multi_project")


@pytest.mark.parametrize("value", [True, False, "42", "", [42], b"42"], ids=repr)
def test_what_is_almost_a_number(value: Any) -> None:
    refuses(load(having("revision", value=value)), "wrong_type", "/revision")
    refuses(check(min_revision=value), "wrong_type", "/min_revision")


@pytest.mark.parametrize("value", [2**53, 2**63, 2**64, 10**400, 1e300])
def test_numbers_beyond_every_limit(value: Any) -> None:
    refuses(load(having("revision", value=value)), "limit_exceeded", "/revision")
    assert Bailiwick.from_directory(having("revision", value=2**53 - 1)).revision == 2**53 - 1


def test_falsy_strings_are_not_absent() -> None:
    refuses(check(surface=""), "unknown_surface", "/surface")
    refuses(check(at=""), "invalid_timestamp", "/at")
    refuses(check(principal=""), "invalid_reference", "/principal")
    refuses(lambda: guard.attribute(**{**USAGE, "project": ""}), "invalid_id", "/project")
    refuses(lambda: Bailiwick.from_directory(TEXT, policy=""), "invalid_id", "/policy")
    assert guard.check_access(**{**REQUEST, "surface": None, "min_revision": None, "max_age_seconds": None})


def test_none_is_absent_only_where_an_argument_is_optional() -> None:
    refuses(check(principal=None), "wrong_type", "/principal")
    refuses(lambda: guard.is_allowed(None, "a.b", "c:d"), "wrong_type", "/principal")  # type: ignore[arg-type]
    refuses(lambda: guard.attribute("user:usr_dan", None), "wrong_type", "/kind")  # type: ignore[arg-type]
    assert Bailiwick.from_directory(TEXT, policy=None).policy == "projects-2026-02"
    with pytest.raises(TypeError):
        guard.check_access("user:usr_dan", "a.b")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        guard.check_access("user:usr_dan", "a.b", "c:d", "api")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Bailiwick.from_directory(TEXT, polciy="x")  # type: ignore[call-arg]


def test_keys_that_are_not_strings() -> None:
    for key in (1, None, b"format", ("format",)):
        refuses(load({key: 1}), "wrong_type", "")
    refuses(load({"\ud800": 1}), "wrong_type", "")


def test_strings_that_are_not_unicode() -> None:
    lone = "usr_\ud800"
    refuses(load(having("users", value=[{"id": lone}])), "invalid_id", "/users/0/id")
    refuses(check(principal=f"user:{lone}"), "invalid_id", "/principal")
    refuses(lambda: guard.is_allowed(f"user:{lone}", "a.b", "c:d"), "invalid_id", "/principal")
    refuses(load(f'{{"format": "{lone}"}}'), "wrong_type", "")
    refuses(load(b'{"format": "\xff"}'), "invalid_json", "")


class Word(StrEnum):
    DAN = "user:usr_dan"


class Number(IntEnum):
    FORTY_TWO = 42


class LyingText(str):
    def __str__(self) -> str:
        return "user:usr_ada"

    def encode(self, *_: object) -> bytes:  # pyright: ignore[reportIncompatibleMethodOverride]
        return b"user:usr_ada"


class LyingDict(dict[str, Any]):
    def __getitem__(self, key: str) -> Any:
        raise RuntimeError("mine")

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("mine")

    def items(self) -> Any:
        raise RuntimeError("mine")

    def __bool__(self) -> bool:
        raise RuntimeError("mine")


class LyingList(list[Any]):
    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError("mine")

    def __len__(self) -> int:
        return 5


def test_subclasses_count_for_what_they_store() -> None:
    assert guard.check_access(**{**REQUEST, "principal": Word.DAN})
    assert guard.is_allowed(**{**REQUEST, "principal": Word.DAN})
    assert Bailiwick.from_directory(having("revision", value=Number.FORTY_TWO)).revision == 42
    assert guard.is_allowed(**{**REQUEST, "principal": LyingText("user:usr_dan")})
    assert not guard.is_allowed(**{**REQUEST, "principal": LyingText("user:nobody")})
    expected = guard.check_many([REQUEST])
    for requests in ([OrderedDict(REQUEST)], [defaultdict(str, REQUEST)], (REQUEST,), [LyingDict(REQUEST)], LyingList([REQUEST])):
        assert guard.check_many(requests) == expected


class Meddler(tzinfo):
    """A time zone whose code changes the request while it is being read."""

    def __init__(self, target: dict[str, Any]) -> None:
        self.target = target

    def utcoffset(self, _: datetime | None) -> timedelta:
        self.target.clear()
        self.target.update({str(number): number for number in range(1000)})
        return timedelta(0)

    dst = utcoffset

    def tzname(self, _: datetime | None) -> str:
        return "x"


class Broken(tzinfo):
    def utcoffset(self, _: datetime | None) -> timedelta:
        raise RuntimeError("mine")

    dst = utcoffset

    def tzname(self, _: datetime | None) -> str:
        raise RuntimeError("mine")


def test_instants() -> None:
    moment = datetime(2026, 2, 1, 0, 1, tzinfo=UTC)
    expected = guard.check_access(**REQUEST)
    for same in (moment, moment.astimezone(timezone(timedelta(hours=5, minutes=30))), "2026-02-01T01:01:00+01:00"):
        assert guard.check_access(**{**REQUEST, "at": same}) == expected
        assert guard.is_allowed(**{**REQUEST, "at": same})
    naive = datetime(2026, 2, 1, 0, 1)
    for bad in (naive, moment.replace(tzinfo=Broken()), "yesterday", ""):
        refuses(check(at=bad), "invalid_timestamp", "/at")
        refuses(lambda bad=bad: guard.is_allowed(**{**REQUEST, "at": bad}), "invalid_timestamp", "/at")  # type: ignore[misc]
    for wrong in (1769904060000, 1769904060.0, True, date(2026, 2, 1), timedelta(1)):
        refuses(check(at=wrong), "wrong_type", "/at")
    issued = having("issued_at", value=moment.replace(microsecond=1999))
    assert Bailiwick.from_directory(issued).issued_at == "2026-02-01T00:01:00.001Z"
    before = datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    assert Bailiwick.from_directory(having("issued_at", value=before)).issued_at == "1969-12-31T23:59:59.999Z"


def test_code_that_runs_while_a_request_is_read() -> None:
    request = dict(REQUEST)
    request["at"] = datetime(2026, 2, 1, 0, 1, tzinfo=Meddler(request))
    request["surface"] = "ui"
    assert guard.check_many([request])[0].allowed


def test_cycles_and_parts_that_are_shared_many_times() -> None:
    document = json.loads(TEXT)
    document["self"] = document
    refuses(load(document), "unknown_field", "/self")
    endless: list[Any] = []
    endless += [endless, endless]
    with pytest.raises(BailiwickError):
        Bailiwick.from_directory(having("organizations", value=endless))
    laughs: Any = "ha"
    for _ in range(30):
        laughs = [laughs] * 10
    refuses(load(laughs), "limit_exceeded", "")
    refuses(load(["x" * 1_000_000] * 1000), "limit_exceeded", "")


def test_ten_thousand_levels() -> None:
    deep: Any = []
    for level in range(10_000):
        deep = {"a": deep} if level % 2 else [deep]
    for document in (deep, having("organizations", value=deep), "[" * 10_000, '{"format":"bailiwick/1","organizations":' + "[" * 10_000):
        with pytest.raises(BailiwickError):
            Bailiwick.from_directory(document)
    refuses(load(having("users", value=[{"id": deep}])), "wrong_type", "/users/0/id")


def test_large_strings_and_documents_in_bounded_time() -> None:
    long = "x" * 2_000_000
    refuses(load(having("organizations", 0, "id", value=long)), "invalid_id", "/organizations/0/id")
    refuses(load(having("organizations", 0, "name", value=long)), "limit_exceeded", "/organizations/0/name")
    refuses(lambda: guard.is_allowed(f"user:{long}", "a.b", "c:d"), "invalid_id", "/principal")
    assert not guard.is_allowed("user:usr_dan", long, "project:prj_a")
    users = [
        {"id": f"usr_{number}", "email": f"user.number.{number}@a.company.test", "organization": "org_elsewhere"}
        for number in range(500_000)
    ]
    large = having("users", value=users)
    text = json.dumps(large)
    assert len(text) > 40_000_000
    began = time.monotonic()
    for document in (text, text.encode(), large):
        assert Bailiwick.from_directory(document).revision == 42
    users.append({"id": "usr_1"})
    refuses(load(large), "duplicate_id", "/users/500000/id")
    assert time.monotonic() - began < 60


def test_answers_are_values() -> None:
    decision = guard.check_access(**REQUEST)
    assert decision == guard.check_access(**REQUEST) != guard.check_access(**{**REQUEST, "principal": "user:nobody"})
    assert len({decision, guard.check_access(**REQUEST)}) == 1
    assert decision != decision.to_dict()
    assert repr(decision).startswith("Decision(allowed=True, reason='")
    decision.caveats.append("not_project_aware")
    assert decision.caveats == []
    attribution = guard.attribute(**USAGE)
    assert hash(attribution) == hash(guard.attribute(**USAGE))
    assert repr(attribution).startswith("Attribution(organization='org_acme', ")
    for frozen in (decision, attribution, guard):
        with pytest.raises(AttributeError):
            frozen.revision = 1  # type: ignore[misc]
    rows = guard.attribute_many([USAGE, None])  # type: ignore[list-item]
    assert isinstance(rows, Attributions)
    assert isinstance(rows, list)
    assert (len(rows), rows.unattributed, rows[1].reason) == (2, 1, "wrong_type")
    again = copy.copy(rows)
    assert (again, again.unattributed) == (rows, 1)


def test_threads_share_one_engine() -> None:
    expected = guard.check_access(**REQUEST)
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(500):
            found = guard.check_access(**REQUEST)
            if found != expected or not guard.is_allowed(**REQUEST):
                wrong.append(found)
        Bailiwick.from_directory(TEXT)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
