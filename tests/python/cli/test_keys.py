"""`keys`: secrets are printed once, and signing keys never."""

from __future__ import annotations

import hashlib
import re
import stat
from pathlib import Path

import pytest
from bailiwick import public_key_of

from .conftest import ACME, SEED, Run


def test_a_new_secret_and_its_digest(run: Run) -> None:
    made = run("keys", "new", "--prefix", "acme", "--json").json
    assert re.fullmatch(r"acme_[0-9A-Za-z]{49}", made["secret"])
    assert made["digest"] == f"sha256:{hashlib.sha256(made['secret'].encode()).hexdigest()}"
    shown = run("keys", "new")
    assert re.search(r"^secret +bw_[0-9A-Za-z]{49}$", shown.out, re.MULTILINE)
    assert shown.err == ""


def test_a_prefix_that_is_none(run: Run) -> None:
    ended = run("keys", "new", "--prefix", "Acme!", "--json")
    assert (ended.code, ended.error["path"]) == (2, "/prefix")


def test_a_signing_key_is_for_its_owner_alone_and_not_printed(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    made = run("keys", "signing", path)
    seed = path.read_text().strip()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert seed not in made.out + made.err
    assert public_key_of(bytes.fromhex(seed)).hex() in made.out
    again = run("keys", "signing", path, "--json")
    assert (again.code, again.error["code"], path.read_text().strip()) == (3, "unwritable", seed)
    assert run("keys", "signing", "-").code == 2


def test_the_public_key_of_a_signing_key(run: Run, signing_key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public = public_key_of(bytes.fromhex(SEED)).hex()
    assert run("keys", "public", signing_key, "--json").json["public_key"] == public
    raw = signing_key.with_name("raw.key")
    raw.write_bytes(bytes.fromhex(SEED))
    assert run("keys", "public", raw, "--json").json["public_key"] == public
    assert run("keys", "public").code == 2


def test_a_public_key_in_a_file_is_read_by_every_command(run: Run, tmp_path: Path, signing_key: Path) -> None:
    public, snapshot = tmp_path / "public.key", tmp_path / "directory.snapshot"
    told = run("keys", "public", signing_key, "--out", public, "--json")
    assert told.json["public_key"] == public_key_of(bytes.fromhex(SEED)).hex() == public.read_text().strip()
    assert run("compile", ACME, "-o", snapshot, "--signing-key", signing_key).code == 0
    question = ("user:usr_ada", "file.read", "project:prj_a")
    assert run("check", snapshot, *question, "--public-key", public).code == 0
    other = tmp_path / "other.key"
    run("keys", "signing", other)
    assert run("keys", "public", other, "-o", public).code == 0
    assert run("check", snapshot, *question, "--public-key", public, "--json").error["code"] == "signature_invalid"
    assert run("keys", "public", signing_key, "-o", "-").out.strip() == public_key_of(bytes.fromhex(SEED)).hex()
    # The one key is not lost for the other.
    assert run("keys", "public", signing_key, "-o", signing_key).code == 2
    assert signing_key.read_text().strip() == SEED


def test_a_signing_key_in_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAILIWICK_SIGNING_KEY", SEED)
    from bailiwick.cli.files.signing import signing_key_from

    assert signing_key_from(None) == bytes.fromhex(SEED)


@pytest.mark.parametrize("content", [SEED[:-1], SEED + "00", "", "not a key", "ü" * 16 + "x"])
def test_what_is_no_key_is_not_repeated(run: Run, tmp_path: Path, content: str) -> None:
    path = tmp_path / "some.key"
    path.write_text(content, "utf-8")
    ended = run("keys", "public", path, "--json")
    assert (ended.code, ended.error["code"], ended.error["path"]) == (2, "wrong_type", "/signing_key")
    assert not content or content not in ended.err
