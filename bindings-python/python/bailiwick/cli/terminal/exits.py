"""What the exit codes mean. They are contract: scripts rest on them."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended."""

    YES = 0
    """Allowed, valid, done."""
    NO = 1
    """A proper question with the answer no: denied, forbidden, faults found, rows that could not be attributed where none may be."""
    BAD_INPUT = 2
    """Wrong arguments, or a document, request or usage that the engine cannot take."""
    NO_FILE = 3
    """A file cannot be read or written, or is not what it should be; or an address cannot be listened to."""
    NOT_INSTALLED = 4
    """A package is needed that is not installed."""
    BROKEN_PIPE = 141
    """Whoever read the output has gone, as shells number it."""
