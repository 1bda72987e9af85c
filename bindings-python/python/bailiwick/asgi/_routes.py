"""Finds the checks of an application's routes, with the path parameters of each route."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from starlette.convertors import Convertor, FloatConvertor

from ._guarded import GuardedApp

Parameters = Mapping[str, Convertor[Any]]


def checks_of(app: object, parameters: Parameters | None = None) -> Iterator[tuple[object, str, Parameters]]:
    """The checks of all routes, each with the route's path and its parameters, including those of mounts."""
    for route in _flat(getattr(app, "routes", None) or ()):
        own = {**(parameters or {}), **getattr(route, "param_convertors", {})}
        path = str(getattr(route, "path", route))
        for check in (*_around(route), *_dependencies(getattr(route, "dependant", None))):
            yield check, path, own
        yield from checks_of(route, own)


def _flat(routes: Iterable[object]) -> Iterable[object]:
    """Newer FastAPI keeps included routers, and lists their routes on demand."""
    listed: Iterable[object] = getattr(sys.modules.get("fastapi.routing"), "iter_route_contexts", iter)(routes)
    return listed


def is_an_id(convertor: Convertor[Any] | None) -> bool:
    """Whether there is such a parameter, and its values can be ids. A float cannot."""
    return convertor is not None and not isinstance(convertor, FloatConvertor)


def _around(route: object) -> Iterator[object]:
    app = getattr(route, "app", None)
    while app is not None:
        if isinstance(app, GuardedApp):
            yield app.check
        app = getattr(app, "app", None)


def _dependencies(dependant: object) -> Iterator[object]:
    """The dependencies of FastAPI, which can be nested."""
    for dependency in getattr(dependant, "dependencies", ()):
        yield dependency.call
        yield from _dependencies(dependency)
