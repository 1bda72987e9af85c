"""Checks the contents of the packages in dist/: notices of linked libraries, a bill of materials, and no paths of the build machine."""

from __future__ import annotations

import json
import os
import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"
NOTICES = "THIRD-PARTY-LICENSES"
# Crates that forbid unsafe code.
SAFE_CRATES = ("core/src/lib.rs", "bindings-wasm/src/lib.rs", "bindings-wasm/build/src/main.rs")


def members(archive: Path) -> dict[str, bytes]:
    """The files of a package, by their names."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return {name: wheel.read(name) for name in wheel.namelist()}
    with tarfile.open(archive) as tarball:
        files = [(entry.name, tarball.extractfile(entry)) for entry in tarball.getmembers() if entry.isfile()]
        return {name: file.read() for name, file in files if file is not None}


def local_paths() -> set[bytes]:
    """Paths of this machine that must not be published."""
    home = Path.home()
    folders = {home, ROOT, ROOT.parent, *(Path(os.environ[name]) for name in ("CARGO_HOME", "RUSTUP_HOME") if name in os.environ)}
    return {f"{folder}/".encode() for folder in folders if folder != Path("/")}


def faults(archive: Path, notices: Path) -> list[str]:
    found = members(archive)
    kept = [contents for name, contents in found.items() if name.endswith(f"/{NOTICES}")]
    wrong = [] if kept == [notices.read_bytes()] else [f"does not hold {notices.relative_to(ROOT)}"]
    for licence in ("LICENSE-MIT", "LICENSE-APACHE"):
        if not any(name.endswith(f"/{licence}") for name in found):
            wrong.append(f"has no {licence}")
    for name, contents in found.items():
        wrong += [f"names {path.decode()} in {name}" for path in local_paths() if path in contents]
    if archive.suffix == ".whl":
        bills = [contents for name, contents in found.items() if "/sboms/" in name]
        if len(bills) != 1 or not json.loads(bills[0])["components"]:
            wrong.append("has not one bill of materials")
    return [f"{archive.name} {what}" for what in wrong]


def main() -> None:
    wrong = [
        f"{name} does not forbid unsafe code" for name in SAFE_CRATES if "\n#![forbid(unsafe_code)]\n" not in (ROOT / name).read_text()
    ]
    for pattern, notices in (("*.whl", "bindings-python"), ("*.tar.gz", "bindings-python"), ("*.tgz", "bindings-wasm/package")):
        archives = sorted(DIST.glob(pattern))
        if len(archives) != 1:
            wrong.append(f"there is not one {pattern} in dist/")
        for archive in archives:
            wrong += faults(archive, ROOT / notices / NOTICES)
    if wrong:
        sys.exit("\n".join(wrong))
    print("packages: all hold their notices, the wheel its bill of materials, and none a path of this machine")


if __name__ == "__main__":
    main()
