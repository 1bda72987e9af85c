"""Timelines and journals in Python. What they hold is proved by `tests/life/timelines.rs`."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from bailiwick import Bailiwick, BailiwickError, Timeline
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
