"""A path parameter that is checked, and routes below the check with one of the same name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bailiwick.asgi import Protect
from fastapi import APIRouter, Depends, FastAPI, Request
from platform_world import bearer, engine
from served import serving
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse
from starlette.routing import Host, Mount, Route, Router, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

guard = engine()
protect = Protect(guard)
reading = protect("file.read", resource="project:{project}")
file_reading = protect("file.read", resource="file:{file}")
anywhere = protect("organization.read_name", resource="organization:org_acme")
BEFORE = [Middleware(reading.around)]
CLASH = "a route below the check also has a path parameter `project`"
KEY = bearer("key_ci")


async def endpoint(request: Any) -> JSONResponse:
    return JSONResponse({"path": request.path_params.get("project"), "checked": request.state.resource})


def later(app: ASGIApp) -> ASGIApp:
    """A function that finds its application in a list, where nobody looks."""
    apps = [app]

    async def called(scope: Scope, receive: Receive, send: Send) -> None:
        await apps[0](scope, receive, send)

    return called


def copying(app: ASGIApp) -> ASGIApp:
    async def called(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope}, receive, send)

    return called


class Copying:
    """Middleware that calls its application by a name of its own, and copies the scope."""

    def __init__(self, app: ASGIApp) -> None:
        self.next = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.next({**scope}, receive, send)


def fast() -> FastAPI:
    app = FastAPI()
    app.add_api_route("/{project}", lambda: None)
    return app


inner = Route("/{project}", endpoint)
SEEN: dict[str, Callable[[], Any]] = {
    "routes of a mount": lambda: Mount("/{project}", routes=[inner], middleware=BEFORE),
    "an application": lambda: Mount("/{project}", app=Starlette(routes=[inner]), middleware=BEFORE),
    "an application of FastAPI": lambda: Mount("/{project}", app=fast(), middleware=BEFORE),
    "by hand": lambda: reading.around(Router([inner])),
    "two mounts": lambda: Mount("/{project}", routes=[Mount("/x", routes=[inner])], middleware=BEFORE),
    "a mount itself": lambda: Mount("/a", routes=[Mount("/{project}", routes=[Route("/x", endpoint)])], middleware=BEFORE),
    "behind middleware": lambda: Mount("/{project}", routes=[inner], middleware=[*BEFORE, Middleware(GZipMiddleware)]),
    "behind a function that copies": lambda: Mount("/{project}", app=copying(Router([inner])), middleware=BEFORE),
    "behind middleware that copies": lambda: Mount("/{project}", routes=[inner], middleware=[*BEFORE, Middleware(Copying)]),
    "behind another check": lambda: Mount("/{project}", routes=[inner], middleware=[*BEFORE, Middleware(anywhere.around)]),
    "with a check of its own": lambda: Mount("/{project}", routes=[Route("/{project}", endpoint, middleware=BEFORE)], middleware=BEFORE),
    "a number": lambda: Mount("/{project}", routes=[Route("/{project:int}", endpoint)], middleware=BEFORE),
    "a websocket": lambda: Mount("/{project}", routes=[WebSocketRoute("/{project}", endpoint)], middleware=BEFORE),
    "a host": lambda: Mount("/{project}", routes=[Host("{project}.example.com", Router([Route("/", endpoint)]))], middleware=BEFORE),
    "a route with routes": lambda: Route("/{project}/{rest:path}", Router([inner]), middleware=BEFORE),
}


@pytest.mark.parametrize("make", SEEN.values(), ids=SEEN.keys())
def test_what_can_be_seen_is_refused_when_the_application_is_made(make: Callable[[], Any]) -> None:
    with pytest.raises(RuntimeError, match=CLASH):
        make()


def added_later() -> Starlette:
    below = Router()
    app = Starlette(routes=[Mount("/{project}", app=below, middleware=BEFORE)])
    below.routes.append(inner)
    return app


def included() -> FastAPI:
    router = APIRouter()
    router.add_api_route("/", lambda request: None)

    async def known(request: Request) -> dict[str, Any]:
        return {"path": request.path_params["project"], "checked": request.state.resource}

    router.add_api_route("/x", known)
    below = FastAPI()
    below.include_router(router, prefix="/{project}")
    app = FastAPI()
    app.mount("/{project}", reading.around(below))
    return app


HIDDEN: dict[str, tuple[Callable[[], Any], str]] = {
    "added later": (added_later, ""),
    "behind a function": (lambda: Starlette(routes=[Mount("/{project}", app=later(Router([inner])), middleware=BEFORE)]), ""),
    "behind a second check": (
        lambda: Starlette(
            routes=[
                Mount(
                    "/{project}",
                    routes=[Mount("/x/{file}", app=later(Router([inner])), middleware=[Middleware(file_reading.around)])],
                    middleware=BEFORE,
                )
            ]
        ),
        "/x/file_1",
    ),
}


@pytest.mark.parametrize(("make", "between"), HIDDEN.values(), ids=HIDDEN.keys())
def test_what_cannot_be_seen_is_no_decision_about_another_value(make: Callable[[], Any], between: str) -> None:
    with serving(make()) as served:
        for below in ("prj_b", "prj_other", "nowhere", "prj_a%20"):
            assert served.get(f"/prj_a{between}/{below}", headers=[KEY]).status == 500
            assert served.get(f"/{below}{between}/prj_a", headers=[KEY]).status == 403
        # What is the same has been checked.
        answer = served.get(f"/prj_a{between}/prj_a", headers=[KEY]).json()
        assert answer["path"] == "prj_a"


def test_a_router_that_fastapi_includes() -> None:
    try:
        app = included()
    except RuntimeError as error:
        assert CLASH in str(error)
        return
    with serving(app) as served:
        assert served.get("/prj_a/prj_b/x", headers=[KEY]).status == 500
        assert served.get("/prj_b/prj_a/x", headers=[KEY]).status == 403
        assert served.get("/prj_a/prj_a/x", headers=[KEY]).json()["checked"] == {"type": "project", "id": "prj_a"}


def test_what_is_no_clash() -> None:
    class Endless:
        """An application that has whatever is asked for, and routes of no kind."""

        def __getattr__(self, name: str) -> Any:
            return Endless()

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            raise AssertionError

    reading.around(Endless())
    # A mount leaves the rest of the path to what is below it under the name `path`.
    protect("file.read", resource="file:{path}").around(Router([Mount("/x", routes=[])]))
    # A check whose resource is always the same looks at no parameter.
    anywhere.around(Router([inner]))
    app = Starlette(
        routes=[
            Mount("/p/{project}", routes=[Route("/f/{file}", endpoint, middleware=[Middleware(file_reading.around)])], middleware=BEFORE),
            # Both the check and the endpoint see the inner one.
            Mount("/q/{project}", routes=[Route("/{project}", endpoint, middleware=BEFORE)]),
        ]
    )
    with serving(app) as served:
        answer = served.get("/p/prj_a/f/file_1", headers=[KEY]).json()
        assert answer == {"path": "prj_a", "checked": {"type": "file", "id": "file_1"}}
        assert served.get("/p/prj_b/f/file_1", headers=[KEY]).status == 403
        assert served.get("/p/prj_a/f/file_b", headers=[KEY]).status == 403
        answer = served.get("/q/prj_b/prj_a", headers=[KEY]).json()
        assert answer == {"path": "prj_a", "checked": {"type": "project", "id": "prj_a"}}
        assert served.get("/q/prj_a/prj_b", headers=[KEY]).status == 403


def test_what_was_checked_stands_on_the_state_and_only_if_it_is_allowed() -> None:
    seen: list[Any] = []
    app = FastAPI(dependencies=[Depends(file_reading)])

    @app.get("/{file}")
    def read(request: Request) -> Any:
        return request.state.resource

    async def logged(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)
        if scope["type"] == "http":
            seen.append(scope["state"]["resource"])

    with serving(logged) as served:
        assert served.get("/file_1", headers=[KEY]).json() == {"type": "file", "id": "file_1"}
        assert served.get("/file_b", headers=[KEY]).status == 403
        assert served.get("/file_1").status == 401
    assert seen == [{"type": "file", "id": "file_1"}, None, None]
