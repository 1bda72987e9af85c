"""The examples of docs/life.md print what the page shows below them: one after the other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from bailiwick.types import ChangeType

PAGE = (Path(__file__).parents[2] / "docs/life.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_the_examples_print_what_the_page_shows(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(blocks("python")) == len(blocks("text")) > 5
    exec(compile("\n".join(blocks("python")), "docs/life.md", "exec"), {})
    assert capsys.readouterr().out == "".join(blocks("text"))


def test_there_are_twenty_one_events_each_with_a_change_that_exists() -> None:
    rows = re.findall(r"^\| (?!Event|---)(.*?) \| (.*?) \|", PAGE, re.MULTILINE)
    assert len(rows) == 21
    for event, change in rows:
        assert set(re.findall(r"`([a-z]+_[a-z_]+|suspend|resume)`", change)) & set(get_args(ChangeType)), event
