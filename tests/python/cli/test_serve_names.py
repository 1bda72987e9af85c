"""A decision point that everybody on this machine may ask: by its own names only, and not for pages of another origin."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import ACME
from .serving import TOKEN, connect, received, serving
from .test_process import ended

EVALUATION = "POST /access/v1/evaluation"
METADATA = "GET /.well-known/authzen-configuration"
BODY = b'{"subject": {"type": "user", "id": "usr_dan"}, "action": {"name": "file.read"}, "resource": {"type": "project", "id": "prj_a"}}'


def status(address: str, *headers: str, line: str = EVALUATION, version: str = "1.1", at: str = "127.0.0.1") -> int:
    """What a request is answered by. `PORT` stands for the server's port."""
    port = address.rpartition(":")[2]
    lines = [
        f"{line} HTTP/{version}",
        *headers,
        "Content-Type: application/json",
        f"Content-Length: {len(BODY)}",
        "Connection: close",
        "",
        "",
    ]
    connection = connect(address, "\r\n".join(lines).replace("PORT", port).encode() + BODY, at=at)
    with connection:
        answer = received(connection)
    assert (b'"decision"' in answer) == (answer.split()[1] == b"200" and line == EVALUATION)
    return int(answer.split()[1])


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(ACME, "--base-url", "https://pdp.example.com") as address:
        yield address


OWN = ["127.0.0.1:PORT", "localhost:PORT", "LocalHost:PORT", "[::1]:PORT", "pdp.example.com", "PDP.example.com:443"]
FOREIGN = [
    "evil.example",
    "evil.example:PORT",
    "localhost",
    "localhost:80",
    "localhost:0PORT",
    "localhost.:PORT",
    "localhost:PORT.",
    "127.0.0.1",
    "127.1:PORT",
    "2130706433:PORT",
    "[::ffff:127.0.0.1]:PORT",
    "0.0.0.0:PORT",
    "localhost.evil.example:PORT",
    "evil.localhost:PORT",
    "a@localhost:PORT",
    "localhost:PORT@evil.example",
    "localhost:PORT, evil.example",
    "http://localhost:PORT",
    "localhost:PORT/",
    "pdp.example.com:PORT",
    "pdp.example.com.",
    "",
]


@pytest.mark.parametrize("host", OWN)
def test_its_own_names(address: str, host: str) -> None:
    assert status(address, f"Host: {host}") == 200
    assert status(address, f"Host: {host}", line=METADATA) == 200


@pytest.mark.parametrize("host", FOREIGN)
def test_other_names(address: str, host: str) -> None:
    # The server refuses by itself what can be no host at all.
    for line in (EVALUATION, METADATA, "OPTIONS /access/v1/evaluation", "GET /"):
        assert status(address, f"Host: {host}", line=line) in (400, 421)


def test_no_name_and_two_names(address: str) -> None:
    assert status(address) in (400, 421)
    assert status(address, version="1.0") == 421
    assert status(address, "Host: localhost:PORT", version="1.0") == 200
    for hosts in (["localhost:PORT", "localhost:PORT"], ["localhost:PORT", "evil.example"], ["evil.example", "localhost:PORT"]):
        assert status(address, *(f"Host: {host}" for host in hosts)) in (400, 421)
    assert status(address, "Host: evil.example", "X-Forwarded-Host: localhost:PORT") == 421


@pytest.mark.parametrize("origin", ["http://localhost:PORT", "HTTP://127.0.0.1:PORT", "http://[::1]:PORT", "https://pdp.example.com"])
def test_its_own_origins(address: str, origin: str) -> None:
    assert status(address, "Host: localhost:PORT", f"Origin: {origin}") == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://evil.example:PORT",
        "https://localhost:PORT",
        "http://localhost",
        "http://localhost:1",
        "http://pdp.example.com",
        "http://localhost:PORT/",
        "http://localhost:PORT.evil.example",
        "null",
        "",
    ],
)
def test_other_origins(address: str, origin: str) -> None:
    for line in (EVALUATION, METADATA, "OPTIONS /access/v1/evaluation"):
        assert status(address, "Host: localhost:PORT", f"Origin: {origin}", line=line) == 403


def test_two_origins(address: str) -> None:
    assert status(address, "Host: localhost:PORT", "Origin: http://localhost:PORT", "Origin: https://evil.example") == 403


def test_a_token_is_what_others_do_not_have(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text(TOKEN)
    with serving(ACME, "--bearer-file", tokens) as address:
        foreign = ("Host: pdp.internal", "Origin: https://evil.example")
        assert status(address, *foreign) == 401
        assert status(address, *foreign, f"Authorization: Bearer {TOKEN}") == 200


@pytest.mark.parametrize("host", ["127.1", "LOCALHOST", "0x7f000001", "2130706433", "127.0.0.2", "::ffff:127.0.0.1"])
def test_a_loopback_address_however_it_is_written(host: str) -> None:
    try:
        with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
            bound = listener.getsockname()[0]
    except OSError:
        pytest.skip("this system does not bind it")
    with serving(ACME, "--host", host, *(["--anonymous"] if host == "127.1" else [])) as address:
        assert address.startswith(f"http://{bound}:")
        assert status(address, "Host: evil.example:PORT", at=bound) == 421
        assert status(address, f"Host: {bound}:PORT", at=bound) == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "0", "::"])
def test_an_address_that_others_reach_wants_a_token_or_everybody(host: str) -> None:
    told = ended("serve", ACME, "--host", host, "--port", "0")
    if "(unreachable)" not in told.stderr:
        assert (told.returncode, told.stdout, "other machines can reach this address" in told.stderr) == (2, "", True)


def test_whom_everybody_reaches_has_names_that_it_cannot_know() -> None:
    with serving(ACME, "--host", "0.0.0.0", "--anonymous") as address:
        assert status(address, "Host: pdp.internal") == 200
    # Nobody else reaches this one, whatever is said.
    with serving(ACME, "--anonymous") as address:
        assert status(address, "Host: pdp.internal") == 421
