"""What a package adds to an environment."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path


def installed(name: str, seen: set[str] | None = None) -> int:
    """The bytes of its files, and of those of all that it requires."""
    seen = set() if seen is None else seen
    if name in seen:
        return 0
    seen.add(name)
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return 0
    files = [file for file in found.files or [] if file.suffix != ".pyc"]
    required = [re.split(r"[^\w.-]", one)[0] for one in found.requires or [] if "extra ==" not in one]
    return sum(Path(file.locate()).stat().st_size for file in files) + sum(installed(one, seen) for one in required)
