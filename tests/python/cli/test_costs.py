"""`attribute --cost` adds up what the file says, digit by digit, in every format."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from bailiwick.cli.terminal.extras import arrow

from .conftest import Run

pa = arrow()
COSTS = ["12345678901234567.89", "0.1", "-0.000000000000000000000000000001", "1e3", "9007199254740993", "0.30000000000000004441"]
# Booked to another organization than intended: there are remedies.
ROW = {"principal": "user:usr_zoe", "kind": "file", "surface": "ui", "project": "prj_a"}


def lines(costs: list[str]) -> str:
    row = json.dumps(ROW)[1:-1]
    return "".join(f'{{{row},"note":"n","cost":{cost}}}\n' for cost in costs)


def usage(path: Path, costs: list[str]) -> Path:
    """A file of usage whose costs are written like this."""
    columns = {**{name: [value] * len(costs) for name, value in ROW.items()}, "cost": costs}
    if path.suffix == ".jsonl":
        path.write_text(lines(costs), "utf-8")
    elif path.suffix == ".csv":
        rows = (",".join((*ROW.values(), cost)) for cost in costs)
        path.write_text("\n".join((",".join(columns), *rows)) + "\n", "utf-8")
    elif path.suffix == ".parquet":
        arrow("pyarrow.parquet").write_table(pa.table(columns), path)
    else:
        # As Polars has them.
        table = pa.table({name: pa.array(values, pa.string_view()) for name, values in columns.items()})
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
    return path


@pytest.mark.parametrize("form", [".jsonl", ".csv", ".parquet", ".arrow"])
@pytest.mark.parametrize("options", [(), ("--keep-input", "--prefix", "b_"), ("--remedies",)])
def test_no_digit_of_a_cost_is_lost(run: Run, acme: Path, tmp_path: Path, form: str, options: tuple[str, ...]) -> None:
    told = run("attribute", acme, usage(tmp_path / f"usage{form}", COSTS), "--cost", "cost", "--json", *options).json
    assert Fraction(told["cost"]["total"]) == sum(Fraction(cost) for cost in COSTS)
    assert [place["rows"] for place in told["places"]] == [len(COSTS)]
    for line in told.get("remedies", []):
        for amount in (line, line["to_organization"]):
            assert Fraction(amount["cost"]) == Fraction(told["cost"]["total"])
    assert ("remedies" in told) == ("--remedies" in options)


@pytest.mark.parametrize("costs", [["12.50", "0.1", "1e-7", "-3", "null", "1e22", "123456789.123456789"], ["1", "-5", "9007199254740993"]])
def test_numbers_are_written_as_they_were_read(run: Run, acme: Path, tmp_path: Path, costs: list[str]) -> None:
    """As floats or whole numbers, as without --cost: exactness is for sums."""
    given = usage(tmp_path / "usage.jsonl", costs)
    for form in ("jsonl", "parquet"):
        plain, summed = tmp_path / f"plain.{form}", tmp_path / f"summed.{form}"
        assert run("attribute", acme, given, "--keep-input", "--prefix", "b_", "-o", plain).code == 0
        assert run("attribute", acme, given, "--keep-input", "--prefix", "b_", "-o", summed, "--cost", "cost").code == 0
        assert plain.read_bytes() == summed.read_bytes(), form
    assert [json.loads(line)["cost"] for line in (tmp_path / "summed.jsonl").read_text().splitlines()] == [
        json.loads(cost) for cost in costs
    ]


def test_whole_numbers_may_be_followed_by_others(run: Run, acme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The columns are known from the first block."""
    monkeypatch.setattr("bailiwick.cli.tables.text.BLOCK_BYTES", 300)
    given = usage(tmp_path / "usage.jsonl", ["1"] * 9 + ["0.5"])
    assert run("attribute", acme, given, "--cost", "cost", "--json").json["cost"]["total"] == "9.5"
    error = run(
        "attribute", acme, given, "--cost", "cost", "--json", "--keep-input", "--prefix", "b_", "-o", tmp_path / "answers.csv"
    ).error
    assert (error["code"], error["path"]) == ("wrong_type", "/cost")


WRONG = [
    ("1e46", "limit_exceeded", "row 9: the amount is 1e+46 or more"),
    ("1e60", "limit_exceeded", "row 9: the amount is 1e+46 or more"),
    ("-123456789012345678901234567890123456789012345678.5", "limit_exceeded", "row 9: the amount is 1e+46 or more"),
    ("0.1234567890123456789012345678901", "wrong_type", "row 9: expected a number such as 12.50, with at most 30 decimal places"),
    ("1e-40", "wrong_type", "row 9: expected a number such as 12.50, with at most 30 decimal places"),
]


@pytest.mark.parametrize(("cost", "code", "message"), WRONG)
@pytest.mark.parametrize("form", [".jsonl", ".csv", ".parquet"])
def test_the_row_of_a_wrong_cost_is_named(
    run: Run, acme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, cost: str, code: str, message: str
) -> None:
    monkeypatch.setattr("bailiwick.cli.tables.text.BLOCK_BYTES", 300)
    given = usage(tmp_path / f"usage{form}", ["1.5"] * 8 + [cost, "2"])
    for options in ((), ("--keep-input", "--prefix", "b_", "-o", tmp_path / "answers.csv")):
        error = run("attribute", acme, given, "--cost", "cost", "--json", *options).error
        assert (error["code"], error["path"]) == (code, "/cost")
        assert message in error["message"]
    assert not (tmp_path / "answers.csv").exists()


@pytest.mark.parametrize("other", ['"x"', "true", "[1]", '{"a":1}', "1.", "01"])
def test_what_is_no_number_of_json_is_refused_as_before(run: Run, acme: Path, tmp_path: Path, other: str) -> None:
    given = tmp_path / "usage.jsonl"
    given.write_text(lines(["1.5", other]), "utf-8")
    assert run("attribute", acme, given, "--cost", "cost", "--json").error["code"] in {"unreadable", "wrong_type"}


def test_a_new_column_is_refused_where_all_are_kept(run: Run, acme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bailiwick.cli.tables.text.BLOCK_BYTES", 300)
    given = tmp_path / "usage.jsonl"
    given.write_text(lines(["1.5"] * 9) + '{"principal":"user:usr_zoe","kind":"file","cost":1,"new":1}\n', "utf-8")
    assert run("attribute", acme, given, "--cost", "cost", "--json").json["cost"]["total"] == "14.5"
    assert run("attribute", acme, given, "--cost", "cost", "--keep-input", "--prefix", "b_", "--json").error["code"] == "unreadable"


def test_large_differences_are_exact(run: Run, acme: Path, tmp_path: Path) -> None:
    """Usage that is attributed, but booked nowhere, is what is left of rows without a place."""
    rows: list[dict[str, Any]] = [
        {
            "principal": "user:usr_homeless",
            "kind": "batch",
            "surface": "ui",
            "project": "prj_a",
            "cost": "12345678901234567890123456789.12",
        },
        {"principal": "user:usr_gone", "kind": "batch", "surface": "ui", "project": "prj_a", "cost": "1.01"},
    ]
    document = json.loads(acme.read_text("utf-8"))
    document["organizations"][0]["projects"][1]["collaborators"].append({"user": "usr_homeless", "role": "member"})
    directory, given = tmp_path / "homeless.json", tmp_path / "usage.jsonl"
    directory.write_text(json.dumps(document), "utf-8")
    given.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    told = run("attribute", directory, given, "--cost", "cost", "--json").json
    assert told["places"] == [{"organization": None, "project": None, "rows": 1, "cost": rows[0]["cost"]}]
    assert Decimal(told["cost"]["unattributed"]) == Decimal("1.01")
