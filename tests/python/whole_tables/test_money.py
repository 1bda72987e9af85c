"""Sums of attributed usage are exact, add up, and say what remedies would really bring back."""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from bailiwick import (
    Amount,
    BailiwickError,
    Comparison,
    InvalidInputError,
    Summary,
    Timeline,
    UnreadableError,
    compare_attributions,
    summary,
)

from whole_tables import scene

guard = scene.engine()
USUAL = ["12.50", "0.1", "-3", "0", "7.123456789", None]
# Digits that no float has as they are, amounts of all sizes, and credits.
STRANGE = ["0.1234567890123456", "1e-12", "1e-13", "1e-20", "123456789.123456", "1e30", "-1e22", "0.30000000000000004"]
FORMS: dict[str, tuple[pa.DataType, list[str | None]]] = {
    "floats": (pa.float64(), USUAL),
    "strange floats": (pa.float64(), [*USUAL, *STRANGE]),
    "short floats": (pa.float32(), ["12.5", "0.25", None, "-1024"]),
    "decimals": (pa.decimal128(12, 9), USUAL),
    "long decimals": (pa.decimal128(38, 20), [*USUAL, "0.12345678901234567890"]),
    "longer decimals": (pa.decimal256(76, 40), [*USUAL, "0.1234567890123456789012345678901234567890"]),
    "text": (pa.string(), [*USUAL, "1e3", "-0.5e-3"]),
    "numbers": (pa.int64(), ["1", "-5", None, str(2**63 - 1)]),
    "large numbers": (pa.uint64(), ["1", None, str(2**64 - 1)]),
}


def usage(rng: random.Random, rows: int, costs: pa.Array) -> pa.Table:
    return scene.table(scene.usage(rng, rows), pa.string()).append_column("cost", costs)


def column(rng: random.Random, form: str, rows: int) -> pa.Array:
    data_type, values = FORMS[form]
    if pa.types.is_string(data_type):
        return pa.array(rng.choices(values, k=rows), data_type)
    read: Callable[[str], Any] = float if pa.types.is_floating(data_type) else int if pa.types.is_integer(data_type) else Decimal
    return pa.array([None if value is None else read(value) for value in rng.choices(values, k=rows)], data_type)


def worth(value: Any) -> Fraction:
    """What a cost counts as: a float as it is written, and nothing if it is next to nothing."""
    counted = Fraction(repr(value)) if isinstance(value, float) else Fraction(value or 0)
    return Fraction(0) if isinstance(value, float) and abs(value) < 1e-13 else counted


def as_fractions(lines: list[Any]) -> dict[tuple[Any, ...], tuple[int, Fraction]]:
    found = {}
    for line in lines:
        *group, rows, cost = (getattr(line, field) for field in line.__dataclass_fields__)
        found[tuple(group)] = (rows, Fraction(cost))
    return found


def check_sums(told: Summary, rows: list[dict[str, Any]]) -> None:
    """Compare with a slow sum of fractions."""
    columns = {
        "organizations": ["a_organization"],
        "projects": ["a_organization", "a_project"],
        "api_keys": ["a_organization", "a_project", "a_api_key"],
    }
    for name, keys in columns.items():
        sums: dict[tuple[Any, ...], tuple[int, Fraction]] = {}
        for row in rows:
            count, cost = sums.get(group := tuple(row[key] for key in keys), (0, Fraction(0)))
            sums[group] = (count + 1, cost + worth(row["cost"]))
        lines = getattr(told, name)
        assert as_fractions(lines) == sums
        assert sum(line.rows for line in lines) == told.total.rows == len(rows)
        assert sum(Fraction(line.cost) for line in lines) == Fraction(told.total.cost or 0)
        assert [abs(line.cost) for line in lines] == sorted((abs(line.cost) for line in lines), reverse=True)
    by_reason = Counter(row["a_reason"] for row in rows)
    assert {line.reason: line.rows for line in [*told.reasons, *told.errors]} == by_reason
    assert told.unattributed.rows == sum(by_reason[line.reason] for line in told.errors)
    assert Fraction(told.unattributed.cost or 0) == sum(Fraction(line.cost or 0) for line in told.errors)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("is_stream", [False, True])
def test_sums_are_exact_and_add_up(form: str, *, is_stream: bool) -> None:
    rng = random.Random(form)
    table = usage(rng, 400, column(rng, form, 400))
    batches = table.to_batches(max_chunksize=90)
    given = pa.RecordBatchReader.from_batches(table.schema, batches) if is_stream else pa.Table.from_batches(batches)
    answers = guard.attribute_table(given, keep_input=True, prefix="a_").to_pyarrow()
    check_sums(summary(answers, cost="cost"), answers.to_pylist())


def test_one_and_the_same_is_told_of_answers_by_the_names_of_focus() -> None:
    rng = random.Random(5)
    table = usage(rng, 300, column(rng, "floats", 300))
    own = summary(guard.attribute_table(table, keep_input=True, prefix="a_"), cost="cost", booked_by=guard)
    for nulls in (False, True):
        focus = guard.attribute_table(table, keep_input=True, columns="focus-1.4", nulls=nulls)
        assert summary(focus, cost="cost", booked_by=guard) == own


def test_without_a_column_of_costs_rows_are_counted() -> None:
    told = summary(guard.attribute_table(scene.table(scene.usage(random.Random(1), 50), pa.string())))
    assert told.total == Amount(50, None)
    lines: list[Any] = [*told.organizations, *told.reasons, *told.remedies]
    assert all(line.cost is None for line in lines)
    assert [line.rows for line in told.projects] == sorted((line.rows for line in told.projects), reverse=True)
    assert told.to_dict()["total"] == {"rows": 50, "cost": None}
    nothing = summary(guard.attribute_table(scene.table(scene.usage(random.Random(1), 1), pa.string()).slice(0, 0)))
    assert (nothing.total, nothing.projects, nothing.remedies) == (Amount(0, None), [], [])


@pytest.mark.parametrize("by_time", [False, True])
def test_a_remedy_brings_back_what_it_brings_back_row_by_row(*, by_time: bool) -> None:
    rng = random.Random(11)
    rows = [row for row in scene.usage(rng, 900) if row["at"] != -1]
    table = scene.table(rows, pa.string()).append_column("cost", column(rng, "decimals", len(rows)))
    booked_by = Timeline.from_snapshot(guard.to_snapshot()) if by_time else guard
    answers = booked_by.attribute_table(table, keep_input=True, prefix="a_")
    told = summary(answers, cost="cost", booked_by=booked_by)
    expected: dict[str, list[Any]] = {}
    for row in answers.to_pyarrow().to_pylist():
        if not row["a_remedies"]:
            continue
        terms = {name: row[name] for name in ("surface", "project", "resource", "at")}
        for outcome in guard.explain_usage(row["principal"], row["kind"], **terms).remedies:
            sums = expected.setdefault(outcome.remedy, [0, Decimal(0), 0, Decimal(0)])
            cost = row["cost"] or Decimal(0)
            if outcome.organization == row["a_intended_organization"] != row["a_organization"]:
                sums[0], sums[1] = sums[0] + 1, sums[1] + cost
            if outcome.matches_intended:
                sums[2], sums[3] = sums[2] + 1, sums[3] + cost
    assert len(told.remedies) >= 3
    for line in told.remedies:
        to_organization, as_intended = line.to_organization, line.as_intended
        assert to_organization is not None
        assert as_intended is not None
        assert [to_organization.rows, to_organization.cost, as_intended.rows, as_intended.cost] == expected[line.remedy]
        assert line.rows >= max(to_organization.rows, as_intended.rows)
    assert any(line.as_intended != Amount(line.rows, line.cost) for line in told.remedies), "some remedies do not help all the way"
    untried = summary(answers, cost="cost")
    assert [(line.remedy, line.rows, line.as_intended) for line in untried.remedies] == [
        (line.remedy, line.rows, None) for line in told.remedies
    ]


def test_users_and_keys_in_columns_of_their_own_have_remedies_too() -> None:
    rows = [row for row in scene.usage(random.Random(11), 900) if (row["principal"] or "").startswith(("user:", "api_key:"))]
    ids = [row["principal"].split(":", 1) for row in rows]
    table = scene.table(rows, pa.string())
    split = table.drop_columns("principal")
    for place, name in enumerate(("user", "api_key")):
        split = split.append_column(name, pa.array([one[1] if one[0] == ("user", "api_key")[place] else None for one in ids], pa.string()))
    by_reference = summary(guard.attribute_table(table, keep_input=True, prefix="a_"), booked_by=guard)
    columns: Any = {"user": "user", "api_key": "api_key"}
    by_id = summary(guard.attribute_table(split, keep_input=True, prefix="a_", **columns), booked_by=guard, **columns)
    assert by_id.remedies == by_reference.remedies != []


def moved(rows: int = 500) -> tuple[pa.Table, Any, Any]:
    rng = random.Random(3)
    table = usage(rng, rows, column(rng, "strange floats", rows))
    today = copy.copy(guard)
    for project in scene.DOCUMENT["organizations"][0]["projects"][:2]:
        if not project.get("default"):
            today.apply({"type": "remove_project", "project": project["id"]})
    today.apply({"type": "remove_member", "organization": scene.DOCUMENT["organizations"][0]["id"], "user": leaver()})
    return table, guard.attribute_table(table, keep_input=True, prefix="a_"), today


def leaver() -> Any:
    organization = scene.DOCUMENT["organizations"][0]
    return next(member["user"] for member in organization["members"] if member["user"] != organization["owner"])


def check_comparison(told: Comparison, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    moves: dict[tuple[Any, ...], tuple[int, Fraction]] = {}
    for one, other in zip(before, after, strict=True):
        places = ((one["a_organization"], one["a_project"]), (other["organization"], other["project"]))
        if places[0] != places[1]:
            rows, cost = moves.get(places, (0, Fraction(0)))
            moves[places] = (rows + 1, cost + worth(one["cost"]))
    found = {}
    for move in told.moves:
        places = ((move.before.organization, move.before.project), (move.after.organization, move.after.project))
        found[places] = (move.rows, Fraction(move.cost or 0))
    assert found == moves != {}
    assert told.total.rows == len(before)
    assert Fraction(told.moved.cost or 0) == sum(cost for _, cost in moves.values())
    assert told.moved.rows == sum(rows for rows, _ in moves.values())
    for side in ("before", "after"):
        amounts = [getattr(balance, side) for balance in told.balances]
        assert sum(amount.rows for amount in amounts) == sum(balance.before.rows for balance in told.balances)
        assert sum(Fraction(amount.cost) for amount in amounts) == sum(Fraction(balance.before.cost or 0) for balance in told.balances)
    for balance in told.balances:
        place = (balance.organization, balance.project)
        assert balance.after.rows == sum((row["organization"], row["project"]) == place for row in after)


@pytest.mark.parametrize("chunk", [1, 64, 1000])
def test_a_comparison_tells_what_moved_to_the_cent(chunk: int) -> None:
    table, before, today = moved()
    after = today.attribute_table(table)
    # The batches of the two sides are not the same.
    told = compare_attributions(
        pa.Table.from_batches(before.to_pyarrow().to_batches(max_chunksize=chunk)),
        pa.Table.from_batches(after.to_pyarrow().to_batches(max_chunksize=77)),
        cost="cost",
    )
    check_comparison(told, before.to_pyarrow().to_pylist(), after.to_pyarrow().to_pylist())
    back = compare_attributions(after, before, cost="cost")
    assert (back.total, back.moved) == (told.total, told.moved)
    assert {(move.after, move.before, move.rows, move.cost) for move in back.moves} == {
        (move.before, move.after, move.rows, move.cost) for move in told.moves
    }
    assert compare_attributions(before, before, cost="cost").moves == []
    without = compare_attributions(before, after)
    assert (without.moved.rows, without.moved.cost) == (told.moved.rows, None)
    assert told.to_dict()["moved"]["rows"] == told.moved.rows


def test_only_the_same_rows_can_be_compared() -> None:
    table, before, today = moved(40)
    for other, code in ((table.slice(1), "wrong_type"), (pa.concat_tables([table, table]), "wrong_type")):
        with pytest.raises(InvalidInputError, match="rows") as raised:
            compare_attributions(before, today.attribute_table(other))
        assert (raised.value.code, raised.value.path) == (code, "/after")
    dearer = table.set_column(table.schema.get_field_index("cost"), "cost", pa.array([1.5] * 40))
    with pytest.raises(InvalidInputError, match="same rows"):
        compare_attributions(before, today.attribute_table(dearer, keep_input=True, prefix="a_"), cost="cost")


@pytest.mark.parametrize(
    ("costs", "code"),
    [
        (pa.array([1.0, float("nan")]), "wrong_type"),
        (pa.array([1.0, float("-inf")]), "wrong_type"),
        (pa.array([1.0, 1e38]), "limit_exceeded"),
        (pa.array(["1.5", "two"]), "wrong_type"),
        (pa.array(["1.5", "1e-31"]), "wrong_type"),
        (pa.array([True, False]), "wrong_type"),
    ],
)
def test_a_cost_that_is_none_is_refused(costs: pa.Array, code: str) -> None:
    answers = guard.attribute_table(usage(random.Random(2), 2, costs), keep_input=True, prefix="a_")
    for failing in (lambda: summary(answers, cost="cost"), lambda: compare_attributions(answers, answers, cost="cost")):
        with pytest.raises(InvalidInputError) as raised:
            failing()
        assert (raised.value.code, raised.value.path) == (code, "/cost")


def test_what_is_no_answer_is_refused() -> None:
    answers = guard.attribute_table(scene.table(scene.usage(random.Random(2), 2), pa.string()))
    wrong: list[tuple[Callable[[], Any], str, str]] = [
        (lambda: summary([1, 2]), "wrong_type", "/answers"),
        (lambda: summary(pa.table({"cost": [1]})), "missing_field", "/answers/organization"),
        (lambda: summary(answers, cost="a/b~c"), "missing_field", "/a~1b~0c"),
        (lambda: compare_attributions(answers, None), "wrong_type", "/after"),
        (lambda: compare_attributions(pa.table({"cost": [1]}), answers), "missing_field", "/before/organization"),
        (lambda: compare_attributions(answers, answers, cost="cost"), "missing_field", "/cost"),
        (lambda: summary(answers, booked_by=guard, at_unit="weeks"), "wrong_type", "/at_unit"),  # type: ignore[arg-type]
        (lambda: summary(answers, booked_by=guard), "missing_field", "/principal"),
    ]
    for failing, code, path in wrong:
        with pytest.raises(BailiwickError) as raised:
            failing()
        assert (raised.value.code, raised.value.path) == (code, path)


def test_a_stream_that_breaks_is_unreadable() -> None:
    table = scene.table(scene.usage(random.Random(2), 10), pa.string())

    def broken() -> Any:
        yield table.to_batches()[0]
        raise OSError("the disk is gone")

    answers = guard.attribute_table(pa.RecordBatchReader.from_batches(table.schema, broken()))
    with pytest.raises(UnreadableError, match="the disk is gone"):
        summary(answers)
