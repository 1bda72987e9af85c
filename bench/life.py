"""What it costs to load a large directory in Python, beside the marks: the same loads as bench/life/main.rs.

Times are the processor's; the best is told beside the median, since noise only ever adds. Memory is measured in a process of its own for
each kind of load, so that nothing that was freed before hides what it takes.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bailiwick import Bailiwick, public_key_of
from tables.memory import status, with_peak

LOADS = 9
SIGNING_KEY = bytes([7] * 32)
FOLDER = Path(os.environ.get("BENCH_DATA", Path(__file__).resolve().parent.parent / "target/bench/large"))
MARKS = {"json": 3_000.0, "snapshot": 100.0}
"""How many milliseconds each load may take."""


def loader(kind: str) -> Callable[[], Bailiwick]:
    """A load of one kind, with its input at hand."""
    if kind == "json":
        text = (FOLDER / "directory.json").read_bytes()
        return lambda: Bailiwick.from_directory(text)
    snapshot, public_key = (FOLDER / "directory.snapshot").read_bytes(), public_key_of(SIGNING_KEY)
    return lambda: Bailiwick.from_snapshot(snapshot, public_key=public_key)


def milliseconds(load: Callable[[], Bailiwick]) -> float:
    """How long the processor works on it. Giving the memory back is not timed."""
    begin = time.process_time()
    guard = load()
    took = time.process_time() - begin
    del guard
    return took * 1e3


def tell_memory(kind: str) -> None:
    """What is resident afterwards and was at the peak, beside the input; for whoever started this process."""
    load = loader(kind)
    before = status("VmRSS")
    guard, peak = with_peak(load)
    print(f"{(status('VmRSS') - before) / 1e6:.1f} MB resident, {(peak or 0) / 1e6:.1f} MB at the peak")
    del guard


def main() -> None:
    """Both loads, JSON first: it makes the snapshot."""
    if sys.argv[1:]:
        tell_memory(sys.argv[1])
        return
    (FOLDER / "directory.snapshot").write_bytes(loader("json")().to_snapshot(SIGNING_KEY))
    for kind, most in MARKS.items():
        load = loader(kind)
        times = [milliseconds(load) for _ in range(LOADS)]
        median = statistics.median(times)
        memory = subprocess.run([sys.executable, __file__, kind], check=True, text=True, stdout=subprocess.PIPE).stdout.strip()
        verdict = "holds" if median <= most else "DOES NOT HOLD"
        print(f"life   python  {kind:8} {median:7.1f} ms (best {min(times):.1f})  at most {most:5.0f} {verdict}; {memory}")


if __name__ == "__main__":
    main()
