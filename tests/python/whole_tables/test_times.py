"""Times as people and databases write them, told apart by usage of a project that began at noon."""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Callable
from typing import Any

import polars
import pyarrow as pa
import pytest
from bailiwick import Bailiwick, BailiwickError
from bailiwick.cluster import ClusterAttribution
from bailiwick.types import TimeUnit

NOON = 1_777_636_800
guard = Bailiwick.from_directory(
    {
        "format": "bailiwick/1",
        "organizations": [
            {
                "id": "org",
                "owner": "usr",
                "projects_since": "2026-05-01T12:00:00Z",
                "members": [{"user": "usr", "role": "admin"}],
                "projects": [{"id": "prj", "default": True, "api_keys": [{"id": "key", "expires_at": "2026-05-01T12:00:00Z"}]}],
            }
        ],
    }
)
WORDS = {"project_scoped": "after", "predates_projects": "before", "invalid_timestamp": "none"}


def usage(times: Any) -> pa.Table:
    array = times if isinstance(times, pa.Array) else pa.array(times)
    constant = {"principal": "user:usr", "kind": "batch", "surface": "api", "project": "prj"}
    return pa.table({**{name: [value] * len(array) for name, value in constant.items()}, "at": array})


def told(times: Any, **how: Any) -> list[str]:
    """Whether each row is before or after noon, or says no time."""
    return [WORDS[reason] for reason in guard.attribute_table(usage(times), **how).column("reason").to_pylist()]


def refused(call: Callable[[], object], code: str, path: str) -> str:
    with pytest.raises(BailiwickError) as raised:
        call()
    assert (raised.value.code, raised.value.path) == (code, path)
    return raised.value.message


@pytest.mark.parametrize("zone", ["+00", "+0000", "+00:00", " UTC", "UTC", " +0000", "Z", "-0000"])
@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())])
def test_text_with_a_zone(zone: str, kind: pa.DataType) -> None:
    texts = [f"2026-05-01{sign}{clock}{zone}" for sign in " T" for clock in ("12:00:00", "11:59:59", "12:00:00.123", "12:00")]
    column = pa.array(texts).dictionary_encode().cast(kind) if pa.types.is_dictionary(kind) else pa.array(texts, kind)
    assert told(column) == ["after", "before", "after", "after"] * 2
    assert told(column, time_zone="Asia/Tokyo") == ["after", "before", "after", "after"] * 2


def test_text_without_a_zone_is_no_time_without_one() -> None:
    texts = ["2026-05-01 12:00:00", "2026-05-01T11:59:59.999", "2026-05-01", "2026-05-02", "2026-05-01 12:00:00+00", None]
    assert told(texts) == ["none"] * 4 + ["after"] * 2
    assert told(texts, time_zone="UTC") == ["after", "before", "before", "after", "after", "after"]
    assert told(texts, time_zone="+02:00") == ["before", "before", "before", "after", "after", "after"]
    assert told(["2026-05-01 14:00", "2026-05-01 13:59"], time_zone="Europe/Zurich") == ["after", "before"]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps_and_dates_without_a_zone(unit: TimeUnit) -> None:
    scale = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    naive = pa.array([NOON * scale, NOON * scale - 1, None], pa.timestamp(unit))
    assert "time_zone" in refused(lambda: guard.attribute_table(usage(naive)), "wrong_type", "/at")
    assert told(naive, time_zone="UTC") == ["after", "before", "after"]
    assert told(naive, time_zone="Europe/Zurich") == ["before", "before", "after"]
    assert told(naive, time_zone="America/New_York") == ["after", "after", "after"]
    # A zone of its own counts.
    assert told(naive.cast(pa.timestamp(unit, "Asia/Tokyo")), time_zone="-12:00") == ["after", "before", "after"]
    for kind in (pa.date32(), pa.date64()):
        days = pa.array([dt.date(2026, 5, 1), dt.date(2026, 5, 2), None], kind)
        assert "time_zone" in refused(lambda days=days: guard.attribute_table(usage(days)), "wrong_type", "/at")  # type: ignore[misc]
        assert told(days, time_zone="UTC") == ["before", "after", "after"]
        assert told(days, time_zone="-1200") == ["after", "after", "after"]


def test_clocks_that_were_changed() -> None:
    skipped, repeated = dt.datetime(2026, 3, 29, 2, 30), dt.datetime(2026, 10, 25, 2, 30)
    hour = dt.timedelta(hours=1)
    times = [skipped - hour, skipped, skipped + hour, repeated - hour, repeated, repeated + hour]
    for column in (pa.array(times), pa.array([str(time) for time in times])):
        assert told(column, time_zone="Europe/Zurich") == ["before", "none", "before", "after", "none", "after"]
        assert "none" not in told(column, time_zone="UTC")
    # A day begins all the same where clocks skip midnight.
    days = [dt.date(2026, 3, 8)]
    assert told(days, time_zone="America/Havana") == told([str(day) for day in days], time_zone="America/Havana") == ["before"]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_numbers_of_every_unit(unit: TimeUnit) -> None:
    scale = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    numbers = [NOON * scale, NOON * scale - max(scale // 1_000, 1), None, 10**8 * scale - 1, 0]
    wanted = ["after", "before", "after", "none", "none"]
    columns = [pa.array(numbers), pa.array(numbers, pa.uint64()), pa.array([None if n is None else decimal.Decimal(n) for n in numbers])]
    columns += [
        columns[2].cast(pa.decimal256(40, 3)),
        pa.array([*(None if n is None else float(n) for n in numbers[:3]), 1e3, float("nan")]),
    ]
    for column in columns:
        assert told(column, at_unit=unit) == wanted, column.type
        if unit == "ms":
            assert told(column) == wanted
    assert told([NOON]) == ["none"]


def test_fractions() -> None:
    for column in (
        pa.array([NOON + 0.0, NOON - 0.001]),
        pa.array([decimal.Decimal(NOON), decimal.Decimal(NOON) - decimal.Decimal("0.0001")]),
    ):
        assert told(column, at_unit="s") == ["after", "before"]
    frame = polars.DataFrame({"principal": ["user:usr"], "kind": ["batch"], "at": [NOON * 1_000.0]})
    assert guard.attribute_table(frame).unattributed == 0


def test_one_instant_for_all_rows() -> None:
    east = dt.timezone(dt.timedelta(hours=2))
    noon, before = dt.datetime(2026, 5, 1, 14, tzinfo=east), dt.datetime(2026, 5, 1, 11, 59, tzinfo=dt.UTC)
    for column in (["nonsense", None], [None, None]):
        assert told(column, at=noon) == ["after"] * 2
        assert told(column, at=before) == ["before"] * 2
    questions = pa.table({"principal": ["api_key:key"], "action": ["file.read"], "resource": ["project:prj"]})
    assert guard.check_table(questions, at=before).counts == {"api_key_scope": 1}
    assert guard.check_table(questions, at=noon).counts == {"key_expired": 1}


def test_arguments_that_are_none() -> None:
    wrong: Any
    refused(lambda: told([None], at=dt.datetime(2026, 5, 1)), "invalid_timestamp", "/at")
    for wrong in (dt.date(2026, 5, 1), NOON * 1_000):
        refused(lambda wrong=wrong: told([None], at=wrong), "wrong_type", "/at")  # type: ignore[misc]
    for wrong in ("", "Mars/Base", "utc+1", "+25:00", 1, dt.UTC, "\ud800"):
        refused(lambda wrong=wrong: told([None], time_zone=wrong), "wrong_type", "/time_zone")  # type: ignore[misc]
    for wrong in ("", "m", "S", 1):
        refused(lambda wrong=wrong: told([None], at_unit=wrong), "wrong_type", "/at_unit")  # type: ignore[misc]


def test_questions_have_times_too() -> None:
    times = ["2026-05-01 12:00:00", "2026-05-01 11:59:59", "2026-05-01"]
    asked = pa.table({"principal": ["api_key:key"] * 3, "action": ["file.read"] * 3, "resource": ["project:prj"] * 3, "at": times})
    assert guard.check_table(asked).counts == {"invalid_timestamp": 3}
    answers = guard.check_table(asked, time_zone="UTC").column("reason").to_pylist()
    assert answers == ["key_expired", "api_key_scope", "api_key_scope"]


def test_workers_read_times_alike() -> None:
    snapshot = guard.to_snapshot()
    local = ClusterAttribution(snapshot, time_zone="Europe/Zurich").table(usage(["2026-05-01 14:00:00", "2026-05-01 13:59:59"]))
    assert [WORDS[reason] for reason in local.column("reason").to_pylist()] == ["after", "before"]
    seconds = ClusterAttribution(snapshot, at_unit="s").table(usage([NOON, NOON - 1]))
    assert [WORDS[reason] for reason in seconds.column("reason").to_pylist()] == ["after", "before"]
    noon = ClusterAttribution(snapshot, at=dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC))
    assert [WORDS[reason] for reason in noon.table(usage([None, None])).column("reason").to_pylist()] == ["after"] * 2
    refused(lambda: ClusterAttribution(snapshot, at=dt.datetime(2026, 5, 1)), "invalid_timestamp", "/at")
