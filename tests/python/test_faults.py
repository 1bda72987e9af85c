"""All faults of a document with their places, and what an envelope says: as Python gets them."""

from __future__ import annotations

import copy
import json
import pickle
import threading
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import bailiwick
import pytest
from bailiwick import Bailiwick, BailiwickError, Fault, find_faults, inspect_snapshot
from bailiwick._bailiwick import MOST_FAULTS
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "tests/directories/acme.json").read_text("utf-8")
POLICY = (ROOT / "core/policies/projects-2026-02.json").read_text("utf-8")


def told(text: str | bytes, policy: Any = None) -> list[tuple[str, str, int, int]]:
    """The faults, after it has been seen that the first one is what loading raises."""
    faults = find_faults(text, policy=policy)
    try:
        Bailiwick.from_directory(text, policy=policy)
    except BailiwickError as error:
        assert (faults[0].code, faults[0].path) == (error.code, error.path)
    else:
        assert faults == []
    return [(fault.code, fault.path, fault.line, fault.column) for fault in faults]


def test_a_document_that_loads_has_none() -> None:
    assert find_faults(TEXT) == find_faults(TEXT.encode()) == find_faults(POLICY) == []
    assert find_faults(TEXT, policy="projects-2026-02") == find_faults(TEXT, policy=json.loads(POLICY)) == []


def test_a_fault_is_a_value() -> None:
    [fault] = find_faults('{"format": "bailiwick/1",\n\t"organizations": 1}')
    assert isinstance(fault, Fault)
    assert (fault.code, fault.path, fault.line, fault.column) == ("wrong_type", "/organizations", 2, 19)
    assert fault.to_dict() == {
        "code": "wrong_type",
        "path": "/organizations",
        "message": fault.message,
        "line": 2,
        "column": 19,
    }
    assert "expected a list" in fault.message
    assert Fault.__module__ == "bailiwick" and "Fault" in bailiwick.__all__
    assert pickle.loads(pickle.dumps(fault)) == copy.deepcopy(fault) == fault
    assert len({fault, copy.copy(fault)}) == 1
    assert not hasattr(fault, "__dict__")
    with pytest.raises(FrozenInstanceError):
        fault.line = 3  # type: ignore[misc]


def test_columns_count_characters() -> None:
    text = '{"format": "bailiwick/1", "organizations": [],\r\n\t"é😀": 1, "users": [{"id": "😀", "email": "\\ud83d\\ude00", "mail": 2}]}'
    assert told(text) == [("unknown_field", "/é😀", 2, 2), ("unknown_field", "/users/0/mail", 2, 58)]
    assert text.splitlines()[1][57:].startswith('"mail"')


def test_a_byte_order_mark_is_no_column() -> None:
    faulty = '{"format": 1, "é": 2}'
    for text in (faulty, faulty.encode(), faulty[:-1], b'{"\xff'):
        marked = "\ufeff" + text if isinstance(text, str) else b"\xef\xbb\xbf" + text
        assert told(marked) == told(text) != []
    assert told("\ufeff" + TEXT) == []
    assert (
        Bailiwick.from_directory("\ufeff" + TEXT).to_directory() == Bailiwick.from_directory(b"\xef\xbb\xbf" + TEXT.encode()).to_directory()
    )


def test_text_that_is_no_json_has_one() -> None:
    assert told("") == [("invalid_json", "", 1, 1)]
    assert told("\ufeff\ufeff" + TEXT) == [("invalid_json", "", 1, 1)]
    assert told(b'{\n "\xff') == [("invalid_json", "", 2, 3)]
    assert told('{"é": 1,\n "é": 2, "é": 3}') == [("invalid_json", "/é", 2, 2)]
    assert told("[" * 100_000) == [("invalid_json", "", 1, 100_000)]


def test_faults_of_a_policy() -> None:
    text = POLICY.replace('"collaborator_role": "member"', '"collaborator_role": "duke"').replace(
        '"roles": ["admin"', '"roles": ["king"', 1
    )
    faults = find_faults(text)
    assert [fault.code for fault in faults] == ["unknown_role", "unknown_role"]
    assert [text.splitlines()[fault.line - 1][fault.column - 1 :][:6] for fault in faults] == ['"duke"', '"king"']
    with pytest.raises(BailiwickError) as raised:
        Bailiwick.from_directory(TEXT, policy=json.loads(text))
    assert (raised.value.code, raised.value.path) == (faults[0].code, "/policy" + faults[0].path)
    embedded = json.dumps({**json.loads(TEXT), "policy": json.loads(text)})
    assert [fault.path for fault in find_faults(embedded)] == ["/policy" + fault.path for fault in faults]


def test_a_policy_beside_the_document_is_no_part_of_it() -> None:
    for policy, code in [("none", "unknown_policy"), (7, "wrong_type"), ({"format": "bailiwick-policy/1"}, "missing_field")]:
        with pytest.raises(BailiwickError) as raised:
            find_faults("{", policy=policy)  # type: ignore[arg-type]
        assert (raised.value.code, raised.value.path) == (code, "/policy")
    assert told(TEXT.replace('"projects-2026-02"', '"none"'), policy="projects-2026-02") == []


@pytest.mark.parametrize("text", [None, 7, {}, bytearray(b"{}"), "\ud800", object()])
def test_what_is_no_text_is_refused(text: Any) -> None:
    with pytest.raises(BailiwickError) as raised:
        find_faults(text)
    assert (raised.value.code, raised.value.path) == ("wrong_type", "/text")


def test_no_more_than_so_many_are_told() -> None:
    def of(count: int) -> list[Fault]:
        return find_faults(json.dumps({"format": "bailiwick/1", "organizations": [], "users": [{"id": "u"}] * (count + 1)}))

    assert [len(of(count)) for count in (0, 1, MOST_FAULTS - 1, MOST_FAULTS, MOST_FAULTS + 1, 5 * MOST_FAULTS)] == [
        0,
        1,
        MOST_FAULTS - 1,
        MOST_FAULTS,
        MOST_FAULTS,
        MOST_FAULTS,
    ]
    assert [fault.path for fault in of(5 * MOST_FAULTS)] == [f"/users/{number}/id" for number in range(1, MOST_FAULTS + 1)]


def test_other_threads_run_meanwhile() -> None:
    users = ",\n".join('{"id": 1}' for _ in range(300_000))
    text = f'{{"format": "bailiwick/1", "organizations": [], "users": [{users}]}}'
    done = threading.Event()
    found: list[int] = []

    def work() -> None:
        found.append(len(find_faults(text)))
        done.set()

    worker = threading.Thread(target=work)
    worker.start()
    turns = 0
    while not done.is_set():
        turns += 1
    worker.join()
    assert found == [MOST_FAULTS] and turns > 0


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_first_is_what_loading_raises(data: st.DataObject) -> None:
    text = TEXT
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        text = (
            text[:start]
            + data.draw(st.sampled_from(["", "0", '"', "}", ",", "null", '"x": 1,', "é"]))
            + text[start + data.draw(st.integers(0, 2)) :]
        )
    told(text)


KEY = bytes(range(32))


def test_a_snapshot_says_what_it_is() -> None:
    guard = Bailiwick.from_directory(TEXT)
    data = guard.to_snapshot()
    said = inspect_snapshot(data)
    assert said == {
        "kind": "snapshot",
        "format_version": 2,
        "bytes": len(data),
        "revision": guard.revision,
        "state": said["state"],
        "base_revision": None,
        "base_state": None,
        "issued_at": guard.issued_at,
        "max_age_seconds": 86_400,
        "fresh_until": guard.fresh_until,
        "policy": guard.policy,
        "is_signed": False,
        "key_id": None,
    }
    assert inspect_snapshot(bytearray(data)) == inspect_snapshot(memoryview(data)) == said


def test_a_delta_says_what_it_is() -> None:
    guard = Bailiwick.from_directory(TEXT)
    before = inspect_snapshot(guard.to_snapshot())
    revision = guard.revision
    guard.apply({"type": "remove_resource", "resource": "instant_cluster:cl_1"})
    data = guard.to_delta(revision, signing_key=KEY, issued_at="2026-02-01T00:00:00Z", max_age_seconds=60)
    said = inspect_snapshot(data)
    after = inspect_snapshot(guard.to_snapshot(KEY))
    assert said == {
        "kind": "delta",
        "format_version": 2,
        "bytes": len(data),
        "revision": revision + 1,
        "state": after["state"],
        "base_revision": revision,
        "base_state": before["state"],
        "issued_at": "2026-02-01T00:00:00Z",
        "max_age_seconds": 60,
        "fresh_until": "2026-02-01T00:01:00Z",
        "policy": None,
        "is_signed": True,
        "key_id": after["key_id"],
    }
    assert before["state"] != after["state"] and said["key_id"] is not None
    assert said["key_id"] != inspect_snapshot(guard.to_snapshot(bytes(32)))["key_id"]


def fails(call: Callable[[], object]) -> str | None:
    """The code that a call raises."""
    try:
        call()
    except BailiwickError as error:
        assert error.path == ""
        return error.code
    return None


def test_damaged_bytes_are_refused_as_by_loading() -> None:
    data = Bailiwick.from_directory(TEXT).to_snapshot(KEY)
    head = [*range(300), len(data) - 1]
    spoilt = [data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :] for at in head for bit in (0, 7)]
    spoilt += [data[:length] for length in range(0, len(data), 97)] + [data + b"x"]
    for one in spoilt:
        wanted = fails(lambda one=one: Bailiwick.from_snapshot(one))  # type: ignore[misc]
        assert wanted in {"snapshot_corrupt", "snapshot_version"}
        assert fails(lambda one=one: inspect_snapshot(one)) == wanted  # type: ignore[misc]
    assert {fails(lambda one=one: inspect_snapshot(one)) for one in spoilt} == {"snapshot_corrupt", "snapshot_version"}  # type: ignore[misc]
    for foreign in ("text", None, 7):
        assert fails(lambda foreign=foreign: inspect_snapshot(foreign)) == "wrong_type"  # type: ignore[misc]


def test_snapshots_of_every_version_can_be_inspected() -> None:
    goldens = sorted(path for path in (ROOT / "tests/snapshots").iterdir() if path.suffix in {".bin", ".delta"})
    assert {path.suffix for path in goldens} == {".bin", ".delta"}
    for golden in goldens:
        is_delta = golden.suffix == ".delta"
        if is_delta and not golden.name.startswith("v2-"):
            assert fails(lambda golden=golden: inspect_snapshot(golden.read_bytes())) == "snapshot_version"  # type: ignore[misc]
            continue
        said = inspect_snapshot(golden.read_bytes())
        assert said["kind"] == ("delta" if is_delta else "snapshot")
        assert said["is_signed"] == ("signed" in golden.name)
