"""Sums are exact at any size, from any type and any library; what cannot be a cost is refused by its column and its row."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from bailiwick import Bailiwick, BailiwickError, Summary, UnreadableError, compare_attributions, summary
from bailiwick.cli.tables.tally import Tally

DOCUMENT: dict[str, Any] = {
    "format": "bailiwick/1",
    "organizations": [
        {
            "id": "org_a",
            "owner": "usr_a",
            "members": [{"user": "usr_a", "role": "admin"}],
            "projects": [{"id": "prj_a", "default": True}, {"id": "prj_x", "collaborators": [{"user": "usr_ext", "role": "member"}]}],
        }
    ],
}
guard = Bailiwick.from_directory(DOCUMENT)

# The stubs of pyarrow do not know it.
run_end_encode: Any = getattr(pc, "run_end_encode")  # noqa: B009


def promised_less() -> pa.Array:
    column = pa.array([Decimal("9" * 38)] * 4, pa.decimal128(38, 0))
    return pa.Array.from_buffers(pa.decimal128(5, 0), 4, column.buffers())


# Sums of them leave the decimals of Arrow.
HUGE: list[tuple[str, pa.Array]] = [
    ("text", pa.array(["9" * 46] * 10)),
    ("text with exponents", pa.array(["9.99e45", "1e-30", "12E3", "9" * 46 + "." + "9" * 30] * 3)),
    ("text with places", pa.array(["9" * 45 + "." + "9" * 30, "-0.5"] * 100)),
    ("no places", pa.array([Decimal("9" * 76)] * 10, pa.decimal256(76, 0))),
    ("two places", pa.array([Decimal("9" * 74)] * 7, pa.decimal256(76, 2))),
    ("many places", pa.array([Decimal("999999.5")] * 10, pa.decimal256(76, 70))),
    ("only places", pa.array([Decimal("0." + "9" * 76)] * 10, pa.decimal256(76, 76))),
    ("few digits and many places", pa.array([Decimal("1e-40")] * 3, pa.decimal256(20, 40))),
    # The precision is a promise, which other libraries may break.
    ("more digits than promised", promised_less()),
    ("128 bits", pa.array([Decimal("9" * 38)] * 1000, pa.decimal128(38, 0))),
    ("thousands", pa.array([Decimal(12000)] * 3, pa.decimal128(5, -3))),
]


def usage(costs: Any, principal: str = "user:usr_a") -> pa.Table:
    return pa.table({"principal": [principal] * len(costs), "kind": ["batch"] * len(costs), "cost": costs})


def booked(costs: Any) -> pa.Table:
    return guard.attribute_table(usage(costs), keep_input=True).to_pyarrow()


def tally(answers: pa.Table) -> dict[str, Any]:
    told = Tally(answers.schema, cost="cost")
    for batch in answers.to_batches():
        told.add(batch)
    return told.to_dict()


def worth(costs: pa.Array) -> Fraction:
    return sum((Fraction(value) for value in costs.to_pylist()), Fraction(0))


@pytest.mark.parametrize(("name", "costs"), HUGE)
def test_no_sum_wraps(name: str, costs: pa.Array) -> None:
    answers = booked(costs)
    told = summary(answers, cost="cost")
    assert Fraction(told.total.cost or 0) == Fraction(told.organizations[0].cost or 0) == worth(costs), name
    emptied = copy_without_member()
    told_moves = compare_attributions(answers, emptied.attribute_table(usage(costs)), cost="cost")
    assert Fraction(told_moves.moved.cost or 0) == Fraction(told_moves.balances[0].before.cost or 0) == worth(costs)
    on_command_line = tally(answers)
    assert Fraction(on_command_line["cost"]["total"]) == Fraction(on_command_line["places"][0]["cost"]) == worth(costs)


def copy_without_member() -> Bailiwick:
    return Bailiwick.from_directory(
        {
            **DOCUMENT,
            "organizations": [{**DOCUMENT["organizations"][0], "owner": "usr_b", "members": [{"user": "usr_b", "role": "admin"}]}],
        }
    )


@pytest.mark.parametrize("precision", [5, 28])
def test_the_context_of_the_caller_does_not_matter(precision: int) -> None:
    """Of two large amounts that differ in their last digits, the larger one is first; and nothing is rounded."""
    large = ["12345678901234567890123456789.12", "12345678901234567890123456789.13"]
    document = {**DOCUMENT, "organizations": [*DOCUMENT["organizations"], other_organization()]}
    engine = Bailiwick.from_directory(document)
    table = pa.concat_tables([usage([large[0]]), usage([large[1]], "user:usr_b")])
    answers = engine.attribute_table(table, keep_input=True).to_pyarrow()
    # Usage of somebody without a home is attributed, and booked nowhere; other usage is not attributed.
    nowhere = pa.table(
        {
            "principal": ["user:usr_ext", "user:usr_gone"],
            "kind": ["batch"] * 2,
            "project": ["prj_x"] * 2,
            "surface": ["ui"] * 2,
            "cost": [Decimal(large[0]), Decimal("1.01")],
        }
    )
    with decimal.localcontext() as context:
        context.prec = precision
        told = summary(answers, cost="cost")
        assert [line.organization for line in told.organizations] == ["org_b", "org_a"]
        assert [place["cost"] for place in tally(answers)["places"]] == [large[1], large[0]]
        shown = tally(guard.attribute_table(nowhere, keep_input=True, prefix="a_").to_pyarrow())
        assert shown["places"] == [{"organization": None, "project": None, "rows": 1, "cost": large[0]}]
        context.traps[decimal.Inexact] = True
        assert summary(answers, cost="cost") == told


def other_organization() -> dict[str, Any]:
    return {
        "id": "org_b",
        "owner": "usr_b",
        "members": [{"user": "usr_b", "role": "admin"}],
        "projects": [{"id": "prj_b", "default": True}],
    }


SAME: list[tuple[Any, Any, str]] = [
    (pa.array([Decimal("1.10")]), pa.array([Decimal("1.100000")]), "1.1"),
    (pa.array([Decimal(1)], pa.decimal128(38, 0)), pa.array([Decimal(1)], pa.decimal128(38, 20)), "1"),
    (pa.array([Decimal(1)], pa.decimal256(76, 0)), pa.array([Decimal(1)], pa.decimal256(76, 70)), "1"),
    (["1.10"], pa.array([Decimal("1.10")], pa.decimal128(38, 10)), "1.1"),
    ([1e20], pa.array([10**20], pa.decimal128(38, 0)), "100000000000000000000"),
    ([1.1], ["1.10"], "1.1"),
    (pa.nulls(1), pa.array([Decimal(0)], pa.decimal128(38, 20)), "0"),
]


@pytest.mark.parametrize(("one", "other", "total"), SAME)
def test_costs_of_different_types_are_compared_by_their_worth(one: Any, other: Any, total: str) -> None:
    for before, after in ((one, other), (other, one)):
        assert str(compare_attributions(booked(before), booked(after), cost="cost").total.cost) == total
    dearer = pa.array([Decimal(total) + Decimal("1e-20")], pa.decimal128(38, 20)) if len(total) < 10 else pa.array([1], pa.int64())
    with pytest.raises(BailiwickError, match="not the same") as raised:
        compare_attributions(booked(one), booked(dearer), cost="cost")
    assert (raised.value.code, raised.value.path) == ("wrong_type", "/after")


ENCODED: list[tuple[Any, str]] = [
    (pa.nulls(3), "0"),
    (run_end_encode(pa.array([1, 1, 2])), "4"),
    (pa.array(["1.1", "2", None], pa.string_view()), "3.1"),
    (pa.array(["1.1", "1.1", None]).dictionary_encode(), "2.2"),
    (pa.DictionaryArray.from_arrays(pa.array([0, 0, 1]), pa.array(["1.5", None], pa.string_view())), "3"),
]


@pytest.mark.parametrize(("costs", "total"), ENCODED)
def test_costs_of_any_encoding_count(costs: pa.Array, total: str) -> None:
    answers = guard.attribute_table(usage([0] * 3)).to_pyarrow().append_column("cost", costs)
    assert str(summary(answers, cost="cost").total.cost) == total


NO_COSTS: list[tuple[Any, str, str]] = [
    (["1.5", "2", "two", "3", "x"], "wrong_type", "row 3: expected a number such as 12.50"),
    (["1.5", "1e46"], "limit_exceeded", "row 2: the amount is 1e[+]46 or more"),
    (["1e-31"], "wrong_type", "row 1: .* 30 decimal places"),
    # Arrow makes other numbers of these.
    (["1", "123456789012345678901234567890123456789012345678.5"], "limit_exceeded", "row 2: the amount is 1e[+]46 or more"),
    (["1e60"], "limit_exceeded", "row 1: the amount is 1e[+]46 or more"),
    (["1e999999999", "x"], "limit_exceeded", "row 1: the amount is 1e[+]46 or more"),
    (["1e9999999999999999999999"], "wrong_type", "row 1: expected a number"),
    (["0." + "0" * 60 + "1"], "wrong_type", "row 1: .* 30 decimal places"),
    ([1.0, None, float("nan")], "wrong_type", "row 3: expected a finite number"),
    ([1.0, -1e38], "limit_exceeded", "row 2: the amount is 1e[+]38 or more"),
    (pa.array([1.0, 2.0], pa.float16()), "wrong_type", "expected numbers, not halffloat"),
    (pa.nulls(1, pa.decimal128(5, -40)), "limit_exceeded", "a scale of -40"),
]


@pytest.mark.parametrize(("costs", "code", "message"), NO_COSTS)
def test_what_is_no_cost_is_named_by_its_row(costs: Any, code: str, message: str) -> None:
    answers = booked(costs)
    asked: list[Callable[[], Any]] = [lambda: summary(answers, cost="cost"), lambda: compare_attributions(answers, answers, cost="cost")]
    for ask in asked:
        with pytest.raises(BailiwickError, match=message) as raised:
            ask()
        assert (raised.value.code, raised.value.path) == (code, "/cost")


def test_rows_are_counted_over_all_batches() -> None:
    answers = pa.Table.from_batches(booked(["1"] * 6 + ["one"] + ["1"] * 3).to_batches(max_chunksize=4))
    with pytest.raises(BailiwickError, match="row 7:"):
        summary(answers, cost="cost")
    with pytest.raises(BailiwickError, match="row 7:"):
        compare_attributions(answers, answers.combine_chunks(), cost="cost")


def test_arguments_that_name_nothing_are_refused() -> None:
    answers = booked([1])
    twice = answers.append_column("organization", answers["organization"])
    numbers = answers.set_column(answers.schema.get_field_index("organization"), "organization", pa.array([1]))
    untold = answers.set_column(answers.schema.get_field_index("remedies"), "remedies", pa.array([1]))
    wrong: list[tuple[Callable[[], Any], str, str]] = [
        (lambda: summary(answers, cost=5), "wrong_type", "/cost"),  # type: ignore[arg-type]
        (lambda: compare_attributions(answers, answers, cost=5), "wrong_type", "/cost"),  # type: ignore[arg-type]
        (lambda: summary(answers, booked_by="x"), "wrong_type", "/booked_by"),  # type: ignore[arg-type]
        (lambda: summary(answers, booked_by=guard, kind=5), "wrong_type", "/kind"),  # type: ignore[arg-type]
        (lambda: summary(twice), "duplicate_id", "/answers/organization"),
        (lambda: compare_attributions(answers, twice), "duplicate_id", "/after/organization"),
        (lambda: summary(numbers), "wrong_type", "/answers/organization"),
        (lambda: summary(untold), "wrong_type", "/answers/remedies"),
        (lambda: summary(answers.append_column("kind", answers["kind"]), booked_by=guard), "duplicate_id", "/kind"),
    ]
    for failing, code, path in wrong:
        with pytest.raises(BailiwickError) as raised:
            failing()
        assert (raised.value.code, raised.value.path) == (code, path)


def test_columns_that_are_merely_called_like_answers_are_none() -> None:
    told = summary(booked([1]), cost="cost")
    for name in ("x_matches_intended", "x_MatchesIntended", "myx_MatchesIntended"):
        assert summary(booked([1]).append_column(name, pa.array([True])), cost="cost") == told
    only = pa.table({"a_matches_intended": [True], "a_project": ["p"]})
    with pytest.raises(BailiwickError) as raised:
        summary(only)
    assert (raised.value.code, raised.value.path) == ("missing_field", "/answers/a_organization")


def test_answers_after_answers_are_those_that_count() -> None:
    """The usage of one call may be the answers of another."""
    first = guard.attribute_table(usage([1]), keep_input=True, prefix="a_").to_pyarrow()
    second: Summary = summary(copy_without_member().attribute_table(first, keep_input=True, prefix="b_"), cost="cost")
    assert second.errors[0].reason == "unknown_principal"


def test_a_stream_that_fails_says_why_in_one_line() -> None:
    table = booked([1])

    def failing() -> Any:
        yield table.to_batches()[0]
        raise ValueError("the ledger\nis gone")

    streams: list[Callable[[Any], Any]] = [summary, lambda stream: compare_attributions(table, stream)]
    for path, ask in zip(("/answers", "/after"), streams, strict=True):
        with pytest.raises(UnreadableError, match="the ledger is gone") as raised:
            ask(pa.RecordBatchReader.from_batches(table.schema, failing()))
        assert (raised.value.code, raised.value.path) == ("unreadable", path)
        assert "\n" not in str(raised.value)
        assert "Traceback" not in str(raised.value)
        assert ".py" not in str(raised.value)
