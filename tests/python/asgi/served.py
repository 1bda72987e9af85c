"""An application behind a real server on loopback, and clients that send what they are told to."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn

HeaderList = Sequence[tuple[str, str]]
JSON: HeaderList = (("content-type", "application/json"),)


@dataclass(frozen=True)
class Response:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> Any:
        """The body as a document."""
        return json.loads(self.body)


class Server:
    """An application that is served."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.host = f"127.0.0.1:{port}"

    def ask(
        self, path: str, body: Any = None, *, method: str = "POST", headers: HeaderList = JSON, host: str | None = None, timeout: float = 30
    ) -> Response:
        """One request on a connection of its own. A body that is neither bytes nor str is sent as JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            return exchange(connection, path, body, method=method, headers=headers, host=host or self.host)
        finally:
            connection.close()

    def get(self, path: str, *, headers: HeaderList = (), host: str | None = None) -> Response:
        """A GET without a body."""
        return self.ask(path, method="GET", headers=headers, host=host)

    def raw(self, *parts: bytes, pause: float = 0, finish: bool = False) -> bytes:
        """Send bytes as they are, and read until the server has closed the connection, or has nothing to say for a second."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            received = b""
            try:
                for part in parts:
                    connection.sendall(part)
                    time.sleep(pause)
                if finish:
                    connection.shutdown(socket.SHUT_WR)
                connection.settimeout(1)
                while chunk := connection.recv(1 << 16):
                    received += chunk
            except OSError:
                pass
            return received


def exchange(connection: http.client.HTTPConnection, path: str, body: Any, *, method: str, headers: HeaderList, host: str) -> Response:
    """One request on a connection. Headers may stand there twice, and none is added but the host and the length."""
    data = body.encode() if isinstance(body, str) else body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    connection.putheader("host", host)
    for name, value in headers:
        connection.putheader(name, value)
    if data is not None:
        connection.putheader("content-length", str(len(data)))
    connection.endheaders(data)
    response = connection.getresponse()
    found: dict[str, str] = {}
    for name, value in response.getheaders():
        assert name.lower() not in found, f"{name} twice"
        found[name.lower()] = value
    return Response(response.status, found, response.read())


@contextmanager
def serving(app: Any, **settings: Any) -> Iterator[Server]:
    """Serve an application in a thread, on a port that the system picks."""
    # asyncio sends at once, and does not wait for more to send, only where a socket says that it is TCP.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, **{"log_config": None, "access_log": False, "timeout_graceful_shutdown": 2, **settings})
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + 30
        while not server.started:
            assert thread.is_alive() and time.monotonic() < deadline, "the server did not start"
            time.sleep(0.005)
        yield Server(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(30)
        listener.close()
        assert not thread.is_alive(), "the server did not stop"
