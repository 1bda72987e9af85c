"""Connections to a decision point end when the client does not go on."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from .conftest import ACME
from .serving import TIMEOUT, ask, connect, received, serving

SECONDS = 1.0
HEAD = b"POST /access/v1/evaluation HTTP/1.1\r\nHost: localhost:%d\r\nContent-Type: application/json\r\n"
HALVES = {
    "nothing": b"",
    "an empty line": b"\r\n",
    "half a head": HEAD[:40],
    "half a body": HEAD + b"Content-Length: 500\r\n\r\n{",
    "a chunk and no more": HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    "a body that was not asked for": HEAD + b"Expect: 100-continue\r\nContent-Length: 500\r\n\r\n",
    "an answered request and half of another": HEAD + b"Content-Length: 0\r\n\r\n" + HEAD[:30],
    "the rest of a body that was refused": HEAD.replace(b"application/json", b"text/plain") + b"Content-Length: 500\r\n\r\n{",
    "a websocket": HEAD.replace(b"POST", b"GET") + b"Connection: upgrade\r\nUpgrade: websocket\r\n\r\n",
}


def with_port(address: str, sent: bytes) -> bytes:
    return sent.replace(b"%d", address.rpartition(":")[2].encode())


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(ACME, "--request-timeout", SECONDS) as address:
        yield address


def test_a_client_that_does_not_go_on_is_left(address: str) -> None:
    began = time.monotonic()
    connections = {name: connect(address, with_port(address, sent)) for name, sent in HALVES.items()}
    for name, connection in connections.items():
        with closing(connection):
            connection.settimeout(TIMEOUT)
            assert b"decision" not in received(connection), name
    assert time.monotonic() - began > SECONDS / 2
    assert ask(address, "usr_dan") == {"decision": True}


def test_a_byte_now_and_then_keeps_no_connection_open(address: str) -> None:
    for sent in (HEAD[:40], HEAD + b"Content-Length: 500\r\n\r\n{"):
        began = time.monotonic()
        with closing(connect(address, with_port(address, sent))) as connection:
            with pytest.raises(OSError, match=r"Broken pipe|reset"):
                while time.monotonic() - began < TIMEOUT:
                    connection.sendall(b"a")
                    time.sleep(SECONDS / 10)
            assert time.monotonic() - began > SECONDS / 2


def test_a_client_that_does_not_read_is_left(address: str) -> None:
    question = {"subject": {"type": "user", "id": "u"}, "action": {"name": "file.read"}, "resource": {"type": "project", "id": "prj_a"}}
    body = json.dumps({**question, "evaluations": [{}] * 10_000}).encode()
    head = with_port(address, HEAD).replace(b"/evaluation ", b"/evaluations ")
    with closing(connect(address)) as connection, pytest.raises(OSError, match=r"Broken pipe|reset"):
        # Answers are longer than questions. What is not read fills the memory between here and there, and then nothing goes on.
        while True:
            connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)


def test_a_client_that_takes_a_moment_is_answered(address: str) -> None:
    body = b'{"subject": {"type": "user", "id": "u"}, "action": {"name": "file.read"}, "resource": {"type": "project", "id": "prj_a"}}'
    request = with_port(address, HEAD) + b"Content-Length: %d\r\n\r\n" % len(body) + body
    with closing(connect(address)) as connection:
        # The time begins again with every answer, so that four of these take longer than one may.
        for _ in range(4):
            for part in (request[:50], request[50:-20], request[-20:]):
                connection.sendall(part)
                time.sleep(SECONDS / 8)
            assert connection.recv(1 << 16).endswith(b'{"decision":false}')


def test_the_server_ends_though_clients_do_not_go_on() -> None:
    with serving(ACME) as address:
        connections = [connect(address, with_port(address, sent)) for sent in HALVES.values()]
        assert ask(address, "usr_dan") == {"decision": True}
        began = time.monotonic()
    # A request may take 30 seconds; nobody waits for that to the end.
    assert time.monotonic() - began < 20
    for connection in connections:
        connection.close()
