"""What a worker does with a journal: it reads the days that its rows need, keeps a few such parts, and answers as the whole timeline."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bailiwick import BailiwickError, Timeline, cluster
from bailiwick.cluster import ClusterAttribution

from cluster.conftest import PUBLIC_KEY, SIGNING_KEY

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def loaded(monkeypatch: pytest.MonkeyPatch) -> cluster._Loaded:
    """A process that has loaded nothing yet."""
    fresh = cluster._Loaded()
    monkeypatch.setattr(cluster, "_loaded", fresh)
    return fresh


@pytest.fixture(scope="session")
def usage(place: Path) -> pa.Table:
    """The example's usage, in the order of its days."""
    return pa.concat_tables(pq.ParquetFile(file).read() for file in sorted((place / "usage").glob("*/*.parquet")))


def days_of(usage: pa.Table) -> list[pa.Table]:
    """The usage by day."""
    return [usage.slice(start, 2_000) for start in range(0, usage.num_rows, 2_000)]


def parts(loaded: cluster._Loaded) -> list[cluster.Days]:
    """The parts that the process keeps, the one that was used last at the end."""
    return [days for _, days in loaded._parts]


def restarted(attribution: ClusterAttribution, loaded: cluster._Loaded) -> ClusterAttribution:
    """The same in another process."""
    sent = pickle.dumps(attribution)
    loaded.__init__()  # type: ignore[misc]
    arrived: ClusterAttribution = pickle.loads(sent)
    return arrived


def raised(code: str, path: str | None, call: Any) -> None:
    """The call raises an error with this code and path."""
    with pytest.raises(BailiwickError) as error:
        call()
    assert (error.value.code, error.value.path) == (code, path)


def test_each_day_is_answered_by_its_part_as_by_the_whole(
    timeline: Timeline, journal: bytes, usage: pa.Table, loaded: cluster._Loaded
) -> None:
    wanted = timeline.attribute_table(usage, dictionaries=False, keep_input=True, prefix="booked_").to_pyarrow()
    assert len(set(wanted.column("booked_revision").to_pylist())) > 250
    assert "before_history" in wanted.column("booked_reason").to_pylist()
    attribution = restarted(ClusterAttribution(journal, PUBLIC_KEY, keep_input=True, prefix="booked_"), loaded)
    assert (attribution.revision, attribution.policy) == (timeline.revision, timeline.at("2025-10-01T00:00:00Z").policy)
    for number, day in enumerate(days_of(usage)):
        assert attribution.table(day).equals(wanted.slice(number * 2_000, 2_000))
        name = f"{dt.datetime(2025, 9, 28, tzinfo=dt.UTC) + number * DAY:%Y-%m-%d}"
        assert parts(loaded)[-1] == (name, name)
    assert len(parts(loaded)) == loaded.MOST
    # The whole is as good as its parts.
    assert attribution.table(usage).equals(wanted)
    assert parts(loaded)[-1] == ("2025-09-28", "2025-10-03")
    assert attribution.table(days_of(usage)[2]).num_rows == 2_000
    assert parts(loaded)[-1] == ("2025-09-28", "2025-10-03")


def test_a_part_is_read_once_for_all_batches_of_its_days(journal: bytes, usage: pa.Table, loaded: cluster._Loaded) -> None:
    asked = 0

    class Counted:
        @property
        def value(self) -> bytes:
            nonlocal asked
            asked += 1
            return journal

    attribution = ClusterAttribution(Counted(), PUBLIC_KEY)
    loaded.__init__()  # type: ignore[misc]
    asked = 0
    for day in days_of(usage)[:3]:
        found = list(attribution.batches(day.to_batches(max_chunksize=100)))
        assert sum(batch.num_rows for batch in found) == 2_000
        for _ in range(3):
            attribution.table(day.slice(500, 100))
    assert asked == 3


def test_a_timeline_and_its_copies_and_bytes_give_the_same_answers(timeline: Timeline, journal: bytes, usage: pa.Table) -> None:
    wanted = timeline.attribute_table(usage, dictionaries=False).to_pyarrow()
    for again in (copy.copy(timeline), copy.deepcopy(timeline), pickle.loads(pickle.dumps(timeline)), Timeline.from_journal(journal)[0]):
        assert (again.beginning, again.end, len(again), again.revision) == (
            timeline.beginning,
            timeline.end,
            len(timeline),
            timeline.revision,
        )
        assert again.log() == timeline.log()
        assert again.to_journal() == timeline.to_journal()
    sent: list[Any] = [timeline, bytearray(journal), memoryview(journal)]
    for source in sent:
        assert ClusterAttribution(source).table(usage).equals(wanted)
    # What was demanded is demanded of the copy.
    demanding = Timeline.from_journal(journal, public_key=PUBLIC_KEY)[0]
    unsigned = timeline.at("2025-12-01T00:00:00Z").to_snapshot(issued_at="2026-01-01T00:00:00Z")
    for again in (copy.copy(demanding), copy.deepcopy(demanding)):
        raised("signature_missing", "", lambda again=again: again.append(unsigned))


def test_rows_beyond_the_journal_or_without_a_readable_instant_need_its_end(
    timeline: Timeline, journal: bytes, usage: pa.Table, loaded: cluster._Loaded
) -> None:
    day = usage.slice(3 * 2_000, 4).drop_columns(["at"])
    attribution = restarted(ClusterAttribution(journal, PUBLIC_KEY), loaded)
    cases = {
        ("2025-10-01T01:00:00+02:00", "2025-10-01T23:00:00Z"): ("2025-09-30", "2025-10-01"),
        ("2025-10-01T01:00:00Z", "yesterday"): ("2025-10-01", None),
        ("never", "yesterday"): ("9999-12-31", None),
        ("2025-09-01T00:00:00Z", "2025-10-01T23:59:59.999Z"): ("2025-09-01", "2025-10-01"),
        ("2026-09-01T00:00:00Z", "2026-10-01T00:00:00Z"): ("2026-09-01", "2026-10-01"),
    }
    for instants, wanted in cases.items():
        loaded.__init__()  # type: ignore[misc]
        table = day.append_column("at", pa.array(list(instants) * 2))
        assert attribution.table(table).equals(timeline.attribute_table(table, dictionaries=False).to_pyarrow()), instants
        assert parts(loaded)[-1] == wanted
    raised("missing_field", "/at", lambda: attribution.table(day.append_column("at", pa.nulls(4))))
    raised("missing_field", "/at", lambda: attribution.table(day))
    raised("wrong_type", "/at", lambda: attribution.table(day.append_column("at", pa.array([True] * 4))))
    # One instant for all; times without a zone; numbers.
    fixed = dt.datetime(2025, 10, 2, 12, tzinfo=dt.UTC)
    assert ClusterAttribution(journal, at=fixed).table(day).equals(timeline.attribute_table(day, at=fixed, dictionaries=False).to_pyarrow())
    forms: list[tuple[pa.Array, dict[str, Any]]] = [
        (pa.array([dt.datetime(2025, 10, 2, 23)] * 4), {"time_zone": "-02:00"}),
        (pa.array([1_759_363_200] * 4), {"at_unit": "s"}),
    ]
    for instants, options in forms:
        table = day.append_column("at", instants)
        attribution = restarted(ClusterAttribution(journal, **options), loaded)
        assert attribution.table(table).equals(timeline.attribute_table(table, dictionaries=False, **options).to_pyarrow())


def test_nothing_of_a_journal_is_read_for_no_rows(journal: bytes, usage: pa.Table, loaded: cluster._Loaded) -> None:
    attribution = restarted(ClusterAttribution(journal), loaded)
    assert attribution.table(usage.slice(0, 0)).num_rows == 0
    assert [len(timeline) for timeline in loaded._parts.values()] == [0]
    assert list(attribution.batches([])) == []


def test_a_journal_that_does_not_fit_raises_where_the_job_begins(timeline: Timeline, journal: bytes, loaded: cluster._Loaded) -> None:
    spoilt = bytearray(journal)
    spoilt[len(spoilt) // 2] ^= 1
    raised("snapshot_corrupt", "", lambda: ClusterAttribution(bytes(spoilt)))
    raised("signature_missing", "", lambda: ClusterAttribution(timeline, PUBLIC_KEY))
    raised("signature_invalid", "", lambda: ClusterAttribution(timeline.to_journal(signing_key=bytes(32)), PUBLIC_KEY))
    # A worker takes no other bytes, and verifies what it reads.
    other = ClusterAttribution(journal, PUBLIC_KEY)
    other._snapshot = timeline.to_journal()
    table = pa.table({"principal": ["user:usr_ada"], "kind": ["file"], "at": ["2025-10-01T00:00:00Z"]})
    loaded.__init__()  # type: ignore[misc]
    raised("snapshot_corrupt", "", lambda: other.table(table))
    assert loaded._parts == {}


def test_damage_in_the_part_is_told(timeline: Timeline, journal: bytes) -> None:
    since, until = "2025-10-02T00:00:00Z", "2025-10-02T12:00:00Z"
    part, end = Timeline.from_journal(journal, since=since, until=until, public_key=PUBLIC_KEY)
    assert end is None
    assert 0 < len(part) < len(timeline) / 10
    assert part.beginning is not None
    assert part.end is not None
    assert part.beginning <= since < until
    assert part.end <= until
    told = [timeline.at(at).state for at in (since, until)]
    noticed = 0
    for place in range(0, len(journal), 997):
        spoilt = bytearray(journal)
        spoilt[place] ^= 1
        try:
            found = Timeline.from_journal(spoilt, since=since, until=until, public_key=PUBLIC_KEY)[0]
        except BailiwickError as error:
            assert error.code in {"snapshot_corrupt", "snapshot_version", "signature_invalid"}
            noticed += 1
        else:
            assert [found.at(at).state for at in (since, until)] == told
    assert 3 <= noticed < len(journal) / 997 / 2
    assert len(timeline.to_journal(signing_key=SIGNING_KEY)) == len(journal)


@pytest.mark.parametrize("columns", ["focus-1.4", "focus-1.5-draft"])
def test_focus_columns_of_a_day_are_those_of_the_whole(
    timeline: Timeline, journal: bytes, usage: pa.Table, loaded: cluster._Loaded, columns: Any
) -> None:
    """Names are the latest that the whole journal knows."""
    renamed = copy.copy(timeline)
    for organization in renamed.at("2025-10-01T00:00:00Z").to_directory()["organizations"][:3]:
        change = {"type": "update_organization", "organization": organization["id"], "name": f"Later {organization['id']}"}
        renamed.apply(change, at="2025-12-01T00:00:00Z")
    wanted = renamed.attribute_table(usage, dictionaries=False, columns=columns, nulls=True).to_pyarrow()
    assert any("Later" in (name or "") for name in wanted.column("BillingAccountName").to_pylist())
    attribution = restarted(ClusterAttribution(renamed, columns=columns, nulls=True), loaded)
    for number, day in enumerate(days_of(usage)):
        assert attribution.table(day).equals(wanted.slice(number * 2_000, 2_000))
