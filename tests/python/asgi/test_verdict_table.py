"""What a host's `authenticate` says, and what becomes of the request: by the table that JavaScript is held to as well."""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from http import HTTPStatus
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy
import pytest
from bailiwick import BailiwickError
from bailiwick.asgi import AuthzenApp, authzen_app
from platform_world import EVALUATION, QUESTION, engine
from starlette.responses import PlainTextResponse

TABLE = json.loads((Path(__file__).parents[2] / "authzen-verdicts.json").read_text("utf-8"))
BODY = json.dumps(QUESTION).encode()
guard = engine()


class Permission:
    """A class, and what is made of it: as true as can be."""

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return other is True

    def __hash__(self) -> int:
        return hash(True)


def later(value: Any) -> Callable[[], Coroutine[Any, Any, Any]]:
    async def give() -> Any:
        return value

    return give


async def _promise_of_a_promise() -> Any:
    return later(1)()


def _yes() -> bool:
    return True


def _generator() -> Iterator[bool]:
    yield True


async def _asynchronous_generator() -> AsyncIterator[bool]:
    yield True


def _raised() -> Any:
    raise PermissionError("the secret is 42")


async def _raised_later() -> Any:
    raise PermissionError("the secret is 42")


MAKERS: dict[str, Callable[[], Any]] = {
    "nothing": lambda: None,
    "promise of true": later(True),
    "promise of false": later(False),
    "promise of one": later(1),
    "promise of a promise of one": _promise_of_a_promise,
    "response 403": lambda: PlainTextResponse("suspended", 403),
    "response 200": lambda: PlainTextResponse("log in", 200),
    "not a number": lambda: float("nan"),
    "infinity": lambda: float("inf"),
    "a large integer": lambda: 10**30,
    "a pair of no and why": lambda: (False, "why"),
    "an object of a class, with a status": lambda: SimpleNamespace(status=200, status_code=200, ok=True),
    "equal to true": Permission,
    "bytes": lambda: b"\x01",
    "a set": lambda: {True},
    "an error": lambda: PermissionError("no"),
    "a class of errors": lambda: PermissionError,
    "a class": lambda: Permission,
    "a function": lambda: _yes,
    "an asynchronous function": lambda: later(True),
    "a generator": _generator,
    "an asynchronous generator": _asynchronous_generator,
    "raised": _raised,
    "raised later": _raised_later,
}

HOOKS: dict[str, Callable[[], Any]] = {
    "nothing": lambda: None,
    "a hook": lambda: lambda _: True,
    # Of a task, which nobody has to wait for.
    "promise of a hook": lambda: asyncio.Future(loop=asyncio.new_event_loop()),
    "a generator": _generator,
    "a class": lambda: Permission,
    "a generator function": lambda: lambda _: (yield True),
}


def maker(makers: dict[str, Callable[[], Any]], entry: Any) -> Callable[[], Any]:
    """What makes the value that an entry of the table names."""
    return makers[entry["make"]] if "make" in entry else lambda: entry["value"]


def ask(app: AuthzenApp) -> tuple[int, bytes, dict[bytes, bytes]]:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": BODY}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": EVALUATION, "headers": [(b"content-type", b"application/json")]}
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], sent[1]["body"], dict(sent[0]["headers"])


def expect(then: str, app: AuthzenApp) -> None:
    status, body, headers = ask(app)
    assert (b"decision" in body) == (then == "permitted")
    if then == "permitted":
        assert (status, body) == (200, b'{"decision":true}')
    elif then == "refused":
        assert (status, headers[b"www-authenticate"]) == (401, b"Bearer")
    elif then == "failed":
        assert (status, body) == (500, b"internal error")
    else:
        assert (then, body) == ("answered", {403: b"suspended", 200: b"log in"}[status])


def expect_verdict(then: str, make: Callable[[], Any]) -> None:
    async def asynchronous(_: Any) -> Any:
        verdict = make()
        return await verdict if inspect.iscoroutine(verdict) else verdict

    for hook in (lambda _: make(), asynchronous):
        expect(then, authzen_app(guard, authenticate=hook))


@pytest.mark.parametrize("entry", TABLE["verdicts"], ids=lambda entry: entry["note"])
@pytest.mark.filterwarnings("error")
def test_a_verdict(entry: Any) -> None:
    expect_verdict(entry["then"], maker(MAKERS, entry))


def test_the_table_has_all_that_can_be_made() -> None:
    assert set(MAKERS) == {entry["make"] for entry in TABLE["verdicts"] if "make" in entry}


async def _takes_nothing() -> bool:
    return True


async def _takes_two(_scope: Any, _receive: Any) -> None:
    raise AssertionError


def _takes_three(_scope: Any, _receive: Any, _send: Any) -> bool:
    return True


class _Callable:
    def __call__(self, *_: Any) -> bool:
        return True


ONLY_IN_PYTHON: dict[str, Any] = {
    "a truth of numpy": numpy.True_,
    "a status": HTTPStatus.OK,
    "a class of responses": PlainTextResponse,
    "a built-in function": print,
    "a function that takes three": _takes_three,
    "an object that can be called": _Callable(),
    "an asynchronous function that takes nothing": _takes_nothing,
    "an asynchronous function that takes two": _takes_two,
    "a part of a function": functools.partial(_takes_nothing),
    "a method": [].append,
}


@pytest.mark.parametrize("verdict", ONLY_IN_PYTHON.values(), ids=ONLY_IN_PYTHON.keys())
@pytest.mark.filterwarnings("error")
def test_what_only_python_has(verdict: Any) -> None:
    expect_verdict("refused", lambda: verdict)


def _same(value: Any) -> Any:
    return value


def test_an_application_answers_in_every_form() -> None:
    response = PlainTextResponse("suspended", 403)

    async def function(scope: Any, receive: Any, send: Any) -> None:
        await response(scope, receive, send)

    async def more(_more: int, scope: Any, receive: Any, send: Any) -> None:
        await response(scope, receive, send)

    for application in (response, response.__call__, function, functools.partial(more, 1)):
        expect_verdict("answered", functools.partial(_same, application))


def test_what_checkers_of_types_refuse_as_well() -> None:
    async def somebody(_: Any) -> str:
        return "user:usr_ada"

    expect("refused", authzen_app(guard, authenticate=lambda _: 401))  # type: ignore[arg-type, return-value]
    expect("refused", authzen_app(guard, authenticate=somebody))  # type: ignore[arg-type]
    with pytest.raises(BailiwickError):
        authzen_app(guard, authenticate=None)  # type: ignore[arg-type]


@pytest.mark.parametrize("entry", TABLE["hooks"], ids=lambda entry: entry["note"])
def test_a_hook(entry: Any) -> None:
    if entry.get("make") == "left out":
        expect("permitted", authzen_app(guard))
        return
    hook, then = maker(HOOKS, entry)(), entry["then"]
    if then == "permits":
        expect("permitted", authzen_app(guard, authenticate=hook))
        return
    # What lets nobody in in JavaScript is refused at once here.
    assert then in ("wrong_type", "lets nobody in")
    for make in (
        functools.partial(authzen_app, guard, authenticate=hook),
        functools.partial(AuthzenApp, guard, None, False, False, hook),
    ):
        with pytest.raises(BailiwickError) as raised:
            make()
        assert (raised.value.code, raised.value.path) == ("wrong_type", "/authenticate")
