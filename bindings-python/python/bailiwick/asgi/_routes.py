"""The checks that stand before the routes of an application, each with the path parameters that its route has."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from starlette.convertors import Convertor, FloatConvertor

from ._around import Around

Parameters = Mapping[str, Convertor[Any]]


def checks_of(app: object, parameters: Parameters | None = None) -> Iterator[tuple[object, str, Parameters]]:
    """What stands before a route, with the route's path and its parameters: those of the mounts around it included."""
    for route in _flat(getattr(app, "routes", None) or ()):
        own = {**(parameters or {}), **getattr(route, "param_convertors", {})}
        path = str(getattr(route, "path", route))
        for check in (*_around(route), *_dependencies(getattr(route, "dependant", None))):
            yield check, path, own
        yield from checks_of(route, own)


def _flat(routes: Iterable[object]) -> Iterable[object]:
    """Newer FastAPI keeps the routers that it includes as they are, and lists their routes on demand."""
    listed: Iterable[object] = getattr(sys.modules.get("fastapi.routing"), "iter_route_contexts", iter)(routes)
    return listed


def is_an_id(convertor: Convertor[Any] | None) -> bool:
    """Whether there is such a parameter, and its values can be ids. A number with a fraction is none."""
    return convertor is not None and not isinstance(convertor, FloatConvertor)


def _around(route: object) -> Iterator[object]:
    app = getattr(route, "app", None)
    while app is not None:
        if isinstance(app, Around):
            yield app.check
        app = getattr(app, "app", None)


def _dependencies(dependant: object) -> Iterator[object]:
    """Of FastAPI: a dependency may have others of its own."""
    for dependency in getattr(dependant, "dependencies", ()):
        yield dependency.call
        yield from _dependencies(dependency)
