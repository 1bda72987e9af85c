"""Journals as files: what a crash, a signal, a fork, a link or another writer does to them."""

from __future__ import annotations

import gc
import multiprocessing
import os
import resource
import signal
import stat
from pathlib import Path
from typing import Any

import pytest
from bailiwick import public_key_of
from bailiwick.journal import Journal

from .test_timelines import AFTER, BEFORE, CHANGED, LEAVING, MAY, code_of
from .world import load

SIGNING, OTHER = bytes(range(32)), bytes(32)
JOINING = {**LEAVING, "type": "add_member"}


def created(path: Path, **options: Any) -> Journal:
    return Journal.create(path, load().to_snapshot(options.get("signing_key"), issued_at=MAY), **options)


def test_a_journal_is_on_the_disk_and_has_one_writer(tmp_path: Path) -> None:
    path, key = tmp_path / "acme.journal", bytes(range(32))
    snapshot = load().to_snapshot(key, issued_at=MAY)
    demanded: dict[str, Any] = {"public_key": public_key_of(key)}
    with Journal.create(path, snapshot, signing_key=key, **demanded) as journal:
        with pytest.raises(BlockingIOError):
            Journal.open(path)
        size = path.stat().st_size
        assert journal.apply(LEAVING, at=CHANGED) == journal.timeline.revision
        assert code_of(journal.apply, LEAVING, at=CHANGED)[0] == "not_found"
        # A reader needs no lock.
        assert Journal.read(path, **demanded).log() == journal.timeline.log()
    with pytest.raises(FileExistsError):
        Journal.create(path, snapshot)
    with pytest.raises(ValueError, match="closed"):
        journal.apply(LEAVING, at=AFTER)
    whole = path.read_bytes()
    for length in (size, size + 1, size + 31, size + 32, (size + len(whole)) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with Journal.open(path, signing_key=key, **demanded) as again:
            assert len(again.timeline) == 0
            assert path.stat().st_size == size
            again.apply(LEAVING, at=CHANGED)
        assert len(Journal.read(path, **demanded)) == 1
    spoilt = bytearray(whole)
    spoilt[size // 2] ^= 1
    path.write_bytes(spoilt)
    assert code_of(Journal.open, path) == ("snapshot_corrupt", "")
    assert code_of(Journal.read, path, public_key=public_key_of(bytes(32)))[0] in {"snapshot_corrupt", "signature_invalid"}
    assert os.listdir(tmp_path) == [path.name]


def test_compaction_says_what_it_merges(tmp_path: Path) -> None:
    path = tmp_path / "acme.journal"
    with Journal.create(path, load().to_snapshot(issued_at=MAY)) as journal:
        journal.apply(LEAVING, at=CHANGED)
        journal.apply({**LEAVING, "type": "add_member"}, at=AFTER)
        whole = journal.timeline
        assert journal.compact(BEFORE) is None
        assert journal.compact("2026-05-20T23:00:00Z") == (MAY, CHANGED)
        assert (journal.timeline.beginning, len(journal.timeline)) == (CHANGED, 1)
        for at in (CHANGED, AFTER, "2026-06-01T00:00:00Z"):
            assert (journal.timeline.at(at).state, journal.timeline.at(at).revision) == (whole.at(at).state, whole.at(at).revision)
        assert code_of(journal.timeline.at, BEFORE) == ("before_history", "/at")
        journal.apply(LEAVING, at="2026-05-22T00:00:00Z")
    assert len(Journal.read(path)) == 2


def append_until(path: Path, count: int) -> None:
    with Journal.open(path) as journal:
        for number in range(count):
            joining = {"type": "add_member", "organization": "org_acme", "user": f"usr_{number}"}
            journal.apply(joining, at=CHANGED)


def test_a_journal_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "acme.journal"
    Journal.create(path, load().to_snapshot(issued_at=MAY)).close()
    writer = multiprocessing.get_context("spawn").Process(target=append_until, args=(path, 20))
    writer.start()
    seen = 0
    while writer.is_alive():
        found = len(Journal.read(path))
        assert found >= seen
        seen = found
    writer.join()
    assert (writer.exitcode, len(Journal.read(path))) == (0, 20)


def test_an_exception_in_the_middle_of_a_change_closes_the_journal(tmp_path: Path) -> None:
    path = tmp_path / "acme.journal"
    journal = created(path)
    organization = {"id": "org_big", "owner": "u0", "projects": [{"id": "prj_big", "default": True}]}
    members = [{"user": f"u{number}", "role": "admin"} for number in range(20_000)]
    large = {"type": "put_organization", "organization": {**organization, "members": members}}

    def interrupt(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.001)
        with pytest.raises(TimeoutError):
            journal.apply(large, at=CHANGED)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    with pytest.raises(ValueError, match="closed"):
        journal.apply(LEAVING, at=AFTER)
    with Journal.open(path) as again:
        assert again.apply(LEAVING, at=AFTER) == again.timeline.revision
    assert Journal.read(path).revision == again.timeline.revision


def test_a_timeline_that_was_changed_beside_its_journal_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "acme.journal"
    with created(path) as journal:
        journal.timeline.apply(LEAVING, at=CHANGED)
        assert code_of(journal.apply, JOINING, at=AFTER) == ("delta_fork", "")
        assert code_of(journal.append, load().to_snapshot(issued_at=AFTER)) == ("delta_fork", "")
    assert len(Journal.read(path)) == 0


def test_what_readers_would_not_take_is_not_written(tmp_path: Path) -> None:
    path, keys = tmp_path / "acme.journal", {"public_key": public_key_of(SIGNING)}
    created(path, signing_key=SIGNING, **keys).close()
    whole = path.read_bytes()
    guard = load()
    since, _ = guard.revision, guard.state
    guard.apply(LEAVING, at=CHANGED)
    unsigned = guard.to_delta(since)
    for options in ({}, keys):
        with Journal.open(path, **options) as journal:
            for writing in (journal.apply, journal.apply_many):
                change: Any = LEAVING if writing == journal.apply else [LEAVING]
                at = ("signature_missing", "/signing_key" if writing == journal.apply else "/0/signing_key")
                assert code_of(writing, change, at=CHANGED) == at
            assert code_of(journal.append, unsigned) == ("signature_missing", "")
            assert code_of(journal.compact, AFTER) == ("signature_missing", "/signing_key")
            assert len(journal.timeline) == 0
    with Journal.open(path, signing_key=OTHER, **keys) as journal:
        assert code_of(journal.apply, LEAVING, at=CHANGED) == ("signature_invalid", "/signing_key")
        assert code_of(journal.compact, AFTER) == ("signature_invalid", "/signing_key")
    assert path.read_bytes() == whole
    assert code_of(Journal.create, tmp_path / "new", whole) == ("snapshot_corrupt", "")
    snapshot = load().to_snapshot(SIGNING, issued_at=MAY)
    assert code_of(Journal.create, tmp_path / "new", snapshot, **keys) == ("signature_missing", "/signing_key")
    assert os.listdir(tmp_path) == [path.name]
    # A key that is replaced: both are known for a while.
    both = [public_key_of(SIGNING), public_key_of(OTHER)]
    with Journal.open(path, signing_key=OTHER, public_keys=both) as journal:
        journal.apply(LEAVING, at=CHANGED)
        assert journal.compact(AFTER) == (MAY, CHANGED)
    assert Journal.read(path, public_key=public_key_of(OTHER)).beginning == CHANGED
    assert code_of(Journal.read, path, **keys)[0] == "signature_invalid"


def test_many_changes_are_made_or_none(tmp_path: Path) -> None:
    path = tmp_path / "acme.journal"
    with created(path) as journal:
        whole, state = path.read_bytes(), journal.timeline.at(AFTER).state
        assert code_of(journal.apply_many, [LEAVING, LEAVING], at=CHANGED) == ("not_found", "/1/user")
        assert (path.read_bytes(), journal.timeline.at(AFTER).state) == (whole, state)
        assert journal.apply_many([LEAVING, JOINING], at=CHANGED) == journal.timeline.revision
        assert journal.apply_many([]) == journal.timeline.revision
        assert Journal.read(path).log() == journal.timeline.log()
        assert len(journal.timeline) == 2


def fill(path: Path) -> None:
    journal = Journal.open(path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 500, resource.RLIM_INFINITY))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with pytest.raises(OSError, match="File too large"):
        journal.apply_many([LEAVING, JOINING] * 20, at=CHANGED)
    with pytest.raises(ValueError, match="closed"):
        journal.apply(LEAVING, at=CHANGED)


def test_what_does_not_fit_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "acme.journal"
    created(path).close()
    whole = path.read_bytes()
    filling = multiprocessing.get_context("spawn").Process(target=fill, args=(path,))
    filling.start()
    filling.join()
    assert (filling.exitcode, path.read_bytes()) == (0, whole)


def test_a_link_and_another_folder_lead_to_the_same_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, link = tmp_path / "acme.journal", tmp_path / "link"
    created(path).close()
    link.symlink_to(path.name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other").mkdir()
    for name in (link, Path(path.name)):
        with Journal.open(name) as journal:
            monkeypatch.chdir(tmp_path / "other")
            journal.apply(LEAVING, at=AFTER)
            journal.compact(BEFORE)
            journal.apply(JOINING, at=AFTER)
            with pytest.raises(BlockingIOError):
                Journal.open(path)
        monkeypatch.chdir(tmp_path)
        assert Journal.read(path).revision == journal.timeline.revision
    assert link.is_symlink()
    assert os.listdir(tmp_path / "other") == []


def test_compaction_keeps_who_may_read(tmp_path: Path) -> None:
    path = tmp_path / "acme.journal"
    with created(path) as journal:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.chmod(0o644)
        journal.apply(LEAVING, at=CHANGED)
        (tmp_path / f".{path.name}.0.compact").write_bytes(b"of a process that was killed")
        assert journal.compact(AFTER) == (MAY, CHANGED)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert os.listdir(tmp_path) == [path.name]


def test_a_compaction_that_fails_late_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "acme.journal"
    journal = created(path)
    journal.apply(LEAVING, at=CHANGED)

    def fail(_: object) -> None:
        raise OSError(5, "an input or output error")

    with monkeypatch.context() as patched:
        patched.setattr("bailiwick._journal_file._sync_folder", fail)
        with pytest.raises(OSError, match="input or output"):
            journal.compact(AFTER)
    with pytest.raises(ValueError, match="closed"):
        journal.apply(JOINING, at=AFTER)
    with Journal.open(path) as again:
        again.apply(JOINING, at=AFTER)
    assert Journal.read(path).revision == again.timeline.revision


def test_a_new_journal_never_follows_a_planted_link(tmp_path: Path) -> None:
    path, victim = tmp_path / "acme.journal", tmp_path / "victim"
    victim.write_text("untouched")
    for target in (victim, tmp_path / "nowhere"):
        path.unlink(missing_ok=True)
        path.symlink_to(target)
        with pytest.raises(FileExistsError):
            created(path)
    assert victim.read_text() == "untouched"
    assert sorted(os.listdir(tmp_path)) == ["acme.journal", "victim"]


def test_a_forked_process_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "acme.journal"
    with created(path) as journal:
        child = os.fork()
        if child == 0:
            try:
                journal.apply(LEAVING, at=CHANGED)
            except ValueError as error:
                os._exit(3 if "forked" in str(error) else 4)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
        journal.apply(LEAVING, at=CHANGED)
    assert len(Journal.read(path)) == 1


def test_a_journal_that_nobody_has_any_more_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "acme.journal"
    created(path)
    gc.collect()
    Journal.open(path).close()
