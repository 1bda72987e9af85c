"""Redacts text that may be a secret."""

from __future__ import annotations

import re

MASK = "•"
# Long runs of characters that secrets have. Ids that people write are shorter.
OPAQUE = re.compile(r"[A-Za-z0-9+/_=.~-]{40,}")
# A message may contain the path of a file, which is long.
OPAQUE_BUT_PATHS = re.compile(r"[A-Za-z0-9+_=~-]{40,}")


def redact(text: str) -> str:
    """Text without possible secrets. It keeps its length."""
    return _redact(OPAQUE, text)


def redact_message(text: str) -> str:
    """The same for a message about a file."""
    return _redact(OPAQUE_BUT_PATHS, text)


def _redact(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: MASK * len(found[0]), text)
