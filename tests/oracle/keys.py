"""API keys as bearer tokens (section 8), and the form of the secrets that the packages make."""

from __future__ import annotations

import hashlib
import re
import zlib
from typing import Any

from documents import Json, OracleError

# `<prefix>_`, 43 digits of randomness, 6 of a CRC32 over all that stands before it,
# the most significant digit first.
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
FORM = re.compile("([a-z0-9]{1,16}_[0-9A-Za-z]{43})([0-9A-Za-z]{6})")


def digest(secret: str) -> str:
    """The digest of a secret as a directory has it."""
    return f"sha256:{hashlib.sha256(secret.encode()).hexdigest()}"


def checksum(body: str) -> str:
    """The last six digits of a secret of our form."""
    rest, digits = zlib.crc32(body.encode()), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        digits = DIGITS[digit] + digits
    return digits


def authenticate(document: Json, secret: Any) -> Json | None:
    """The one key that has the secret's digest; live or not."""
    if not isinstance(secret, str):
        raise OracleError("wrong_type", "/secret")
    form = FORM.fullmatch(secret)
    if form is not None and checksum(form[1]) != form[2]:
        return None
    projects = [project for organization in document["organizations"] for project in organization["projects"]]
    found = [key["id"] for project in projects for key in project["api_keys"] if key.get("digest") == digest(secret)]
    # Two keys with one digest cannot be told apart: nobody is let in.
    return {"type": "api_key", "id": found[0]} if len(found) == 1 else None
