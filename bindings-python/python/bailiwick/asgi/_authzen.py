"""An AuthZEN decision point for hosts that speak ASGI. What is answered is the engine's; this brings it over HTTP."""

from __future__ import annotations

import json as json_text
import logging
import re
from collections.abc import Callable
from typing import Any

from .. import Bailiwick, BailiwickError, InvalidInputError
from .._left_out import LEFT_OUT, LeftOut
from ..types import AuthzenApi
from ._answer import Answer, Reply, json, not_allowed, text
from ._decide import by_one_revision
from ._head import RequestHead
from ._place import Place
from ._present import giving, is_function
from ._protocol import Receive, Scope, Send
from ._told import OnDecision, of_authzen, present, telling, written
from ._verdict import Authenticate, is_application, verdict_of

LONGEST_BODY = 1 << 20
MOST_EMPTY_MESSAGES = 1 << 10

_log = logging.getLogger("bailiwick.asgi")
_LENGTH = re.compile("[0-9]{1,19}", re.ASCII)


def authzen_app(
    guard: Bailiwick | Callable[[], Bailiwick],
    *,
    base_url: str | None = None,
    reasons: bool = False,
    trust_context_time: bool = False,
    authenticate: Authenticate | LeftOut = LEFT_OUT,
    on_decision: OnDecision | None = None,
) -> AuthzenApp:
    """An OpenID AuthZEN Authorization API 1.0 decision point, as an ASGI application.

    `guard` is an engine, or gives the present one. `base_url` is the decision point's address; without it, that is where it is asked.
    `reasons` and `trust_context_time` are those of `Bailiwick.authzen`. `authenticate` is given a `RequestHead`, and says whether the
    caller may ask: `True` and nothing else permits; it may be async. Where it is left out, everybody may ask. Once named, it has to be
    there: None is refused. `on_decision` is told each decision of an evaluation as a `DecisionEntry`, before the answer is sent; what it
    raises is logged, and changes no answer. Raises BailiwickError `wrong_type` for what is none of these.
    """
    return AuthzenApp(guard, base_url, reasons, trust_context_time, authenticate, on_decision)


class AuthzenApp:
    """What `authzen_app` returns."""

    def __init__(
        self,
        guard: Bailiwick | Callable[[], Bailiwick],
        base_url: str | None,
        reasons: bool,
        trust_context_time: bool,
        authenticate: Authenticate | LeftOut,
        on_decision: OnDecision | None = None,
    ) -> None:
        self._guard = giving(guard)
        for name, value in (("reasons", reasons), ("trust_context_time", trust_context_time)):
            if value is not None and not isinstance(value, bool):
                raise InvalidInputError("wrong_type", f"/{name}", "expected true or false")
        if not isinstance(authenticate, LeftOut) and not is_function(authenticate):
            raise InvalidInputError("wrong_type", "/authenticate", "expected a function")
        self._tell = telling(on_decision)
        self._place = Place(base_url)
        self._reasons, self._trust_context_time, self._authenticate = reasons, trust_context_time, authenticate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        match scope["type"]:
            case "http":
                await self._http(scope, receive, send)
            case "websocket":
                await send({"type": "websocket.close"})
            case "lifespan":
                await _live(receive, send)
            case _:
                raise RuntimeError("an AuthZEN decision point speaks HTTP")

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = RequestHead(scope)
        reply = Reply(send, head.headers.get("x-request-id"))
        try:
            answer = await self._answer(head, receive, reply)
        except _DisconnectedError:
            return
        except Exception:
            # What went wrong here is the host's to know.
            _log.exception("internal error")
            if reply.has_begun:
                raise
            answer = text(500, "internal error")
        if answer is not None:
            await answer.send(reply, has_body=head.method != "HEAD")

    async def _answer(self, head: RequestHead, receive: Receive, reply: Reply) -> Answer | None:
        # None where a verdict has answered.
        endpoint = self._place.endpoint(head.scope)
        if endpoint is None:
            return text(404, "there is no such endpoint")
        if endpoint == "metadata":
            return self._metadata(head) if head.method in ("GET", "HEAD") else not_allowed("GET, HEAD")
        if head.method != "POST":
            return not_allowed("POST")
        if not isinstance(self._authenticate, LeftOut):
            verdict = await verdict_of(self._authenticate, head)
            if is_application(verdict):
                await verdict(head.scope, receive, reply)
                if not reply.is_whole:
                    raise RuntimeError("what `authenticate` returned did not answer")
                return None
            # Nothing else permits, however true it is: a status, an error that was returned, a pair of no and why.
            if verdict is not True:
                return text(401, "the caller is not authenticated", {b"www-authenticate": b"Bearer"})
        if head.headers.get("content-type", "").partition(";")[0].strip(" \t").lower() != "application/json":
            return text(400, "the content type is not application/json")
        length = head.headers.get("content-length", "")
        # A length that is said need not be waited for.
        is_long = _LENGTH.fullmatch(length) is not None and int(length) > LONGEST_BODY
        body = None if is_long else await _body(receive)
        return text(413, f"a request has at most {LONGEST_BODY} bytes") if body is None else self._decided(endpoint, body)

    def _decided(self, api: AuthzenApi, body: bytes) -> Answer:
        guard = self._guard()
        try:
            if self._tell is not None and api.startswith("access_"):
                return json(self._told(guard, api, body, self._tell))
            return json(guard.authzen(api, body, reasons=self._reasons, trust_context_time=self._trust_context_time))
        except BailiwickError as fault:
            # What the caller did wrong is told; a clock that gives no time (`/at`) is none of it.
            if fault.path == "/at":
                raise
            return text(400, str(fault))

    def _told(self, guard: Bailiwick, api: AuthzenApi, body: bytes, tell: OnDecision) -> str:
        """The same answer, with each decision told. For that the engine gives its reasons, which callers get where they may know them."""
        now, trusts = present(), self._trust_context_time
        revision, answer = by_one_revision(
            guard, lambda: (guard.revision, guard.authzen(api, body, reasons=True, trust_context_time=trusts, at=now))
        )
        decided: dict[str, Any] = json_text.loads(answer)
        entries = of_authzen(body, decided, revision, written(now), trust_context_time=trusts)
        if not self._reasons:
            bare = [{"decision": one["decision"]} for one in decided.get("evaluations", [decided])]
            answer = json_text.dumps({"evaluations": bare} if "evaluations" in decided else bare[0], separators=(",", ":"))
        for entry in entries:
            tell(entry)
        return answer

    def _metadata(self, head: RequestHead) -> Answer:
        try:
            return json(self._place.metadata(head))
        except BailiwickError:
            return text(400, "the host of the request is not the address of a decision point")


class _DisconnectedError(Exception):
    """The rest of the body will never come, and nobody is there to hear an answer."""


async def _body(receive: Receive) -> bytes | None:
    # None if it is too long, without reading it to its end.
    body = bytearray()
    empty = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _DisconnectedError
        chunk = message.get("body", b"")
        if not chunk:
            empty += 1
        if len(body) + len(chunk) > LONGEST_BODY or empty > MOST_EMPTY_MESSAGES:
            return None
        body += chunk
        if not message.get("more_body", False):
            return bytes(body)


async def _live(receive: Receive, send: Send) -> None:
    # There is nothing to start, and nothing to stop.
    while (message := await receive())["type"] != "lifespan.shutdown":
        await send({"type": f"{message['type']}.complete"})
    await send({"type": "lifespan.shutdown.complete"})
