"""`serve`: a decision point over HTTP, in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from .conftest import AGEING, Run, as_from_a_terminal
from .serving import TIMEOUT, TOKEN, ask, serving

JOIN = {"type": "add_collaborator", "project": "prj_a", "user": "usr_eve"}


def test_questions_are_answered(acme: Path) -> None:
    with serving(acme) as address:
        assert address.startswith("http://127.0.0.1:")
        assert ask(address, "usr_dan") == {"decision": True}
        assert ask(address, "usr_eve") == {"decision": False}
        with urllib.request.urlopen(f"{address}/.well-known/authzen-configuration", timeout=TIMEOUT) as response:
            assert json.load(response)["access_evaluation_endpoint"] == f"{address}/access/v1/evaluation"


def test_a_directory_that_is_too_old_is_told() -> None:
    work = [sys.executable, "-m", "bailiwick", "serve", str(AGEING), "--port", "0"]
    process = subprocess.Popen(work, stderr=subprocess.PIPE, text=True, preexec_fn=as_from_a_terminal)
    assert process.stderr is not None
    assert "is stale" in process.stderr.readline()
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
    ended = run("serve", acme, "--host", "0.0.0.0", "--port", "0")
    assert (ended.code, "--bearer-file" in ended.err) == (2, True)
    # One that this machine does not have cannot be listened to, whoever may ask.
    ended = run("serve", acme, "--host", "192.0.2.1", "--port", "0")
    assert (ended.code, "(unreachable)" in ended.err) == (3, True)


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
