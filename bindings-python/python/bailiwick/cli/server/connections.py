"""Connections with a time limit for requests.

uvicorn closes connections that are idle between two requests. One that sends nothing, or part of a request, it keeps for ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

from bailiwick.asgi._protocol import Application, Message, Receive, Scope, Send

LOOK_SECONDS = 0.5


class Connection(asyncio.Protocol):
    """A connection with the server's own protocol, on which a request must be complete in time.

    The time starts with the connection, and again with every response. It stops while a response is made. Nothing that the client sends
    extends it: neither a byte now and then nor a response that is not read keeps the connection open.
    """

    def __init__(self, protocol: Any, *, seconds: float, is_ending: Callable[[], bool]) -> None:
        self._protocol, self._seconds, self._is_ending = protocol, seconds, is_ending
        # The application that uvicorn calls when it has the head of a request.
        protocol.app = self._answering(protocol.app)
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has connected."""
        # The transports of other event loops do not inherit from this class.
        self._transport = cast(asyncio.Transport, transport)
        self._protocol.connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has disconnected."""
        self._transport = None
        self._stop()
        self._protocol.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Part of a request, or several."""
        self._protocol.data_received(data)

    def eof_received(self) -> bool | None:
        """The client will send no more."""
        answer: bool | None = self._protocol.eof_received()
        return answer

    def pause_writing(self) -> None:
        """The client reads more slowly than it is answered."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """The client has read."""
        self._protocol.resume_writing()

    def _answering(self, app: Application) -> Application:
        async def answered(scope: Scope, receive: Receive, send: Send) -> None:
            async def received() -> Message:
                message = await receive()
                if not message.get("more_body", False):
                    self._stop()
                return message

            async def sent(message: Message) -> None:
                # From here on, the client must read it in time.
                self._wait()
                await send(message)

            try:
                await app(scope, received, sent)
            finally:
                self._wait()

        return answered

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        self._look(asyncio.get_running_loop().time() + self._seconds)

    def _look(self, end: float) -> None:
        self._stop()
        if self._transport is None:
            return
        loop = asyncio.get_running_loop()
        left = end - loop.time()
        if left > 0 and not self._is_ending():
            self._timer = loop.call_later(min(left, LOOK_SECONDS), self._look, end)
        else:
            # Closing would wait for the client to read its response.
            self._transport.abort()
