"""Who may ask: what a host's `authenticate` is given, and what becomes of its answers."""

from __future__ import annotations

import asyncio
import functools
from typing import Any

import pytest
from bailiwick import Bailiwick
from bailiwick.asgi import RequestHead, authzen_app
from platform_world import EVALUATION, METADATA, QUESTION, bearer, engine
from served import JSON, Response, serving
from starlette.responses import JSONResponse, RedirectResponse

guard = engine()


def verdict_is(verdict: Any, **more: Any) -> Response:
    """What is answered where the hook gives this."""
    return ask_with(lambda _: verdict, **more)


def ask_with(hook: Any, *headers: tuple[str, str], path: str = EVALUATION, method: str = "POST") -> Response:
    with serving(authzen_app(guard, authenticate=hook)) as served:
        return served.ask(path, QUESTION if method == "POST" else None, method=method, headers=[*JSON, *headers])


def test_the_hosts_hook_decides_with_the_request_in_hand() -> None:
    async def hook(head: RequestHead) -> Any:
        await asyncio.sleep(0)
        assert (head.method, head.path, head.scope["type"]) == ("POST", EVALUATION, "http")
        return guard.authenticate(head.headers.get("Authorization", "").removeprefix("Bearer ")) is not None

    with serving(authzen_app(guard, authenticate=hook)) as served:
        good, bad = bearer("key_ci"), ("authorization", "Bearer bad")
        for headers, status in (([good], 200), ([bad], 401), ([], 401), ([good, good], 401), ([good, bad], 401), ([bad, good], 401)):
            response = served.ask(EVALUATION, QUESTION, headers=[*JSON, *headers])
            assert response.status == status
            if status == 401:
                assert (response.headers["www-authenticate"], response.headers["content-type"]) == ("Bearer", "text/plain; charset=utf-8")


def test_the_head_of_a_request_tells_and_hides() -> None:
    scope = {"method": "GET", "path": "/é", "headers": [(b"A", b" 1\t"), (b"b", b"2"), (b"a", b"3"), (b"authorization", b"Bearer secret")]}
    head = RequestHead(scope)
    assert (head.headers["a"], head.headers["B"], dict(head.headers)["a"], len(head.headers)) == ("1, 3", "2", "1, 3", 3)
    assert "c" not in head.headers
    assert "secret" not in repr(head) + repr(head.headers)
    with pytest.raises(AttributeError):
        head.method = "POST"  # type: ignore[misc]


def test_a_hook_may_be_whatever_can_be_called() -> None:
    class Hook:
        async def __call__(self, head: RequestHead) -> bool:
            return "authorization" in head.headers

    def named(wanted: str, head: RequestHead) -> bool:
        return wanted in head.headers

    for hook in (Hook(), functools.partial(named, "authorization")):
        assert ask_with(hook, bearer("key_ci")).status == 200
        assert ask_with(hook).status == 401


def test_a_response_of_the_hook_is_sent_as_it_is() -> None:
    suspended = JSONResponse({"error": "suspended"}, 403, {"x-request-id": "theirs", "x-more": "1"})
    response = ask_with(lambda _: suspended, ("x-request-id", "7"))
    assert (response.status, response.json(), response.headers["x-request-id"], response.headers["x-more"]) == (
        403,
        {"error": "suspended"},
        "7",
        "1",
    )
    assert verdict_is(RedirectResponse("https://login.example.com")).status == 307
    # Even one that says 200 is what is answered, and no permission.
    assert verdict_is(JSONResponse({"login": "here"})).json() == {"login": "here"}
    assert verdict_is(suspended).headers["x-request-id"] == "theirs"


async def unread() -> Any:
    raise AssertionError("nobody reads yet")


async def _sends_nothing(scope: Any, receive: Any, send: Any) -> None:
    pass


async def _sends_half(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})


def test_an_application_that_does_not_answer_is_500(caplog: pytest.LogCaptureFixture) -> None:
    response = verdict_is(_sends_nothing)
    assert (response.status, response.body) == (500, b"internal error")
    assert "bailiwick.asgi" in {record.name for record in caplog.records}


def test_an_answer_that_is_broken_off_is_none(caplog: pytest.LogCaptureFixture) -> None:
    with serving(authzen_app(guard, authenticate=lambda _: _sends_half)) as served:
        received = served.raw(b"POST /access/v1/evaluation HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
        assert b"decision" not in received
        assert not received.endswith(b"0\r\n\r\n")
    # Nor does a second one begin, whatever a server would make of it.
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": EVALUATION, "headers": []}
    with pytest.raises(RuntimeError, match="did not answer"):
        asyncio.run(authzen_app(guard, authenticate=lambda _: _sends_half)(scope, unread, send))
    assert [message["type"] for message in sent] == ["http.response.start"]


def test_the_body_is_read_by_nobody_before_the_hook_has_answered() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": EVALUATION, "headers": [(b"content-type", b"application/json")]}
    asyncio.run(authzen_app(guard, authenticate=lambda _: False)(scope, unread, send))
    assert sent[0]["status"] == 401


def test_what_the_hosts_own_code_raises_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    def raising(_: RequestHead) -> bool:
        raise PermissionError("the secret is 42")

    async def raising_later(_: RequestHead) -> bool:
        raise PermissionError("the secret is 42")

    def ours(_: RequestHead) -> Any:
        return Bailiwick.from_directory({})

    for hook in (raising, raising_later, ours):
        response = ask_with(hook, ("x-request-id", "7"))
        assert (response.status, response.body, response.headers["x-request-id"]) == (500, b"internal error", "7")


def test_the_metadata_is_for_everybody_and_other_paths_are_asked_of_nobody() -> None:
    asked: list[str] = []

    def hook(head: RequestHead) -> bool:
        asked.append(head.path)
        return False

    assert ask_with(hook, path=METADATA, method="GET").status == 200
    assert ask_with(hook, path="/nowhere").status == 404
    assert ask_with(hook, method="GET").status == 405
    assert asked == []
