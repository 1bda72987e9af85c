"""The programs of the three languages, and where the data lies."""

from __future__ import annotations

import sys

from peers.child import ROOT


def rust() -> str:
    """Where cargo has put the program."""
    return str(ROOT / "target/peers/release/bailiwick-bench")


LANGUAGES = {
    # How the program of each is started.
    "rust": [rust()],
    # All engines together need more than it takes by itself.
    "node": ["node", "--max-old-space-size=8192", "--expose-gc", "bench/node/run.mjs"],
    "python": [sys.executable, "-m", "python.run"],
}
SIZES = {"small": "target/bench/small", "middle": "target/bench", "large": "target/bench/large"}
