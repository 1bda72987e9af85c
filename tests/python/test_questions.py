"""Plain questions are answered by a shorter way, and as every other: alone, in lists of any length, and while others change the engine."""

from __future__ import annotations

import copy
import json
import pickle
import random
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Attribution, Bailiwick, BailiwickError, Decision

ACME: dict[str, Any] = json.loads((Path(__file__).parents[1] / "directories/acme.json").read_text("utf-8"))
AT = "2026-02-01T12:00:00Z"
LONG, WIDE = "l" * 256, "é" * 128
GUEST: dict[str, Any] = {"principal": f"user:{LONG}", "action": "file.read", "resource": "project:prj_a"}
COMING = {"type": "add_collaborator", "project": "prj_a", "user": LONG, "role": "member"}
GOING = {"type": "remove_collaborator", "project": "prj_a", "user": LONG}


def load(**fields: Any) -> Bailiwick:
    """The example as a directory that does not age, with a guest of a long name and a key that has ended."""
    document = copy.deepcopy({**ACME, "issued_at": None, "max_age_seconds": None, **fields})
    project = next(project for project in document["organizations"][0]["projects"] if project["id"] == "prj_a")
    for name in (LONG, WIDE, "a:b"):
        project.setdefault("collaborators", []).append({"user": name, "role": "member"})
        project.setdefault("resources", []).append({"id": name, "kind": "file"})
    project.setdefault("api_keys", []).append({"id": "key_ended", "expires_at": "2020-01-01T00:00:00Z"})
    return Bailiwick.from_directory(document)


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


def together(*works: Callable[[], object]) -> None:
    """Does all of these at the same time."""
    faults: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    if faults:
        raise faults[0]


def test_a_long_list_is_of_one_revision_while_others_change() -> None:
    engine = load()
    first = engine.revision
    done = threading.Event()
    seen: set[bool] = set()

    def write() -> None:
        until = time.monotonic() + 1
        try:
            while time.monotonic() < until:
                for change in (GOING, COMING):
                    engine.apply(change, at=AT)
        finally:
            done.set()

    def read() -> None:
        while not done.is_set():
            decisions = engine.check_many([GUEST] * 700)
            revisions = {decision.revision for decision in decisions}
            assert (len(decisions), len(revisions)) == (700, 1)
            assert {decision.allowed for decision in decisions} == {(revisions.pop() - first) % 2 == 0}
            seen.add(decisions[0].allowed)
            one = engine.check_access(**GUEST)
            assert one.allowed == ((one.revision - first) % 2 == 0)

    together(write, read, read, read)
    assert seen == {True, False}


def test_a_list_that_grows_meanwhile_is_answered_to_its_old_end() -> None:
    # While one changes the engine, whoever asks waits, and lets others run, who may do something to the list.
    engine = load(users=[*ACME["users"], *({"id": f"user_{number}"} for number in range(20_000))])
    done = threading.Event()
    shared: list[list[dict[str, Any]]] = [[]]

    def write(user: str) -> Callable[[], None]:
        def writer() -> None:
            until = time.monotonic() + 5
            try:
                while time.monotonic() < until:
                    for change in (COMING, GOING):
                        kept = copy.copy(engine)
                        engine.apply({**change, "user": user}, at=AT)
                        del kept
            finally:
                done.set()

        return writer

    def grow() -> None:
        while not done.is_set():
            requests = shared[0]
            if len(requests) < 100_000:
                requests.append(GUEST)

    def read() -> None:
        while not done.is_set():
            shared[0] = requests = [GUEST] * 300
            least = len(requests)
            decisions = engine.check_many(requests)
            assert len(decisions) >= least

    together(write("usr_1"), write("usr_2"), write("usr_3"), grow, read)


# What an answer holds of names.

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


# Instants.


class Zone(tzinfo):
    """A time zone that says what it is told to."""

    def __init__(self, offset: Callable[[], Any]) -> None:
        self.offset = offset

    def utcoffset(self, _: datetime | None) -> Any:
        return self.offset()

    def dst(self, _: datetime | None) -> timedelta:
        return timedelta(0)

    def tzname(self, _: datetime | None) -> str:
        return "x"


def fail() -> Any:
    raise RuntimeError("mine")


@pytest.mark.parametrize("principal", [GUEST["principal"], "user:usr_ada", "api_key:key_ended", "user:nobody"])
def test_an_instant_that_is_none_is_an_error_whoever_asks(principal: str) -> None:
    engine = load()
    unusable = [
        datetime(2026, 2, 1),
        datetime(2026, 2, 1, tzinfo=Zone(fail)),
        datetime(2026, 2, 1, tzinfo=Zone(lambda: None)),
        datetime(2026, 2, 1, tzinfo=Zone(lambda: "x")),
        "soon",
        "",
        "2026-02-30T00:00:00Z",
        "\ud800",
        True,
        b"2026-02-01T00:00:00Z",
        [],
    ]
    for at in unusable:
        asked: dict[str, Any] = {**GUEST, "principal": principal, "at": at}
        found = []
        for ask in (engine.check_access, engine.is_allowed, lambda **request: engine.check_many([request])):
            with pytest.raises(BailiwickError) as caught:
                ask(**asked)
            found.append((caught.value.code, (caught.value.path or "").removeprefix("/0"), caught.value.message))
        assert {code for code, _, _ in found} <= {"invalid_timestamp", "wrong_type"}, at
        assert {path for _, path, _ in found} == {"/at"}
        assert len(set(found)) == 1


def test_an_instant_may_ask_and_change_the_engine() -> None:
    engine = load()
    first = engine.revision

    def change() -> timedelta:
        before = engine.is_allowed(**GUEST)
        engine.apply(GOING if before else COMING, at=AT)
        assert engine.is_allowed(**GUEST) != before
        return timedelta(0)

    for turn in range(4):
        # However often the zone is asked: the answer is of the directory as it is after that.
        allowed = engine.is_allowed(**GUEST, at=datetime(2026, 2, 1, tzinfo=Zone(change)))
        assert allowed == ((engine.revision - first) % 2 == 0)
        assert engine.revision > first + turn


def test_a_key_that_has_ended_and_a_directory_that_is_old_are_noticed_now() -> None:
    engine = load()
    key = {**GUEST, "principal": "api_key:key_ended"}
    assert not engine.is_allowed(**key)
    assert engine.check_access(**key).reason == engine.check_many([key])[0].reason == "key_expired"
    assert engine.is_allowed(**key, at="2019-12-31T23:59:59.999Z")
    assert not engine.is_allowed(**key, at="2020-01-01T00:00:00Z")
    old = load(issued_at="2020-01-01T00:00:00Z", max_age_seconds=60)
    for request in (GUEST, key, {**GUEST, "principal": "user:nobody"}, {**GUEST, "action": "no.such"}):
        assert not old.is_allowed(**request)
        assert old.check_access(**request).reason == old.check_many([request])[0].reason == "snapshot_stale"
    assert old.is_allowed(**GUEST, at="2020-01-01T00:01:00Z")
    assert not old.is_allowed(**GUEST, at="2020-01-01T00:01:00.001Z")
