"""The example as a user runs it: a program of its own, asked over HTTP, whose directory is changed by typing."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from served import JSON, Response, Server

EXAMPLE = Path(__file__).parents[3] / "examples/fastapi"


@dataclass
class Running:
    """The program, and what it has printed for its user."""

    process: subprocess.Popen[str]
    server: Server
    ci: str
    zoe: str
    token: str

    def change(self, line: str) -> str:
        """Type a change, and read what is said to it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def ask(self, path: str, body: Any = None, *, by: str | None, method: str = "POST") -> Response:
        authorization = [] if by is None else [("authorization", f"Bearer {by}")]
        return self.server.ask(path, body, method=method, headers=[*JSON, *authorization])


@pytest.fixture
def running() -> Iterator[Running]:
    command = [sys.executable, str(EXAMPLE / "local.py"), "0"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            shown = ""
            while not shown.endswith("Ctrl+D:\n"):
                line = process.stdout.readline()
                assert line, "the program has ended"
                shown += line
            ci, zoe, _, token = re.findall(r"Bearer (\S+)'", shown)
            port = re.search(r"127\.0\.0\.1:(\d+)/", shown)
            assert port is not None
            yield Running(process, Server(int(port[1])), ci, zoe, token)
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(30) == 0
        finally:
            process.kill()


def booked(response: Response) -> dict[str, str]:
    return {name.removeprefix("x-bailiwick-"): value for name, value in response.headers.items() if name.startswith("x-bailiwick-")}


def expect_refused(response: Response, status: int, body: dict[str, str]) -> None:
    assert (response.status, response.json(), booked(response)) == (status, body, {})


def test_the_example_does_what_its_page_says(running: Running) -> None:
    hello = {"prompt": "hello"}
    response = running.ask("/v1/projects/prj_a/inference", hello, by=running.ci)
    assert (response.status, response.json()) == (200, {"completion": "olleh, says the model of prj_a"})
    own = {"organization": "org_acme", "project": "prj_a", "reason": "project_scoped", "certainty": "certain", "revision": "2"}
    assert booked(response) == {**own, "api-key": "key_ci"}
    assert booked(running.ask("/v1/files/file_a", by=running.ci, method="GET")) == own
    elsewhere = booked(running.ask("/v1/projects/prj_a/code", hello, by=running.zoe))
    external = {
        "organization": "org_partner",
        "reason": "external_home_organization",
        "certainty": "possible",
        "api-key": "key_zoe",
        "revision": "2",
    }
    assert elsewhere == external

    def denied(reason: str) -> dict[str, str]:
        return {"error": "forbidden", "reason": reason}

    expect_refused(running.ask("/v1/clusters/cl_1/scale", by=running.ci), 403, denied("key_lacks_permission"))
    for path in ("/v1/files/file_b", "/v1/files/nowhere"):
        expect_refused(running.ask(path, by=running.ci, method="GET"), 403, denied("key_out_of_scope"))
    expect_refused(running.ask("/v1/projects/prj_b/inference", hello, by=running.ci), 403, denied("key_out_of_scope"))
    for unknown in (None, f"{running.ci}x", running.token):
        expect_refused(running.ask("/v1/projects/prj_a/inference", hello, by=unknown), 401, {"error": "unauthenticated"})
    expect_refused(running.ask("/v1/files/file_a", by="two tokens", method="GET"), 400, {"error": "invalid_request"})

    question = {"subject": {"type": "user", "id": "usr_bob"}, "action": {"name": "file.read"}, "resource": {"type": "file", "id": "file_b"}}
    answer = running.ask("/pdp/access/v1/evaluation", question, by=running.token)
    assert answer.json() == {"decision": False, "context": {"reason": "not_a_collaborator", "caveats": []}}
    for stranger in (running.ci, None):
        assert running.ask("/pdp/access/v1/evaluation", question, by=stranger).status == 401
    published = running.server.get("/pdp/.well-known/authzen-configuration").json()
    assert published["access_evaluation_endpoint"] == f"http://{running.server.host}/pdp/access/v1/evaluation"

    assert running.change("no change") != ""
    assert "not_found" in running.change('{"type": "revoke_api_key", "key": "key_none"}')
    assert running.change('{"type": "revoke_api_key", "key": "key_ci"}') == "revision 3"
    expect_refused(running.ask("/v1/projects/prj_a/inference", hello, by=running.ci), 403, denied("key_revoked"))
    assert running.change('{"type": "expire_api_key", "key": "key_zoe", "expires_at": "2026-01-01T00:00:00Z"}') == "revision 4"
    expect_refused(running.ask("/v1/projects/prj_a/inference", hello, by=running.zoe), 403, denied("key_expired"))
