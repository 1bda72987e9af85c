"""The interpreters that can run a wheel of another system on this machine.

For the architecture and C library of this machine: its own Python. For another architecture with glibc: Debian's Python of it, unpacked by
`mmdebstrap` (nothing is installed, no root is needed), under QEMU. For musl: the command that `MUSL_PYTHON_x86_64` or
`MUSL_PYTHON_aarch64` names, such as one in a container. It sees this folder under its own name.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
DEBIAN = "bookworm"
DEBIAN_ARCHITECTURES = {"aarch64": "arm64", "x86_64": "amd64"}


class Host(NamedTuple):
    """An interpreter: how it is called, what pip is told of it, or why it is missing."""

    name: str
    python: list[str]
    platform: str = ""
    missing: str = ""

    def install(self, wheel: Path, site: Path) -> None:
        """Installs a wheel into a folder. pip refuses one whose tags do not fit."""
        foreign = ("--only-binary=:all:", "--implementation=cp", "--abi=abi3", "--python-version=3.11", f"--platform={self.platform}")
        shutil.rmtree(site, ignore_errors=True)
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-index", "--no-deps"]
        subprocess.run([*command, *(foreign if self.platform else ()), f"--target={site}", str(wheel)], check=True)


def own() -> Host:
    """The Python that runs this, without the packages beside it: `bailiwick` may be installed there as well."""
    return Host(f"this machine ({' '.join(part for part in (platform.system(), *platform.libc_ver()) if part)})", [sys.executable, "-S"])


def emulated(architecture: str) -> Host:
    """Debian's Python of another architecture, under QEMU."""
    name = f"Debian {DEBIAN_ARCHITECTURES[architecture]} under QEMU"
    qemu, root = f"qemu-{architecture}-static", ROOT / f"target/roots/{DEBIAN}-{architecture}"
    for program, package in ((qemu, "qemu-user-static"), ("mmdebstrap", "mmdebstrap")):
        if shutil.which(program) is None:
            return Host(name, [], missing=f"{program} is missing (Debian: {package})")
    if not (root / "usr/bin/python3").exists():
        shutil.rmtree(root, ignore_errors=True)
        root.parent.mkdir(parents=True, exist_ok=True)
        command = [
            "mmdebstrap",
            "--quiet",
            "--variant=extract",
            f"--arch={DEBIAN_ARCHITECTURES[architecture]}",
            "--include=python3",
            DEBIAN,
            str(root),
        ]
        if (made := subprocess.run(command, capture_output=True, text=True)).returncode:
            return Host(name, [], missing=f"mmdebstrap failed: {made.stderr.strip().splitlines()[-1:]}")
    return Host(name, [qemu, "-L", str(root), str(root / "usr/bin/python3")], f"manylinux2014_{architecture}")


def musl(architecture: str) -> Host:
    name, variable = f"musl, {architecture}", f"MUSL_PYTHON_{architecture}"
    python = os.environ.get(variable, "").split()
    return Host(name, python, f"musllinux_1_2_{architecture}", "" if python else f"{variable} names no interpreter")


def hosts(target: str) -> list[Host]:
    """Where a target's wheel can run, or could if something were not missing."""
    architecture, _, system = target.split("-", 2)
    machine = {"AMD64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    systems = {"Linux": "linux-musl" if "musl" in platform.libc_ver()[0] else "linux-gnu", "Windows": "windows-gnu", "Darwin": "darwin"}
    if architecture == machine and system == systems.get(platform.system()):
        return [own()]
    if platform.system() != "Linux":
        return []
    if system == "linux-gnu":
        return [emulated(architecture)]
    return [musl(architecture)] if system == "linux-musl" else []
