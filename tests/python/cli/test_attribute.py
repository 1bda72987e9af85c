"""`attribute`: one record, and files in and out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Bailiwick
from bailiwick.cli.tables import columnar as columnar_files
from bailiwick.cli.tables import text as text_files

from .conftest import ACME, Run
from .usage import AT, NAMES, USAGE, read, wanted, write

FORMATS = (".parquet", ".csv", ".jsonl", ".ndjson", ".arrow")


def test_one_record(run: Run) -> None:
    question = ("--principal", "user:usr_dan", "--kind", "fine_tuning", "--surface", "ui", "--project", "prj_a", "--at", AT)
    guard = Bailiwick.from_directory(ACME.read_bytes())
    answer = guard.attribute("user:usr_dan", "fine_tuning", surface="ui", project="prj_a", at=AT)
    assert run("attribute", ACME, *question, "--json").json == answer.to_dict()
    shown = run("attribute", ACME, *question)
    assert (shown.code, "✗ elsewhere" in shown.out, "use_project_api_key" in shown.out) == (0, True, True)


def test_one_record_that_cannot_be_attributed_is_bad_input(run: Run) -> None:
    ended = run("attribute", ACME, "--principal", "user:usr_dan", "--kind", "fax", "--json")
    assert (ended.code, ended.error["code"], ended.error["path"]) == (2, "unknown_kind", "/kind")


@pytest.mark.parametrize("out", FORMATS)
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_gives_the_same_answers_in_every_other(run: Run, tmp_path: Path, form: str, out: str) -> None:
    answers = tmp_path / f"answers{out}"
    ended = run("attribute", ACME, write(tmp_path / f"usage{form}"), "-o", answers)
    assert (ended.code, ended.err) == (0, "")
    assert read(answers) == wanted()


@pytest.mark.parametrize("form", FORMATS)
def test_the_columns_of_the_input_stay_as_they_were(run: Run, tmp_path: Path, form: str) -> None:
    answers = tmp_path / f"answers{form}"
    usage = write(tmp_path / f"usage{form}")
    clash = run("attribute", ACME, usage, "-o", answers, "--keep-input", "--json")
    assert (clash.code, clash.error["code"], clash.error["path"], answers.exists()) == (2, "duplicate_id", "/project", False)
    assert run("attribute", ACME, usage, "-o", answers, "--keep-input", "--prefix", "x_").code == 0
    kept = read(answers) if form != ".csv" else None
    if kept is None:
        lines = answers.read_text().splitlines()
        before = usage.read_text().splitlines()
        assert all(line.replace('"', "").startswith(given.replace('"', "")) for line, given in zip(lines, before, strict=True))
    else:
        assert [{name: row[name] for name in USAGE[0]} for row in kept] == USAGE
        assert [{name: row[f"x_{name}"] for name in NAMES} for row in kept] == wanted()


def test_the_summary(run: Run, tmp_path: Path) -> None:
    usage = write(tmp_path / "usage.parquet")
    told = run("attribute", ACME, usage, "--json").json
    assert (told["rows"], told["unattributed"], told["output"]) == (7, 2, None)
    assert told["errors"] == {"unknown_kind": 1, "unknown_principal": 1}
    reasons = [answer["reason"] for answer in wanted()]
    assert told["reasons"] == {reason: reasons.count(reason) for reason in told["reasons"]}
    assert sum(told["reasons"].values()) == 5
    assert sum(place["rows"] for place in told["places"]) == 5
    assert {"organization": "org_faraway", "project": None, "rows": 1} in told["places"]
    shown = run("attribute", ACME, usage).out
    for text in ("7 rows, 2 of them not attributed", "org_partner", "(not known)", "default_project_fallback", "unknown_kind", "14.3%"):
        assert text in shown


def test_strict(run: Run, tmp_path: Path) -> None:
    answers = tmp_path / "answers.jsonl"
    assert run("attribute", ACME, write(tmp_path / "usage.jsonl"), "-o", answers, "--strict").code == 1
    assert len(read(answers)) == len(USAGE)
    assert run("attribute", ACME, write(tmp_path / "good.jsonl", USAGE[:4]), "--strict").code == 0


def test_an_empty_table(run: Run, tmp_path: Path) -> None:
    usage = tmp_path / "usage.csv"
    usage.write_text("principal,kind\n")
    answers = tmp_path / "answers.parquet"
    ended = run("attribute", ACME, usage, "-o", answers)
    assert (ended.code, read(answers), "0 rows" in ended.out) == (0, [], True)


def test_batches_do_not_show(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = USAGE * 300
    monkeypatch.setattr(columnar_files, "BATCH_ROWS", 100)
    monkeypatch.setattr(text_files, "BLOCK_BYTES", 4096)
    for form in FORMATS:
        answers = tmp_path / f"answers{form}"
        assert run("attribute", ACME, write(tmp_path / f"usage{form}", rows), "-o", answers, "--json").json["rows"] == len(rows)
        assert read(answers) == wanted() * 300


def test_focus_columns(run: Run, tmp_path: Path) -> None:
    usage = write(tmp_path / "usage.jsonl")
    for version in ("focus-1.4", "focus-1.5-draft"):
        answers = tmp_path / "answers.jsonl"
        told = run("attribute", ACME, usage, "-o", answers, "--columns", version, "--json").json
        assert [row["BillingAccountId"] for row in read(answers)] == [row["organization"] or "unattributed" for row in wanted()]
        assert (told["rows"], told["unattributed"], sum(told["reasons"].values())) == (7, 2, 5)
        assert run("attribute", ACME, usage, "-o", answers, "--columns", version, "--nulls", "--json").json["reasons"] == told["reasons"]
        assert [row["SubAccountId"] for row in read(answers)] == [row["project"] for row in wanted()]
        assert "unattributed" in {row["BillingAccountId"] for row in read(answers)}
    assert run("attribute", ACME, usage, "--columns", "focus-0").code == 2


def test_columns_of_other_names(run: Run, tmp_path: Path) -> None:
    names = {"principal": "who", "kind": "what", "surface": "how", "project": "in", "resource": "with", "at": "when"}
    rows = [{names.get(name, name): value for name, value in row.items()} for row in USAGE]
    options = [text for name, column in names.items() for text in (f"--{name}-column", column)]
    for form in FORMATS:
        answers = tmp_path / "answers.jsonl"
        assert run("attribute", ACME, write(tmp_path / f"usage{form}", rows), "-o", answers, *options).code == 0
        assert read(answers) == wanted()


def test_users_and_keys_in_columns_of_their_own(run: Run, tmp_path: Path) -> None:
    rows = []
    for row in USAGE:
        type_name, _, id_ = row["principal"].partition(":")
        rest = {name: value for name, value in row.items() if name != "principal"}
        rows.append({"u": id_ if type_name == "user" else None, "k": id_ if type_name == "api_key" else None, **rest})
    for form in FORMATS:
        answers = tmp_path / "answers.jsonl"
        ended = run("attribute", ACME, write(tmp_path / f"usage{form}", rows), "-o", answers, "--user-column", "u", "--api-key-column", "k")
        assert ended.code == 0
        assert read(answers) == wanted()


@pytest.mark.parametrize("form", FORMATS)
def test_a_column_that_is_missing_or_wrong(run: Run, tmp_path: Path, form: str) -> None:
    answers = tmp_path / "answers.jsonl"
    without = [{name: value for name, value in row.items() if name != "kind"} for row in USAGE]
    ended = run("attribute", ACME, write(tmp_path / f"usage{form}", without), "-o", answers, "--json")
    assert (ended.code, ended.error["code"], ended.error["path"]) == (2, "missing_field", "/kind")
    ended = run("attribute", ACME, write(tmp_path / f"usage{form}"), "-o", answers, "--surface-column", "how/so", "--json")
    assert (ended.code, ended.error["code"], ended.error["path"]) == (2, "missing_field", "/how~1so")
    if form != ".csv":
        ended = run("attribute", ACME, write(tmp_path / f"usage{form}"), "-o", answers, "--kind-column", "amount", "--json")
        assert (ended.code, ended.error["code"], ended.error["path"]) == (2, "wrong_type", "/amount")
    assert not answers.exists()


def test_milliseconds(run: Run, tmp_path: Path) -> None:
    rows = [{**row, "at": 1_735_689_600_000 if row["at"] != AT else 1_769_947_200_000} for row in USAGE]
    for form in FORMATS:
        answers = tmp_path / "answers.jsonl"
        assert run("attribute", ACME, write(tmp_path / f"usage{form}", rows), "-o", answers).code == 0
        assert read(answers) == wanted()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff" * 100,
        b"PAR1" + b"\x00" * 64 + b"PAR1",
        b"ARROW1\x00\x00" + b"\xff" * 64,
        b"[1, 2]",
        b"hello",
        b"\xff\xff\xff\xff\x10\x00\x00\x00",
    ],
)
@pytest.mark.parametrize("form", FORMATS)
def test_files_that_are_not_what_their_name_says(run: Run, tmp_path: Path, form: str, content: bytes) -> None:
    usage, answers = tmp_path / f"usage{form}", tmp_path / "answers.parquet"
    usage.write_bytes(content)
    ended = run("attribute", ACME, usage, "-o", answers, "--json")
    # Text of one column is a CSV file, though none of usage.
    assert (ended.code, ended.error["code"]) in {(3, "unreadable"), (2, "missing_field")}
    assert ended.error["code"] == "unreadable" or form == ".csv"
    assert [path.name for path in tmp_path.iterdir()] == [usage.name]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("other", FORMATS)
def test_a_file_of_another_format(run: Run, tmp_path: Path, form: str, other: str) -> None:
    same = {frozenset({".jsonl", ".ndjson"})}
    if form == other or frozenset({form, other}) in same:
        return
    usage = write(tmp_path / f"usage{form}").rename(tmp_path / f"wrong{other}")
    ended = run("attribute", ACME, usage, "--json")
    assert (ended.code, ended.error["code"]) in {(3, "unreadable"), (2, "missing_field")}
    chosen = {".ndjson": "jsonl"}.get(form, form[1:])
    assert run("attribute", ACME, usage, "--input-format", chosen).code == 0


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_that_ends_too_soon_leaves_no_answers(run: Run, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_files, "BLOCK_BYTES", 4096)
    usage = write(tmp_path / f"usage{form}", USAGE * 500)
    data = usage.read_bytes()
    secret = "user:secret-in-a-row"
    tail = {".csv": f"{secret},file\n".encode(), ".jsonl": f'{{"principal": "{secret}\n'.encode()}.get(form)
    usage.write_bytes(data + tail if tail else data[: len(data) * 2 // 3])
    ended = run("attribute", ACME, usage, "-o", tmp_path / "answers.parquet", "--json")
    assert (ended.code, ended.error["code"], ended.error["path"]) == (3, "unreadable", None)
    assert secret not in ended.err
    assert [path.name for path in tmp_path.iterdir()] == [usage.name]


def test_a_damaged_page(run: Run, tmp_path: Path) -> None:
    usage = write(tmp_path / "usage.parquet", USAGE * 500)
    data = bytearray(usage.read_bytes())
    data[8:200] = bytes(192)
    usage.write_bytes(data)
    ended = run("attribute", ACME, usage, "-o", tmp_path / "answers.csv", "--json")
    assert (ended.code, ended.error["code"]) == (3, "unreadable")
    assert not (tmp_path / "answers.csv").exists()


def test_csv_is_taken_as_it_is_written(run: Run, tmp_path: Path) -> None:
    usage, answers = tmp_path / "usage.csv", tmp_path / "answers.csv"
    header = "principal,kind,surface,number,text\n"
    rows = ['user:usr_dan,file,,007,"a ""b"", c"\n', 'user:usr_dan,file,api,1.50,"two\nlines"\n', "user:NA,file,NA,,NULL\n"]
    usage.write_text(header + "".join(rows))
    told = run("attribute", ACME, usage, "-o", answers, "--keep-input", "--json").json
    assert told["errors"] == {"unknown_principal": 1}
    kept = answers.read_text()
    for text in ('"007"', '"a ""b"", c"', '"1.50"', '"two\nlines"', '"NULL"'):
        assert text in kept
    assert "user:NA" in kept


def test_a_csv_file_with_two_columns_of_a_name(run: Run, tmp_path: Path) -> None:
    usage = tmp_path / "usage.csv"
    usage.write_text("principal,kind,kind\nuser:usr_dan,file,storage\n")
    ended = run("attribute", ACME, usage, "--json")
    assert (ended.code, ended.error["code"], ended.error["path"]) == (2, "duplicate_id", "/kind")


def test_json_lines_are_taken_as_they_are_written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage, answers = tmp_path / "usage.jsonl", tmp_path / "answers.jsonl"
    base = {"principal": "user:usr_dan", "kind": "file"}
    rows: list[dict[str, Any]] = [{**base, "day": "2026-01-01", "tags": ["2026-01-02"], "more": {"n": 1, "t": "2026-01-03T00:00:00Z"}}] * 2
    usage.write_text("\n".join(map(json.dumps, rows)))
    assert run("attribute", ACME, usage, "-o", answers, "--keep-input").code == 0
    assert [{name: row[name] for name in rows[0]} for row in read(answers)] == rows
    # A column that only comes up later is used all the same.
    monkeypatch.setattr(text_files, "BLOCK_BYTES", 64)
    usage.write_text("\n".join(map(json.dumps, [base, base, base, {**base, "surface": "fax"}])))
    assert run("attribute", ACME, usage, "--json").json["errors"] == {"unknown_surface": 1}
    assert run("attribute", ACME, usage, "-o", answers, "--keep-input", "--json").error["code"] == "unreadable"


def test_what_csv_cannot_hold(run: Run, tmp_path: Path) -> None:
    usage = write(tmp_path / "usage.jsonl", [{**row, "more": {"a": 1}} for row in USAGE])
    ended = run("attribute", ACME, usage, "-o", tmp_path / "answers.csv", "--keep-input", "--prefix", "x_", "--json")
    assert (ended.code, ended.error["code"], ended.error["path"]) == (2, "wrong_type", "/more")


def test_pipes(run: Run, tmp_path: Path) -> None:
    usage = write(tmp_path / "usage.csv").read_bytes()
    ended = run("attribute", ACME, "-", "-o", "-", "--input-format", "csv", "--output-format", "jsonl", "--json", given=usage)
    assert [json.loads(line) for line in ended.out.splitlines()] == wanted()
    assert json.loads(ended.err)["rows"] == len(USAGE)
    stream = write(tmp_path / "usage.arrow").read_bytes()
    assert run("attribute", ACME, "-", "--input-format", "parquet", given=stream).code == 2
    assert run("attribute", ACME, "-", given=usage).code == 2


def test_wrong_arguments(run: Run, tmp_path: Path) -> None:
    usage = write(tmp_path / "usage.csv")
    for arguments in (
        (ACME,),
        (ACME, "--principal", "user:usr_dan"),
        (ACME, usage, "--kind", "file"),
        (ACME, "--principal", "user:usr_dan", "--kind", "file", "-o", tmp_path / "out.csv"),
        (ACME, usage, "-o", tmp_path / "out.xls"),
        (ACME, usage, "-o", usage),
        ("-", "-"),
    ):
        assert run("attribute", *arguments).code == 2
    assert run("attribute", ACME, tmp_path / "none.csv").code == 3
    assert run("attribute", ACME, usage, "-o", tmp_path / "none" / "out.csv").code == 3


def test_without_pyarrow(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = write(tmp_path / "usage.csv")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    ended = run("attribute", ACME, usage)
    assert (ended.code, ended.out) == (4, "")
    assert ended.err == 'error: a file of usage needs pyarrow, which is not installed: pip install "bailiwick[cli]"\n'
    assert run("attribute", ACME, usage, "--json").error["code"] == "not_installed"
