"""Checks that protect routes of Starlette or FastAPI."""

# Without `from __future__ import annotations`: FastAPI evaluates the annotations of `Check.__call__`.
import inspect
import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from uuid import UUID

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp

from .. import Bailiwick, BailiwickError, Decision, InvalidInputError
from ..types import Reference, ReferenceObject
from ._bearer import MalformedError, token_of
from ._decide import Outcome, Question, decide
from ._decision_log import DecisionEntry, OnDecision, current_time, hook_from, rfc_3339, truncated
from ._guard_source import guard_source, is_function
from ._guarded import GuardedApp
from ._names import check_names
from ._refused import disclosed_reason, forbidden, malformed, unauthenticated, unavailable
from ._routes import checks_of, is_an_id

_RESOURCE = re.compile(r"([^:{}]+):(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([^{}]+))")
Principal: TypeAlias = Callable[[HTTPConnection], Awaitable[Reference | None] | Reference | None]
"""A host's hook: the principal of a request, by the host's own session."""

MinRevision: TypeAlias = int | Callable[[HTTPConnection], Awaitable[int | None] | int | None]
"""The least revision that a directory must have, or a host's hook that returns it for a request; None if any will do."""

_LARGEST_REVISION = 2**53 - 1


class Protect:
    """Makes checks for routes, such as `protect("file.read", resource="file:{file}")`.

    `guard` is an engine, or a function that returns the current one; if it returns None, the answer is 503. API keys are bearer tokens.
    `principal` is for users, whose sessions the host manages: it is called for a request without a bearer token, and returns `user:…` or
    None. It may be async. `retry_after` is how many seconds a caller should wait if there is no directory, or a stale one.

    A directory is also stale if its revision is below `min_revision`: a number, or a function that returns it for a request, such as the
    revision of the last change that this caller has seen. `on_decision` gets each decision as a `DecisionEntry`; an exception in it is
    logged, and changes no answer.
    """

    def __init__(
        self,
        guard: Bailiwick | Callable[[], Bailiwick | None],
        *,
        principal: Principal | None = None,
        retry_after: int = 5,
        min_revision: MinRevision | None = None,
        on_decision: OnDecision | None = None,
    ) -> None:
        self._guard: Callable[[], Bailiwick | None] = guard_source(guard)
        if principal is not None and not is_function(principal):
            raise InvalidInputError("wrong_type", "/principal", "expected a function")
        if not isinstance(retry_after, int) or isinstance(retry_after, bool) or retry_after < 1:
            raise InvalidInputError("wrong_type", "/retry_after", "expected a whole number of seconds, at least 1")
        if min_revision is not None and not _is_revision(min_revision) and not is_function(min_revision):
            raise InvalidInputError("wrong_type", "/min_revision", "expected a revision, or a function that returns one")
        self._principal = principal
        self._retry_after = retry_after
        self._min_revision = min_revision
        self._tell = hook_from(on_decision)

    def __call__(self, action: str, *, resource: str, usage: str | None = None, surface: str | None = None) -> "Check":
        """A check of an action on a resource.

        `resource` is a type and the name of a path parameter, `project:{project}`, or a fixed reference. `usage` is a kind, if allowed
        requests are to be attributed as usage of it. `surface` is as for `check_access`.

        Raises BailiwickError for invalid arguments, and for an action, a kind or a surface that the policy does not have. If there is no
        engine yet, such a name raises RuntimeError in the first request.
        """
        return Check(self, action, resource, usage, surface)

    def verify(self, app: object) -> None:
        """Verifies the checks of all routes of an application. Call it when the routes are complete, or at startup.

        Raises RuntimeError for a path parameter that the route of a check does not have, or whose values cannot be ids, and for a name that
        the policy does not have: both would raise RuntimeError in the first request.
        """
        for check, path, parameters in checks_of(app):
            if isinstance(check, Check) and check._protect is self:
                if check._parameter is not None and not is_an_id(parameters.get(check._parameter)):
                    raise RuntimeError(f"the route `{path}`: {_no_parameter(check._parameter)}")
                guard = self._at_hand()
                if guard is not None:
                    check._know_names(guard)

    def _at_hand(self) -> Bailiwick | None:
        """The engine, if there is one yet."""
        try:
            guard = self._guard()
        except Exception:
            # Not yet. If it persists, the first request raises it.
            return None
        return guard if isinstance(guard, Bailiwick) else None

    async def _revision_for(self, connection: HTTPConnection) -> int | None:
        wanted: Any = self._min_revision
        if is_function(wanted):
            wanted = wanted(connection)
            wanted = await wanted if inspect.isawaitable(wanted) else wanted
            if wanted is not None and not _is_revision(wanted):
                raise RuntimeError("`min_revision` returned neither a revision nor None")
        revision: int | None = wanted
        return revision

    def _present(self) -> Bailiwick:
        guard = self._guard()
        if guard is None:
            raise unavailable("directory_unavailable", self._retry_after)
        return guard


class Check:
    """A check, which raises or stores its results in `request.state`.

    They are `decision` (Decision), `attribution` (Attribution, or None without `usage`), `principal` (`api_key:…` or `user:…`) and
    `resource` (`{"type": …, "id": …}`, what was checked; None until it is allowed). Endpoints take ids from there, not from the path.

    In FastAPI use it as a dependency, `Depends(check)`; in Starlette as middleware of a route, `Middleware(check.around)`. Raises
    `Refused`, and `RuntimeError` for mistakes in the program: no such path parameter, no such kind.
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
        self._has_names = False
        guard = protect._at_hand()
        if guard is not None:
            self._check_names(guard)

    async def __call__(self, connection: HTTPConnection) -> Decision:
        """The decision that allows a request. Raises Refused for any other."""
        state = connection.state
        # Clear the results of an earlier check.
        state.decision = state.attribution = state.principal = state.resource = None
        resource = self._resource(connection)
        try:
            token = token_of(connection.headers.raw)
        except MalformedError:
            raise malformed() from None
        who = await self._person(connection) if token is None else token
        if who is None:
            raise unauthenticated(has_token=False)
        guard = self._protect._present()
        self._know_names(guard)
        now = current_time()
        question = Question(self._action, resource, self._usage, self._surface, await self._protect._revision_for(connection))
        outcome = decide(guard, who, question, now)
        if self._protect._tell is not None and outcome.principal is not None:
            self._protect._tell(self._entry(guard, question, outcome, rfc_3339(now)))
        state.principal, state.decision, state.attribution = outcome.principal, outcome.decision, outcome.attribution
        decision = outcome.decision
        if outcome.is_stale:
            raise unavailable("snapshot_stale", self._protect._retry_after)
        if outcome.principal is None:
            raise unauthenticated(has_token=True)
        if decision is None or not decision.allowed:
            raise forbidden(disclosed_reason(decision, is_key=outcome.principal.startswith("api_key:"), resource_type=self._type))
        state.resource = question.resource
        return decision

    def around(self, app: ASGIApp) -> ASGIApp:
        """Wrap an application so that it gets only allowed requests: `Route(…, middleware=[Middleware(check.around)])`.

        Raises RuntimeError if a route of this application has a path parameter of the same name as the one that is checked.
        """
        return GuardedApp(self, self._parameter, app)

    def _resource(self, connection: HTTPConnection) -> ReferenceObject:
        if self._parameter is None:
            return {"type": self._type, "id": self._id}
        value = connection.path_params.get(self._parameter)
        if not isinstance(value, (str, int, UUID)):
            raise RuntimeError(_no_parameter(self._parameter))
        # As two fields, so that a colon in the value cannot change the type.
        return {"type": self._type, "id": str(value)}

    def _check_names(self, guard: Bailiwick) -> None:
        check_names(guard, action=self._action, resource=self._type, usage=self._usage, surface=self._surface)
        self._has_names = True

    def _know_names(self, guard: Bailiwick) -> None:
        """Checks once that the policy has the names. Raises RuntimeError, because a host may turn a BailiwickError into a response."""
        if not self._has_names:
            try:
                self._check_names(guard)
            except BailiwickError as error:
                raise RuntimeError(f"the check cannot be made: {error}") from error

    def _entry(self, guard: Bailiwick, question: Question, outcome: Outcome, at: str) -> DecisionEntry:
        decision = outcome.decision
        return {
            "principal": outcome.principal,
            "action": question.action,
            "resource": truncated(f"{question.resource['type']}:{question.resource['id']}"),
            # A resource with an impossible id is denied without a decision.
            "decision": {"allowed": False, "reason": outcome.fault, "caveats": []} if decision is None else decision.to_dict(),
            "revision": guard.revision if decision is None else decision.revision,
            "at": at,
        }

    async def _person(self, connection: HTTPConnection) -> Reference | None:
        if self._protect._principal is None:
            return None
        found = self._protect._principal(connection)
        person = await found if inspect.isawaitable(found) else found
        if person is not None and not isinstance(person, (str, dict)):
            raise RuntimeError("`principal` returned neither a reference nor None")
        return person


def _no_parameter(name: str) -> str:
    return f"the route has no path parameter `{name}` that could be an id"


def _is_revision(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_REVISION
