"""A served directory that follows its file: forward, and never back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Bailiwick, BailiwickError, public_key_of
from bailiwick.cli.server.served_directory import ServedDirectory

from .conftest import SEED
from .serving import TIMEOUT, ask, serving

JOIN = {"type": "add_collaborator", "project": "prj_a", "user": "usr_eve"}
KEY = bytes.fromhex(SEED)
Capture = pytest.CaptureFixture[str]


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + TIMEOUT
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def replace(path: Path, data: bytes) -> None:
    draft = path.with_suffix(".draft")
    draft.write_bytes(data)
    os.replace(draft, path)


def test_a_changed_file_is_followed(acme: Path) -> None:
    guard = Bailiwick.from_directory(acme.read_bytes())
    with serving(acme, "--follow") as address:
        assert ask(address, "usr_eve") == {"decision": False}
        guard.apply(JOIN)
        replace(acme, json.dumps(guard.to_directory()).encode())
        until(lambda: ask(address, "usr_eve") == {"decision": True})
        replace(acme, b"{")
        time.sleep(2.5)
        assert ask(address, "usr_eve") == {"decision": True}


def test_only_what_loads_and_is_no_older_takes_the_place(acme: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, seed = tmp_path / "served.snapshot", bytes.fromhex(SEED)
    guard = Bailiwick.from_directory(acme.read_bytes())

    def snapshot(issued_at: str, key: bytes | None = seed) -> bytes:
        return guard.to_snapshot(key, issued_at=issued_at)

    first = snapshot("2026-02-01T00:00:00Z")
    replace(path, first)
    served = ServedDirectory(str(path), policy=None, public_key=[bytes(32).hex(), public_key_of(seed).hex()])
    guard.apply(JOIN)
    for refused in (first[:-1], b"{}", snapshot("2026-02-02T00:00:00Z", None), snapshot("2026-02-02T00:00:00Z", bytes(32))):
        replace(path, refused)
        served.reload()
        assert served.guard.revision == 42
        assert "the directory was not taken" in capsys.readouterr().err
    newer = snapshot("2026-02-03T00:00:00Z")
    replace(path, newer)
    served.reload()
    assert served.guard.revision == 43
    replace(path, first)
    served.reload()
    assert (served.guard.revision, "was not taken" in capsys.readouterr().err) == (43, True)
    path.unlink()
    served.reload()
    replace(path, snapshot("2026-02-04T00:00:00Z"))
    served.reload()
    assert served.guard.issued_at == "2026-02-04T00:00:00Z"


def at(seconds: int) -> str:
    """An instant from now on."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(timespec="seconds")


FIRST, LATER, EARLIER = at(-1000), at(-500), at(-2000)

# What is served and what comes, each with its revision and its instant; and what is said of it.
STEPS: list[tuple[tuple[int, str | None], tuple[int, str | None], str]] = [
    ((3, FIRST), (3, FIRST), ""),
    ((3, FIRST), (4, FIRST), ""),
    ((3, FIRST), (3, LATER), ""),
    ((3, None), (3, None), ""),
    ((3, None), (4, None), ""),
    ((3, None), (3, FIRST), ""),
    ((3, FIRST), (1, None), "its revision is 1, and 3 is served"),
    ((3, FIRST), (1, FIRST), "its revision is 1, and 3 is served"),
    ((3, FIRST), (1, LATER), "its revision is 1, and 3 is served"),
    ((3, None), (1, None), "its revision is 1, and 3 is served"),
    ((3, None), (1, LATER), "its revision is 1, and 3 is served"),
    ((3, FIRST), (3, None), "it does not say when it was issued"),
    ((3, FIRST), (4, None), "it does not say when it was issued"),
    ((3, FIRST), (3, EARLIER), "it was issued before"),
    ((3, FIRST), (4, EARLIER), "it was issued before"),
    # Far ahead: a whole run of the tests on a busy machine can take longer than the tolerance of five minutes.
    ((3, FIRST), (4, at(36_000)), "issued_in_future"),
]


def document_of(revision: int, issued_at: str | None) -> dict[str, Any]:
    organization = {
        "id": "org_acme",
        "owner": "usr_ada",
        "members": [{"user": "usr_ada", "role": "admin"}],
        "projects": [{"id": "prj_default", "default": True}],
    }
    document = {"format": "bailiwick/1", "revision": revision, "max_age_seconds": 3600, "organizations": [organization]}
    return document if issued_at is None else {**document, "issued_at": issued_at}


def as_document(revision: int, issued_at: str | None) -> bytes:
    return json.dumps(document_of(revision, issued_at)).encode()


def as_snapshot(revision: int, issued_at: str | None) -> bytes:
    return Bailiwick.from_directory(document_of(revision, issued_at)).to_snapshot(KEY)


@pytest.mark.parametrize("form", [as_document, as_snapshot])
@pytest.mark.parametrize(("served", "comes", "said"), STEPS)
def test_it_never_steps_back(
    form: Callable[..., bytes], served: tuple[int, str | None], comes: tuple[int, str | None], said: str, tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "directory"
    path.write_bytes(form(*served))
    following = ServedDirectory(str(path), policy=None, public_key=[public_key_of(KEY).hex()] if form is as_snapshot else None)
    before = following.guard
    replace(path, form(*comes))
    following.reload()
    told = capsys.readouterr().err
    assert (following.guard is before) == bool(said), told
    assert ("the directory was not taken: " in told, said in told) == (bool(said), True)
    # It is said once, and what comes then is measured by what is served.
    following.reload()
    assert capsys.readouterr().err == ""
    replace(path, form(5, at(-100)))
    following.reload()
    assert following.guard.revision == 5


def test_what_is_of_the_future_is_not_served(tmp_path: Path) -> None:
    path = tmp_path / "directory.json"
    for instant in (at(400), "9999-12-31T23:59:59Z"):
        path.write_bytes(as_document(1, instant))
        with pytest.raises(BailiwickError) as raised:
            ServedDirectory(str(path), policy=None, public_key=None)
        assert (raised.value.code, raised.value.path) == ("issued_in_future", "/issued_at")
    command = [sys.executable, "-m", "bailiwick", "serve", str(path), "--port", "0"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    assert (ended.returncode, "(issued_in_future at /issued_at)" in ended.stderr) == (2, True)
    # Clocks may differ a little; and the year 0 is an instant like any other.
    for instant in (at(200), "0000-01-01T00:00:00Z"):
        path.write_bytes(as_document(1, instant))
        assert ServedDirectory(str(path), policy=None, public_key=None).guard.revision == 1


def test_what_never_becomes_stale_is_said_loudly(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "directory.json"
    warning = "warning: this directory never becomes stale"

    def said(issued_at: str | None, *, revision: int) -> str:
        replace(path, as_document(revision, issued_at))
        served.reload()
        return capsys.readouterr().err

    path.write_bytes(as_document(1, None))
    served = ServedDirectory(str(path), policy=None, public_key=None)
    served.report_freshness()
    told = capsys.readouterr().err
    assert warning in told
    assert "--issued-at now and --max-age SECONDS" in told
    assert warning in said(None, revision=2)
    assert warning not in said(LATER, revision=3)
    assert warning not in said(None, revision=4)
    assert served.guard.revision == 3


def test_a_server_says_at_its_start_what_never_becomes_stale(acme: Path) -> None:
    said: list[str] = []
    with serving(acme, said=said) as address:
        assert ask(address, "usr_dan") == {"decision": True}
    assert "warning: this directory never becomes stale" in said[0]
