"""The examples of the guides print what the pages show below them: one after the other."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from bailiwick.types import ChangeType

ROOT = Path(__file__).parents[2]


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", (ROOT / page).read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", ["docs/life.md", "docs/insight.md", "docs/timeline.md"])
def test_the_examples_print_what_the_page_shows(page: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert len(blocks(page, "python")) == len(blocks(page, "text")) > 5
    exec(compile("\n".join(blocks(page, "python")), page, "exec"), {})
    assert capsys.readouterr().out == "".join(blocks(page, "text"))


def test_there_are_twenty_one_events_each_with_a_change_that_exists() -> None:
    rows = re.findall(r"^\| (?!Event|---)(.*?) \| (.*?) \|", (ROOT / "docs/life.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) == 21
    for event, change in rows:
        assert set(re.findall(r"`([a-z]+_[a-z_]+|suspend|resume)`", change)) & set(get_args(ChangeType)), event


def test_the_bill_of_a_month_is_the_one_that_its_page_shows(tmp_path: Path) -> None:
    printed = ""
    for script in ("make_month.py", "bill.py"):
        command = [sys.executable, str(ROOT / "examples/billing" / script), str(tmp_path)]
        printed += subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    assert printed.strip() == blocks("examples/billing/README.md", "text")[0].strip()
