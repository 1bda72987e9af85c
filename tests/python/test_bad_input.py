"""What only Python can send: the answer is a BailiwickError with a code and a path, and the engine goes on."""

import copy
import enum
import json
import pickle
import threading
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path

import pytest
from bailiwick import Bailiwick, BailiwickError, Decision, __version__
from hypothesis import given, settings
from hypothesis import strategies as st

DOCUMENT = json.loads((Path(__file__).parents[2] / "examples/acme/directory.json").read_text("utf-8"))
GUARD = Bailiwick.from_directory(DOCUMENT)
AT = "2026-02-01T12:00:00Z"
QUESTION = {"principal": "user:usr_ada", "action": "billing.read", "resource": "organization:org_acme", "at": AT}


def refused(call, code, path):
    with pytest.raises(BailiwickError) as raised:
        call()
    error = raised.value
    assert isinstance(error, ValueError)
    assert (error.code, error.path) == (code, path)
    assert len(str(error)) < 1000
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.code, again.path, str(again)) == (type(error), code, path, str(error))
    assert GUARD.is_allowed(QUESTION["principal"], QUESTION["action"], QUESTION["resource"], at=AT) is True


def loading(**change):
    return lambda: Bailiwick.from_directory({**copy.deepcopy(DOCUMENT), **change})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"1", {1}, object(), 1 + 2j, "300", True, -1, 0.5])
def test_numbers_are_whole_and_finite(value):
    refused(loading(max_age_seconds=value), "wrong_type", "/max_age_seconds")


def test_large_numbers():
    refused(loading(revision=2**53), "limit_exceeded", "/revision")
    refused(loading(revision=10**400), "limit_exceeded", "/revision")
    assert Bailiwick.from_directory({**DOCUMENT, "revision": 2**53 - 1}).revision == 2**53 - 1


@pytest.mark.parametrize("value", ["false", "", 0, 1, None, [], b""])
def test_a_boolean_is_a_boolean(value):
    document = copy.deepcopy(DOCUMENT)
    document["organizations"][0]["projects"][0]["allow_external_collaborators"] = value
    refused(lambda: Bailiwick.from_directory(document), "wrong_type", "/organizations/0/projects/0/allow_external_collaborators")


def test_lone_surrogates_never_become_the_same_id():
    refused(lambda: GUARD.check_access(**{**QUESTION, "principal": "user:\ud800"}), "invalid_id", "/principal")
    refused(lambda: GUARD.is_allowed("user:\udfff", "billing.read", "organization:org_acme"), "invalid_id", "/principal")
    refused(loading(users=[{"id": "\ud800"}]), "invalid_id", "/users/0/id")
    with pytest.raises(BailiwickError):
        Bailiwick.from_directory('{"format": "\ud800"}')
    with pytest.raises(BailiwickError):
        Bailiwick.from_directory(b'{"format": "\xff"}')


def test_keys_that_are_not_text():
    refused(loading(users=[{1: 2}]), "wrong_type", "/users/0")
    refused(loading(users=[{"\ud800": 2}]), "wrong_type", "/users/0")


def test_structures_that_refer_to_themselves_and_deep_ones():
    users: list = []
    users.append(users)
    refused(loading(users=users), "wrong_type", "/users/0")
    deep: dict = {}
    for _ in range(10_000):
        deep = {"deep": deep}
    refused(loading(deep=deep), "unknown_field", "/deep")
    shared: list = []
    for _ in range(30):
        shared = [shared, shared]
    with pytest.raises(BailiwickError):
        loading(users=shared)()
    text = '{"format":"bailiwick/1","organizations":' + "[" * 10_000 + "]" * 10_000 + "}"
    refused(lambda: Bailiwick.from_directory(text), "wrong_type", "/organizations/0")
    refused(lambda: Bailiwick.from_directory("[" * 1_000_000), "invalid_json", "")


def test_large_input():
    long = "x" * 2_000_000
    refused(lambda: GUARD.check_access(**{**QUESTION, "principal": f"user:{long}"}), "invalid_id", "/principal")
    refused(lambda: GUARD.is_allowed(f"user:{long}", "billing.read", "organization:org_acme"), "invalid_id", "/principal")
    assert GUARD.check_access(**{**QUESTION, "action": long}).reason == "unknown_action"
    refused(loading(users=[{"id": "usr_new", "email": long}]), "limit_exceeded", "/users/0/email")
    refused(lambda: Bailiwick.from_directory(json.dumps(DOCUMENT) + " " * 50_000_000 + "x"), "invalid_json", "")
    zeros = '{"format":"bailiwick/1","organizations":[' + "0," * 25_000_000 + "0]}"
    refused(lambda: Bailiwick.from_directory(zeros), "wrong_type", "/organizations/0")


class Broken(tzinfo):
    def utcoffset(self, _):
        raise RuntimeError("no")


def test_instants():
    plain = GUARD.check_access(**QUESTION)
    noon = datetime(2026, 2, 1, 12, tzinfo=UTC)
    for same in (noon, noon.astimezone(timezone(timedelta(hours=5, minutes=45)))):
        assert GUARD.check_access(**{**QUESTION, "at": same}) == plain
        assert GUARD.is_allowed("user:usr_ada", "billing.read", "organization:org_acme", at=same)
    for bad in (datetime(2026, 2, 1), datetime(2026, 2, 1, tzinfo=Broken()), "yesterday", "2026-02-01T12:00:00"):
        refused(lambda at=bad: GUARD.check_access(**{**QUESTION, "at": at}), "invalid_timestamp", "/at")
        refused(lambda at=bad: GUARD.is_allowed("user:usr_ada", "billing.read", "organization:org_acme", at=at), "invalid_timestamp", "/at")
    for number in (0, 1_769_904_000, 1_769_904_000.5):
        # Seconds or milliseconds? A number that is taken for the wrong one would bring expired keys to life.
        refused(lambda at=number: GUARD.check_access(**{**QUESTION, "at": at}), "wrong_type", "/at")


class Principal(str):
    def __str__(self):
        return "user:usr_ada"

    def split(self, *_):
        return ["user", "usr_ada"]


class Action(enum.StrEnum):
    READ = "billing.read"


def test_subclasses_are_what_they_hold():
    assert GUARD.check_access(Principal("user:nobody"), Action.READ, "organization:org_acme", at=AT).reason == "unknown_principal"
    assert GUARD.is_allowed("user:usr_ada", Action.READ, "organization:org_acme", at=AT)


def test_answers_are_values():
    decision = GUARD.check_access(**QUESTION)
    assert decision
    assert decision == GUARD.check_access(**QUESTION)
    assert len({decision, GUARD.check_access(**QUESTION)}) == 1
    assert "billing" not in repr(decision)
    assert repr(decision).startswith("Decision(allowed=True, reason='organization_role'")
    with pytest.raises(AttributeError):
        decision.allowed = False
    assert isinstance(decision, Decision)
    assert __version__.count(".") == 2


def test_rows_that_cannot_be_attributed_are_counted():
    rows = GUARD.attribute_many([{"principal": "user:nobody", "kind": "file"}, None, {"principal": "api_key:key_ci", "kind": "file", "at": AT}])
    assert [row.reason for row in rows] == ["unknown_principal", "wrong_type", "project_scoped"]
    assert rows.unattributed == 2
    assert isinstance(rows, list)


def test_many_threads_ask_one_engine():
    wrong = []

    def ask():
        for _ in range(2_000):
            if not GUARD.is_allowed("user:usr_ada", "billing.read", "organization:org_acme", at=AT):
                wrong.append(1)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


REFERENCES = st.sampled_from(["user:usr_ada", "user:usr_bob", "api_key:key_ci", "user:nobody", "organization:org_acme", "project:prj_a"]) | st.text()
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.datetimes(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.tuples(inner),
)


def outcome(call):
    try:
        return call()
    except BailiwickError as error:
        return error.code


@given(REFERENCES, st.sampled_from(["billing.read", "file.create", "nothing"]), REFERENCES)
@settings(max_examples=300, deadline=None)
def test_is_allowed_is_what_check_access_allows(principal, action, resource):
    request = {"principal": principal, "action": action, "resource": resource, "at": AT}
    decision = outcome(lambda: GUARD.check_access(**request))
    quick = outcome(lambda: GUARD.is_allowed(principal, action, resource, at=AT))
    many = outcome(lambda: GUARD.check_many([request]))
    assert quick == (decision if isinstance(decision, str) else decision.allowed)
    assert many == (decision if isinstance(decision, str) else [decision])


@given(ANYTHING)
@settings(max_examples=300, deadline=None)
def test_nothing_but_bailiwick_errors(value):
    outcome(lambda: Bailiwick.from_directory(value))
    outcome(lambda: GUARD.check_access(value, value, value, surface=value, at=value, min_revision=value, max_age_seconds=value))
    outcome(lambda: GUARD.is_allowed(value, value, value, at=value))
    outcome(lambda: GUARD.attribute(value, value, project=value, resource=value))
    outcome(lambda: GUARD.check_many(value))
    assert len(GUARD.attribute_many([value])) == 1


def test_a_directory_written_out_and_read_again_is_the_same():
    assert Bailiwick.from_directory(GUARD.to_directory()).to_directory() == GUARD.to_directory()
