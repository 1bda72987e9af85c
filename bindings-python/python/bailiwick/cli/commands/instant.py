"""Instants as text."""

from __future__ import annotations

import re
from datetime import datetime

from bailiwick import InvalidInputError

# The form that the engine accepts; `datetime.fromisoformat` accepts more.
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def instant_of(text: str, *, path: str) -> datetime:
    """The instant that RFC 3339 text says. Raises `invalid_timestamp`."""
    wanted = text.upper()
    try:
        if RFC_3339.fullmatch(wanted):
            return datetime.fromisoformat(wanted)
    except ValueError:
        pass
    raise InvalidInputError("invalid_timestamp", path, "an instant is RFC 3339 text with an offset, for example `2026-02-01T00:00:00Z`")
