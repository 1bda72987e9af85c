"""What clients can put on the wire: bodies that are long, slow, in pieces or broken off, and headers that are no headers."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from bailiwick.asgi import authzen_app
from platform_world import EVALUATION, METADATA, QUESTION, engine
from served import Server, serving

BODY = json.dumps(QUESTION).encode()
HEAD = f"POST {EVALUATION} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nConnection: close\r\n".encode()
MIB = 1 << 20


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(authzen_app(engine())) as served:
        yield served


def status_of(received: bytes) -> int:
    return int(received.split(b" ", 2)[1])


def chunked(*parts: bytes) -> bytes:
    return b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in (*parts, b""))


def test_a_body_in_chunks_is_one_body(server: Server) -> None:
    for parts in ([BODY], [BODY[:5], BODY[5:]], [bytes([byte]) for byte in BODY]):
        received = server.raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(*parts))
        assert status_of(received) == 200
        assert received.endswith(b'{"decision":true}')


def test_a_body_that_comes_slowly_is_waited_for(server: Server) -> None:
    head = HEAD + f"Content-Length: {len(BODY)}\r\n\r\n".encode()
    assert server.raw(head, BODY[:20], BODY[20:], pause=0.1).endswith(b'{"decision":true}')


def test_a_mebibyte_is_answered_and_no_byte_more(server: Server) -> None:
    exact = b" " * (MIB - len(BODY)) + BODY
    assert server.ask(EVALUATION, exact).body == b'{"decision":true}'
    in_chunks = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    assert status_of(server.raw(in_chunks + chunked(exact))) == 200
    assert status_of(server.raw(in_chunks + chunked(exact[:-1], exact[-1:], b" "))) == 413
    assert status_of(server.raw(HEAD + f"Content-Length: {MIB + 1}\r\n\r\n".encode() + b" " + exact)) == 413


def test_a_long_body_is_refused_before_its_end(server: Server) -> None:
    # The length alone is enough, and so are the bytes: neither of these ever ends.
    began = time.monotonic()
    for rest in (
        f"Content-Length: {10**12}\r\n\r\n".encode(),
        b"Transfer-Encoding: chunked\r\n\r\n" + f"{MIB + 1:x}\r\n".encode() + b" " * (MIB + 1),
    ):
        received = server.raw(HEAD + rest)
        assert status_of(received) == 413
        assert b"a request has at most 1048576 bytes" in received
    assert time.monotonic() - began < 20


def test_a_client_that_waits_for_leave_is_not_asked_for_a_long_body(server: Server) -> None:
    received = server.raw(HEAD + f"Expect: 100-continue\r\nContent-Length: {MIB + 1}\r\n\r\n".encode())
    assert status_of(received) == 413
    leave = server.raw(HEAD + f"Expect: 100-continue\r\nContent-Length: {len(BODY)}\r\n\r\n".encode(), BODY, pause=0.1)
    assert leave.startswith(b"HTTP/1.1 100 ")
    assert leave.endswith(b'{"decision":true}')


def test_a_client_that_goes_away_leaves_nothing_behind(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    for rest in (b"Content-Length: 500\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\n5\r\n{", b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"):
        received = server.raw(HEAD + rest, finish=True)
        assert received == b"" or status_of(received) == 400
    assert server.ask(EVALUATION, QUESTION).status == 200
    assert [record.name for record in caplog.records if record.name.startswith("bailiwick")] == []


def test_http_1_0_has_no_host_and_is_answered(server: Server) -> None:
    head = f"POST {EVALUATION} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n".encode()
    assert server.raw(head + BODY).endswith(b'{"decision":true}')
    received = server.raw(f"GET {METADATA} HTTP/1.0\r\n\r\n".encode())
    assert status_of(received) == 200
    assert json.loads(received.partition(b"\r\n\r\n")[2])["policy_decision_point"] == f"http://{server.host}"


def test_a_head_of_the_metadata_has_no_body(server: Server) -> None:
    received = server.raw(f"HEAD {METADATA} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".encode())
    assert (status_of(received), received.partition(b"\r\n\r\n")[2]) == (200, b"")
    response = server.ask(METADATA, method="HEAD", headers=[])
    get = server.get(METADATA)
    unlike = {"date"}
    assert {k: v for k, v in response.headers.items() if k not in unlike} == {k: v for k, v in get.headers.items() if k not in unlike}
    assert (response.status, response.body, int(get.headers["content-length"])) == (200, b"", len(get.body))


def test_requests_on_one_connection_do_not_run_into_each_other(server: Server) -> None:
    denied = json.dumps({**QUESTION, "action": {"name": "x"}}).encode()
    keep = HEAD.replace(b"Connection: close\r\n", b"")
    requests = [keep + f"Content-Length: {len(body)}\r\n\r\n".encode() + body for body in (BODY, denied, b"{", BODY)]
    received = server.raw(b"".join(requests))
    assert [part[:4] for part in received.split(b"HTTP/1.1")[1:]] == [b" 200", b" 200", b" 400", b" 200"]
    assert (received.count(b'{"decision":true}'), received.count(b'{"decision":false}')) == (2, 1)


def test_two_lengths_or_a_length_and_chunks_are_no_two_requests(server: Server) -> None:
    smuggled = b"GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"
    for rest in (
        f"Content-Length: {len(BODY)}\r\nContent-Length: {len(BODY) + 1}\r\n\r\n".encode() + BODY,
        f"Content-Length: {len(BODY)}\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + chunked() + smuggled,
    ):
        assert server.raw(HEAD + rest).count(b"HTTP/1.1 ") <= 1


def test_bytes_that_are_no_header_are_not_given_back(server: Server) -> None:
    for value in (b"a\x00b", b"a\x01b", b"a\rSet-Cookie: x=1", b"a\x7fb"):
        received = server.raw(HEAD + b"X-Request-ID: " + value + f"\r\nContent-Length: {len(BODY)}\r\n\r\n".encode() + BODY)
        # The server refuses some of them by itself.
        assert status_of(received) in (200, 400)
        assert value not in received
        assert b"Set-Cookie" not in received
    kept = server.raw(HEAD + b"X-Request-ID: \xe9\t ~\r\n" + f"Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY)
    assert b"x-request-id: \xe9\t ~\r\n" in kept


def drive(messages: list[dict[str, Any]], **scope: Any) -> list[dict[str, Any]]:
    """What the application sends to a server that lets anything through."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    base = {"type": "http", "method": "POST", "path": EVALUATION, "headers": [(b"content-type", b"application/json")]}
    asyncio.run(authzen_app(engine())({**base, **scope}, receive, send))
    return sent


@pytest.mark.parametrize("value", [b"a\r\nb: c", b"a\nb", b"\x00", b"a\x7f", b"\x1b[2J"])
def test_no_server_is_needed_to_keep_headers_whole(value: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"x-request-id", value)]
    start, body = drive([{"type": "http.request", "body": BODY}], headers=headers)
    assert (start["status"], body["body"]) == (200, b'{"decision":true}')
    assert b"x-request-id" not in dict(start["headers"])


def test_messages_may_leave_out_what_has_a_default() -> None:
    pieces: list[dict[str, Any]] = [
        {"type": "http.request", "more_body": True},
        {"type": "http.request", "body": BODY, "more_body": True},
        {"type": "http.request"},
    ]
    assert drive(pieces)[1]["body"] == b'{"decision":true}'
    assert drive([{"type": "http.request", "body": BODY, "more_body": True}, {"type": "http.disconnect"}]) == []


def test_no_more_is_received_than_it_takes() -> None:
    endless = [{"type": "http.request", "body": b" " * (1 << 16), "more_body": True} for _ in range(30)]
    assert drive(endless)[0]["status"] == 413
    assert len(endless) == 13
    assert drive([], path="/nowhere")[0]["status"] == 404


def test_empty_messages_without_end_are_too_much_as_well() -> None:
    endless: list[dict[str, Any]] = [{"type": "http.request", "body": b"", "more_body": True} for _ in range(3000)]
    assert drive(endless)[0]["status"] == 413
    assert len(endless) > 1000


def test_a_lifespan_is_lived_and_a_websocket_is_closed() -> None:
    assert drive([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}], type="lifespan") == [
        {"type": "lifespan.startup.complete"},
        {"type": "lifespan.shutdown.complete"},
    ]
    assert drive([{"type": "websocket.connect"}], type="websocket") == [{"type": "websocket.close"}]
    with pytest.raises(RuntimeError):
        drive([], type="mqtt")


def test_a_server_that_insists_on_a_lifespan_starts() -> None:
    with serving(authzen_app(engine()), lifespan="on") as served:
        assert served.ask(EVALUATION, QUESTION).status == 200
