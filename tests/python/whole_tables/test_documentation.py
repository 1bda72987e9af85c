"""The Python of the README, of docs/attribution.md, of docs/loading.md and of docs/python.md, run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(("page", "count"), [("README.md", 2), ("docs/attribution.md", 8), ("docs/loading.md", 4), ("docs/python.md", 4)])
def test_the_examples_of_a_page_run(page: str, count: int) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", (ROOT / page).read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) == count
    exec(compile("\n".join(blocks), page, "exec"), {})
