"""One API twice, behind the same checks: with FastAPI and with Starlette."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bailiwick.asgi import Check, Protect, Refused, answer_refused
from fastapi import Depends, FastAPI, Request
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route

# A path, an action, a resource and a kind of usage.
ROUTES: list[tuple[str, str, str, str | None]] = [
    ("/files/{file}", "file.read", "file:{file}", None),
    ("/projects/{project}/files", "file.read", "project:{project}", None),
    ("/projects/{project}/inference", "serverless_inference.use", "project:{project}", "serverless_inference"),
    ("/projects/{project}/code", "code_interpreter.use", "project:{project}", "code_interpreter"),
    ("/projects/{project}/clusters", "instant_cluster.read", "project:{project}", "instant_cluster"),
    ("/projects/{project}/settings", "project_settings.write", "project:{project}", None),
    ("/projects/{project}/misplaced", "organization.read_name", "project:{project}", None),
    ("/clusters/{cluster}/scale", "instant_cluster.scale", "instant_cluster:{cluster}", None),
    ("/keys/{key}", "api_key.read", "api_key:{key}", None),
    ("/organizations/{organization}", "organization.read_name", "organization:{organization}", None),
    ("/organizations/{organization}/key", "organization_default_key.read", "organization:{organization}", None),
    ("/users/{user}", "profile.read", "user:{user}", None),
    ("/acme", "organization.read_name", "organization:org_acme", None),
    ("/lost", "file.read", "project:{project}", None),
    ("/numbers/{number:int}", "file.read", "project:{number}", None),
    ("/shares/{share:float}", "file.read", "project:{share}", None),
]


def what_is_known(request: Request) -> dict[str, Any]:
    """What a check has left to an endpoint."""
    state = request.state
    return {
        "principal": state.principal,
        "decision": state.decision.to_dict(),
        "attribution": None if state.attribution is None else state.attribution.to_dict(),
    }


class Api:
    """The applications, and which paths have been reached."""

    def __init__(self, guard: Any, *, plain: bool = False, **options: Any) -> None:
        self.protect = Protect(guard, **options)
        self.plain = plain
        self.reached: list[str] = []

    def checks(self) -> list[tuple[str, Check]]:
        """The check of each path."""
        return [(path, self.protect(action, resource=resource, usage=usage)) for path, action, resource, usage in ROUTES]

    def fastapi(self) -> FastAPI:
        """With FastAPI, as dependencies."""
        app = FastAPI()

        def endpoint(request: Request) -> dict[str, Any]:
            self.reached.append(request.url.path)
            return what_is_known(request)

        for path, check in self.checks():
            app.add_api_route(path, endpoint, methods=["POST"], dependencies=[Depends(check)])
        if not self.plain:
            app.add_exception_handler(Refused, answer_refused)
        return app

    def starlette(self) -> Starlette:
        """With Starlette, as middleware of routes."""

        def endpoint(request: Request) -> JSONResponse:
            self.reached.append(request.url.path)
            return JSONResponse(what_is_known(request))

        routes = [Route(path, endpoint, methods=["POST"], middleware=[Middleware(check.around)]) for path, check in self.checks()]
        return Starlette(routes=routes, exception_handlers={} if self.plain else {Refused: answer_refused})


MAKERS: dict[str, Callable[[Api], Any]] = {"fastapi": Api.fastapi, "starlette": Api.starlette}


def session(request: Any) -> str | None:
    """Who a request is by, as far as this platform's own sessions go."""
    user = request.headers.get("x-session")
    return None if user is None else f"user:{user}"
