"""An AuthZEN decision point for ASGI. The engine makes the answers; this sends them over HTTP."""

from __future__ import annotations

import json as json_text
import logging
import re
from collections.abc import Callable
from typing import Any

from .. import Bailiwick, BailiwickError, InvalidInputError
from .._unset import UNSET, Unset
from ..types import AuthzenApi
from ._answer import Answer, Reply, json, not_allowed, text
from ._decide import by_one_revision
from ._decision_log import OnDecision, authzen_entries, current_time, hook_from, rfc_3339
from ._endpoints import Endpoints
from ._guard_source import guard_source, is_function
from ._head import RequestHead
from ._protocol import Receive, Scope, Send
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
    authenticate: Authenticate | Unset = UNSET,
    on_decision: OnDecision | None = None,
) -> AuthzenApp:
    """An OpenID AuthZEN Authorization API 1.0 decision point, as an ASGI application.

    `guard` is an engine, or a function that returns the current one. `base_url` is the decision point's address; without it, the address of
    each request is used. `reasons` and `trust_context_time` are those of `Bailiwick.authzen`. `authenticate` gets a `RequestHead` and
    returns whether the caller may ask: only `True` permits. It may be async. If it is not passed, everybody may ask; None is refused.
    `on_decision` gets each decision of an evaluation as a `DecisionEntry`, before the answer is sent; an exception in it is logged, and
    changes no answer. Raises BailiwickError `wrong_type` for an argument of another type.
    """
    return AuthzenApp(guard, base_url, reasons, trust_context_time, authenticate, on_decision)


class AuthzenApp:
    """The application that `authzen_app` returns."""

    def __init__(
        self,
        guard: Bailiwick | Callable[[], Bailiwick],
        base_url: str | None,
        reasons: bool,
        trust_context_time: bool,
        authenticate: Authenticate | Unset,
        on_decision: OnDecision | None = None,
    ) -> None:
        self._guard = guard_source(guard)
        for name, value in (("reasons", reasons), ("trust_context_time", trust_context_time)):
            if value is not None and not isinstance(value, bool):
                raise InvalidInputError("wrong_type", f"/{name}", "expected true or false")
        if not isinstance(authenticate, Unset) and not is_function(authenticate):
            raise InvalidInputError("wrong_type", "/authenticate", "expected a function")
        self._tell = hook_from(on_decision)
        self._endpoints = Endpoints(base_url)
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
            # The host's fault: the details are for its log, not for the caller.
            _log.exception("internal error")
            if reply.has_begun:
                raise
            answer = text(500, "internal error")
        if answer is not None:
            await answer.send(reply, has_body=head.method != "HEAD")

    async def _answer(self, head: RequestHead, receive: Receive, reply: Reply) -> Answer | None:
        # None if the application of a verdict has answered.
        endpoint = self._endpoints.endpoint(head.scope)
        if endpoint is None:
            return text(404, "there is no such endpoint")
        if endpoint == "metadata":
            return self._metadata(head) if head.method in ("GET", "HEAD") else not_allowed("GET, HEAD")
        if head.method != "POST":
            return not_allowed("POST")
        if not isinstance(self._authenticate, Unset):
            verdict = await verdict_of(self._authenticate, head)
            if is_application(verdict):
                await verdict(head.scope, receive, reply)
                if not reply.is_whole:
                    raise RuntimeError("the application that `authenticate` returned did not answer")
                return None
            # No other true value permits, such as a status, an error object, or a tuple of False and a reason.
            if verdict is not True:
                return text(401, "the caller is not authenticated", {b"www-authenticate": b"Bearer"})
        if head.headers.get("content-type", "").partition(";")[0].strip(" \t").lower() != "application/json":
            return text(400, "the content type is not application/json")
        length = head.headers.get("content-length", "")
        # A declared length that is too long is refused without reading the body.
        is_long = _LENGTH.fullmatch(length) is not None and int(length) > LONGEST_BODY
        body = None if is_long else await _body(receive)
        return text(413, f"a request has at most {LONGEST_BODY} bytes") if body is None else self._decided(endpoint, body)

    def _decided(self, api: AuthzenApi, body: bytes) -> Answer:
        guard = self._guard()
        try:
            if self._tell is not None and api.startswith("access_"):
                return json(self._decide_and_log(guard, api, body, self._tell))
            return json(guard.authzen(api, body, reasons=self._reasons, trust_context_time=self._trust_context_time))
        except BailiwickError as fault:
            # The caller gets the errors of the request. A clock without a usable time (`/at`) is the host's.
            if fault.path == "/at":
                raise
            return text(400, str(fault))

    def _decide_and_log(self, guard: Bailiwick, api: AuthzenApi, body: bytes, tell: OnDecision) -> str:
        """The same answer, with each decision passed to the hook. The hook always gets the reasons, and the caller only if configured."""
        now, trusts = current_time(), self._trust_context_time
        revision, answer = by_one_revision(
            guard, lambda: (guard.revision, guard.authzen(api, body, reasons=True, trust_context_time=trusts, at=now))
        )
        decided: dict[str, Any] = json_text.loads(answer)
        entries = authzen_entries(body, decided, revision, rfc_3339(now), trust_context_time=trusts)
        if not self._reasons:
            bare = [{"decision": one["decision"]} for one in decided.get("evaluations", [decided])]
            answer = json_text.dumps({"evaluations": bare} if "evaluations" in decided else bare[0], separators=(",", ":"))
        for entry in entries:
            tell(entry)
        return answer

    def _metadata(self, head: RequestHead) -> Answer:
        try:
            return json(self._endpoints.metadata(head))
        except BailiwickError:
            return text(400, "the host of the request is not the address of a decision point")


class _DisconnectedError(Exception):
    """The client has disconnected before the body was complete."""


async def _body(receive: Receive) -> bytes | None:
    # None if it is too long; the rest is not read.
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
    # There is nothing to start or stop.
    while (message := await receive())["type"] != "lifespan.shutdown":
        await send({"type": f"{message['type']}.complete"})
    await send({"type": "lifespan.shutdown.complete"})
