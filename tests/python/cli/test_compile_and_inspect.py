"""`compile` and `inspect`: what goes into a snapshot, and what is told of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bailiwick import Bailiwick, public_key_of

from .conftest import ACME, AGEING, ROOT, SEED, Run

PUBLIC = public_key_of(bytes.fromhex(SEED)).hex()
OTHER = public_key_of(bytes(32)).hex()


@pytest.fixture
def signed(run: Run, tmp_path: Path, signing_key: Path) -> Path:
    out = tmp_path / "signed.snapshot"
    assert run("compile", ACME, "-o", out, "--signing-key", signing_key).code == 0
    return out


def test_the_bytes_are_the_engines(run: Run, tmp_path: Path, signed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guard = Bailiwick.from_directory(ACME.read_bytes())
    assert signed.read_bytes() == guard.to_snapshot(bytes.fromhex(SEED))
    out = tmp_path / "out.snapshot"
    made = run("compile", ACME, "-o", out, "--issued-at", "2026-03-01T00:00:00Z", "--max-age", 60, "--no-digests", "--json").json
    assert out.read_bytes() == guard.to_snapshot(issued_at="2026-03-01T00:00:00Z", max_age_seconds=60, digests=False)
    assert (made["is_signed"], made["bytes"], made["fresh_until"]) == (False, len(out.read_bytes()), "2026-03-01T00:01:00Z")
    monkeypatch.setenv("BAILIWICK_SIGNING_KEY", SEED)
    assert run("compile", ACME, "-o", out, "--json").json["is_signed"] is True


def test_a_snapshot_is_compiled_again(run: Run, tmp_path: Path, signed: Path, signing_key: Path) -> None:
    out = tmp_path / "again.snapshot"
    assert run("compile", signed, "-o", out, "--public-key", PUBLIC, "--signing-key", signing_key).code == 0
    assert out.read_bytes() == signed.read_bytes()


def test_now(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.snapshot"
    assert run("compile", AGEING, "-o", out, "--issued-at", "now").code == 0
    assert run("check", out, "user:usr_ada", "file.read", "project:prj_a").code == 0
    assert run("check", AGEING, "user:usr_ada", "file.read", "project:prj_a").code == 1


@pytest.fixture
def undated(tmp_path: Path) -> Path:
    """A directory that says neither when it was issued nor how long it may be used."""
    document = json.loads(ACME.read_text("utf-8"))
    del document["issued_at"]
    path = tmp_path / "undated.json"
    path.write_text(json.dumps(document), "utf-8")
    return path


def test_what_is_signed_is_issued_now_if_nothing_says_when(run: Run, tmp_path: Path, undated: Path, signing_key: Path) -> None:
    change = json.dumps({"type": "remove_member", "organization": "org_acme", "user": "usr_dan"})
    for command in (("compile", undated), ("apply", undated, change)):
        for options, is_dated in ((("--signing-key", signing_key), True), ((), False)):
            out = tmp_path / "out.snapshot"
            before = datetime.now(UTC).replace(microsecond=0)
            assert run(*command, "-o", out, *options).code == 0
            issued = Bailiwick.from_snapshot(out.read_bytes()).issued_at
            assert (issued is not None) is is_dated
            if issued is not None:
                assert before <= datetime.fromisoformat(issued) <= datetime.now(UTC)
    assert run("compile", undated, "-o", out, "--signing-key", signing_key, "--issued-at", "2026-03-01T00:00:00Z").code == 0
    assert Bailiwick.from_snapshot(out.read_bytes()).issued_at == "2026-03-01T00:00:00Z"


def test_what_never_becomes_stale_is_said(run: Run, tmp_path: Path, undated: Path, signing_key: Path) -> None:
    out = tmp_path / "out.snapshot"
    for options, advice in (
        (("--signing-key", signing_key), "with --max-age SECONDS"),
        ((), "with --issued-at now and --max-age SECONDS"),
        (("--max-age", 60), "with --issued-at now and --max-age SECONDS"),
    ):
        made = run("compile", undated, "-o", out, *options)
        assert (made.code, "never becomes stale" in made.out, made.err.startswith("warning: "), advice in made.err) == (0, True, True, True)
        assert "never becomes stale" in run("inspect", out).out
        quiet = run("compile", undated, "-o", out, *options, "--json")
        assert (quiet.json["fresh_until"], advice in quiet.err) == (None, True)
    assert run("compile", undated, "-o", out, "--issued-at", "now", "--max-age", 60).err == ""
    change = json.dumps({"type": "remove_member", "organization": "org_acme", "user": "usr_dan"})
    assert "never becomes stale" in run("apply", undated, change, "-o", out).err
    assert run("apply", undated, change, "-o", tmp_path / "out.json").err == ""


def test_a_signing_key_is_not_printed_or_taken_as_an_argument(run: Run, tmp_path: Path) -> None:
    ended = run("compile", ACME, "-o", tmp_path / "out", "--signing-key", SEED)
    assert (ended.code, SEED in ended.out) == (3, False)
    assert SEED not in run("compile", "--help").out


def test_a_public_key_makes_a_signature_mandatory(run: Run, tmp_path: Path, signed: Path) -> None:
    question = ("user:usr_ada", "file.read", "project:prj_a", "--at", "2026-02-01T00:00:00Z")
    key = tmp_path / "public.key"
    key.write_text(PUBLIC)
    assert run("check", signed, *question, "--public-key", PUBLIC).code == 0
    assert run("check", signed, *question, "--public-key", key).code == 0
    assert run("check", signed, *question, "--public-key", OTHER, "--json").error["code"] == "signature_invalid"
    assert run("check", ACME, *question, "--public-key", PUBLIC, "--json").error["code"] == "signature_missing"
    unsigned = tmp_path / "unsigned"
    run("compile", ACME, "-o", unsigned)
    assert run("check", unsigned, *question, "--public-key", PUBLIC, "--json").error["code"] == "signature_missing"
    assert run("check", signed, *question, "--public-key", tmp_path / "none").code == 3


def test_any_of_several_public_keys_will_do(run: Run, tmp_path: Path, signed: Path) -> None:
    question = ("user:usr_ada", "file.read", "project:prj_a", "--at", "2026-02-01T00:00:00Z")
    key = tmp_path / "public.key"
    key.write_text(PUBLIC)
    for keys in ((OTHER, PUBLIC), (key, OTHER), (OTHER, OTHER, key)):
        named = [part for one in keys for part in ("--public-key", one)]
        assert run("check", signed, *question, *named).code == 0
        assert run("inspect", signed, *named, "--json").json["signature"] == "valid"
        assert run("compile", signed, "-o", tmp_path / "again", *named).code == 0
        assert run("check", ACME, *question, *named, "--json").error["code"] == "signature_missing"
    others = ("--public-key", OTHER, "--public-key", OTHER)
    assert run("check", signed, *question, *others, "--json").error["code"] == "signature_invalid"
    assert run("inspect", signed, *others).code == 1
    # One that is none is not passed over, though another one would do.
    for none in ("", tmp_path / "none"):
        assert run("check", signed, *question, "--public-key", PUBLIC, "--public-key", none).code == 3
    key.write_text("no key")
    told = run("check", signed, *question, "--public-key", PUBLIC, "--public-key", key, "--json")
    assert (told.code, told.error["code"], told.error["path"]) == (2, "wrong_type", "/public_key")


def test_damaged_bytes(run: Run, tmp_path: Path, signed: Path) -> None:
    for data in (signed.read_bytes()[:-1], signed.read_bytes()[:5], signed.read_bytes() + b"\n"):
        path = tmp_path / "damaged"
        path.write_bytes(data)
        for arguments in (("check", path, "user:usr_ada", "file.read", "project:prj_a"), ("inspect", path)):
            ended = run(*arguments, "--json")
            assert (ended.code, ended.error["code"]) == (2, "snapshot_corrupt")
        assert run("validate", path).code == 1


def test_a_snapshot_has_a_policy_of_its_own(run: Run, signed: Path) -> None:
    assert run("check", signed, "user:usr_ada", "file.read", "project:prj_a", "--policy", "projects-2026-02").code == 2


def test_what_is_in_a_snapshot(run: Run, signed: Path) -> None:
    found = run("inspect", signed, "--public-key", PUBLIC, "--json").json
    assert (found["kind"], found["revision"], found["policy"], found["is_signed"], found["signature"]) == (
        "snapshot",
        42,
        "projects-2026-02",
        True,
        "valid",
    )
    assert (found["bytes"], found["fresh_until"]) == (len(signed.read_bytes()), None)
    acme = found["organizations"][0]
    assert (acme["id"], acme["members"], acme["projects"], acme["api_keys"], acme["resources"]) == ("org_acme", 6, 3, 7, 8)
    assert run("inspect", signed, "--json").json["signature"] is None
    shown = run("inspect", signed).out
    assert "not verified: use --public-key" in shown
    assert "org_partner" in shown


def test_a_signature_that_is_not_valid_ends_with_1(run: Run, tmp_path: Path, signed: Path) -> None:
    ended = run("inspect", signed, "--public-key", OTHER, "--json")
    assert (ended.code, ended.json["signature"]) == (1, "signature_invalid")
    unsigned = tmp_path / "unsigned"
    run("compile", ACME, "-o", unsigned)
    ended = run("inspect", unsigned, "--public-key", PUBLIC)
    assert (ended.code, "✗ signature_missing" in ended.out) == (1, True)
    assert run("inspect", ACME, "--public-key", PUBLIC, "--json").json["signature"] == "signature_missing"


def test_until_when_a_directory_answers(run: Run, tmp_path: Path, signing_key: Path) -> None:
    out = tmp_path / "out.snapshot"
    assert run("compile", AGEING, "-o", out, "--signing-key", signing_key).err == ""
    for path in (AGEING, out):
        assert run("inspect", path, "--json").json["fresh_until"] == "2026-02-02T00:00:00Z"


def test_a_document(run: Run) -> None:
    found = run("inspect", ACME, "--json").json
    assert (found["kind"], found["revision"], len(found["organizations"])) == ("document", 42, 2)


def test_deltas(run: Run, tmp_path: Path) -> None:
    guard = Bailiwick.from_directory(ACME.read_bytes())
    guard.to_snapshot()
    guard.apply({"type": "remove_member", "organization": "org_acme", "user": "usr_dan"})
    path = tmp_path / "delta"
    path.write_bytes(guard.to_delta(42, signing_key=bytes.fromhex(SEED)))
    found = run("inspect", path, "--public-key", PUBLIC, "--json").json
    assert (found["kind"], found["base_revision"], found["revision"], found["signature"]) == ("delta", 42, 43, "valid")
    assert "organizations" not in found
    assert run("inspect", path, "--public-key", OTHER, "--json").json["signature"] == "signature_invalid"
    path.write_bytes(guard.to_delta(42))
    assert run("inspect", path, "--public-key", PUBLIC, "--json").json["signature"] == "signature_missing"


def test_what_no_edge_would_take_is_not_written(run: Run, tmp_path: Path) -> None:
    made = run("compile", ACME, "-o", tmp_path / "out.snapshot", "--issued-at", "9000-01-01T00:00:00Z", "--json")
    assert (made.code, json.loads(made.err)["error"]["code"]) == (2, "issued_in_future")
    assert not (tmp_path / "out.snapshot").exists()


def test_golden_snapshots(run: Run) -> None:
    golden = sorted((ROOT / "tests/snapshots").glob("*.bin")) + sorted((ROOT / "tests/snapshots").glob("*.delta"))
    assert golden
    for path in golden:
        inspected = run("inspect", path, "--json")
        is_delta = path.suffix == ".delta"
        if is_delta and not path.name.startswith("v2-"):
            # Deltas of version 1 are not read any more, those of the next one not yet.
            assert inspected.error["code"] == "snapshot_version"
            continue
        found = inspected.json
        assert found["kind"] == ("delta" if is_delta else "snapshot")
        if is_delta:
            continue
        assert found["revision"] == json.loads(path.with_suffix(".json").read_text("utf-8")).get("revision", found["revision"])
