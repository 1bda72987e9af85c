"""Where usage is booked, as headers of the response: for the client, and for whatever meters the traffic on its way."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from bailiwick import Attribution
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class AttributionHeaders:
    """Middleware that tells what a check has left in `request.state`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with headers where usage was attributed."""

        async def telling(message: Message) -> None:
            attribution = scope.get("state", {}).get("attribution")
            if message["type"] == "http.response.start" and attribution is not None:
                message["headers"] = [*message.get("headers", ()), *headers_of(attribution)]
            await send(message)

        await self._app(scope, receive, telling)


def headers_of(attribution: Attribution) -> Iterator[tuple[bytes, bytes]]:
    """One header for each value. One that is absent lies outside the directory."""
    values = {
        "organization": attribution.organization,
        "project": attribution.project,
        "reason": attribution.reason,
        "certainty": attribution.certainty,
        "api-key": attribution.api_key,
        "revision": str(attribution.revision),
    }
    for name, value in values.items():
        if value is not None:
            # Ids may be any text, headers not.
            yield f"x-bailiwick-{name}".encode(), quote(value, safe="").encode()
