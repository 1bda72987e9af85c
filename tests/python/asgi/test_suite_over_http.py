"""The shared suite's AuthZEN cases once more, over HTTP: what the engine says with status 200, to the byte, and its errors with 400."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Bailiwick, BailiwickError, authzen_metadata
from bailiwick.asgi import authzen_app
from bailiwick.types import AuthzenApi
from platform_world import METADATA
from served import JSON, Server, exchange, serving
from suite.documents import world
from suite.shared import merged

CASES = Path(__file__).parents[2] / "cases"
PATHS: dict[AuthzenApi, str] = {
    "access_evaluation": "/access/v1/evaluation",
    "access_evaluations": "/access/v1/evaluations",
    "search_subject": "/access/v1/search/subject",
    "search_resource": "/access/v1/search/resource",
    "search_action": "/access/v1/search/action",
}
FLAGS = ("reasons", "trust_context_time")


class Dated:
    """An engine at the time of a case: over HTTP nobody may set it."""

    def __init__(self, guard: Bailiwick, at: str | None) -> None:
        self.guard = guard
        self.at = at

    def authzen(self, api: AuthzenApi, request: bytes, **terms: bool) -> str:
        return self.guard.authzen(api, request, at=self.at, **terms)


def cases(call: str) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Each case of a call, with the file that it stands in and its name."""
    for name in json.loads((CASES / "index.json").read_text("utf-8"))["files"]:
        file = json.loads((CASES / name).read_text("utf-8"))
        yield from ((name, file, case) for case in file["cases"] if case["call"] == call)


class Points:
    """A decision point for each way to set it up, all with the engine of the present case."""

    def __init__(self, stack: ExitStack) -> None:
        self.present: Any = None
        self._stack = stack
        self._connections: dict[tuple[bool, bool], tuple[Server, http.client.HTTPConnection]] = {}

    def ask(self, flags: dict[str, bool], path: str, body: bytes) -> tuple[int, bytes]:
        """The status and the body, on a connection that stays open."""
        key = (flags["reasons"], flags["trust_context_time"])
        if key not in self._connections:
            app = authzen_app(lambda: self.present, reasons=key[0], trust_context_time=key[1])
            server = self._stack.enter_context(serving(app, timeout_keep_alive=60))
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            self._stack.callback(connection.close)
            self._connections[key] = (server, connection)
        server, connection = self._connections[key]
        response = exchange(connection, path, body, method="POST", headers=JSON, host=server.host)
        return response.status, response.body


def test_every_case_is_answered_over_http_as_it_is_without(caplog: pytest.LogCaptureFixture) -> None:
    counts = {"answers": 0, "errors": 0, "options": 0, "no endpoint": 0, "host": 0}
    shared: dict[str, Bailiwick] = {}
    with ExitStack() as stack:
        points = Points(stack)
        for name, file, case in cases("authzen"):
            if name not in shared:
                shared[name] = world(file)
            given = case["input"]
            flags = {flag: given.get(flag) for flag in FLAGS}
            if given["api"] not in PATHS:
                assert case["error"] == {"code": "wrong_type", "path": "/api"}
                counts["no endpoint"] += 1
                continue
            if any(flag is not None and not isinstance(flag, bool) for flag in flags.values()):
                with pytest.raises(BailiwickError) as raised:
                    authzen_app(shared[name], reasons=given.get("reasons"), trust_context_time=given.get("trust_context_time"))
                assert {"code": raised.value.code, "path": raised.value.path} == case["error"]
                counts["options"] += 1
                continue
            guard = world(case, file) if "directory" in case or "policy" in case else shared[name]
            body = (given["text"] if "text" in given else json.dumps(given["request"])).encode()
            at = given["at"] if "at" in given else file.get("at")
            points.present = Dated(guard, at)
            terms = {option: bool(flag) for option, flag in flags.items()}
            status, answer = points.ask(terms, PATHS[given["api"]], body)
            if "answer" in case:
                assert (status, json.loads(answer)) == (200, merged(case["answer"], file.get("answer", {}))), case["note"]
                assert answer.decode() == points.present.authzen(given["api"], body, **terms)
                counts["answers"] += 1
            elif case["error"]["path"] == "/at":
                assert (status, answer) == (500, b"internal error"), case["note"]
                counts["host"] += 1
            else:
                place = f" at {case['error']['path']}" if case["error"]["path"] else ""
                assert status == 400, case["note"]
                assert answer.decode().endswith(f"({case['error']['code']}{place})"), case["note"]
                counts["errors"] += 1
    assert sum(counts.values()) == sum(1 for _ in cases("authzen"))
    assert min(counts.values()) > 0
    assert counts["answers"] > 300
    assert counts["errors"] > 200
    assert len([record for record in caplog.records if record.name == "bailiwick.asgi"]) == counts["host"]


def test_every_address_of_a_decision_point_is_published_or_refused() -> None:
    published = refused = 0
    guard = Bailiwick.from_directory({"format": "bailiwick/1", "organizations": []})
    for _, _, case in cases("authzen_metadata"):
        given = case["input"]
        if given is None:
            # For an application, that is none of its own.
            continue
        if "error" in case:
            with pytest.raises(BailiwickError) as raised:
                authzen_app(guard, base_url=given)
            assert {"code": raised.value.code, "path": raised.value.path} == case["error"]
            refused += 1
            continue
        path = "/" + given.partition("://")[2].partition("/")[2].rstrip("/")
        with serving(authzen_app(guard, base_url=given)) as server:
            response = server.get(METADATA + path.rstrip("/"))
        assert (response.status, response.json(), response.text) == (200, case["answer"], authzen_metadata(given))
        published += 1
    assert min(published, refused) > 9
    assert published + refused == sum(case["input"] is not None for _, _, case in cases("authzen_metadata"))
