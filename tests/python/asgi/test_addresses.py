"""Where a decision point is: its metadata, an address of its own, and what it is mounted under."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from bailiwick import authzen_metadata
from bailiwick.asgi import authzen_app
from fastapi import FastAPI
from platform_world import EVALUATION, METADATA, PARTS, QUESTION, engine, well_formed
from served import Server, serving
from starlette.applications import Starlette
from starlette.routing import Mount, Route

BASE = "https://pdp.example.com"
guard = engine()


def expect_published(served: Server, metadata: dict[str, str], base: str) -> None:
    """What is published is at this address, and answers."""
    assert metadata == json.loads(authzen_metadata(base))
    for name, url in metadata.items():
        if name != "policy_decision_point":
            assert served.ask(urlsplit(url).path, well_formed(url)).status == 200, url


def test_a_hosts_own_address_is_published_as_it_is() -> None:
    with serving(authzen_app(guard, base_url=BASE)) as served:
        response = served.get(METADATA, host="10.0.0.1")
        assert (response.status, response.headers["content-type"]) == (200, "application/json")
        assert response.text == authzen_metadata(BASE)
        expect_published(served, response.json(), BASE)


@pytest.mark.parametrize("base_url", [f"{BASE}/tenant1", f"{BASE}/tenant1/", f"{BASE}/a/b-c/d_e~f.g", f"{BASE}/t%20x"])
def test_an_address_with_a_path_has_its_metadata_between_host_and_path(base_url: str) -> None:
    with serving(authzen_app(guard, base_url=base_url)) as served:
        expect_published(served, served.get(METADATA + urlsplit(base_url).path.rstrip("/")).json(), base_url)
        assert served.get(METADATA).status == 404
        assert served.ask(EVALUATION, QUESTION).status == 404


def test_without_an_address_it_is_the_one_that_is_asked() -> None:
    with serving(authzen_app(guard)) as served:
        for host, point in (
            ("pdp.example.com", BASE),
            ("PDP.example.com", BASE),
            ("pdp.example.com:8080", f"{BASE}:8080"),
            ("pdp.example.com:80", BASE),
            ("pdp.example.com:", BASE),
            ("localhost:8787", "http://localhost:8787"),
            ("127.0.0.1:80", "http://127.0.0.1"),
            ("[::1]:8787", "http://[::1]:8787"),
            ("[2001:db8::1]", "https://[2001:db8::1]"),
            ("localhost.example.com", "https://localhost.example.com"),
        ):
            assert served.get(METADATA, host=host).json()["policy_decision_point"] == point, host
        expect_published(served, served.get(METADATA).json(), f"http://{served.host}")
        for host in ("pdp.example.com/evil", "user@pdp.example.com", "pdp.example.com?x", "a b", "1.2.3.4.5", "a, b", "h:99999", "é"):
            response = served.get(METADATA, host=host)
            assert response.status == 400, host
            assert "evil" not in response.text


def metadata_of(**scope: Any) -> Any:
    """What a request with such a scope is told; None if it is refused."""
    sent: list[Any] = []

    async def receive() -> Any:
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(authzen_app(guard)({"type": "http", "method": "GET", "path": METADATA, "headers": [], **scope}, receive, send))
    return json.loads(sent[1]["body"])["policy_decision_point"] if sent[0]["status"] == 200 else None


def test_a_scope_says_where_it_is_asked() -> None:
    assert metadata_of(headers=[(b"host", b"h:443")], scheme="https") == "https://h"
    assert metadata_of(headers=[(b"host", b"localhost:443")], scheme="https") == "https://localhost"
    assert metadata_of(headers=[(b"host", b"localhost:80")], scheme="https") == "https://localhost:80"
    assert metadata_of(headers=[(b"host", b"")], server=("127.0.0.1", 8000)) == "http://127.0.0.1:8000"
    assert metadata_of(server=("::1", 8000)) == "http://[::1]:8000"
    for server in (("/run/app.sock", None), None):
        assert metadata_of(server=server) is None
    assert metadata_of(headers=[(b"host", b"a"), (b"host", b"b")]) is None


@pytest.mark.parametrize("framework", [Starlette, FastAPI])
@pytest.mark.parametrize("prefix", ["/pdp", "/a/b", "/access", "/t x"])
def test_mounted_without_an_address(framework: Any, prefix: str) -> None:
    app = framework()
    app.mount(prefix, authzen_app(guard))
    with serving(app) as served:
        below = prefix.replace(" ", "%20")
        expect_published(served, served.get(below + METADATA).json(), f"http://{served.host}{below}")
        assert served.ask(EVALUATION, QUESTION).status == 404
        for path in (f"{below}{below}{EVALUATION}", f"{below}/access/v1/%65valuation", f"{below}/evaluation", below):
            assert served.ask(path, QUESTION).status in (404, 307), path


def test_mounted_with_an_address_of_the_same_path() -> None:
    base = f"{BASE}/pdp"
    point = authzen_app(guard, base_url=base)
    fast = FastAPI()
    fast.mount("/pdp", point)
    fast.routes.append(Route(f"{METADATA}/pdp", point))
    for app in (Starlette(routes=[Mount("/pdp", point), Route(f"{METADATA}/pdp", point)]), fast):
        with serving(app) as served:
            expect_published(served, served.get(f"{METADATA}/pdp").json(), base)
            assert served.ask(f"/pdp{METADATA}", QUESTION).status == 404


def test_mounted_below_a_proxy_that_shows_another_path() -> None:
    # https://pdp.example.com/… is /internal/… here.
    with serving(Starlette(routes=[Mount("/internal", authzen_app(guard, base_url=BASE))])) as served:
        assert served.get(f"/internal{METADATA}").text == authzen_metadata(BASE)
        for path in PARTS:
            assert served.ask(f"/internal{path}", well_formed(path)).status == 200


def test_a_proxy_that_takes_its_prefix_away_is_named_by_root_path() -> None:
    with serving(authzen_app(guard), root_path="/api") as served:
        # This server puts the prefix back in front of the path.
        assert served.get(METADATA).json()["policy_decision_point"] == f"http://{served.host}/api"
        assert served.ask(EVALUATION, QUESTION).status == 200
    app = Starlette(routes=[Mount("/pdp", authzen_app(guard))])

    async def told_by_the_host(scope: Any, receive: Any, send: Any) -> None:
        # Others leave the path as it came.
        await app({**scope, "root_path": "/api"}, receive, send)

    with serving(told_by_the_host) as served:
        assert served.get(f"/pdp{METADATA}").json()["policy_decision_point"] == f"http://{served.host}/api/pdp"
        assert served.ask(f"/pdp{EVALUATION}", QUESTION).status == 200
