"""Loads and writes directories: documents or snapshots, recognized by their first bytes."""

from __future__ import annotations

import os
from typing import Any

import typer

from bailiwick import Bailiwick, InvalidInputError

from ..terminal.console import json_bytes
from ..terminal.freshness import issue_instant, refuse_future, warn_if_never_stale
from ..terminal.progress import working
from .atomic_output import output_file
from .documents import read_document
from .input import STANDARD, display_name, read
from .limits import DIRECTORY_BYTES
from .signing import public_keys_from

# The beginning of snapshots and deltas: only part of the magic, so that damage after it is reported as damage, and not as invalid JSON.
MAGIC = b"\x89BWK"


def is_snapshot(data: bytes) -> bool:
    """Whether these are the bytes of a snapshot or delta, even a damaged one."""
    return data.startswith(MAGIC)


def load(directory: str, *, policy: str | None = None, public_key: list[str] | None = None) -> Bailiwick:
    """The engine of a directory. Raises BailiwickError as loading does, UnreadableError, and `issued_in_future` also for documents."""
    return loaded(directory, read(directory, most=DIRECTORY_BYTES), policy=policy, public_key=public_key)


def loaded(directory: str, data: bytes, *, policy: str | None = None, public_key: list[str] | None = None) -> Bailiwick:
    """The same for a directory that has been read."""
    with working(f"loading {display_name(directory)}", size=len(data)):
        guard = load_bytes(data, policy=policy, public_key=public_key)
    refuse_future(guard)
    return guard


def load_bytes(data: bytes, *, policy: str | None = None, public_key: list[str] | None = None) -> Bailiwick:
    """The engine of a document or a snapshot. With public keys, only of a snapshot that one of them verifies."""
    keys = public_keys_from(public_key) if public_key else None
    if is_snapshot(data):
        if policy is not None:
            raise typer.BadParameter("a snapshot has its own policy; --policy is for directory documents")
        return Bailiwick.from_snapshot(data) if keys is None else Bailiwick.from_snapshot(data, public_keys=keys)
    if keys is not None:
        raise InvalidInputError("signature_missing", "", "a signature is required, but a directory document has none")
    return Bailiwick.from_directory(data, policy=policy_from(policy))


def write_directory(guard: Bailiwick, output: str, key: bytes | None) -> None:
    """Writes a directory: as a document to standard output and if the name ends with `.json`, else as a snapshot. A key signs it."""
    if output == STANDARD or output.endswith(".json"):
        data = json_bytes(guard.to_directory()) + b"\n"
    else:
        data = guard.to_snapshot(key, issued_at=issue_instant(guard, None, is_signed=key is not None))
        warn_if_never_stale(Bailiwick.from_snapshot(data))
    with output_file(output) as file:
        file.write(data)


def policy_from(policy: str | None) -> str | dict[str, Any] | None:
    """The id of a built-in policy unchanged, or the document in a file."""
    if policy is None or not (policy.endswith(".json") or os.sep in policy):
        return policy
    document = read_document(policy, path="/policy")
    if not isinstance(document, dict):
        raise InvalidInputError("wrong_type", "/policy", "a policy is an object")
    return document
