"""Writes the notices of linked libraries: their licences, for each package, and the wheel's bill of materials.

Without `--check` the files are written; with it they are compared, and a difference fails. They follow from Cargo.lock and from the
sources that cargo has fetched, and from nothing of this machine.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]

# If a library offers a choice, the first of these is chosen.
PREFERRED = ("MIT", "Apache-2.0", "BSD-3-Clause", "Zlib", "Unicode-3.0")
# The name of the file with a licence's text, if a library has several.
FILES = {"MIT": r"MIT", "Apache-2.0": r"APACHE", "BSD-3-Clause": r"BSD", "Zlib": r"ZLIB", "Unicode-3.0": r"UNICODE"}

INTRODUCTION = """\
Bailiwick is licensed under MIT OR Apache-2.0 (see LICENSE-MIT and LICENSE-APACHE). This package has the libraries below linked
into it, and the standard library of Rust (https://github.com/rust-lang/rust), which is copyright (c) The Rust Project Contributors
and licensed under MIT OR Apache-2.0. Where a library offers several licences, the one that is named here was chosen. Each text
stands once, behind the libraries that bring it.
"""


class Package(NamedTuple):
    """The libraries that are linked into one package, and the files that list them."""

    crate: str
    target: str
    notices: Path
    bill: Path | None


PACKAGES = (
    # One list for the wheels of all systems.
    Package(
        "bailiwick-python",
        "all",
        ROOT / "bindings-python/THIRD-PARTY-LICENSES",
        ROOT / "bindings-python/bailiwick.cyclonedx.json",
    ),
    Package("bailiwick-wasm", "wasm32-unknown-unknown", ROOT / "bindings-wasm/package/THIRD-PARTY-LICENSES", None),
)


class Library(NamedTuple):
    """A library that is linked in."""

    name: str
    version: str
    licence: str
    folder: Path
    checksum: str


def cargo(*arguments: str) -> str:
    return subprocess.run(["cargo", *arguments, "--locked"], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def libraries(package: Package) -> list[Library]:
    """The libraries of a package, without the project's own and without build dependencies."""
    tree = cargo("tree", "-p", package.crate, "-e", "normal,no-proc-macro", "--target", package.target, "--prefix", "none", "-f", "{p}")
    linked = {tuple(line.split()[:2]) for line in tree.splitlines() if line}
    checksums = {
        (name, version): checksum
        for name, version, checksum in re.findall(
            r'name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "(.+)"', (ROOT / "Cargo.lock").read_text()
        )
    }
    found = []
    for crate in json.loads(cargo("metadata", "--format-version", "1"))["packages"]:
        name, version = crate["name"], crate["version"]
        if (name, f"v{version}") in linked and crate["source"] is not None:
            found.append(Library(name, version, crate["license"], Path(crate["manifest_path"]).parent, checksums[name, version]))
    return sorted(found)


def chosen(licence: str) -> list[str]:
    """The licences that apply by an expression, for example `(MIT OR Apache-2.0) AND Unicode-3.0`."""
    licences = []
    for part in licence.replace("/", " OR ").split(" AND "):
        choices = part.strip("() ").split(" OR ")
        best = [one for one in PREFERRED if one in choices]
        if not best:
            raise SystemExit(f"no licence that is known here: {licence}")
        licences.append(best[0])
    return licences


def texts(library: Library) -> list[str]:
    """The texts that must be distributed with a library: those of its licences, and its notice."""
    files = sorted(
        path for path in library.folder.iterdir() if path.is_file() and re.match(r"(LICEN[CS]E|COPYING|NOTICE)", path.name, re.I)
    )
    wanted = []
    for licence in chosen(library.licence):
        named = [path for path in files if re.search(FILES[licence], path.name, re.I)]
        # A single licence is in a file without its name.
        wanted += named or [path for path in files if not any(re.search(other, path.name, re.I) for other in FILES.values())]
    wanted += [path for path in files if path.name.upper().startswith("NOTICE")]
    return [re.sub(r"[ \t]+$", "", path.read_text(), flags=re.M).strip("\n") for path in dict.fromkeys(wanted)]


def notices(found: list[Library]) -> str:
    """The file of licences of a package."""
    users: defaultdict[str, list[str]] = defaultdict(list)
    without = []
    for library in found:
        said = f"{library.name} {library.version} ({' AND '.join(chosen(library.licence))})"
        of_library = texts(library)
        if not of_library:
            if chosen(library.licence) != ["MIT"]:
                raise SystemExit(f"{library.name} brings no text of its licence")
            without.append(said)
        for text in of_library:
            users[text].append(said)
    rule = "-" * 80
    sections = [INTRODUCTION]
    if without:
        applies = "These bring no text of it; that in LICENSE-MIT applies, with their authors in the place of ours."
        sections.append(f"{rule}\n\n" + "\n".join(without) + f"\n\n{applies}\n")
    for text, libraries_of_text in users.items():
        sections.append(f"{rule}\n\n" + "\n".join(libraries_of_text) + f"\n\n{text}\n")
    return "\n".join(sections)


def bill(package: Package, found: list[Library]) -> str:
    """The CycloneDX bill of materials of a package."""
    version = re.search(r'^version = "(.+)"', (ROOT / "Cargo.toml").read_text(), re.M)
    assert version is not None
    own: dict[str, Any] = {"type": "library", "name": "bailiwick", "version": version[1], "licenses": [{"expression": "MIT OR Apache-2.0"}]}
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:cargo/{library.name}@{library.version}",
            "name": library.name,
            "version": library.version,
            "purl": f"pkg:cargo/{library.name}@{library.version}",
            "hashes": [{"alg": "SHA-256", "content": library.checksum}],
            "licenses": [{"expression": library.licence.replace("/", " OR ")}],
        }
        for library in found
    ]
    document = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": {"component": own}, "components": components}
    return json.dumps(document, indent=1) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = []
    for package in PACKAGES:
        found = libraries(package)
        written = {package.notices: notices(found)}
        if package.bill is not None:
            written[package.bill] = bill(package, found)
        for path, text in written.items():
            if check and (not path.exists() or path.read_text() != text):
                stale.append(str(path.relative_to(ROOT)))
            elif not check:
                path.write_text(text)
        print(f"{package.crate}: {len(found)} libraries are linked in")
    if stale:
        sys.exit(f"not what is linked in: {', '.join(stale)}; run tests/packaging/notices.py")


if __name__ == "__main__":
    main()
