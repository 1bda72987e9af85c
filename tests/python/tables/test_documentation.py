"""The Python of docs/attribution.md, run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[3] / "docs"


def test_the_examples_of_the_page_run() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", (DOCS / "attribution.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) == 5
    exec(compile("\n".join(blocks), "docs/attribution.md", "exec"), {})
