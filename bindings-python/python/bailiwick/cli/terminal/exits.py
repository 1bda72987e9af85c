"""The exit codes. They are contract: scripts rely on them."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended."""

    YES = 0
    """Allowed, valid, done."""
    NO = 1
    """The answer is no: denied, forbidden, faults found, or rows not attributed with --strict."""
    BAD_INPUT = 2
    """Wrong arguments, or a document, request or usage that the engine refuses."""
    NO_FILE = 3
    """A file cannot be read or written, or has another format; or the server cannot listen on an address."""
    NOT_INSTALLED = 4
    """A required package is not installed."""
    BROKEN_PIPE = 141
    """The reader of the output has closed the pipe; the number that shells use."""
