"""Usage as it comes: times, delimiters, compression, byte order marks; and answers that can be grouped."""

from __future__ import annotations

import gzip
import random
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bailiwick.cli.bounded import budget
from bailiwick.cli.files.limits import MIB
from bailiwick.cli.tables import text as text_files
from bailiwick.cli.terminal.extras import arrow

from .conftest import ACME, Run
from .usage import AT, USAGE, read, wanted, write

pa, pq = arrow(), arrow("pyarrow.parquet")
BASE = {"principal": "user:usr_dan", "kind": "file", "surface": "api", "project": "prj_a"}
MARK = b"\xef\xbb\xbf"


def compressed(path: Path, data: bytes) -> Path:
    """A file of this content, compressed as its name says."""
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(data[:100]) + gzip.compress(data[100:]))
    elif path.suffix == ".zst":
        with pa.CompressedOutputStream(str(path), "zstd") as file:
            file.write(data)
    else:
        path.write_bytes(data)
    return path


def reasons(run: Run, path: Path, *options: object) -> dict[str, int]:
    told = run("attribute", ACME, path, *options, "--json").json
    return {**told["reasons"], **told["errors"]}


@pytest.mark.parametrize("mark", [b"", MARK])
@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
@pytest.mark.parametrize("form", [".csv", ".jsonl", ".ndjson"])
def test_text_that_is_compressed_or_marked(run: Run, tmp_path: Path, form: str, suffix: str, mark: bytes) -> None:
    data = mark + write(tmp_path / f"plain{form}").read_bytes()
    usage, answers = compressed(tmp_path / f"usage{form}{suffix}", data), tmp_path / "answers.jsonl"
    ended = run("attribute", ACME, usage, "-o", answers)
    assert (ended.code, ended.err, read(answers)) == (0, "", wanted())
    # The content says it, so that it may come through a pipe.
    given = ("--input-format", "csv" if form == ".csv" else "jsonl")
    piped = run("attribute", ACME, "-", "-o", answers, *given, given=usage.read_bytes())
    assert (piped.code, read(answers)) == (0, wanted())


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_compressed_text_that_is_damaged(run: Run, tmp_path: Path, suffix: str) -> None:
    usage = compressed(tmp_path / f"usage.csv{suffix}", write(tmp_path / "plain.csv", USAGE * 500).read_bytes())
    data = usage.read_bytes()
    for spoilt in (data[:-5], data[: len(data) // 2], data[:4], data + b"more", data[:40] + bytes(20) + data[60:]):
        usage.write_bytes(spoilt)
        ended = run("attribute", ACME, usage, "-o", tmp_path / "answers.csv", "--json")
        assert (ended.code, ended.error["code"]) == (3, "unreadable")
        assert not (tmp_path / "answers.csv").exists()


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_compressed_text_that_expands(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    monkeypatch.setattr(budget, "FREE_IN_ALL_BYTES", 8 * MIB)
    monkeypatch.setattr(budget, "RATIO_IN_ALL", 100)
    usage = compressed(tmp_path / f"usage.csv{suffix}", b"principal,kind\n" + b"user:usr_dan,file\n" * 1_000_000)
    ended = run("attribute", ACME, usage, "--json")
    assert (ended.code, ended.error["code"], "expands" in ended.error["message"]) == (3, "unreadable", True)


def test_names_of_compressed_files(run: Run, tmp_path: Path) -> None:
    usage = write(tmp_path / "usage.csv")
    for name in ("usage.parquet.gz", "usage.gz", "usage.arrow.zst"):
        assert run("attribute", ACME, usage.rename(tmp_path / name)).code == 2
        usage = (tmp_path / name).rename(tmp_path / "usage.csv")
    assert run("attribute", ACME, usage, "-o", tmp_path / "answers.csv.gz").code == 2


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_header_shows_what_stands_between_fields(run: Run, tmp_path: Path, sign: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usage, answers = tmp_path / "usage.csv", tmp_path / "answers.csv"
    rows = [sign.join(["user:usr_dan", "file", '"a;b,c\td\n"', "1,5" if sign != "," else "15"]) for _ in range(200)]
    header = sign.join(["principal", "kind", '"x, y; z"', "cost"])
    usage.write_text("\n".join([header, *rows, ""]), newline="")
    monkeypatch.setattr(text_files, "BLOCK_BYTES", 256)
    for options in ((), ("--delimiter", "tab" if sign == "\t" else sign)):
        ended = run("attribute", ACME, usage, "-o", answers, "--keep-input", "--json", *options)
        assert (ended.code, ended.json["rows"], ended.json["unattributed"]) == (0, 200, 0)
        assert answers.read_text().startswith('"principal","kind","x, y; z","cost","organization"')
        assert answers.read_text().count('"a;b,c\td\n"') == 200


def test_another_delimiter(run: Run, tmp_path: Path) -> None:
    usage = tmp_path / "usage.csv"
    usage.write_text("principal|kind\nuser:usr_dan|file\n")
    assert run("attribute", ACME, usage, "--json").error["code"] == "missing_field"
    assert run("attribute", ACME, usage, "--json", "--delimiter", "|").json["rows"] == 1
    for wrong in ("", "||", '"', "a", "1", "\n", "é"):
        assert run("attribute", ACME, usage, "--delimiter", wrong).code == 2
    assert run("attribute", ACME, write(tmp_path / "usage.jsonl"), "--delimiter", ",").code == 2


@pytest.mark.parametrize("form", [".parquet", ".csv", ".jsonl", ".arrow"])
def test_times_of_every_sort(run: Run, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"usage{form}"

    def told(times: list[Any], *options: object) -> dict[str, int]:
        return reasons(run, write(path, [{**BASE, "at": time} for time in times]), *options)

    texts = ["2025-10-01 00:00:00+00", "2025-09-30 23:59:59 UTC", "2025-10-01 00:00:00", "2025-10-01"]
    assert told(texts) == {"project_scoped": 1, "predates_projects": 1, "invalid_timestamp": 2}
    assert told(texts, "--time-zone", "UTC") == {"project_scoped": 3, "predates_projects": 1}
    assert told(texts, "--time-zone", "Europe/Zurich") == {"project_scoped": 1, "predates_projects": 3}
    seconds = [1_759_276_800, 1_759_276_799]
    assert told(seconds) == {"invalid_timestamp": 2}
    assert told(seconds, "--at-unit", "s") == {"project_scoped": 1, "predates_projects": 1}
    assert told([1_759_276_800.5, 1_759_276_799.5, None], "--at-unit", "s") == {"project_scoped": 2, "predates_projects": 1}
    for column in (["nonsense"], seconds[:1]):
        assert told(column, "--at", AT) == {"project_scoped": 1}
        assert told(column, "--at", "2025-09-30T23:59:59Z") == {"predates_projects": 1}


@pytest.mark.parametrize("form", [".parquet", ".arrow"])
def test_typed_times(run: Run, tmp_path: Path, form: str) -> None:
    for time in (datetime(2025, 10, 1), date(2025, 10, 1)):
        usage = write(tmp_path / f"usage{form}", [{**BASE, "at": time}])
        ended = run("attribute", ACME, usage, "--json")
        assert (ended.code, ended.error["code"], ended.error["path"]) == (2, "wrong_type", "/at")
        assert reasons(run, usage, "--time-zone", "UTC") == {"project_scoped": 1}
        assert reasons(run, usage, "--time-zone", "+00:01") == {"predates_projects": 1}
    usage = write(tmp_path / f"usage{form}", [{**BASE, "at": Decimal("1759276800.000")}])
    assert reasons(run, usage, "--at-unit", "s") == {"project_scoped": 1}


def test_options_of_times_that_are_none(run: Run, tmp_path: Path) -> None:
    usage = write(tmp_path / "usage.csv")
    for options, path in (
        (("--time-zone", "Mars/Base"), "/time_zone"),
        (("--at", "2026-05-01"), "/at"),
        (("--at", "2026-05-01T00:00:00"), "/at"),
    ):
        ended = run("attribute", ACME, usage, *options, "--json")
        assert (ended.code, ended.error["path"]) == (2, path)
    assert run("attribute", ACME, usage, "--at-unit", "m").code == 2
    assert run("attribute", ACME, usage, "--at", AT, "--at-column", "at").code == 2
    one = ("--principal", "user:usr_dan", "--kind", "file")
    for option in ("--time-zone", "--at-unit", "--delimiter"):
        assert run("attribute", ACME, *one, option, "s").code == 2


@pytest.mark.parametrize("given", [("-", "--input-format", "csv"), ("usage.csv",)])
@pytest.mark.parametrize(("out", "name"), [("-", "standard output"), ("out.xls", "`out.xls`"), ("out", "`out`")])
def test_a_format_that_is_not_said(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: Any, out: str, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    data = write(tmp_path / "usage.csv").read_bytes()
    told = " ".join(run("attribute", ACME, *given, "-o", out, given=data).err.replace("│", "").split())
    assert f"the name of the output, {name}, does not show its format" in told
    assert ("--output-format" in told, "--input-format" in told, "standard input" in told) == (True, False, False)
    (tmp_path / "usage.csv").rename(tmp_path / "usage.txt")
    told = " ".join(run("attribute", ACME, "usage.txt", "-o", "-", "--output-format", "csv").err.replace("│", "").split())
    assert "the name of the input, `usage.txt`, does not show its format" in told


@pytest.mark.parametrize("form", [".parquet", ".arrow"])
def test_answers_in_a_file_can_be_grouped(run: Run, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keys, rng = ["key_ci", "key_b", "key_part"], random.Random(1)
    principals = sorted(f"api_key:{rng.choice(keys)}" for _ in range(600))
    table = pa.table({"principal": pa.array(principals).dictionary_encode(), "kind": ["serverless_inference"] * 600})
    usage = tmp_path / "usage.arrow"
    # Chunks with dictionaries of their own.
    parts = [
        pa.table({"principal": part["principal"].cast(pa.string()).dictionary_encode(), "kind": part["kind"]})
        for part in (table.slice(start, 100) for start in range(0, 600, 100))
    ]
    with pa.OSFile(str(usage), "wb") as file, pa.ipc.new_stream(file, table.schema) as writer:
        for part in parts:
            writer.write_table(part)
    answers = tmp_path / f"answers{form}"
    assert run("attribute", ACME, usage, "-o", answers, "--keep-input").code == 0
    found = pq.read_table(answers) if form == ".parquet" else pa.ipc.open_file(answers).read_all()
    for name in found.column_names:
        if not pa.types.is_nested(found.schema.field(name).type):
            assert sum(found.group_by(name).aggregate([([], "count_all")])["count_all"].to_pylist()) == 600
    assert not any(pa.types.is_dictionary(field.type) for field in found.schema)
