"""How much memory something takes at its peak, by the operating system's account."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

STATUS = Path("/proc/self/status")
FORGET = Path("/proc/self/clear_refs")


def status(field: str) -> int:
    """A field of the process's status, in bytes."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(f"{field}:"))
    return int(line.split()[1]) * 1024


def with_peak(run: Callable[[], Result]) -> tuple[Result, int | None]:
    """What it gives, and how many bytes more than before were resident at the peak; None where the system does not tell."""
    try:
        FORGET.write_text("5")  # the peak begins anew
        before = status("VmRSS")
    except OSError:
        return run(), None
    result = run()
    return result, status("VmHWM") - before
