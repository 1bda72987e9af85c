"""What is wrong with a check is told when the application starts: names that the policy does not have, and routes without the parameter."""

import asyncio
import json
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import pytest
from bailiwick import Bailiwick, BailiwickError
from bailiwick.asgi import Protect, Refused
from fastapi import APIRouter, Depends, FastAPI
from guarded import Api
from platform_world import bearer, document, engine
from served import serving
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, Router

guard = engine()
POLICY = json.loads((Path(__file__).parents[3] / "core/policies/projects-2026-02.json").read_text("utf-8"))
OWN: dict[str, Any] = {**POLICY, "kinds": [*POLICY["kinds"], {"kind": "painting", "verbs": [{"roles": ["admin"], "verbs": ["hang"]}]}]}

UNKNOWN: list[tuple[dict[str, Any], str, str, str]] = [
    ({"action": "fil.read"}, "unknown_action", "/action", "no action `fil.read`; similar: `file.read`"),
    ({"action": "read"}, "unknown_action", "/action", "no action `read`"),
    ({"action": "x" * 100}, "unknown_action", "/action", f"no action `{'x' * 64}…`"),
    ({"resource": "files:{file}"}, "unknown_kind", "/resource", "no kind `files`; similar: `file`"),
    ({"resource": "projects:{project}"}, "unknown_kind", "/resource", "similar: `project`"),
    ({"usage": "instant_clusters"}, "unknown_kind", "/usage", "similar: `instant_cluster`"),
    ({"usage": "project"}, "unknown_kind", "/usage", "no kind `project`"),
    ({"surface": "apu"}, "unknown_surface", "/surface", "no surface `apu`; similar: `api`"),
]


@pytest.mark.parametrize(("terms", "code", "path", "words"), UNKNOWN)
def test_a_name_that_the_policy_does_not_have_is_told_with_what_is_near(terms: dict[str, Any], code: str, path: str, words: str) -> None:
    whole: dict[str, Any] = {"action": "file.read", "resource": "file:{file}", "usage": "file", "surface": "api", **terms}
    stale = engine(issued_at="2026-01-01T00:00:00Z", max_age_seconds=0)
    for present in (guard, stale, lambda: guard):
        with pytest.raises(BailiwickError) as raised:
            Protect(present)(**whole)
        assert (raised.value.code, raised.value.path) == (code, path)
        assert words in str(raised.value)


def test_the_policy_in_force_counts_and_not_the_one_of_the_same_name() -> None:
    own = Bailiwick.from_directory(document(), policy=OWN)
    assert own.policy == guard.policy
    Protect(own)("painting.hang", resource="painting:{painting}", usage="painting")
    with pytest.raises(BailiwickError, match=r"similar: `painting\.hang`"):
        Protect(own)("painting.hung", resource="painting:{painting}")
    with pytest.raises(BailiwickError):
        Protect(guard)("painting.hang", resource="painting:{painting}")
    other = Bailiwick.from_directory(document(), policy={**OWN, "id": "of-our-own"})
    Protect(other)("painting.hang", resource="painting:{painting}", usage="file")


def test_without_an_engine_it_is_a_500_of_the_first_request() -> None:
    for terms, *_ in UNKNOWN[:1] + UNKNOWN[5:6] + UNKNOWN[7:]:
        present: list[Bailiwick | None] = [None]
        check = Protect(partial(present.__getitem__, 0))(**{"action": "file.read", "resource": "file:{file}", **terms})
        app = Starlette(routes=[Route("/{file}", PlainTextResponse("reached"), middleware=[Middleware(check.around)])])
        with serving(app) as served:
            assert served.ask("/file_1", method="GET", headers=[bearer("key_ci")]).status == 503
            present[0] = guard
            for _ in range(2):
                response = served.ask("/file_1", method="GET", headers=[bearer("key_ci")])
                assert (response.status, response.text) == (500, "Internal Server Error")


def test_a_function_that_raises_is_asked_again_once_it_is_needed() -> None:
    ready: list[Bailiwick] = []
    check = Protect(lambda: ready[0])("file.read", resource="file:{file}")
    app = Starlette(routes=[Route("/{file}", PlainTextResponse("reached"), middleware=[Middleware(check.around)])])
    ready.append(guard)
    with serving(app) as served:
        assert served.ask("/file_1", method="GET", headers=[bearer("key_ci")]).text == "reached"


def endpoint(request: Request) -> PlainTextResponse:
    return PlainTextResponse("reached")


def fastapi_with(path: str, check: Any) -> FastAPI:
    app = FastAPI()
    app.add_api_route(path, endpoint, dependencies=[Depends(check)], response_model=None)
    return app


def below_a_router(path: str, check: Any) -> FastAPI:
    async def nested(found: Annotated[Any, Depends(check)]) -> Any:
        return found

    router = APIRouter(dependencies=[Depends(nested)])
    router.add_api_route(path, endpoint, response_model=None)
    app = FastAPI()
    app.include_router(router, prefix="/v1")
    return app


def starlette_with(path: str, check: Any) -> Starlette:
    return Starlette(routes=[Route(path, endpoint, middleware=[Middleware(check.around)])])


def before_a_mount(path: str, check: Any) -> Starlette:
    return Starlette(routes=[Mount(path, routes=[Route("/{other}", endpoint)], middleware=[Middleware(check.around)])])


def below_a_mount(path: str, check: Any) -> Starlette:
    return Starlette(routes=[Mount(path, app=Router([Route("/x", endpoint, middleware=[Middleware(check.around)])]))])


FORMS = (fastapi_with, below_a_router, starlette_with, before_a_mount, below_a_mount)


@pytest.mark.parametrize("form", FORMS)
def test_a_route_without_the_parameter_is_found(form: Any) -> None:
    protect = Protect(guard)
    check = protect("file.read", resource="file:{file}")
    protect.verify(form("/files/{file}", check))
    Protect(guard).verify(form("/files/{id}", check))
    for path in ("/files/{id}", "/files", "/files/{file:float}"):
        with pytest.raises(RuntimeError, match=r"the route `.*/files.*`: the route has no path parameter `file` that could be an id|`/x`"):
            protect.verify(form(path, check))
    fixed = protect("organization.read_name", resource="organization:org_acme")
    protect.verify(form("/files", fixed))


def test_names_are_looked_at_as_well() -> None:
    present: list[Bailiwick | None] = [None]
    protect = Protect(lambda: present[0])
    app = starlette_with("/files/{file}", protect("fil.read", resource="file:{file}"))
    protect.verify(app)
    present[0] = guard
    with pytest.raises(RuntimeError, match=r"similar: `file\.read`"):
        protect.verify(app)


def asked(protect: Protect, header: tuple[str, str]) -> tuple[int, str | None, str | None]:
    """What becomes of a request: its status, the reason, and how long to wait."""
    name, value = header
    scope = {"type": "http", "headers": [(name.encode(), value.encode())], "path_params": {"file": "file_1"}}
    try:
        asyncio.run(protect("file.read", resource="file:{file}")(Request(scope)))
    except Refused as refused:
        return refused.status_code, refused.reason, (refused.headers or {}).get("retry-after")
    return 200, None, None


NOBODY = ("authorization", "Bearer unknown")


def test_a_revision_that_is_not_there_yet_is_a_503() -> None:
    own = engine(revision=7)

    async def later(_: Any) -> int:
        return 8

    for fits in (None, 0, 7, lambda _: 7, lambda _: None):
        protect = Protect(own, min_revision=fits)
        assert [asked(protect, header)[0] for header in (bearer("key_ci"), NOBODY)] == [200, 401]
    for newer in (8, lambda _: 8, later):
        # Nor does a directory that is too old know the keys made since.
        protect = Protect(own, min_revision=newer)
        assert [asked(protect, header) for header in (bearer("key_ci"), NOBODY)] == [(503, "snapshot_stale", "5")] * 2
    for wrong in (True, -1, "7", 7.0, 2**53):
        giving: Any = partial(lambda value, _: value, wrong)
        with pytest.raises(RuntimeError, match="neither a revision nor None"):
            asked(Protect(own, min_revision=giving), bearer("key_ci"))
        with pytest.raises(BailiwickError) as raised:
            Protect(own, min_revision=wrong)  # type: ignore[arg-type]
        assert (raised.value.code, raised.value.path) == ("wrong_type", "/min_revision")
    for nothing in (int, [7], object()):
        with pytest.raises(BailiwickError):
            Protect(own, min_revision=nothing)  # type: ignore[arg-type]
    with serving(Api(own, min_revision=8).starlette()) as served:
        response = served.ask("/files/file_1", headers=[bearer("key_ci")])
        assert (response.status, response.json(), response.headers["retry-after"]) == (
            503,
            {"error": "unavailable", "reason": "snapshot_stale"},
            "5",
        )
