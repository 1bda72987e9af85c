"""Files that claim, nest or repeat more than they should: a code and a sentence, in bounded time and memory, and never a signal."""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bailiwick import UnreadableError
from bailiwick.cli.bounded import budget
from bailiwick.cli.bounded.budget import Budget
from bailiwick.cli.bounded.text_blocks import TextFile, end_of_csv_records
from bailiwick.cli.bounded.text_source import TextSource
from bailiwick.cli.files import input as inputs
from bailiwick.cli.files.limits import GIB, MIB, RECORD_BYTES
from bailiwick.cli.tables import batches
from bailiwick.cli.tables import columnar as columnar_files
from bailiwick.cli.tables import text as text_files
from bailiwick.cli.terminal import console as output
from bailiwick.cli.terminal.console import SHOWN_CHARACTERS, SHOWN_ROWS
from bailiwick.cli.terminal.extras import arrow

from .conftest import ACME, AT, Run
from .test_process import ended
from .usage import USAGE, write

pa, pq, csv = arrow(), arrow("pyarrow.parquet"), arrow("pyarrow.csv")
COUNT = 64
TEXTS = [f"a-text-of-more-than-twelve-bytes-{number:03}" for number in range(COUNT)]
ONE = b'{"principal": "user:usr_dan", "kind": "file", "x": %s}\n'


def refused(run: Run, *arguments: object, given: bytes | None = None) -> str:
    """The sentence of a file that cannot be read."""
    told = run(*arguments, "--json", given=given)
    assert (told.code, told.out, told.error["code"], told.error["path"]) == (3, "", "unreadable", None)
    return str(told.error["message"])


def keep(path: Path, out: str) -> tuple[object, ...]:
    return ("attribute", ACME, path, "--keep-input", "--prefix", "x_", "-o", path.with_name(f"out{out}"))


@pytest.mark.parametrize("depth", [40, 1_000, 20_000])
@pytest.mark.parametrize("brackets", [b"[]", b'{"a":}'])
def test_json_lines_that_are_nested_deep(run: Run, tmp_path: Path, depth: int, brackets: bytes) -> None:
    opener, closer = brackets[:-1], brackets[-1:]
    usage = tmp_path / "usage.jsonl"
    for text in (opener * depth + b"1" + closer * depth, opener * depth, (opener + b"\n") * depth, b'"' + opener + b'\\"' + opener * depth):
        usage.write_bytes(ONE % b"1" + ONE % text)
        if text.startswith(b'"'):
            # These stand in a text.
            usage.write_bytes(ONE % json.dumps(text.decode()).encode())
            assert run("attribute", ACME, usage, "--json").code == 0
            continue
        assert "nested deeper than 32" in refused(run, "attribute", ACME, usage)
        assert "nested deeper than 32" in refused(run, "attribute", ACME, "-", "--input-format", "jsonl", given=usage.read_bytes())
    assert list(tmp_path.iterdir()) == [usage]


def test_json_lines_as_deep_as_they_may_be(run: Run, tmp_path: Path) -> None:
    usage = tmp_path / "usage.jsonl"
    usage.write_bytes(ONE % (b"[" * 31 + b"1" + b"]" * 31))
    assert run(*keep(usage, ".jsonl")).code == 0


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_row_that_does_not_end(run: Run, tmp_path: Path, form: str) -> None:
    usage = tmp_path / f"usage.{form}"
    start = b"principal,kind\nuser:usr_dan,file\n" if form == "csv" else ONE % b"1"
    for row in (b"x" * (RECORD_BYTES + 1), b'user:usr_dan,"file\n' + b"user:usr_dan,file\n" * 1_000_000 if form == "csv" else b'{"a":'):
        usage.write_bytes(start + row)
        refused(run, "attribute", ACME, usage)
    refused(run, "attribute", ACME, "/dev/zero", "--input-format", form)


def test_a_quote_that_is_never_closed_swallows_no_rows(run: Run, tmp_path: Path) -> None:
    usage = tmp_path / "usage.csv"
    usage.write_text('principal,kind,note\nuser:usr_dan,file,"a\nuser:usr_dan,file,b\n')
    assert "quote" in refused(run, "attribute", ACME, usage)


def test_an_open_quote_leaves_no_thread_behind(tmp_path: Path) -> None:
    usage = tmp_path / "usage.csv"
    usage.write_text('principal,kind\nuser:usr_dan,"file\n' + "user:usr_dan,file\n" * 1_000_000)
    done = ended("attribute", ACME, usage, "--json")
    assert (done.returncode, done.stdout, json.loads(done.stderr)["error"]["code"]) == (3, "", "unreadable")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 1_000])
def test_blocks_of_csv_are_whole_records(tmp_path: Path, size: int, delimiter: str) -> None:
    path = tmp_path / "usage.csv"
    text = b'a,b\r\n"x\n""1""",2\rx"y,z"\n\n"",""""\n",\r\n",""\nlast,"one"'.replace(b",", delimiter.encode())
    path.write_bytes(text)
    blocks = list(TextFile(str(path), TextSource(str(path)), end_of_csv_records(delimiter)).blocks(size))
    assert b"".join(blocks) == text
    options = {
        "read_options": csv.ReadOptions(column_names=["x", "y"]),
        "parse_options": csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        "convert_options": csv.ConvertOptions(column_types={"x": pa.string(), "y": pa.string()}),
    }
    rows = [row for block in blocks for row in csv.read_csv(pa.BufferReader(block), **options).to_pylist()]
    assert rows == csv.read_csv(pa.BufferReader(text), **options).to_pylist()


def test_too_many_columns(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"c{number}" for number in range(10_001)]
    usage = tmp_path / "usage.csv"
    for delimiter in ",;":
        usage.write_text(delimiter.join(["principal", "kind", *names[2:]]) + "\n")
        assert "more than 10,000 columns" in refused(run, "attribute", ACME, usage)
    # Fewer, for Arrow takes seconds to make so many of its own.
    for module in (batches, text_files):
        monkeypatch.setattr(module, "COLUMNS", 1_000)
    names = names[:1_001]
    usage = tmp_path / "usage.jsonl"
    usage.write_text("".join(f'{{"{name}":1}}\n' for name in names))
    assert "columns" in refused(run, "attribute", ACME, usage)
    for form in ("parquet", "arrow"):
        assert "columns" in refused(run, "attribute", ACME, write(tmp_path / f"usage.{form}", [dict.fromkeys(names, 1)]))


def test_files_that_are_read_whole(run: Run) -> None:
    assert "larger than 1 MiB" in refused(run, "keys", "public", "/dev/zero")
    assert "larger than 1 MiB" in refused(run, "serve", ACME, "--bearer-file", "/dev/zero")
    assert "larger than 128 MiB" in refused(run, "check", ACME, "--requests", "/dev/zero")


def test_standard_input_that_is_closed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "sys", SimpleNamespace(stdin=None))
    assert "it is closed" in refused(run, "check", "-", "user:usr_dan", "file.read", "project:prj_a")
    assert "it is closed" in refused(run, "attribute", ACME, "-", "--input-format", "csv")


def table(column: Any) -> Any:
    return pa.table({"principal": ["user:usr_dan"] * len(column), "kind": ["file"] * len(column), "x": column})


def arrow_file(path: Path, content: Any, *, is_stream: bool = False, compression: str | None = None) -> Path:
    sink = io.BytesIO()
    make = pa.ipc.new_stream if is_stream else pa.ipc.new_file
    with make(sink, content.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
        writer.write_table(content)
    path.write_bytes(sink.getvalue())
    return path


def test_how_far_a_file_may_expand() -> None:
    for read, at_once in ((1, 256 * MIB), (3 * MIB, 300 * MIB), (GIB, 4 * GIB)):
        Budget("file").spend(read, at_once)
        with pytest.raises(UnreadableError, match="a part of it expands"):
            Budget("file").spend(read, at_once + 1)
    for read, in_all in ((1, GIB), (2 * MIB, 2 * GIB)):
        whole = Budget("file")
        whole.spend(read, 0)
        whole.grow(in_all)
        with pytest.raises(UnreadableError, match="it expands to more than"):
            whole.grow(1)


@pytest.mark.parametrize("is_stream", [False, True])
@pytest.mark.parametrize("compression", ["zstd", "lz4"])
def test_an_arrow_file_that_expands(run: Run, tmp_path: Path, is_stream: bool, compression: str) -> None:
    zeros = pa.Array.from_buffers(pa.int64(), 40_000_000, [None, pa.py_buffer(bytes(320_000_000))])
    offsets = pa.Array.from_buffers(pa.string(), 40_000_000, [None, pa.py_buffer(bytes(160_000_004)), pa.py_buffer(b"")])
    bomb = pa.table({"principal": offsets, "kind": offsets, "x": zeros})
    usage = arrow_file(tmp_path / "usage.arrow", bomb, is_stream=is_stream, compression=compression)
    assert "expands" in refused(run, "attribute", ACME, usage)
    assert "expands" in refused(run, "attribute", ACME, "-", "--input-format", "arrow", given=usage.read_bytes())


@pytest.mark.parametrize("is_stream", [False, True])
def test_rows_of_nothing(run: Run, tmp_path: Path, is_stream: bool) -> None:
    nothing = pa.table({"principal": pa.nulls(1_000), "kind": pa.nulls(1_000)})
    usage = arrow_file(tmp_path / "usage.arrow", nothing, is_stream=is_stream)
    usage.write_bytes(usage.read_bytes().replace(struct.pack("<q", 1_000), struct.pack("<q", 1 << 60)))
    refused(run, "attribute", ACME, usage)


@pytest.mark.parametrize("options", [{"use_dictionary": False}, {"use_dictionary": True}, {"data_page_version": "2.0"}])
def test_a_parquet_file_that_expands(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]) -> None:
    # Smaller, for text of 300 MB takes seconds to write.
    for module in (budget, columnar_files):
        monkeypatch.setattr(module, "FREE_AT_ONCE_BYTES", 8 * MIB)
    usage = tmp_path / "usage.parquet"
    texts = ["z" * 10_000_000]
    pq.write_table(table(pa.array(texts)), usage, compression="zstd", **options)
    assert "expands" in refused(run, *keep(usage, ".csv"))
    assert run("attribute", ACME, usage, "--json").json["rows"] == len(texts)


@pytest.mark.parametrize("form", ["parquet", "arrow"])
@pytest.mark.parametrize("out", [".parquet", ".csv", ".jsonl", ".arrow"])
def test_a_large_text_that_is_named_often(run: Run, tmp_path: Path, form: str, out: str) -> None:
    often = pa.DictionaryArray.from_arrays(pa.array([0] * 2_000, pa.int16()), pa.array(["z" * 1_000_000]))
    usage = tmp_path / f"in.{form}"
    pq.write_table(table(often), usage) if form == "parquet" else arrow_file(usage, table(often), compression="zstd")
    assert "expands" in refused(run, *keep(usage, out))
    assert run("attribute", ACME, usage, "--json").json["rows"] == 2_000
    few = table(often).slice(0, 40)
    pq.write_table(few, usage) if form == "parquet" else arrow_file(usage, few, compression="zstd")
    assert run(*keep(usage, out)).code == 0


LIARS = {
    "string": pa.array(TEXTS),
    "large_string": pa.array(TEXTS, pa.large_string()),
    "string_view": pa.array(TEXTS, pa.string_view()),
    "list": pa.array([[text, text] for text in TEXTS]),
    "list_of_views": pa.ListArray.from_arrays(pa.array(range(COUNT + 1), pa.int32()), pa.array(TEXTS, pa.string_view())),
    "struct_of_views": pa.StructArray.from_arrays([pa.array(TEXTS, pa.string_view())], ["a"]),
    "dictionary": pa.array(TEXTS).dictionary_encode(),
}


@pytest.mark.parametrize("is_stream", [False, True])
@pytest.mark.parametrize("name", LIARS)
def test_offsets_that_lie(run: Run, tmp_path: Path, name: str, is_stream: bool) -> None:
    usage = arrow_file(tmp_path / "usage.arrow", table(LIARS[name]), is_stream=is_stream)
    data = usage.read_bytes()
    if "view" in name:
        length = struct.pack("<i4s", len(TEXTS[0]), TEXTS[0][:4].encode())
        views = [start for start in range(0, len(data), 8) if data.startswith(length, start)]
        # The buffer and the place in it of one view in the middle.
        places = [views[COUNT // 2] + part for part in (8, 12)]
    else:
        # The offsets, or for a dictionary the codes.
        step = {"string": len(TEXTS[0]), "large_string": len(TEXTS[0]), "list": 2, "dictionary": 1}[name]
        width = 8 if name == "large_string" else 4
        run_of = b"".join((number * step).to_bytes(width, "little") for number in range(4))
        places = [data.rindex(run_of) + 2 * width]
    assert places
    for place in places:
        for lie in (2**31 - 1, 2**30, 2**20, -1):
            usage.write_bytes(data[:place] + struct.pack("<i", lie) + data[place + 4 :])
            refused(run, *keep(usage, ".jsonl"))
    assert list(tmp_path.iterdir()) == [usage]


def test_a_file_that_is_cut_short_while_it_is_read(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = write(tmp_path / "usage.arrow", USAGE * 50_000)
    opened = inputs.opened

    def cut_later(path: str) -> Any:
        file = opened(path)
        file.read(100)
        file.seek(0)
        usage.write_bytes(usage.read_bytes()[:200_000])
        return file

    monkeypatch.setattr("bailiwick.cli.tables.columnar.opened", cut_later)
    assert "too soon" in refused(run, *keep(usage, ".jsonl"))


def test_many_faults_on_one_long_line(run: Run, tmp_path: Path) -> None:
    members = [{"user": f"u{number}", "role": "chief"} for number in range(100_000)]
    organization = {"id": "o", "owner": "u0", "members": members, "projects": [{"id": "p", "default": True}]}
    path = tmp_path / "directory.json"
    path.write_text(json.dumps({"format": "bailiwick/1", "organizations": [organization]}))
    told = run("validate", path, "--limit", 200)
    assert (told.code, told.out.count("-->"), max(map(len, told.out.splitlines())) < 200) == (1, 200, True)


def test_what_is_shown_of_a_value_is_bounded(run: Run) -> None:
    row = {"principal": "user:usr_dan", "action": "a" * 16_000_000, "resource": "project:prj_a"}
    told = run("check", ACME, "--requests", "-", *AT, given=json.dumps(row))
    assert (told.code, "unknown_action" in told.out, len(told.out) < 10 * SHOWN_CHARACTERS) == (1, True, True)


def test_a_long_table_is_cut(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert SHOWN_ROWS == 1_000
    monkeypatch.setattr(output, "SHOWN_ROWS", 100)
    row = json.dumps({"principal": "user:usr_dan", "action": "file.read", "resource": "project:prj_a"})
    count = 105
    told = run("check", ACME, "--requests", "-", *AT, given=f"{row}\n" * count)
    assert (told.code, told.out.count("user:usr_dan"), "and 5 more rows; --json has them all" in told.out) == (0, 100, True)
    assert len(run("check", ACME, "--requests", "-", *AT, "--json", given=f"{row}\n" * count).json) == count


def test_json_lines_in_small_blocks(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_files, "CELLS", 2_000)
    told = run("attribute", ACME, write(tmp_path / "usage.jsonl", USAGE * 100), "--json").json
    assert told["rows"] == len(USAGE) * 100
