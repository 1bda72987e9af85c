"""Responses of the decision point, and how they are sent."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ._protocol import Message, Send

# A valid value of a header: visible characters, with spaces and tabs between them.
_FIELD_VALUE = re.compile(rb"(?:[\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff\t]*[\x21-\x7e\x80-\xff])?)?")
_REQUEST_ID = b"x-request-id"


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: a status, a body, and headers in addition to those that all responses have."""

    status: int
    body: bytes
    content_type: bytes
    headers: dict[bytes, bytes] = field(default_factory=dict)

    async def send(self, send: Send, *, has_body: bool = True) -> None:
        """Send it: the whole response, or only its head (for `HEAD`)."""
        headers = {
            b"cache-control": b"no-store",
            b"x-content-type-options": b"nosniff",
            b"content-type": self.content_type,
            b"content-length": str(len(self.body)).encode(),
            **self.headers,
        }
        await send({"type": "http.response.start", "status": self.status, "headers": list(headers.items())})
        await send({"type": "http.response.body", "body": self.body if has_body else b"", "more_body": False})


def json(body: str) -> Answer:
    """An answer of the engine."""
    return Answer(200, body.encode(), b"application/json")


def text(status: int, body: str, headers: dict[bytes, bytes] | None = None) -> Answer:
    """A refusal, as plain text."""
    # The text of a caller may have lone surrogates.
    return Answer(status, body.encode(errors="replace"), b"text/plain; charset=utf-8", headers or {})


def not_allowed(methods: str) -> Answer:
    """The refusal of any other method."""
    return text(405, f"there is no such method here, but {methods}", {b"allow": methods.encode()})


class Reply:
    """A `send` that returns the request's identifier, and knows whether the response has begun and ended."""

    def __init__(self, send: Send, request_id: str | None) -> None:
        self._send = send
        self.has_begun = False
        self.is_whole = False
        raw = None if request_id is None else request_id.encode("latin-1")
        # Some servers let invalid values through. Those are not returned.
        self._request_id = raw if raw is not None and _FIELD_VALUE.fullmatch(raw) else None

    async def __call__(self, message: Message) -> None:
        """Send a message."""
        if message["type"] == "http.response.start":
            self.has_begun = True
            if self._request_id is not None:
                others = [(name, value) for name, value in message.get("headers", ()) if bytes(name).lower() != _REQUEST_ID]
                message = {**message, "headers": [*others, (_REQUEST_ID, self._request_id)]}
        elif message["type"] == "http.response.body" and not message.get("more_body", False):
            self.is_whole = True
        await self._send(message)
