"""API keys as bearer tokens (section 8), and the form of the secrets that the packages make."""

from __future__ import annotations

import hashlib
import zlib
from typing import Any

import shapes
from documents import Json, OracleError

# `<prefix>_`, 43 digits of randomness, 6 of a CRC32 over all that stands before it,
# the most significant digit first.
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


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
    """The key that has the secret's digest, ended or not: of several the one without `revoked_at`."""
    if not isinstance(secret, str):
        raise OracleError("wrong_type", "/secret")
    return authenticate_digest(document, digest(secret)) if secret else None


def authenticate_digest(document: Json, asked: Any) -> Json | None:
    """The same by the digest, however the host computed it."""
    shapes.digest(asked, "/digest")
    projects = [project for organization in document["organizations"] for project in organization["projects"]]
    holders = [key for project in projects for key in project["api_keys"] if key.get("digest") == asked.lower()]
    found = [key["id"] for key in holders if "revoked_at" not in key] or [key["id"] for key in holders]
    # What cannot be told apart lets nobody in.
    return {"type": "api_key", "id": found[0]} if len(found) == 1 else None
