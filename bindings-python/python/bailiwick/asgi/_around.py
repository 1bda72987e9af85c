"""A check around an application, which may have routes of its own.

A route below a mount can have a path parameter of the same name as the mount. Starlette then forgets the value that the mount has matched:
a check before the mount has seen one value, and the endpoint sees another.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from types import FunctionType
from typing import Any

from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp, Receive, Scope, Send

# Where applications, middleware and routes keep what they hand requests on to.
_INNER = ("app", "router")
# No application has more; one whose parts are made as they are asked for would never end.
_MOST_PARTS = 100_000


class Around:
    """An application that is reached by whom a check lets through.

    Raises RuntimeError where a route that is there already would change the path parameter that is checked. A route that comes later makes
    a RuntimeError of the request, before its endpoint is reached.
    """

    def __init__(self, check: Callable[[HTTPConnection], Awaitable[object]], parameter: str | None, app: ASGIApp) -> None:
        if parameter is not None and parameter in _parameters_of(app):
            raise RuntimeError(_clash(parameter))
        self.app = app
        self.check, self._parameter = check, parameter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a connection that the check lets through."""
        if scope["type"] not in ("http", "websocket"):
            raise RuntimeError("a check stands before a route")
        await self.check(HTTPConnection(scope, receive))
        if self._parameter is not None:
            scope = _Held(scope, self._parameter)
        await self.app(scope, receive, send)


class _Held(dict[str, Any]):
    """A scope in which the path parameters that were checked stay what they were."""

    def __init__(self, scope: Scope, parameter: str) -> None:
        super().__init__(scope)
        earlier = scope.held if isinstance(scope, _Held) else {}
        self.held: dict[str, str] = {**earlier, parameter: str(scope["path_params"][parameter])}

    def __setitem__(self, name: str, value: Any) -> None:
        if name == "path_params":
            for parameter, checked in self.held.items():
                if str(value.get(parameter, checked)) != checked:
                    raise RuntimeError(_clash(parameter))
        super().__setitem__(name, value)

    # This is how routers of Starlette tell what they have matched.
    def update(self, *others: Any, **more: Any) -> None:
        for name, value in dict(*others, **more).items():
            self[name] = value

    def __ior__(self, other: Any) -> _Held:  # type: ignore[override,misc]
        self.update(other)
        return self


def _clash(parameter: str) -> str:
    return (
        f"a route below the check has a path parameter `{parameter}` too, which would take the place of the one that is checked; rename one"
    )


def _kept_by(part: object) -> Iterator[object]:
    """What an object holds, or a function around it: middleware may call its application by any name."""
    # As it lies there: nothing is run to find out.
    with suppress(TypeError, AttributeError):
        yield from object.__getattribute__(part, "__dict__").values()
    if isinstance(part, FunctionType):
        for cell in part.__closure__ or ():
            # A cell that is not filled yet has no contents to ask for.
            with suppress(ValueError):
                yield cell.cell_contents


def _parameters_of(app: object) -> Iterator[str]:
    """The path parameters of the routes that an application has by now, at any depth."""
    seen, left = set[int](), [app]
    while left and len(seen) < _MOST_PARTS:
        part = left.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        # Nothing is run to find out: what makes up its attributes as they are asked for would never end.
        found = {name: inspect.getattr_static(part, name, None) for name in (*_INNER, "routes")}
        left.extend(found[name] for name in _INNER if found[name] is not None)
        left.extend(inner for inner in _kept_by(part) if callable(inner) and not isinstance(inner, type))
        routes = found["routes"]
        for route in routes if isinstance(routes, (list, tuple)) else ():
            if isinstance(route, BaseRoute):
                left.append(route)
                # What a mount leaves to its application is no parameter of any endpoint.
                yield from set(getattr(route, "param_convertors", ())) - ({"path"} if isinstance(route, Mount) else set())
