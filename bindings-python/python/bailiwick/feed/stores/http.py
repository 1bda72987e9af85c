"""A feed that a server of files or a network of caches serves."""

from __future__ import annotations

import urllib.error
import urllib.request
from http.client import HTTPException

from .store import UNCHANGED, Answer, Found

SECONDS = 10.0
LARGEST = 1 << 31
"""Nothing that is longer is read to its end."""


class HttpStore:
    """A feed to read by HTTP, below an address. `headers` go with each request, such as an authorization."""

    def __init__(self, url: str, *, headers: dict[str, str] | None = None, timeout: float = SECONDS) -> None:
        if not url.startswith(("http://", "https://")):
            message = "the address begins with http:// or https://"
            raise ValueError(message)
        self._url = url.rstrip("/")
        self._headers = dict(headers or {})
        self._timeout = timeout

    def get(self, key: str, seen: str | None = None) -> Answer:
        """As Store.get."""
        # A cache on the way asks its server again.
        headers = {"Cache-Control": "no-cache", **self._headers, **({} if seen is None else {"If-None-Match": seen})}
        request = urllib.request.Request(f"{self._url}/{key}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:
                data = answer.read(LARGEST + 1)
                if len(data) > LARGEST:
                    message = f"{key} is longer than {LARGEST} bytes"
                    raise OSError(message)
                return Found(data, answer.headers.get("ETag") or "")
        except urllib.error.HTTPError as error:
            with error:
                if error.code == 304:
                    return UNCHANGED
                if error.code in {404, 410}:
                    return None
                message = f"the server answers {error.code} for {key}"
                raise OSError(message) from error
        except HTTPException as error:
            message = f"the answer of the server for {key} is not HTTP: {type(error).__name__}"
            raise OSError(message) from error
