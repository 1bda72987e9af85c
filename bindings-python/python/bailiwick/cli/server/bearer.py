"""Which callers of a decision point may ask: those with a token."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from hashlib import sha256

from bailiwick import InvalidInputError
from bailiwick.asgi import RequestHead

from ..files.documents import text_of, without_mark
from ..files.input import named, read
from ..files.limits import SECRETS_BYTES

# RFC 6750; and long enough not to be guessed.
TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{16,512}={0,2}")
AUTHORIZATION = re.compile(r"bearer +(\S+)", re.ASCII | re.IGNORECASE)


def everybody(_: RequestHead) -> bool:
    """Nobody needs a token."""
    return True


def bearer_check(file: str) -> Callable[[RequestHead], bool]:
    """Whether a request has one of the tokens in a file. More than one makes it possible to change them while callers go on."""
    lines = text_of(without_mark(read(file, most=SECRETS_BYTES)), path="/bearer_file", where=named(file)).split("\n")
    tokens = [line.strip() for line in lines if line.strip()]
    if not tokens or not all(TOKEN.fullmatch(token) for token in tokens):
        # None of it is repeated.
        raise InvalidInputError(
            "wrong_type", "/bearer_file", f"{named(file)} does not hold tokens: a line for each, of 16 characters or more"
        )
    digests = [sha256(token.encode()).digest() for token in tokens]

    def has_token(head: RequestHead) -> bool:
        found = AUTHORIZATION.fullmatch(head.headers.get("authorization", ""))
        given = sha256(found[1].encode() if found else b"").digest()
        # All are compared, so that the time says nothing about which of them is close.
        return sum(hmac.compare_digest(given, digest) for digest in digests) > 0

    return has_token
