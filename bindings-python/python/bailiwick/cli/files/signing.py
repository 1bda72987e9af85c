"""Keys that sign and verify.

A signing key comes from a file or the environment: everybody who lists processes could see an argument.
"""

from __future__ import annotations

import os
import re

from bailiwick import InvalidInputError

from .input import read
from .limits import SECRETS_BYTES

SIGNING_KEY_VARIABLE = "BAILIWICK_SIGNING_KEY"
KEY_BYTES = 32
HEX_KEY = re.compile(r"[0-9A-Fa-f]{64}")


def signing_key_from(file: str | None) -> bytes | None:
    """The signing key in a file, or in the environment; None if there is none."""
    if file is not None:
        return _key_in(read(file, most=SECRETS_BYTES), "/signing_key", "the file")
    variable = os.environ.get(SIGNING_KEY_VARIABLE)
    return None if variable is None else _key_in(variable.encode(), "/signing_key", SIGNING_KEY_VARIABLE)


def public_keys_from(texts: list[str]) -> tuple[bytes, ...]:
    """Public keys, each as hexadecimal digits or in a file."""
    return tuple(map(_public_key_from, texts))


def _public_key_from(text: str) -> bytes:
    return bytes.fromhex(text) if HEX_KEY.fullmatch(text) else _key_in(read(text, most=SECRETS_BYTES), "/public_key", "the file")


def _key_in(data: bytes, path: str, where: str) -> bytes:
    """A key as hexadecimal digits, or as raw bytes."""
    text = data.decode("ascii", "replace").strip()
    if HEX_KEY.fullmatch(text):
        return bytes.fromhex(text)
    if len(data) == KEY_BYTES:
        return data
    # The message does not repeat the content, which may still be a secret.
    raise InvalidInputError("wrong_type", path, f"{where} holds no key: 64 hexadecimal digits, or 32 bytes")
