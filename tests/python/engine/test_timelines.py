"""Timelines and journals in Python. What they hold is proved by `tests/life/timelines.rs`."""

from __future__ import annotations

import copy
import multiprocessing
import os
import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from bailiwick import Bailiwick, BailiwickError, Timeline, public_key_of
from bailiwick.journal import Journal

from .world import load

MAY = "2026-05-01T00:00:00Z"
BEFORE, CHANGED, AFTER = "2026-05-19T00:00:00Z", "2026-05-20T12:00:00Z", "2026-05-21T00:00:00Z"
LEAVING: dict[str, Any] = {"type": "remove_member", "organization": "org_acme", "user": "usr_eve"}


def begun() -> Timeline:
    return Timeline.from_snapshot(load().to_snapshot(issued_at=MAY))


def code_of(failing: Any, *arguments: Any, **options: Any) -> tuple[str, str | None]:
    with pytest.raises(BailiwickError) as raised:
        failing(*arguments, **options)
    return raised.value.code, raised.value.path


def test_every_source_gives_the_same_moments() -> None:
    guard = load()
    first, since = guard.to_snapshot(issued_at=MAY), guard.revision
    guard.state  # noqa: B018 (a delta begins at a state that somebody has asked for)
    guard.apply(LEAVING, at=CHANGED)
    by_change, by_delta = begun(), begun()
    by_change.apply(LEAVING, at=CHANGED)
    by_delta.append(guard.to_delta(since))
    by_snapshot = Timeline.from_snapshots([first, guard.to_snapshot(issued_at=CHANGED)])
    for timeline in (by_change, by_delta, by_snapshot):
        assert (timeline.beginning, timeline.end, len(timeline), timeline.revision) == (MAY, CHANGED, 1, since + 1)
        assert timeline.at(AFTER).state == guard.state
        assert timeline.at(BEFORE).state == load().state == timeline.at(MAY).state
        assert timeline.at(datetime(2026, 5, 19, tzinfo=UTC)).revision == since
        assert code_of(timeline.at, "2026-04-30T23:59:59Z") == ("before_history", "/at")
        assert code_of(timeline.at, None) == ("wrong_type", "/at")
        assert code_of(timeline.apply, LEAVING, at=BEFORE) == ("invalid_order", "/at")
        assert timeline.log()[0]["entries"] == by_change.log()[0]["entries"]
    assert by_delta.log() == by_change.log()
    assert code_of(by_delta.append, load().to_delta(since)) == ("delta_gap", "")
    assert code_of(Timeline.from_snapshots, []) == ("wrong_type", "")
    assert code_of(Timeline.from_snapshots, [first, guard.to_snapshot()]) == ("invalid_order", "/1")


@pytest.mark.parametrize("is_stream", [False, True])
def test_each_row_is_booked_by_the_revision_of_its_instant(*, is_stream: bool) -> None:
    timeline = begun()
    timeline.apply(LEAVING, at=CHANGED)
    instants = [AFTER, BEFORE, "2026-04-30T00:00:00Z", "when", AFTER, None]
    usage = pa.table({"principal": ["user:usr_eve"] * 5 + ["user:usr_ada"], "kind": ["batch"] * 6, "at": instants})
    table = pa.RecordBatchReader.from_batches(usage.schema, usage.to_batches(max_chunksize=2)) if is_stream else usage
    answers = timeline.attribute_table(table, keep_input=True, prefix="b_")
    read = pa.table(answers)
    gone = "unknown_principal"
    reasons = [gone, "default_project_fallback", "before_history", gone, gone, "default_project_fallback"]
    assert [reasons[row] if row != 3 else "invalid_timestamp" for row in range(6)] == read.column("b_reason").to_pylist()
    first, last = timeline.revision - 1, timeline.revision
    assert read.column("b_revision").to_pylist() == [last, first, None, last, last, last]
    assert read.column("at").to_pylist() == instants
    assert answers.counts["before_history"] == 1
    assert code_of(timeline.attribute_table, usage, kind="none")[0] == "missing_field"


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


def test_a_part_of_a_journal_answers_as_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "acme.journal"
    with Journal.create(path, load().to_snapshot(issued_at=MAY)) as journal:
        journal.apply(LEAVING, at=CHANGED)
        journal.apply({**LEAVING, "type": "add_member"}, at=AFTER)
        whole = journal.timeline
    part = Journal.read(path, since=BEFORE, until=CHANGED)
    assert (part.beginning, part.end, len(part)) == (MAY, CHANGED, 1)
    assert (part.at(BEFORE).state, part.at(CHANGED).state) == (whole.at(BEFORE).state, whole.at(CHANGED).state)
    last = Journal.read(path, since=datetime(2026, 6, 1, tzinfo=UTC))
    assert (last.beginning, len(last), last.revision) == (AFTER, 0, whole.revision)
    assert code_of(last.at, CHANGED) == ("before_history", "/at")
    data = path.read_bytes()
    assert Timeline.from_journal(data, until=BEFORE)[1] is None
    assert code_of(Timeline.from_journal, data, since=AFTER, until=BEFORE) == ("invalid_order", "/until")
    assert code_of(Timeline.from_journal, data, since="May") == ("invalid_timestamp", "/since")
    # A part is not appended to: the rest of the file would be lost.
    with pytest.raises(ValueError, match="part"):
        Journal.open(path, until=BEFORE)
    assert path.read_bytes() == data


def test_a_timeline_is_pickled_as_a_journal() -> None:
    organization = {
        "id": "org",
        "owner": "ada",
        "members": [{"user": "ada", "role": "admin"}],
        "projects": [{"id": "prj", "default": True}],
    }
    document = {"format": "bailiwick/1", "organizations": [organization]}
    always = Timeline.from_snapshot(Bailiwick.from_directory(document).to_snapshot())
    timeline = begun()
    timeline.apply(LEAVING, at=CHANGED)
    part = Timeline.from_journal(timeline.to_journal(), since=AFTER)[0]
    for one in (always, begun(), timeline, part):
        for again in (copy.deepcopy(one), pickle.loads(pickle.dumps(one)), Timeline.from_journal(one.to_journal())[0]):
            assert (again.beginning, again.end, again.log(), again.at(AFTER).state) == (
                one.beginning,
                one.end,
                one.log(),
                one.at(AFTER).state,
            )
    assert code_of(always.new_journal) == ("missing_field", "/beginning")
    assert code_of(timeline.to_journal, signing_key=b"short") == ("wrong_type", "/signing_key")


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
