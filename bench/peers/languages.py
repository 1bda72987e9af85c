"""The programs of the three languages, and where the data lies."""

from __future__ import annotations

import sys
from typing import NamedTuple

from peers.child import ROOT


class Language(NamedTuple):
    """How its program is started."""

    command: list[str]
    nothing: list[str]
    """A process of it that does nothing."""


def rust() -> str:
    """Where cargo has put the program."""
    return str(ROOT / "target/peers/release/bailiwick-bench")


LANGUAGES = {
    "rust": Language([rust()], [rust(), "--list"]),
    # All engines together need more than it takes by itself.
    "node": Language(["node", "--max-old-space-size=8192", "--expose-gc", "bench/node/run.mjs"], ["node", "-e", ""]),
    "python": Language([sys.executable, "-m", "python.run"], [sys.executable, "-c", ""]),
}
SIZES = {"small": "target/bench/small", "middle": "target/bench", "large": "target/bench/large"}
