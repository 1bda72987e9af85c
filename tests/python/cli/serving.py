"""A decision point in a process of its own, and what asks it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .conftest import as_from_a_terminal

TIMEOUT = 60
TOKEN = "a-token-of-some-length-0123"


@contextmanager
def serving(*arguments: object, said: list[str] | None = None) -> Iterator[str]:
    """The address of a server that is ready. What it says on its error output is added to `said` in the end."""
    work = [sys.executable, "-m", "bailiwick", "serve", *map(str, arguments), "--port", "0", "--json"]
    process = subprocess.Popen(work, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=as_from_a_terminal)
    try:
        assert process.stdout is not None
        text = ""
        while not text.endswith("}\n"):
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            text += line
        yield json.loads(text)["address"]
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=TIMEOUT)
    assert process.returncode == -signal.SIGINT, err
    assert TOKEN not in err
    if said is not None:
        said.append(err)


def ask(address: str, user: str, token: str | None = None, **context: str) -> Any:
    """An evaluation: the answer, or the status of a refusal."""
    body = {
        "subject": {"type": "user", "id": user},
        "action": {"name": "file.read"},
        "resource": {"type": "project", "id": "prj_a"},
        "context": context,
    }
    headers = {"content-type": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
    request = urllib.request.Request(f"{address}/access/v1/evaluation", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        return error.code


def connect(address: str, sent: bytes = b"", *, at: str = "127.0.0.1") -> socket.socket:
    """A connection, on which something was sent."""
    connection = socket.create_connection((at, int(address.rpartition(":")[2])), timeout=TIMEOUT)
    connection.sendall(sent)
    return connection


def received(connection: socket.socket) -> bytes:
    """What comes until the server ends the connection."""
    data = b""
    try:
        while chunk := connection.recv(1 << 16):
            data += chunk
    except ConnectionResetError:
        pass
    return data
