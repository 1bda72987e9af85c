"""What only one of the frameworks can do with a check."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import pytest
from bailiwick import Decision
from bailiwick.asgi import Protect
from fastapi import APIRouter, Body, Depends, FastAPI, Request, WebSocket
from platform_world import bearer, engine
from served import JSON, serving
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute

guard = engine()
protect = Protect(guard)
reading = protect("file.read", resource="project:{project}")
using = protect("serverless_inference.use", resource="project:{project}", usage="serverless_inference")
scaling = protect("instant_cluster.scale", resource="project:{project}")


def test_fastapi_hands_the_decision_to_the_endpoint() -> None:
    app = FastAPI()

    @app.get("/{project}")
    def endpoint(project: str, decision: Annotated[Decision, Depends(reading)]) -> dict[str, Any]:
        return {"project": decision.project, "same": decision.project == project}

    with serving(app) as served:
        assert served.get("/prj_a", headers=[bearer("key_ci")]).json() == {"project": "prj_a", "same": True}
        assert served.get("/prj_b", headers=[bearer("key_ci")]).status == 403
        parameters = served.get("/openapi.json").json()["paths"]["/{project}"]["get"]["parameters"]
        assert [parameter["name"] for parameter in parameters] == ["project"]


def test_all_of_several_checks_have_to_allow_and_the_last_one_is_what_is_known() -> None:
    app = FastAPI()
    router = APIRouter(dependencies=[Depends(reading)])

    def endpoint(request: Request) -> dict[str, Any]:
        return {"booked": request.state.attribution is not None}

    router.add_api_route("/{project}/both", endpoint, dependencies=[Depends(using)])
    router.add_api_route("/{project}/one", endpoint)
    router.add_api_route("/{project}/denied", endpoint, dependencies=[Depends(scaling), Depends(using)])
    app.include_router(router, prefix="/v1")
    with serving(app) as served:
        for path, status in (("both", 200), ("one", 200), ("denied", 403)):
            response = served.get(f"/v1/prj_a/{path}", headers=[bearer("key_ci")])
            assert response.status == status
            if status == 200:
                assert response.json() == {"booked": path == "both"}


def test_fastapi_checks_before_it_looks_at_parameters_and_never_calls_the_endpoint() -> None:
    reached: list[Any] = []
    app = FastAPI()

    @app.post("/{project}", dependencies=[Depends(using)])
    def endpoint(project: str, number: int, body: Annotated[dict[str, int], Body()]) -> None:
        reached.append((project, number, body))

    with serving(app) as served:
        assert served.ask("/prj_a?number=x", {"a": "b"}, headers=JSON).status == 401
        assert served.ask("/prj_b?number=1", {"a": 1}, headers=[*JSON, bearer("key_ci")]).status == 403
        # A body that is no JSON is read before all dependencies: FastAPI's order, not ours.
        assert served.ask("/prj_a?number=1", "{", headers=JSON).status in (401, 422)
        assert reached == []
        assert served.ask("/prj_a?number=1", {"a": 1}, headers=[*JSON, bearer("key_ci")]).status == 200


def test_a_decision_that_was_denied_is_there_for_the_hosts_own_log() -> None:
    seen: list[Any] = []
    app = FastAPI(dependencies=[Depends(protect("file.read", resource="file:{file}"))])

    @app.get("/{file}")
    def endpoint() -> None:
        raise AssertionError

    async def logged(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)
        if scope["type"] == "http":
            seen.append((scope["state"]["principal"], scope["state"]["decision"].reason))

    with serving(logged) as served:
        for name in ("file_b", "nowhere"):
            assert served.get(f"/{name}", headers=[bearer("key_ci")]).json() == {"detail": "key_out_of_scope"}
    assert seen == [("api_key:key_ci", "key_out_of_scope"), ("api_key:key_ci", "unknown_resource")]


def test_what_an_earlier_check_has_found_is_gone_when_a_later_one_fails() -> None:
    header = tuple(part.encode() for part in bearer("key_ci"))
    connection = HTTPConnection({"type": "http", "headers": [header], "path_params": {"project": "prj_a"}})
    assert asyncio.run(using(connection)).allowed
    assert connection.state.attribution.project == "prj_a"
    with pytest.raises(RuntimeError, match="no path parameter `cluster`"):
        asyncio.run(protect("instant_cluster.read", resource="instant_cluster:{cluster}")(connection))
    assert (connection.state.principal, connection.state.decision, connection.state.attribution) == (None, None, None)


def test_starlette_checks_before_endpoints_of_every_form() -> None:
    class Endpoint(HTTPEndpoint):
        async def get(self, request: Any) -> Response:
            return PlainTextResponse(request.state.principal)

    async def asking(request: Any) -> Response:
        decision = await reading(request)
        return PlainTextResponse(decision.reason)

    async def later(request: Any) -> Response:
        return JSONResponse(request.state.decision.to_dict())

    before = [Middleware(reading.around)]
    app = Starlette(
        routes=[
            Route("/{project}/class", Endpoint, middleware=before),
            Route("/{project}/async", later, middleware=before),
            Route("/{project}/inside", asking),
            Mount("/{project}/below", routes=[Route("/x", later)], middleware=before),
        ]
    )
    with serving(app) as served:
        for path in ("class", "async", "inside", "below/x"):
            assert served.get(f"/prj_a/{path}", headers=[bearer("key_ci")]).status == 200, path
            assert served.get(f"/prj_b/{path}", headers=[bearer("key_ci")]).status == 403, path
            assert served.get(f"/prj_a/{path}").status == 401, path


def test_mounted_below_a_prefix_in_either() -> None:
    inner = FastAPI()
    inner.add_api_route("/{project}", lambda: "inner", dependencies=[Depends(reading)])
    for outer in (FastAPI(), Starlette()):
        outer.mount("/v1/x", inner)
        with serving(outer, root_path="/root") as served:
            assert served.get("/v1/x/prj_a", headers=[bearer("key_ci")]).text == '"inner"'
            assert served.get("/v1/x/prj_b", headers=[bearer("key_ci")]).status == 403


def test_a_websocket_is_accepted_only_for_whom_the_check_lets_through() -> None:
    fast = FastAPI()

    @fast.websocket("/{project}", dependencies=[Depends(reading)])
    async def fast_endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(websocket.state.principal)

    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(websocket.state.principal)

    plain = Starlette(routes=[WebSocketRoute("/{project}", endpoint, middleware=[Middleware(reading.around)])])
    for app in (fast, plain):
        accepted, text = connect(app, "/prj_a", [bearer("key_ci")])
        assert (accepted["type"], text["text"]) == ("websocket.accept", "api_key:key_ci")
        for path, headers, status in (("/prj_b", [bearer("key_ci")], 403), ("/prj_a", [], 401)):
            denial = connect(app, path, headers)[0]
            assert (denial["type"], denial["status"]) == ("websocket.http.response.start", status)


def connect(app: Any, path: str, headers: list[tuple[str, str]]) -> list[Any]:
    """What an application sends to somebody who wants a websocket."""
    sent: list[Any] = []
    raw = [(name.encode(), value.encode()) for name, value in headers]
    extensions: dict[str, Any] = {"websocket.http.response": {}}
    scope = {"type": "websocket", "path": path, "headers": raw, "query_string": b"", "subprotocols": [], "extensions": extensions}

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent
