"""A program in a process of its own, which may take only so long and so much memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
TRIES = 3
"""A runtime that stops by a fault of its own is started again."""


class Limits(NamedTuple):
    """What a process may take."""

    seconds: float = 900
    kilobytes: int = 12_000_000


class ExceededError(Exception):
    """It took more, and was ended."""


class Ended(NamedTuple):
    """It came to its end."""

    answer: Any
    """The JSON that it printed, if any."""
    cpu_ms: float
    """Processor time, from its very start."""


def run(command: list[str], limits: Limits = Limits()) -> Ended:  # noqa: B008 (it cannot change)
    """Run it to its end."""
    for attempt in range(TRIES):
        before = cpu()
        with tempfile.TemporaryFile("w+") as output:
            process = subprocess.Popen(command, cwd=ROOT, stdout=output, env=os.environ | {"PYTHONPATH": "bench"})
            watch(process, limits)
            output.seek(0)
            text = output.read()
        if process.returncode == 0:
            return Ended(json.loads(text) if text else None, (cpu() - before) * 1e3)
        if process.returncode > 0 or attempt + 1 == TRIES:
            break
        print(f"{command[0]} ended by signal {-process.returncode}; once more")
    raise SystemExit(f"{' '.join(command)} failed")


def watch(process: subprocess.Popen[bytes], limits: Limits) -> None:
    """Wait for its end, or end it."""
    clock = time.monotonic()
    while process.poll() is None:
        time.sleep(0.02)
        exceeded = None
        if time.monotonic() - clock > limits.seconds:
            exceeded = f"more than {limits.seconds:.0f} s"
        elif resident(process.pid) > limits.kilobytes:
            exceeded = f"more than {limits.kilobytes / 1e6:.0f} GB"
        if exceeded:
            process.kill()
            process.wait()
            raise ExceededError(exceeded)


def cpu() -> float:
    """Processor time of all processes that were started from here and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def resident(pid: int) -> int:
    """Its resident memory in kilobytes, where the operating system tells."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")), 0)
