"""Checks the wheels of `make wheels`: tags, symbols, what they link, contents; then installs and runs those that this machine can run.

A wheel that could not be run is reported as not run; with `RUN_ALL` that is a failure.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from contents import DIST, NOTICES, ROOT, faults, members
from hosts import Host, hosts
from linked import libraries, required_symbols
from packaging.utils import parse_wheel_filename

WHEELS = DIST / "wheels"
SUITE = ROOT / "tests/run_python.py"
EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)

# The platform tags of each target's wheel.
TAGS = {
    "x86_64-unknown-linux-gnu": {"manylinux_2_17_x86_64", "manylinux2014_x86_64"},
    "aarch64-unknown-linux-gnu": {"manylinux_2_17_aarch64", "manylinux2014_aarch64"},
    "x86_64-unknown-linux-musl": {"musllinux_1_2_x86_64"},
    "aarch64-unknown-linux-musl": {"musllinux_1_2_aarch64"},
    "x86_64-pc-windows-gnu": {"win_amd64"},
    "x86_64-apple-darwin": {"macosx_10_12_x86_64"},
    "aarch64-apple-darwin": {"macosx_11_0_arm64"},
}
# What an extension may load: the C library, and on Windows and macOS the system. Whatever else would have to be on the user's machine.
LINKED = {
    "linux-gnu": r"lib(c|m|dl|rt|pthread|gcc_s)\.so\.\d|ld-linux-.+",
    "linux-musl": r"libc\.so|libc\.musl-.+",
    "windows-gnu": r"python3\.dll|(kernel32|ntdll|msvcrt|ws2_32|userenv|bcrypt|bcryptprimitives|advapi32)\.dll|api-ms-win-.+\.dll",
    "apple-darwin": r"/usr/lib/lib(System\.B|iconv\.2)\.dylib",
}

# What musl's releases after 1.2.0 brought.
MUSL_AFTER_1_2_0 = {
    "_Fork",
    "gettid",
    "reallocarray",
    "pthread_getname_np",
    "qsort_r",
    "statx",
    "preadv2",
    "pwritev2",
    "posix_getdents",
    "renameat2",
}


def tool(*command: str) -> str:
    """What a tool says, or its complaint as a failure."""
    done = subprocess.run([str(Path(sys.executable).parent / command[0]), *command[1:]], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def symbols(wheel: Path, target: str) -> list[str]:
    """What `abi3audit` and `auditwheel` find: functions outside of the stable ABI, and symbols newer than the tag allows."""
    tool("abi3audit", "--strict", str(wheel))
    if target.endswith("musl"):
        # auditwheel knows the C library by the name that Alpine gives it, and musl's loader by any name. It has no versioned symbols.
        newer = required_symbols(extension(members(wheel))[1]) & MUSL_AFTER_1_2_0
        return [f"{wheel.name} needs a newer musl for {', '.join(sorted(newer))}"] if newer else []
    if "linux" not in target:
        return []
    shown = " ".join(tool("auditwheel", "show", str(wheel)).split())
    granted = re.search(r'consistent with the following platform tag: "(\w+)"', shown)
    return [] if granted and granted[1] in TAGS[target] else [f"{wheel.name}: auditwheel says: {shown}"]


def extension(found: dict[str, bytes]) -> tuple[str, bytes]:
    (one,) = [(name, contents) for name, contents in found.items() if name.endswith((".so", ".pyd"))]
    return one


def static(wheel: Path, target: str) -> list[str]:
    """What is wrong with a wheel as a file."""
    tags = parse_wheel_filename(wheel.name)[3]
    wrong = faults(wheel, ROOT / "bindings-python" / NOTICES)
    if {(tag.interpreter, tag.abi) for tag in tags} != {("cp311", "abi3")}:
        wrong.append(f"{wheel.name} is not for the stable ABI of Python 3.11")
    found = members(wheel)
    (said,) = [contents.decode() for name, contents in found.items() if name.endswith(".dist-info/WHEEL")]
    if set(re.findall(r"^Tag: (\S+)", said, re.M)) != {str(tag) for tag in tags}:
        wrong.append(f"{wheel.name} has other tags inside than in its name")
    system = next(system for system in LINKED if target.endswith(system))
    outside = [library for library in libraries(extension(found)[1]) if not re.fullmatch(LINKED[system], library, re.I)]
    wrong += [f"{wheel.name} loads {library}" for library in outside]
    return wrong + symbols(wheel, target)


def without_extension(wheel: Path) -> dict[str, bytes]:
    """What all wheels have to have alike."""
    found = members(wheel)
    differing = extension(found)[0], *(name for name in found if name.endswith((".dist-info/WHEEL", ".dist-info/RECORD")))
    return {name: contents for name, contents in found.items() if name not in differing}


def run(wheel: Path, host: Host, work: Path) -> bytes:
    """Installs a wheel for a host and runs the README's first example and the shared suite there. The answers."""
    work.mkdir(parents=True, exist_ok=True)
    site, answers = work / "site", work / "answers.tsv"
    host.install(wheel, site)
    # Nothing of the Python that runs this.
    outside = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment = {**outside, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1", "SUITE_ANSWERS": str(answers)}
    example = EXAMPLE.findall((ROOT / "README.md").read_text("utf-8"))[0]
    for arguments in (["-c", example], [str(SUITE)]):
        done = subprocess.run([*host.python, *arguments], env=environment, cwd=work, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{wheel.name} on {host.name}:\n{done.stdout}{done.stderr}")
    return answers.read_bytes()


def main() -> None:
    chosen = sys.argv[1:] or list(TAGS)
    by_tags = {frozenset(tag.platform for tag in parse_wheel_filename(path.name)[3]): path for path in sorted(WHEELS.glob("*.whl"))}
    missing = [target for target in chosen if frozenset(TAGS[target]) not in by_tags]
    if missing:
        sys.exit(f"no wheel in {WHEELS.relative_to(ROOT)} for {', '.join(missing)}")
    wheels = {target: by_tags[frozenset(TAGS[target])] for target in chosen}

    wrong = [fault for target, wheel in wheels.items() for fault in static(wheel, target)]
    first, *others = wheels.values()
    wrong += [
        f"{other.name} and {first.name} differ in more than the extension"
        for other in others
        if without_extension(other) != without_extension(first)
    ]
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"wheels: {len(wheels)} with the right tags, symbols and contents, and with the same Python files")

    not_run, expected = [], b""
    for target, wheel in wheels.items():
        found = hosts(target)
        if not found:
            not_run.append(target)
            print(f"wheels: {target}: NOT RUN, there is no interpreter for it here")
        for host in found:
            if host.missing:
                not_run.append(target)
                print(f"wheels: {target}: NOT RUN on {host.name}: {host.missing}")
                continue
            answers = run(wheel, host, ROOT / "target/wheels/run" / f"{target}-{host.name}".replace(" ", "-"))
            expected = expected or answers
            if answers != expected:
                sys.exit(f"{wheel.name} answers on {host.name} as the first wheel does not")
            print(f"wheels: {target}: runs on {host.name}, the README's example and the shared suite")
    if not_run and os.environ.get("RUN_ALL"):
        sys.exit("wheels: RUN_ALL is set, so all of them have to run")


if __name__ == "__main__":
    main()
