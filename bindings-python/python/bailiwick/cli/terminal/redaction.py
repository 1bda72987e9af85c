"""What may be a secret is covered, wherever it is not known to be none."""

from __future__ import annotations

import re

COVER = "•"
# Long, and all of signs that secrets are made of; ids that somebody wrote or numbered are shorter.
OPAQUE = re.compile(r"[A-Za-z0-9+/_=.~-]{40,}")
# A message may name a file, with all the folders that it is in.
OPAQUE_BUT_PATHS = re.compile(r"[A-Za-z0-9+_=~-]{40,}")


def covered(text: str) -> str:
    """Text in which nothing is left that could be a secret. It keeps its length."""
    return _cover(OPAQUE, text)


def covered_message(text: str) -> str:
    """The same of a message about something that was read."""
    return _cover(OPAQUE_BUT_PATHS, text)


def _cover(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: COVER * len(found[0]), text)
