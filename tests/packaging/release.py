"""Says what is missing before a version can be released: `release.py [TAG]`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from page import repository

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = ("pyproject.toml", "docs/package-page.md")


def main() -> None:
    address, version = repository()
    missing = []
    if sys.argv[1:] not in ([], [f"v{version}"]):
        missing.append(f"the tag is {sys.argv[1]}, and Cargo.toml has version {version}: the tag has to be v{version}")
    if "//example." in address:
        missing.append(f"Cargo.toml has the placeholder {address} as `repository`")
    for name in ELSEWHERE:
        if "//example.com/bailiwick" in (ROOT / name).read_text("utf-8") or address not in (ROOT / name).read_text("utf-8"):
            missing.append(f"{name} has another address than Cargo.toml, or the placeholder")
    if not re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M):
        missing.append(f"CHANGELOG.md has no section for {version} with a date")
    if missing:
        sys.exit("\n".join(missing))
    print(f"release: version {version} is ready")


if __name__ == "__main__":
    main()
