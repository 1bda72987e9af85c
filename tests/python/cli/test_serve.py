"""`serve`: a decision point over HTTP, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Bailiwick, public_key_of
from bailiwick.cli.served_directory import ServedDirectory

from .conftest import ACME, SEED, Run, as_from_a_terminal

TIMEOUT = 60
TOKEN = "a-token-of-some-length-0123"
JOIN = {"type": "add_collaborator", "project": "prj_a", "user": "usr_eve"}


@contextmanager
def serving(*arguments: object) -> Iterator[str]:
    """The address of a server that is ready."""
    work = [sys.executable, "-m", "bailiwick", "serve", *map(str, arguments), "--port", "0", "--json"]
    process = subprocess.Popen(work, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=as_from_a_terminal)
    try:
        assert process.stdout is not None
        text = ""
        while not text.endswith("}\n"):
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            text += line
        yield json.loads(text)["address"]
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=TIMEOUT)
    assert process.returncode == -signal.SIGINT, err
    assert TOKEN not in err


def ask(address: str, user: str, token: str | None = None, **context: str) -> Any:
    """An evaluation: the answer, or the status of a refusal."""
    body = {
        "subject": {"type": "user", "id": user},
        "action": {"name": "file.read"},
        "resource": {"type": "project", "id": "prj_a"},
        "context": context,
    }
    headers = {"content-type": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
    request = urllib.request.Request(f"{address}/access/v1/evaluation", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        return error.code


def test_questions_are_answered(acme: Path) -> None:
    with serving(acme) as address:
        assert address.startswith("http://127.0.0.1:")
        assert ask(address, "usr_dan") == {"decision": True}
        assert ask(address, "usr_eve") == {"decision": False}
        with urllib.request.urlopen(f"{address}/.well-known/authzen-configuration", timeout=TIMEOUT) as response:
            assert json.load(response)["access_evaluation_endpoint"] == f"{address}/access/v1/evaluation"


def test_a_directory_that_is_too_old_is_told() -> None:
    work = [sys.executable, "-m", "bailiwick", "serve", str(ACME), "--port", "0"]
    process = subprocess.Popen(work, stderr=subprocess.PIPE, text=True, preexec_fn=as_from_a_terminal)
    assert process.stderr is not None
    assert "too old" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=TIMEOUT)


def test_options_of_the_decision_point(acme: Path) -> None:
    with serving(acme, "--reasons", "--base-url", "https://pdp.example.com") as address:
        assert ask(address, "usr_eve")["context"]["reason"] == "not_a_collaborator"
        with urllib.request.urlopen(f"{address}/.well-known/authzen-configuration", timeout=TIMEOUT) as response:
            assert json.load(response)["policy_decision_point"] == "https://pdp.example.com"


def test_tokens(acme: Path, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text(f"{TOKEN}\n\nanother-token-0123456789\n")
    with serving(acme, "--bearer-file", tokens) as address:
        assert ask(address, "usr_dan") == 401
        assert ask(address, "usr_dan", TOKEN[:-1]) == 401
        assert ask(address, "usr_dan", TOKEN + "0") == 401
        assert ask(address, "usr_dan", TOKEN) == {"decision": True}
        assert ask(address, "usr_dan", "another-token-0123456789") == {"decision": True}


@pytest.mark.parametrize("content", ["", "\n\n", "short\n", f"{TOKEN}\nwith a space in it\n", "\u00fc" * 20])
def test_a_file_without_tokens_serves_nobody(run: Run, acme: Path, tmp_path: Path, content: str) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text(content, "utf-8")
    ended = run("serve", acme, "--bearer-file", tokens, "--json")
    assert (ended.code, ended.error["code"], ended.error["path"]) == (2, "wrong_type", "/bearer_file")
    assert TOKEN not in ended.err
    assert run("serve", acme, "--bearer-file", tmp_path / "none").code == 3


def test_an_address_that_others_reach_needs_a_word_about_who_may_ask(run: Run, acme: Path) -> None:
    for host in ("0.0.0.0", "::", "10.0.0.1", "example.com"):
        ended = run("serve", acme, "--host", host)
        assert (ended.code, "--bearer-file" in ended.err) == (2, True)


def test_what_cannot_be_served(run: Run, acme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("serve", tmp_path / "none").code == 3
    (tmp_path / "bad.json").write_text("{}")
    assert run("serve", tmp_path / "bad.json").code == 2
    assert run("serve", "-", "--follow", given=acme.read_bytes()).code == 2
    with serving(acme) as address:
        ended = run("serve", acme, "--port", address.rpartition(":")[2], "--json")
        assert (ended.code, ended.error["code"]) == (3, "unreachable")
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    ended = run("serve", acme)
    assert (ended.code, ended.err) == (4, 'error: serving needs uvicorn, which is not installed: pip install "bailiwick[cli]"\n')


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
    served = ServedDirectory(str(path), policy=None, public_key=public_key_of(seed).hex())
    guard.apply(JOIN)
    for refused in (first[:-1], b"{}", snapshot("2026-02-02T00:00:00Z", None), snapshot("2026-02-02T00:00:00Z", bytes(32))):
        replace(path, refused)
        served.renew()
        assert served.guard.revision == 42
        assert "the directory was not taken" in capsys.readouterr().err
    newer = snapshot("2026-02-03T00:00:00Z")
    replace(path, newer)
    served.renew()
    assert served.guard.revision == 43
    replace(path, first)
    served.renew()
    assert (served.guard.revision, "was issued before" in capsys.readouterr().err) == (43, True)
    path.unlink()
    served.renew()
    replace(path, snapshot("2026-02-04T00:00:00Z"))
    served.renew()
    assert served.guard.issued_at == "2026-02-04T00:00:00Z"
