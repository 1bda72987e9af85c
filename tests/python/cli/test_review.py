"""`review` and `findings`: what is in them, the shared suite says; here is how they are written."""

from __future__ import annotations

import csv
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow.ipc
import pyarrow.parquet
import pytest
from bailiwick import Bailiwick

from .conftest import AT, Run

INSTANT = AT[1]


def rows_of(acme: Path) -> list[dict[str, Any]]:
    return [row.to_dict() for row in Bailiwick.from_directory(acme.read_bytes()).review(at=INSTANT)]


def test_a_review_as_json_and_as_a_table(run: Run, acme: Path) -> None:
    assert run("review", acme, *AT, "--json").json == rows_of(acme)
    shown = run("review", acme, *AT).out
    assert "user:usr_zoe" in shown and shown.rstrip().endswith("45 rows")
    effective = run("review", acme, *AT, "--effective", "--json").json
    assert effective == [row for row in rows_of(acme) if row["effective"]]
    part = run("review", acme, *AT, "--organization", "org_partner", "--json").json
    assert part == [row for row in rows_of(acme) if row["organization"] == "org_partner"]
    ended = run("review", acme, *AT, "--organization", "none", "--json")
    assert (ended.code, ended.error["code"], ended.error["path"]) == (2, "not_found", "/organization")


def test_a_review_in_files(run: Run, acme: Path, tmp_path: Path) -> None:
    wanted = rows_of(acme)
    for name in ("review.csv", "review.parquet", "review.arrow", "review.jsonl"):
        ended = run("review", acme, *AT, "-o", tmp_path / name, "--json")
        assert (ended.code, ended.json["rows"], ended.json["at"]) == (0, len(wanted), INSTANT)
    parquet, arrow = pyarrow.parquet.read_table(tmp_path / "review.parquet"), pyarrow.ipc.open_file(tmp_path / "review.arrow").read_all()
    for table in (parquet, arrow):
        assert [row["principal"] for row in table.to_pylist()] == [row["principal"] for row in wanted]
        assert table.column("effective").to_pylist() == [row["effective"] for row in wanted]
    lines = [json.loads(line) for line in (tmp_path / "review.jsonl").read_text("utf-8").splitlines()]
    assert lines == [
        {**row, **{name: row[name] and row[name].replace("Z", "+00:00").replace("+00:00", "Z") for name in ("added_at", "expires_at")}}
        for row in wanted
    ]
    with (tmp_path / "review.csv").open(newline="") as file:
        assert [row["source"] for row in csv.DictReader(file)] == [row["source"] for row in wanted]


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


def test_a_review_as_a_page(run: Run, acme: Path, tmp_path: Path) -> None:
    page = tmp_path / "review.html"
    assert run("review", acme, *AT, "-o", page).code == 0
    found = Page(page.read_text("utf-8"))
    guard = Bailiwick.from_directory(acme.read_bytes())
    assert {INSTANT, guard.policy, f"revision {guard.revision}, state {guard.state}"} <= set(found.texts)
    assert found.tags.count("tr") == len(rows_of(acme)) + found.tags.count("table")
    assert {"script", "img", "link"}.isdisjoint(found.tags)
    again = tmp_path / "again.html"
    run("review", acme, *AT, "-o", again)
    assert again.read_bytes() == page.read_bytes()


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a&b", '"><b>', "\u202e\x1b[31m"])
def test_names_are_no_markup_on_a_page(run: Run, acme: Path, tmp_path: Path, name: str) -> None:
    document: Any = json.loads(acme.read_bytes())
    document["organizations"][0]["members"].append({"user": name, "role": "member"})
    acme.write_text(json.dumps(document))
    page = tmp_path / "review.html"
    ended = run("review", acme, *AT, "-o", page)
    if ended.code == 0:
        found = Page(page.read_text("utf-8"))
        assert {"script", "b"}.isdisjoint(found.tags)
        assert "\x1b" not in page.read_text("utf-8") and "\u202e" not in page.read_text("utf-8")


def test_arguments_of_a_review_that_do_not_fit(run: Run, acme: Path, tmp_path: Path) -> None:
    assert run("review", acme, "-o", tmp_path / "review.txt").code == 2
    assert run("review", acme, "--output-format", "csv").code == 2
    assert run("review", acme, "--effective", "-o", tmp_path / "review.csv").code == 2
    assert not list(tmp_path.glob("review*"))


def test_findings_end_with_1(run: Run, acme: Path) -> None:
    found = [finding.to_dict() for finding in Bailiwick.from_directory(acme.read_bytes()).findings(at=INSTANT)]
    ended = run("findings", acme, *AT, "--json")
    assert (ended.code, ended.json) == (1, found)
    shown = run("findings", acme, *AT)
    assert shown.code == 1 and shown.out.endswith("✗ 6 findings\n")
    # What matters most comes first.
    severities = [line.split()[0] for line in shown.out.splitlines() if line.split()[:1] and line.split()[0] in {"high", "medium", "low"}]
    assert severities == sorted(severities, key=["high", "medium", "low"].index) and len(severities) == 6
    assert run("findings", acme, *AT, "--severity", "high").code == 0
    assert {one["severity"] for one in run("findings", acme, *AT, "--severity", "medium", "--json").json} == {"medium"}


def test_the_fixes_of_findings_can_be_applied(run: Run, acme: Path, tmp_path: Path) -> None:
    fixes = run("findings", acme, *AT, "--lines")
    assert fixes.code == 1
    changes = tmp_path / "fixes.jsonl"
    changes.write_text(fixes.out)
    mended = tmp_path / "mended.json"
    assert run("apply", acme, changes, *AT, "-o", mended).code == 0
    # Nobody can be found to stand in for the only administrator.
    assert [one["finding"] for one in run("findings", mended, *AT, "--json").json] == ["organization_with_one_admin"]
    assert run("findings", acme, "--lines", "--json").code == 2
