"""The shape of values and of listing requests: faults in the order in which they are reported.

A missing field comes first, then the first fault in document order. What a well-formed
value names is looked up elsewhere.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

from documents import OracleError, milliseconds

Check = Callable[[Any, str], None]

LIMIT = 2**53 - 1
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def text(value: Any, path: str) -> None:
    """An action, a surface or a filter: what it names may be unknown."""
    if not isinstance(value, str):
        raise OracleError("wrong_type", path)


def name(value: Any, path: str) -> None:
    """A role or a kind: names follow the rules for ids, and what they name may be unknown."""
    identifier(value, path)


def label(value: Any, path: str) -> None:
    """A name for people, or an email."""
    text(value, path)
    if len(value.encode()) > 4096:
        raise OracleError("limit_exceeded", path)


def identifier(value: Any, path: str) -> None:
    """An id."""
    text(value, path)
    if not 1 <= len(value.encode()) <= 256 or CONTROL.search(value):
        raise OracleError("invalid_id", path)


def boolean(value: Any, path: str) -> None:
    """True or false."""
    if not isinstance(value, bool):
        raise OracleError("wrong_type", path)


def number(value: Any, path: str) -> None:
    """A whole number that is not negative."""
    # JSON has one sort of number: 42 may be spelled 4.2e1.
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not whole or value < 0:
        raise OracleError("wrong_type", path)
    if value > LIMIT:
        raise OracleError("limit_exceeded", path)


def limit(value: Any, path: str) -> None:
    """How many items a page has: at least one."""
    number(value, path)
    if value == 0:
        raise OracleError("wrong_type", path)


def moment(value: Any, path: str) -> None:
    """An instant."""
    text(value, path)
    try:
        milliseconds(value)
    except ValueError as error:
        raise OracleError("invalid_timestamp", path) from error


def digest(value: Any, path: str) -> None:
    """The SHA-256 of a secret, which is not the empty text."""
    text(value, path)
    nothing = hashlib.sha256(b"").hexdigest()
    if not re.fullmatch("sha256:[0-9A-Fa-f]{64}", value) or value.lower() == f"sha256:{nothing}":
        raise OracleError("invalid_digest", path)


def any_reference(value: Any, path: str) -> None:
    """A reference in either form."""
    if isinstance(value, dict):
        fields(value, path, {"type": reference_type, "id": identifier}, ())
        return
    text(value, path)
    kind, colon, name = value.partition(":")
    if not kind or not colon:
        raise OracleError("invalid_reference", path)
    identifier(name, path)


def reference_type(value: Any, path: str) -> None:
    """The type in a reference that is an object."""
    text(value, path)
    if not value or ":" in value:
        raise OracleError("invalid_reference", path)


def fields(value: Any, path: str, checks: dict[str, Check], optional: tuple[str, ...]) -> None:
    """An object of these fields; the optional ones may be null."""
    if not isinstance(value, dict):
        raise OracleError("wrong_type", path)
    if any(field not in value and field not in optional for field in checks):
        raise OracleError("missing_field", path)
    for field, held in value.items():
        place = f"{path}/{field.replace('~', '~0').replace('/', '~1')}"
        if field not in checks:
            raise OracleError("unknown_field", place)
        if held is not None or field not in optional:
            checks[field](held, place)


def end(value: Any, path: str) -> None:
    """An instant, or null for none."""
    if value is not None:
        moment(value, path)


PAGED: dict[str, Check] = {"at": moment, "limit": limit, "cursor": text}
LISTINGS: dict[str, dict[str, Check]] = {
    "list_projects": {"principal": any_reference, "action": text, **PAGED},
    "list_resources": {"principal": any_reference, "action": text, "kind": text, "project": identifier, "surface": text, **PAGED},
    "list_principals": {"action": text, "resource": any_reference, "surface": text, **PAGED},
    "list_actions": {"principal": any_reference, "resource": any_reference, "surface": text, "at": moment},
}


def listing(name: str, request: Any) -> None:
    """A listing request."""
    own = ("action",) if name == "list_projects" else ()
    fields(request, "", LISTINGS[name], ("kind", "project", "surface", *own, *PAGED))
