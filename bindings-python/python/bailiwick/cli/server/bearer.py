"""Authenticates callers of a decision point by bearer tokens."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from hashlib import sha256

from bailiwick import InvalidInputError
from bailiwick.asgi import RequestHead
from bailiwick.asgi._bearer import MalformedError, is_token, token_of

from ..files.documents import text_of, without_mark
from ..files.input import display_name, read
from ..files.limits import SECRETS_BYTES

SHORTEST_TOKEN = 16
"""Characters before the padding: enough that nobody guesses a token."""


def everybody(_: RequestHead) -> bool:
    """Accept every caller."""
    return True


def bearer_check(file: str) -> Callable[[RequestHead], bool]:
    """A check that a request has one of the tokens in a file. With several tokens, they can be replaced one after the other."""
    lines = text_of(without_mark(read(file, most=SECRETS_BYTES)), path="/bearer_file", where=display_name(file)).split("\n")
    tokens = [line.strip() for line in lines if line.strip()]
    if not tokens or not all(map(_is_strong, tokens)):
        # The message does not repeat the content.
        raise InvalidInputError(
            "wrong_type", "/bearer_file", f"{display_name(file)} does not hold tokens: a line for each, of 16 characters or more"
        )
    digests = [sha256(token.encode()).digest() for token in tokens]

    def has_token(head: RequestHead) -> bool:
        try:
            token = token_of(head.scope["headers"])
        except MalformedError:
            token = None
        given = sha256(b"" if token is None else token.secret.encode()).digest()
        # All are compared, so that the time does not depend on which one matches.
        return sum(hmac.compare_digest(given, digest) for digest in digests) > 0

    return has_token


def _is_strong(token: str) -> bool:
    return is_token(token) and len(token.rstrip("=")) >= SHORTEST_TOKEN
