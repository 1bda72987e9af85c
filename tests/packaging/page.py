"""Writes the page that npm and PyPI show: the README, with links that lead to the repository.

`Cargo.toml` has the address and the version. Links lead to the version's tag, so that a page shows what its package holds.
Without `--check` the file is written; with it it is compared, and a difference fails.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/package-page.md"
NOTE = "\n<!-- Written by tests/packaging/page.py from README.md. -->\n"


def repository() -> tuple[str, str]:
    """The address of the repository, and the version."""
    package = tomllib.loads((ROOT / "Cargo.toml").read_text("utf-8"))["workspace"]["package"]
    return package["repository"], package["version"]


def with_absolute_links(text: str) -> str:
    """A page at the root of the repository, for readers elsewhere. Pictures need the file itself, links its page."""
    address, version = repository()

    def absolute(link: re.Match[str]) -> str:
        picture, label, target = link.groups()
        path = target.partition("#")[0]
        if not (ROOT / path).exists():
            raise SystemExit(f"README.md links to {path}, which does not exist")
        kind = "raw" if picture else "tree" if (ROOT / path).is_dir() else "blob"
        return f"{picture}[{label}]({address}/{kind}/v{version}/{target})"

    return re.sub(r"(!?)\[([^\]]*)\]\((?!https?:|#|mailto:)([^)\s]+)\)", absolute, text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    page = with_absolute_links((ROOT / "README.md").read_text("utf-8")) + NOTE
    if not parser.parse_args().check:
        PAGE.write_text(page, "utf-8")
    elif not PAGE.exists() or PAGE.read_text("utf-8") != page:
        sys.exit(f"{PAGE.relative_to(ROOT)} is not what README.md says; run tests/packaging/page.py")


if __name__ == "__main__":
    main()
