"""Checks that stand before a route of Starlette or FastAPI."""

# No annotations from the future here: FastAPI reads those of `Check.__call__`.
import inspect
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp

from .. import Bailiwick, Decision, InvalidInputError
from ..types import Reference, ReferenceObject
from ._around import Around
from ._bearer import MalformedError, token_of
from ._decide import Question, decide
from ._present import giving, is_function
from ._refused import forbidden, malformed, told, unauthenticated, unavailable

_RESOURCE = re.compile(r"([^:{}]+):(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([^{}]+))")
Principal: TypeAlias = Callable[[HTTPConnection], Awaitable[Reference | None] | Reference | None]
"""A host's hook: who it is that asks, by a session of the host's own."""


class Protect:
    """Makes checks: `protect("file.read", resource="file:{file}")` is one, to stand before a route.

    `guard` is an engine, or gives the present one; None from it is a 503. API keys are bearer tokens. `principal` is for people, whose
    sessions are the host's: it is asked where a request has no bearer token, and says who it is (`user:…`) or None. It may be async.
    `retry_after` is how many seconds a caller should wait if there is no directory, or a stale one.
    """

    def __init__(
        self, guard: Bailiwick | Callable[[], Bailiwick | None], *, principal: Principal | None = None, retry_after: int = 5
    ) -> None:
        self._guard: Callable[[], Bailiwick | None] = giving(guard)
        if principal is not None and not is_function(principal):
            raise InvalidInputError("wrong_type", "/principal", "expected a function")
        if not isinstance(retry_after, int) or isinstance(retry_after, bool) or retry_after < 1:
            raise InvalidInputError("wrong_type", "/retry_after", "expected a whole number of seconds, at least 1")
        self._principal = principal
        self._retry_after = retry_after

    def __call__(self, action: str, *, resource: str, usage: str | None = None, surface: str | None = None) -> "Check":
        """A check of an action on a resource.

        `resource` is a type and the name of a path parameter, `project:{project}`, or a reference that is always the same. `usage` is a
        kind, if what is let through is to be attributed as usage of it. `surface` is as for `check_access`.
        """
        return Check(self, action, resource, usage, surface)

    def _present(self) -> Bailiwick:
        guard = self._guard()
        if guard is None:
            raise unavailable("directory_unavailable", self._retry_after)
        return guard


class Check:
    """A check, which either raises or leaves in `request.state` what was decided.

    That is `decision` (Decision), `attribution` (Attribution, or None where no usage was named), `principal` (`api_key:…` or `user:…`) and
    `resource` (`{"type": …, "id": …}`, what was checked; None until it is allowed). Endpoints take ids from there, and not from the path.

    FastAPI takes a check as a dependency, `Depends(check)`, and Starlette as middleware of a route, `Middleware(check.around)`. Raises
    `Refused`, and `RuntimeError` for what is wrong in the program: no such path parameter, no such kind.
    """

    def __init__(self, protect: Protect, action: str, resource: str, usage: str | None, surface: str | None) -> None:
        for name, value, is_needed in (("action", action, True), ("usage", usage, False), ("surface", surface, False)):
            if not isinstance(value, str) and (is_needed or value is not None):
                raise InvalidInputError("wrong_type", f"/{name}", "expected a string")
        found = _RESOURCE.fullmatch(resource) if isinstance(resource, str) else None
        if found is None:
            raise InvalidInputError(
                "invalid_reference", "/resource", "expected a type with a path parameter, `type:{parameter}`, or with an id"
            )
        self._type, self._parameter, self._id = found.groups()
        self._protect, self._action, self._usage, self._surface = protect, action, usage, surface

    async def __call__(self, connection: HTTPConnection) -> Decision:
        """The decision that lets a request through. Raises Refused for every other."""
        state = connection.state
        # What an earlier check has found is none of this one's.
        state.decision = state.attribution = state.principal = state.resource = None
        question = Question(self._action, self._resource(connection), self._usage, self._surface)
        try:
            token = token_of(connection.headers.raw)
        except MalformedError:
            raise malformed() from None
        who = await self._person(connection) if token is None else token
        if who is None:
            raise unauthenticated(has_token=False)
        guard = self._protect._present()
        outcome = decide(guard, who, question, datetime.now(UTC))
        state.principal, state.decision, state.attribution = outcome.principal, outcome.decision, outcome.attribution
        decision = outcome.decision
        if outcome.is_stale:
            raise unavailable("snapshot_stale", self._protect._retry_after)
        if outcome.principal is None:
            raise unauthenticated(has_token=True)
        if decision is None or not decision.allowed:
            raise forbidden(told(decision, is_key=outcome.principal.startswith("api_key:"), resource_type=self._type))
        state.resource = question.resource
        return decision

    def around(self, app: ASGIApp) -> ASGIApp:
        """An application that is reached by whom the check lets through: `Route(…, middleware=[Middleware(check.around)])`.

        Raises RuntimeError where a route of this application has a path parameter of the name that is checked.
        """
        return Around(self, self._parameter, app)

    def _resource(self, connection: HTTPConnection) -> ReferenceObject:
        if self._parameter is None:
            return {"type": self._type, "id": self._id}
        value = connection.path_params.get(self._parameter)
        if not isinstance(value, (str, int, UUID)):
            raise RuntimeError(f"the route has no path parameter `{self._parameter}` that could be an id")
        # In two parts, so that no colon in it makes it something of another type.
        return {"type": self._type, "id": str(value)}

    async def _person(self, connection: HTTPConnection) -> Reference | None:
        if self._protect._principal is None:
            return None
        found = self._protect._principal(connection)
        person = await found if inspect.isawaitable(found) else found
        if person is not None and not isinstance(person, (str, dict)):
            raise RuntimeError("`principal` gave neither a reference nor None")
        return person
