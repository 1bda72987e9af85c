"""A check around an application, which may have its own routes.

A route below a mount can have a path parameter with the same name as the mount's. Starlette then overwrites the value that the mount has
matched: the check has seen one value, and the endpoint sees another.
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

# The attributes in which applications, middleware and routes keep the application that they call.
_INNER = ("app", "router")
# More than any application has. One that creates its parts on access would never end.
_MOST_PARTS = 100_000


class GuardedApp:
    """An application that receives only the requests that a check allows.

    Raises RuntimeError if an existing route would change the path parameter that is checked. A route that is added later raises a
    RuntimeError for the request, before its endpoint is reached.
    """

    def __init__(self, check: Callable[[HTTPConnection], Awaitable[object]], parameter: str | None, app: ASGIApp) -> None:
        if parameter is not None and parameter in _parameters_of(app):
            raise RuntimeError(_clash(parameter))
        self.app = app
        self.check, self._parameter = check, parameter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a connection that the check allows."""
        if scope["type"] not in ("http", "websocket"):
            raise RuntimeError("a check protects HTTP and WebSocket routes only")
        await self.check(HTTPConnection(scope, receive))
        if self._parameter is not None:
            scope = _PinnedScope(scope, self._parameter)
        await self.app(scope, receive, send)


class _PinnedScope(dict[str, Any]):
    """A scope in which the path parameters that were checked cannot change."""

    def __init__(self, scope: Scope, parameter: str) -> None:
        super().__init__(scope)
        earlier = scope.held if isinstance(scope, _PinnedScope) else {}
        self.held: dict[str, str] = {**earlier, parameter: str(scope["path_params"][parameter])}

    def __setitem__(self, name: str, value: Any) -> None:
        if name == "path_params":
            for parameter, checked in self.held.items():
                if str(value.get(parameter, checked)) != checked:
                    raise RuntimeError(_clash(parameter))
        super().__setitem__(name, value)

    # Routers of Starlette write the parameters that they matched by this method.
    def update(self, *others: Any, **more: Any) -> None:
        for name, value in dict(*others, **more).items():
            self[name] = value

    def __ior__(self, other: Any) -> _PinnedScope:  # type: ignore[override,misc]
        self.update(other)
        return self


def _clash(parameter: str) -> str:
    return f"a route below the check also has a path parameter `{parameter}`, which would replace the one that is checked; rename one"


def _kept_by(part: object) -> Iterator[object]:
    """The attributes of an object, or the closure of a function: middleware may keep its application under any name."""
    # Read without running any code of the object.
    with suppress(TypeError, AttributeError):
        yield from object.__getattribute__(part, "__dict__").values()
    if isinstance(part, FunctionType):
        for cell in part.__closure__ or ():
            # An empty cell has no contents.
            with suppress(ValueError):
                yield cell.cell_contents


def _parameters_of(app: object) -> Iterator[str]:
    """The path parameters of the routes that an application has so far, at any depth."""
    seen, left = set[int](), [app]
    while left and len(seen) < _MOST_PARTS:
        part = left.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        # Read without running any code: an object that creates attributes on access would never end.
        found = {name: inspect.getattr_static(part, name, None) for name in (*_INNER, "routes")}
        left.extend(found[name] for name in _INNER if found[name] is not None)
        left.extend(inner for inner in _kept_by(part) if callable(inner) and not isinstance(inner, type))
        routes = found["routes"]
        for route in routes if isinstance(routes, (list, tuple)) else ():
            if isinstance(route, BaseRoute):
                left.append(route)
                # The path that a mount leaves to its application is not a parameter of any endpoint.
                yield from set(getattr(route, "param_convertors", ())) - ({"path"} if isinstance(route, Mount) else set())
