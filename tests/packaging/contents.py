"""Checks the contents of the packages in dist/.

Notices of linked libraries, a bill of materials, the changelog, one version and address, a page with absolute links, and no
paths of the build machine.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tarfile
import zipfile
from email import message_from_bytes
from pathlib import Path

from page import repository

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


def described(found: dict[str, bytes]) -> tuple[str, str, set[str]]:
    """The version of a package, the page that its registry shows, and its addresses."""
    for name, contents in found.items():
        if name == "package/package.json":
            manifest = json.loads(contents)
            addresses = manifest["homepage"], manifest["repository"]["url"].removeprefix("git+"), manifest["bugs"]["url"]
            return manifest["version"], found["package/README.md"].decode(), set(addresses)
        if re.fullmatch(r"[^/]+(/PKG-INFO|\.dist-info/METADATA)", name):
            metadata = message_from_bytes(contents)
            urls = metadata.get_all("Project-URL", [])
            return metadata["Version"], contents.decode().partition("\n\n")[2], {url.split(", ")[1] for url in urls}
    raise SystemExit("a package says nothing of itself")


def faults(archive: Path, notices: Path) -> list[str]:
    found = members(archive)
    kept = [contents for name, contents in found.items() if name.endswith(f"/{NOTICES}")]
    wrong = [] if kept == [notices.read_bytes()] else [f"does not hold {notices.relative_to(ROOT)}"]
    for licence in ("LICENSE-MIT", "LICENSE-APACHE"):
        if not any(name.endswith(f"/{licence}") for name in found):
            wrong.append(f"has no {licence}")
    changelog = (ROOT / "CHANGELOG.md").read_bytes()
    if not any(name.endswith("/CHANGELOG.md") and contents == changelog for name, contents in found.items()):
        wrong.append("does not hold the changelog")
    own, page, addresses = described(found)
    address, version = repository()
    if own != version:
        wrong.append(f"is of version {own}, not {version}")
    if not addresses or not all(one.startswith(address) for one in addresses):
        wrong.append(f"has addresses that are not under {address}: {sorted(addresses)}")
    wrong += [f"has a page with a relative link: {link}" for link in re.findall(r"\]\(((?!https?:|#)[^)\s]*)", page)]
    wrong += [] if "](https://" in page else ["has no page"]
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
    print(
        "packages: all hold notices, changelog and a page with absolute links, the wheel its bill of materials, none a path of this machine"
    )


if __name__ == "__main__":
    main()
