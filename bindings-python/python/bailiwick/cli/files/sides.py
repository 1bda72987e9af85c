"""The two sides of a comparison: directories, snapshots and policies, from files or from revisions of git."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from typing import Any

import typer

from bailiwick import Bailiwick, BailiwickError, InvalidInputError, built_in_policy

from ..terminal.console import visible
from ..terminal.errors import reason
from .directories import is_snapshot, load_bytes
from .documents import parse, read_document, without_mark
from .input import STANDARD, display_name, one_standard_input, read, read_up_to, unreadable
from .limits import DIRECTORY_BYTES, RECORD_BYTES

POLICY_FORMAT = "bailiwick-policy/"
# A text that no file has as its name: `main:directory.json`, `HEAD~2:config/policy.json`.
REVISION = re.compile(r"(?P<revision>[^:-][^:]*):(?P<path>.+)", re.DOTALL)


@dataclass(frozen=True)
class _Side:
    """What one argument names: a policy, or the bytes of a directory."""

    name: str
    policy: str | dict[str, Any] | None
    directory: bytes

    def load(self, public_key: list[str] | None) -> Bailiwick:
        return load_bytes(self.directory, public_key=public_key)


def load_sides(
    before: str, after: str, *, on: str | None, renames: str | None, public_key: list[str] | None
) -> tuple[Bailiwick, Bailiwick]:
    """The engines of two directories; of a directory and the same under a policy; or of a directory `on` which two policies are compared.

    `renames` names a file. Raises BailiwickError as loading and `with_policy` do, and UnreadableError.
    """
    one_standard_input(before, after, on, renames)
    first, second = _side(before), _side(after)
    if (first.policy is None or second.policy is None) and on is not None:
        raise typer.BadParameter("--on is the directory for two policies")
    if second.policy is None and renames is not None:
        raise typer.BadParameter("--renames leads to the names of a policy: AFTER is a directory")
    renamed = None if renames is None else _renames(renames)
    if first.policy is not None and second.policy is not None:
        if on is None:
            raise typer.BadParameter("two policies are compared on a directory: --on DIRECTORY")
        base = load_bytes(read(on, most=DIRECTORY_BYTES), public_key=public_key)
        under = base.with_policy(first.policy)
        return under, under.with_policy(second.policy, renames=renamed)
    if first.policy is not None:
        base = second.load(public_key)
        return base.with_policy(first.policy), base
    base = first.load(public_key)
    if second.policy is not None:
        return base, base.with_policy(second.policy, renames=renamed)
    return base, second.load(public_key)


def _side(name: str) -> _Side:
    if name != STANDARD and not os.path.exists(name):
        found = REVISION.fullmatch(name)
        if found:
            return _side_of(name, _at_revision(name))
        if _is_built_in(name):
            return _Side(name, name, b"")
    return _side_of(name, read(name, most=DIRECTORY_BYTES))


def _side_of(name: str, data: bytes) -> _Side:
    """A policy is small, and says that it is one. A directory may hold one, so that its text does too."""
    if is_snapshot(data) or len(data) > RECORD_BYTES or POLICY_FORMAT.encode() not in data:
        return _Side(name, None, data)
    document = parse(without_mark(data), path="", where=display_name(name))
    if isinstance(document, dict) and str(document.get("format", "")).startswith(POLICY_FORMAT):
        return _Side(name, document, b"")
    return _Side(name, None, data)


def _is_built_in(name: str) -> bool:
    try:
        built_in_policy(name)
    except BailiwickError:
        return False
    return True


def _at_revision(name: str) -> bytes:
    """What git has under `revision:path`. A path is relative to the top of the repository, or begins with `./`."""
    try:
        process = subprocess.Popen(
            ["git", "cat-file", "blob", name], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except OSError as error:
        raise unreadable(name, f"git: {reason(error)}") from error
    with process:
        assert process.stdout is not None and process.stderr is not None
        data = read_up_to(process.stdout, DIRECTORY_BYTES + 1)
        process.stdout.close()
        told = process.stderr.read(RECORD_BYTES).decode(errors="replace").strip().splitlines()
    if len(data) > DIRECTORY_BYTES:
        raise unreadable(name, "it is too large")
    if process.returncode != 0:
        raise unreadable(name, visible(told[0] if told else "git has failed"))
    return data


def _renames(file: str) -> dict[str, dict[str, str]]:
    renames: Any = read_document(file, path="/renames")
    if not isinstance(renames, dict):
        raise InvalidInputError("wrong_type", "/renames", "renames are an object of objects, each from old names to new ones")
    return renames
