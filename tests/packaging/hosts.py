"""The interpreters that can run a wheel of another system on this machine.

For the architecture and C library of this machine: its own Python. For another architecture with glibc: Debian's Python of that architecture,
unpacked by `mmdebstrap` (nothing is installed, no root is needed), under QEMU. For musl: the interpreter that `MUSL_PYTHON` names.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
DEBIAN = "bookworm"
DEBIAN_ARCHITECTURES = {"aarch64": "arm64", "x86_64": "amd64"}


class Host(NamedTuple):
    """An interpreter: how it is called, how a wheel gets into a folder for it, or why it is missing."""

    name: str
    python: list[str]
    install: Callable[[Path, Path], None]
    environment: dict[str, str]
    missing: str = ""


def pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments], check=True, stdout=subprocess.DEVNULL)


def unpack_for(platform_tag: str) -> Callable[[Path, Path], None]:
    """Installs a wheel for another system; pip refuses one whose tags do not fit."""

    def install(wheel: Path, site: Path) -> None:
        shutil.rmtree(site, ignore_errors=True)
        pip("install", "--quiet", "--no-index", "--no-deps", "--only-binary=:all:", "--python-version=3.11", "--implementation=cp", "--abi=abi3",
            f"--platform={platform_tag}", f"--target={site}", str(wheel))  # fmt: skip

    return install


def own() -> Host:
    """The Python that runs this, with nothing but the wheel."""

    def install(wheel: Path, site: Path) -> None:
        shutil.rmtree(site, ignore_errors=True)
        pip("install", "--quiet", "--no-index", "--no-deps", f"--target={site}", str(wheel))

    system = " ".join(part for part in (platform.system(), *platform.libc_ver()) if part)
    # Without the packages beside this Python: `bailiwick` is installed there as well.
    return Host(f"this machine ({system})", [sys.executable, "-S"], install, {})


def missing(name: str, why: str) -> Host:
    return Host(name, [], lambda wheel, site: None, {}, why)


def emulated(architecture: str) -> Host:
    """Debian's Python of another architecture, under QEMU."""
    name = f"Debian {DEBIAN_ARCHITECTURES[architecture]} under QEMU"
    qemu, root = f"qemu-{architecture}-static", ROOT / f"target/roots/{DEBIAN}-{architecture}"
    for program, package in ((qemu, "qemu-user-static"), ("mmdebstrap", "mmdebstrap")):
        if shutil.which(program) is None:
            return missing(name, f"{program} is missing (Debian: {package})")
    if not (root / "usr/bin/python3").exists():
        shutil.rmtree(root, ignore_errors=True)
        root.parent.mkdir(parents=True, exist_ok=True)
        command = ["mmdebstrap", "--quiet", "--variant=extract", f"--arch={DEBIAN_ARCHITECTURES[architecture]}", "--include=python3", DEBIAN, str(root)]
        if (made := subprocess.run(command, capture_output=True, text=True)).returncode:
            return missing(name, f"mmdebstrap failed: {made.stderr.strip().splitlines()[-1:]}")
    return Host(name, [qemu, "-L", str(root), str(root / "usr/bin/python3")], unpack_for(f"manylinux2014_{architecture}"), {})


def musl(architecture: str) -> Host:
    python = os.environ.get(f"MUSL_PYTHON_{architecture}", "").split()
    if not python:
        return missing(f"musl, {architecture}", f"MUSL_PYTHON_{architecture} names no interpreter (`tests/packaging/musl_python.sh {architecture}` builds one)")
    return Host(f"musl, {architecture}", python, unpack_for(f"musllinux_1_2_{architecture}"), {})


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
