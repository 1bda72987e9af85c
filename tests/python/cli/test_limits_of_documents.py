"""Requests, changes and policies, which are read in Python: bounded in size, depth and number of values, in sentences of our own."""

from __future__ import annotations

import json
import random
from itertools import chain
from pathlib import Path

import pytest
from bailiwick.cli.files import documents
from bailiwick.cli.files.limits import RECORD_BYTES
from bailiwick.cli.files.nesting import STRING, without_strings
from bailiwick.cli.terminal.console import SHOWN_ROWS

from .conftest import ACME, AT, Run

QUESTION = {"principal": "user:usr_dan", "action": "file.read", "resource": "project:prj_a"}
CHANGE = {"type": "remove_member", "organization": "org_acme", "user": "usr_dan"}
VALUES = 1_000_001
DEEP = [b"[" * depth + b"]" * depth for depth in (33, 1_000, 20_000)]
BEYOND = {
    "deeper than 32": DEEP,
    "more than 1,000,000 values": [b"[" + b"0," * VALUES + b"0]", b"[" + b"[]," * VALUES + b"0]", b"[" + b'"",' * VALUES + b"0]"],
    "larger than 16 MiB": [b'"' + b"a" * RECORD_BYTES + b'"'],
    "too many digits": [b"1" * 5_000, b"-" + b"9" * 100_000],
}


@pytest.mark.parametrize(("what", "text"), [(what, text) for what, texts in BEYOND.items() for text in texts])
def test_what_is_beyond_the_limits_is_told_before_anything_is_made_of_it(run: Run, tmp_path: Path, what: str, text: bytes) -> None:
    path = tmp_path / "given.json"
    object_ = b'{"principal": %s}' % text
    for content, line in ((object_, ""), (b"[%s]" % object_, ""), (b"{}\n\n%s\n" % object_, "line 3 of ")):
        path.write_bytes(content)
        if line:
            # Lines before the faulty one are answered first.
            path.write_bytes(content.replace(b"{}", json.dumps(QUESTION).encode(), 1))
        told = run("check", ACME, "--requests", path, "--json")
        assert (told.code, told.out, told.error["code"], told.error["path"]) == (3, "", "unreadable", None)
        assert what in told.error["message"] and line in told.error["message"]
        if line:
            path.write_bytes(content.replace(b"{}", json.dumps(CHANGE).encode(), 1))
        for beside in (("--preview",), ("-o", tmp_path / "next.json")):
            told = run("apply", ACME, path, *beside, *AT, "--json")
            assert (told.code, told.out, told.error["code"], told.error["path"]) == (3, "", "unreadable", None)
            assert what in told.error["message"] and line in told.error["message"]
    assert list(tmp_path.iterdir()) == [path]
    # A policy is told as the engine tells of it.
    path.write_bytes(object_)
    told = run("check", ACME, *QUESTION.values(), "--policy", path, "--json")
    expected = (3, "unreadable", None) if what.startswith("larger") else (2, "limit_exceeded", "/policy")
    assert (told.code, told.error["code"], told.error["path"]) == expected


def test_the_change_on_the_command_line_is_no_file(run: Run) -> None:
    for text in ('{"a": ' + "[" * 40 + "]" * 40 + "}", '{"a": ' + "1" * 5_000 + "}"):
        told = run("apply", ACME, text, "--preview", "--json")
        assert (told.code, told.error["code"], told.error["path"]) == (2, "limit_exceeded", "")
        assert "set_int_max_str_digits" not in told.err
    told = run("apply", ACME, '{"a": "\udc80"}', "--preview", "--json")
    assert (told.code, told.error["code"]) == (2, "invalid_json")


def test_what_is_within_the_limits_is_read(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "requests.json"
    # Commas and brackets in a text are none.
    for principal in ("," * VALUES, "[" * VALUES, '\\"[{' * 400_000, "9" * 4_000):
        path.write_text(json.dumps({**QUESTION, "action": principal}))
        assert (run("check", ACME, "--requests", path, *AT, "--json").json[0]["reason"]) == "unknown_action"
    for text in (b"1" * 4_000, b"[" * 31 + b"]" * 31):
        path.write_bytes(b'{"principal": %s}' % text)
        assert run("check", ACME, "--requests", path, "--json").error["code"] not in {"unreadable", "limit_exceeded"}


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\n \t\n\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_are_decided_in_parts_as_they_are_at_once(run: Run, monkeypatch: pytest.MonkeyPatch, ending: str, mark: str) -> None:
    rows = [QUESTION, {**QUESTION, "action": "file.delete"}, {**QUESTION, "principal": "user:usr_nobody"}] * 7
    text = mark + "".join(json.dumps(row) + ending for row in rows)
    expected = run("check", ACME, "--requests", "-", *AT, "--json", given=json.dumps(rows))
    tables = run("check", ACME, "--requests", "-", *AT, given=json.dumps(rows))
    for size in (1, 100, 250, 1_000, 10_000):
        monkeypatch.setattr(documents, "PART_BYTES", size)
        assert run("check", ACME, "--requests", "-", *AT, "--json", given=text) == expected
        assert run("check", ACME, "--requests", "-", *AT, given=text) == tables
    fault = text + json.dumps({**QUESTION, "principal": "usr_dan"})
    for size in (1, 100, 10_000):
        monkeypatch.setattr(documents, "PART_BYTES", size)
        told = run("check", ACME, "--requests", "-", *AT, "--json", given=fault)
        assert (told.code, told.out, told.error["path"]) == (2, "", f"/{len(rows)}/principal")


def test_a_list_may_be_empty(run: Run) -> None:
    told = run("check", ACME, "--requests", "-", "--json", given="[]")
    assert (told.code, told.out) == (0, "[]\n")


def test_a_table_of_parts_is_cut_and_counts_all(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "PART_BYTES", 3_000)
    told = run("check", ACME, "--requests", "-", *AT, given=(json.dumps(QUESTION) + "\n") * (SHOWN_ROWS + 5))
    assert (told.code, told.out.count("user:usr_dan")) == (0, SHOWN_ROWS)
    assert "and 5 more rows" in told.out and "1,005 of 1,005 requests allowed" in told.out


def test_a_fault_of_a_change_is_located_whether_it_is_the_only_one(run: Run) -> None:
    wrong = json.dumps({**CHANGE, "user": 1})
    good = json.dumps(CHANGE)
    for text, path in ((wrong, "/user"), (f"[{wrong}]", "/user"), (f"{good}\n{wrong}\n", "/1/user"), (f"{wrong}\n{good}", "/0/user")):
        for beside in (("--preview",), ("-o", "-")):
            told = run("apply", ACME, "-", *beside, *AT, "--json", given=text)
            assert (told.code, told.out, told.error["path"]) == (2, "", path)


def test_json_without_its_strings() -> None:
    random.seed(7)
    texts = (bytes(random.choice(b'"\\[],a\n') for _ in range(length % 40)) for length in range(4_000))
    for text in chain(texts, [b'"a\\""[,' * 10_000, b'"' * 9_999, b"\\" * 9_999]):
        assert without_strings(text) == STRING.sub(b"", text)


def test_quotes_play_no_part_in_a_long_line(run: Run, tmp_path: Path) -> None:
    for form, is_quote in (("jsonl", False), ("csv", True)):
        usage = tmp_path / f"usage.{form}"
        usage.write_bytes(b"principal,kind\n" * is_quote + b"x" * (RECORD_BYTES + 1))
        told = run("attribute", ACME, usage, "--json")
        assert (told.code, told.error["code"], "longer than 16 MiB" in told.err, "never closed" in told.err) == (
            3,
            "unreadable",
            True,
            is_quote,
        )
