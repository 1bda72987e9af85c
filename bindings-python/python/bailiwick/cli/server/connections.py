"""Connections of a server that end when the client does not go on.

uvicorn ends those that are idle between two requests. One that sends nothing, half a head or half a body it keeps for ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

from bailiwick.asgi._protocol import Application, Message, Receive, Scope, Send

LOOK_SECONDS = 0.5


class Connection(asyncio.Protocol):
    """A connection by the server's own protocol, in which a request has to be whole in time.

    The time begins with the connection, and again with every answer. It does not run while an answer is made. Nothing that the client
    sends makes it longer, so a byte now and then keeps no connection open; and neither does an answer that nobody reads.
    """

    def __init__(self, protocol: Any, *, seconds: float, is_ending: Callable[[], bool]) -> None:
        self._protocol, self._seconds, self._is_ending = protocol, seconds, is_ending
        # What uvicorn calls once it has the head of a request.
        protocol.app = self._answering(protocol.app)
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """There is a client."""
        # That of another event loop is of no such class.
        self._transport = cast(asyncio.Transport, transport)
        self._protocol.connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """There is no client any more."""
        self._transport = None
        self._stop()
        self._protocol.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Part of a request, or several."""
        self._protocol.data_received(data)

    def eof_received(self) -> bool | None:
        """The client has no more to say."""
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
                # From here on it is the client's to read.
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
            # And not closed, which would wait for a client that does not read its answer either.
            self._transport.abort()
