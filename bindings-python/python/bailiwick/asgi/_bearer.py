"""Bearer tokens (RFC 6750): what one looks like, and which one a request has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_TOKEN = r"[A-Za-z0-9._~+/-]{1,512}={0,2}"
# The whole value must match: two tokens, or a token and something else, are not a token.
_BEARER = re.compile(f"Bearer +({_TOKEN})", re.ASCII | re.IGNORECASE)
_SCHEME = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?: |\Z)", re.ASCII)


class MalformedError(Exception):
    """A request whose authorization is malformed or ambiguous."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token that `repr` does not show."""

    secret: str = field(repr=False)


def is_token(text: str) -> bool:
    """Whether text can be sent as a token."""
    return re.fullmatch(_TOKEN, text) is not None


def token_of(headers: Iterable[tuple[bytes, bytes]]) -> Token | None:
    """The bearer token; None if there is no authorization, or one of another scheme. Raises MalformedError.

    Tokens in a query or a form are not accepted: those end up in logs.
    """
    values = [value.decode("latin-1").strip(" \t") for name, value in headers if name.lower() == b"authorization"]
    if not values:
        return None
    if len(values) > 1:
        raise MalformedError
    found = _BEARER.fullmatch(values[0])
    if found is not None:
        return Token(found[1])
    scheme = _SCHEME.match(values[0])
    if scheme is None or scheme[1].lower() == "bearer":
        raise MalformedError
    return None
