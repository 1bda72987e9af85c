"""What remedies would bring back, against each row by itself: in random worlds, by one engine and by a timeline, from any library."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import duckdb
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from bailiwick import Amount, Bailiwick, BailiwickError, RemedyTotal, Timeline, summary
from bailiwick._billing import remedies
from bailiwick._billing.instants import rfc3339
from bailiwick._billing.sums import Sums

WORLDS = 24
BEGINNING = "2026-05-01T00:00:00Z"
KINDS = ["file", "batch", "storage"]

# The stubs of pyarrow do not know it.
run_end_encode: Any = getattr(pc, "run_end_encode")  # noqa: B009


def day(rng: random.Random) -> str:
    return f"2026-05-{rng.randrange(1, 31):02}T00:00:00Z"


def some_day(rng: random.Random, field: str) -> dict[str, str]:
    return {field: day(rng)} if rng.random() < 0.5 else {}


def world(rng: random.Random) -> Bailiwick:
    """Three organizations, whose members collaborate with each other for a while."""
    return Bailiwick.from_directory({"format": "bailiwick/1", "organizations": [organization(rng, number) for number in range(3)]})


def organization(rng: random.Random, number: int) -> dict[str, Any]:
    guest = (number + 1) % 3
    return {
        "id": f"org_{number}",
        "owner": f"usr_own{number}",
        "membership": rng.choice(["sso", "invitation"]),
        **some_day(rng, "projects_since"),
        "members": [
            {"user": f"usr_own{number}", "role": "admin"},
            *({"user": f"usr_{number}{one}", "role": "member", **some_day(rng, "expires_at")} for one in range(2)),
        ],
        "projects": [
            {"id": f"prj_{number}0", "default": True},
            *(
                {
                    "id": f"prj_{number}{one}",
                    "collaborators": [{"user": f"usr_{guest}{one - 1}", "role": "member", **some_day(rng, "expires_at")}],
                }
                for one in (1, 2)
            ),
        ],
    }


def past(rng: random.Random, guard: Bailiwick) -> Timeline:
    """A month in which organizations change how people join, and people come and go."""
    timeline = Timeline.from_snapshot(guard.to_snapshot(issued_at=BEGINNING))
    for at in sorted(day(rng) for _ in range(8)):
        number = rng.randrange(3)
        change: dict[str, Any] = rng.choice(
            [
                {"type": "update_organization", "organization": f"org_{number}", "membership": rng.choice(["sso", "invitation"])},
                {"type": "remove_member", "organization": f"org_{number}", "user": f"usr_{number}{rng.randrange(2)}"},
                {"type": "remove_collaborator", "project": f"prj_{number}1", "user": f"usr_{(number + 1) % 3}0"},
            ]
        )
        try:
            timeline.apply(change, at=at)
        except BailiwickError as error:
            # Who has left cannot leave again.
            assert error.code in {"not_found", "not_a_member"}, error
    return timeline


def month(rng: random.Random, rows: int) -> pa.Table:
    return pa.table(
        {
            "principal": [f"user:usr_{rng.randrange(3)}{rng.randrange(2)}" for _ in range(rows)],
            "kind": rng.choices(KINDS, k=rows),
            "surface": rng.choices(["ui", "api", None], k=rows),
            "project": [f"prj_{rng.randrange(3)}{rng.randrange(3)}" for _ in range(rows)],
            "at": [day(rng) for _ in range(rows)],
            "cost": [rng.randrange(1, 100) for _ in range(rows)],
        }
    )


def row_by_row(booked_by: Bailiwick | Timeline, usage: pa.Table) -> dict[str, list[int]]:
    """For each remedy: what it concerns, what it brings to the intended organization from elsewhere, and what to the intended project."""
    found: dict[str, list[int]] = {}
    for row in usage.to_pylist():
        cost = row.pop("cost")
        engine = booked_by.at(row["at"]) if isinstance(booked_by, Timeline) else booked_by
        try:
            told = engine.explain_usage(**row)
        except BailiwickError:
            continue
        booked = told.attribution
        for outcome in told.remedies:
            sums = found.setdefault(outcome.remedy, [0, 0, 0])
            sums[0] += cost
            sums[1] += cost * (outcome.organization == booked.intended_organization != booked.organization)
            sums[2] += cost * outcome.matches_intended
    return found


def told_of(lines: list[RemedyTotal]) -> dict[str, list[int]]:
    return {line.remedy: [int(line.cost or 0), cost_of(line.to_organization), cost_of(line.as_intended)] for line in lines}


def cost_of(amount: Amount | None) -> int:
    assert amount is not None
    return int(amount.cost or 0)


def check_world(seed: int, *, by_time: bool) -> dict[str, list[int]]:
    rng = random.Random(seed)
    guard = world(rng)
    booked_by = past(rng, guard) if by_time else guard
    usage = month(rng, 60)
    answers = booked_by.attribute_table(usage, keep_input=True, prefix="b_")
    told = told_of(summary(answers, cost="cost", booked_by=booked_by).remedies)
    assert told == row_by_row(booked_by, usage), seed
    return told


@pytest.mark.parametrize("by_time", [False, True])
def test_in_any_world_a_remedy_brings_back_what_it_brings_back_row_by_row(*, by_time: bool) -> None:
    worlds = [check_world(seed, by_time=by_time) for seed in range(WORLDS)]
    for place in (1, 2):
        assert any(sums[place] not in (0, sums[0]) for told in worlds for sums in told.values()), "some remedies help a part of the rows"


def test_a_remedy_of_one_moment_is_not_credited_with_another() -> None:
    """What is booked before projects began is not brought back by support for projects."""
    guard = Bailiwick.from_directory(
        {
            "format": "bailiwick/1",
            "organizations": [
                {
                    "id": "org_tide",
                    "owner": "usr_mia",
                    "projects_since": "2026-03-01T00:00:00Z",
                    "members": [{"user": "usr_mia", "role": "admin"}],
                    "projects": [{"id": "prj_tide", "default": True}, {"id": "prj_x"}],
                }
            ],
        }
    )
    usage = pa.table(
        {
            "principal": ["user:usr_mia"] * 2,
            "kind": ["storage"] * 2,
            "project": ["prj_x"] * 2,
            "at": ["2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z"],
            "cost": [Decimal(100), Decimal(1)],
        }
    )
    (line,) = summary(guard.attribute_table(usage, keep_input=True, prefix="b_"), cost="cost", booked_by=guard).remedies
    # All of it is in the intended organization already.
    assert (line.rows, line.to_organization, line.as_intended) == (2, Amount(0, Decimal(0)), Amount(1, Decimal(1)))


def scene(**more: Any) -> tuple[Bailiwick, pa.Table]:
    rng = random.Random(4)
    usage = month(rng, 80)
    for name, column in more.items():
        place = usage.schema.get_field_index(name)
        usage = usage.append_column(name, column(usage)) if place < 0 else usage.set_column(place, name, column(usage[name]))
    return world(random.Random(4)), usage


def views(column: Any) -> Any:
    return column.cast(pa.string_view())


ENCODINGS: list[dict[str, Callable[[Any], Any]]] = [
    {"principal": views, "kind": views, "surface": views, "project": views, "at": views},
    {"kind": lambda column: run_end_encode(column.combine_chunks())},
    {"kind": lambda column: column.dictionary_encode(), "project": lambda column: column.cast(pa.large_string())},
    {"extra": lambda usage: views(usage["kind"])},
    {"extra": lambda usage: run_end_encode(usage["kind"].combine_chunks())},
    {"extra": lambda usage: pa.UnionArray.from_sparse(pa.array([0] * len(usage), pa.int8()), [pa.array(range(len(usage)))])},
]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_columns_of_any_encoding_are_read(encoding: dict[str, Callable[[Any], Any]]) -> None:
    guard, usage = scene(**encoding)
    _, plain = scene()
    # Where columns of runs cannot be attributed, they can still come to a summary.
    answers = guard.attribute_table(plain, prefix="b_").to_pyarrow()
    for name in usage.column_names:
        answers = answers.append_column(name, usage[name])
    expected = row_by_row(guard, plain)
    assert told_of(summary(answers, cost="cost", booked_by=guard).remedies) == expected != {}


def test_answers_that_went_through_another_library_are_read() -> None:
    guard, usage = scene()
    expected = row_by_row(guard, usage)
    for columns in ("bailiwick", "focus-1.4"):
        answers = guard.attribute_table(usage, keep_input=True, prefix="b_", columns=columns)
        booked = answers.to_pyarrow()
        forms = [polars.from_arrow(booked), booked.to_pandas(), duckdb.sql("select * from booked"), booked.to_batches()[0]]
        for form in forms:
            assert told_of(summary(form, cost="cost", booked_by=guard).remedies) == expected, (columns, type(form))
    frame = polars.from_arrow(usage)
    assert isinstance(frame, polars.DataFrame)
    of_frame = guard.attribute_table(frame, keep_input=True, prefix="b_")
    assert told_of(summary(of_frame, cost="cost", booked_by=guard).remedies) == expected


def test_times_must_be_read_as_they_were() -> None:
    guard, usage = scene(at=lambda column: pa.array([text.as_py().removesuffix("Z") for text in column]))
    answers = guard.attribute_table(usage, keep_input=True, prefix="b_", time_zone="UTC").to_pyarrow()
    first = next(number for number, told in enumerate(answers["b_remedies"].to_pylist()) if told)
    with pytest.raises(BailiwickError, match=f"row {first + 1}: .*time_zone") as raised:
        summary(answers, cost="cost", booked_by=guard)
    assert (raised.value.code, raised.value.path) == ("invalid_timestamp", "/at")
    _, plain = scene()
    assert told_of(summary(answers, cost="cost", booked_by=guard, time_zone="UTC").remedies) == row_by_row(guard, plain)
    # Some can be read, and some cannot.
    mixed = guard.attribute_table(plain, keep_input=True, prefix="b_").to_pyarrow()
    texts = [text if number != first else text[:-1] for number, text in enumerate(plain["at"].to_pylist())]
    with pytest.raises(BailiwickError, match=f"row {first + 1}:"):
        summary(mixed.set_column(4, "at", pa.array(texts)), booked_by=guard)


def test_rows_with_unreadable_times_have_no_remedies_to_try() -> None:
    guard, usage = scene(at=lambda column: pa.array(["yesterday" if number % 2 else text.as_py() for number, text in enumerate(column)]))
    told = summary(guard.attribute_table(usage, keep_input=True, prefix="b_"), cost="cost", booked_by=guard)
    assert next(line.rows for line in told.errors if line.reason == "invalid_timestamp") == 40
    assert told_of(told.remedies) == row_by_row(guard, usage) != {}


@pytest.mark.parametrize("at", ["0000-01-01T00:00:00Z", "0000-02-29T23:59:59.999Z", "0399-12-31T12:00:00Z", "9999-12-31T23:59:59.999Z"])
def test_instants_of_any_year_are_tried(at: str) -> None:
    guard, usage = scene(at=lambda column: pa.array([at] * len(column)))
    told = summary(guard.attribute_table(usage, keep_input=True, prefix="b_"), cost="cost", booked_by=guard)
    assert told_of(told.remedies) == row_by_row(guard, usage) != {}


def test_instants_are_written_as_they_are_read() -> None:
    for text, milliseconds in {
        "0000-01-01T00:00:00.000Z": -62_167_219_200_000,
        "0001-01-01T00:00:00.000Z": -62_135_596_800_000,
        "1969-12-31T23:59:59.999Z": -1,
        "1970-01-01T00:00:00.000Z": 0,
        "9999-12-31T23:59:59.999Z": 253_402_300_799_999,
    }.items():
        assert rfc3339(milliseconds) == text


def test_usage_without_an_instant_is_of_one_and_the_same_now() -> None:
    """With and without a column of instants, in many batches, and with an instant for all rows."""
    guard, usage = scene(at=lambda column: pa.nulls(len(column), pa.string()))
    without = usage.drop_columns("at")
    expected = row_by_row(guard, without)
    for table in (usage, without):
        answers = guard.attribute_table(table, keep_input=True, prefix="b_").to_pyarrow()
        in_batches = pa.Table.from_batches(answers.to_batches(max_chunksize=7))
        assert told_of(summary(in_batches, cost="cost", booked_by=guard).remedies) == expected != {}
    at = datetime(2026, 5, 9, tzinfo=UTC)
    answers = guard.attribute_table(without, keep_input=True, prefix="b_", at=at).to_pyarrow()
    dated = without.append_column("at", pa.array(["2026-05-09T00:00:00Z"] * len(without)))
    assert told_of(summary(answers, cost="cost", booked_by=guard, at=at).remedies) == row_by_row(guard, dated)


def test_columns_that_were_not_attributed_are_named() -> None:
    guard, usage = scene(none=lambda usage: pa.nulls(len(usage), pa.string()))
    answers = guard.attribute_table(usage, keep_input=True, prefix="b_").to_pyarrow()
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"kind": "none"}, "wrong_type", "/none"),
        ({"principal": "kind"}, "invalid_reference", "/kind"),
        ({"user": "none"}, "missing_field", "/answers"),
        ({"at": "kind"}, "invalid_timestamp", "/kind"),
        ({"at": "cost"}, "invalid_timestamp", "/cost"),
        ({"surface": "other"}, "missing_field", "/other"),
    ]
    for columns, code, path in wrong:
        with pytest.raises(BailiwickError) as raised:
            summary(answers, booked_by=guard, **columns)
        assert (raised.value.code, raised.value.path) == (code, path), columns
    other: dict[str, Any] = {"keep_input": True}
    with pytest.raises(TypeError, match="keep_input"):
        summary(answers, booked_by=guard, **other)


@pytest.mark.parametrize("by_time", [False, True])
def test_few_classes_are_in_memory_at_a_time(monkeypatch: pytest.MonkeyPatch, *, by_time: bool) -> None:
    rng = random.Random(8)
    guard = world(rng)
    booked_by = past(rng, guard) if by_time else guard
    usage = month(rng, 300)
    answers = booked_by.attribute_table(usage, keep_input=True, prefix="b_").to_pyarrow()
    usual = summary(answers, cost="cost", booked_by=booked_by)
    monkeypatch.setattr(remedies, "ROWS_AT_ONCE", 8)
    monkeypatch.setattr(remedies, "CLASSES_AT_ONCE", 5)
    most = 0
    put = Sums.put

    def counted(sums: Sums, *arguments: Any) -> None:
        nonlocal most
        put(sums, *arguments)
        most = max(most, len(sums)) if len(next(iter(sums))[0]) > 4 else most

    monkeypatch.setattr(Sums, "put", counted)
    assert summary(answers, cost="cost", booked_by=booked_by) == usual
    assert 5 <= most < 5 + 8
