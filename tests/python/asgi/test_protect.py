"""Checks before the routes of FastAPI and Starlette: who is let through, what the others are told, and what an endpoint knows."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from bailiwick import Bailiwick, BailiwickError
from bailiwick.asgi import Protect, Refused
from guarded import MAKERS, Api, session
from platform_world import KEYS, bearer, document, engine
from served import Response, Server, serving
from starlette.exceptions import HTTPException

guard = engine()
api = Api(guard, principal=session)


@pytest.fixture(scope="module", params=MAKERS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with serving(MAKERS[request.param](api)) as served:
        yield served


def who(name: str) -> tuple[str, str]:
    return bearer(name) if name in KEYS else ("x-session", name)


def ask(server: Server, name: str | None, path: str) -> Response:
    return server.ask(path, headers=[] if name is None else [who(name)])


def expect_refused(response: Response, status: int, error: str, reason: str | None, challenge: str | None) -> None:
    body = {"error": error} if reason is None else {"error": error, "reason": reason}
    assert (response.status, response.json(), response.headers.get("www-authenticate")) == (status, body, challenge)
    assert (response.headers["cache-control"], response.headers["x-content-type-options"]) == ("no-store", "nosniff")


ALLOWED = [
    ("key_ci", "/files/file_1", "api_key_scope"),
    ("key_ci", "/projects/prj_a/files", "api_key_scope"),
    ("key_b", "/files/file_b", "api_key_scope"),
    ("usr_bob", "/files/file_1", "project_role"),
    ("usr_ada", "/files/file_b", "organization_role"),
    ("usr_ada", "/clusters/cl_1/scale", "organization_role"),
    ("usr_zoe", "/files/file_2", "external_collaborator"),
    ("usr_bob", "/organizations/org_acme", "organization_role"),
    ("usr_bob", "/acme", "organization_role"),
    ("usr_ada", "/organizations/org_acme/key", "owner"),
    ("usr_bob", "/users/usr_bob", "self"),
    ("usr_ada", "/keys/key_default", "organization_role"),
]


@pytest.mark.parametrize(("name", "path", "reason"), ALLOWED)
def test_whoever_may_reaches_the_endpoint(server: Server, name: str, path: str, reason: str) -> None:
    api.reached.clear()
    response = ask(server, name, path)
    assert (response.status, api.reached) == (200, [path])
    known = response.json()
    assert known["principal"] == f"{'api_key' if name in KEYS else 'user'}:{name}"
    assert (known["decision"]["allowed"], known["decision"]["reason"], known["attribution"]) == (True, reason, None)


INSUFFICIENT, INVALID = 'Bearer error="insufficient_scope"', 'Bearer error="invalid_token"'

DENIED = [
    ("key_ci", "/clusters/cl_1/scale", "key_lacks_permission", INSUFFICIENT),
    ("key_ci", "/keys/key_ci", "key_lacks_permission", INSUFFICIENT),
    ("key_old", "/files/file_1", "key_expired", INVALID),
    ("key_revoked", "/files/file_1", "key_revoked", INVALID),
    ("key_old", "/files/nowhere", "key_expired", INVALID),
    ("usr_bob", "/clusters/cl_1/scale", "role_lacks_permission", INSUFFICIENT),
    ("usr_bob", "/organizations/org_acme/key", "owner_only", INSUFFICIENT),
    ("usr_zoe", "/organizations/org_acme/key", "external_no_organization_access", INSUFFICIENT),
    ("usr_none", "/files/file_1", "unknown_principal", INSUFFICIENT),
]


@pytest.mark.parametrize(("name", "path", "reason", "challenge"), DENIED)
def test_whoever_may_not_is_told_why(server: Server, name: str, path: str, reason: str, challenge: str) -> None:
    api.reached.clear()
    expect_refused(ask(server, name, path), 403, "forbidden", reason, challenge)
    assert api.reached == []


# What is somebody else's, or of another kind, and what is nowhere: who asks, and the word for both.
APART = [
    ("key_ci", "key_out_of_scope", ["/files/file_b", "/files/cl_1", "/files/nowhere"]),
    ("key_b", "key_out_of_scope", ["/clusters/cl_1/scale", "/clusters/nowhere/scale"]),
    ("key_ci", "key_out_of_scope", ["/projects/prj_b/files", "/projects/prj_other/files", "/projects/nowhere/files"]),
    ("key_ci", "key_out_of_scope", ["/projects/prj_b/misplaced", "/projects/nowhere/misplaced"]),
    ("key_ci", "key_out_of_scope", ["/keys/key_b", "/keys/key_default", "/keys/key_other", "/keys/nowhere"]),
    ("key_ci", "key_out_of_scope", ["/organizations/org_acme", "/organizations/org_other", "/organizations/nowhere"]),
    ("key_ci", "key_out_of_scope", ["/users/usr_bob", "/users/usr_mia", "/users/nobody"]),
    ("usr_bob", "not_a_collaborator", ["/files/file_b", "/files/nowhere"]),
    ("usr_mia", "not_a_collaborator", ["/projects/prj_a/files", "/projects/prj_default/files", "/projects/nowhere/files"]),
    # This kind cannot be used by people at all, which is found before their roles are.
    ("usr_mia", "not_a_collaborator", ["/projects/prj_a/code", "/projects/nowhere/code"]),
    ("usr_mia", "not_a_collaborator", ["/keys/key_ci", "/keys/key_default", "/keys/nowhere"]),
    (
        "usr_mia",
        "not_a_member",
        ["/organizations/org_acme", "/organizations/nowhere", "/organizations/org_acme/key", "/organizations/nowhere/key"],
    ),
    ("usr_mia", "not_self", ["/users/usr_bob", "/users/nobody"]),
    # What can have no such id.
    (
        "key_ci",
        "key_out_of_scope",
        ["/files/a%00b", "/files/a%0Ab", f"/files/{'x' * 300}", "/files/%FF", "/files/%ED%A0%80", "/files/nowhere"],
    ),
    # A colon makes it nothing of another type.
    ("key_ci", "key_out_of_scope", ["/files/file:file_1", "/files/file_1:x", "/projects/prj_a:x/files", "/projects/project:prj_a/files"]),
    ("key_ci", "key_out_of_scope", ["/files/FILE_1", "/files/file_1%20", "/files/%20file_1", "/files/file%5F1x", "/files/%EF%AC%81le_1"]),
]


@pytest.mark.parametrize(("name", "reason", "paths"), APART)
def test_what_is_somebody_elses_looks_like_what_is_nowhere(server: Server, name: str, reason: str, paths: list[str]) -> None:
    api.reached.clear()
    for path in paths:
        expect_refused(ask(server, name, path), 403, "forbidden", reason, INSUFFICIENT)
    assert api.reached == []


def test_usage_is_attributed(server: Server) -> None:
    def booked(name: str, path: str) -> tuple[Any, ...]:
        known = ask(server, name, path).json()["attribution"]
        return tuple(known[field] for field in ("organization", "project", "reason", "api_key"))

    assert booked("key_ci", "/projects/prj_a/inference") == ("org_acme", "prj_a", "project_scoped", "key_ci")
    assert booked("key_ci", "/projects/prj_a/code") == ("org_acme", "prj_default", "default_project_fallback", "key_ci")
    assert booked("key_zoe", "/projects/prj_a/code") == ("org_elsewhere", None, "external_home_organization", "key_zoe")
    assert booked("usr_bob", "/projects/prj_a/clusters") == ("org_acme", "prj_a", "project_scoped", None)
    assert booked("usr_bob", "/projects/prj_a/inference") == ("org_acme", "prj_default", "default_project_fallback", None)


def test_nobody_knows_who_asks(server: Server) -> None:
    api.reached.clear()
    secret = KEYS["key_ci"].secret
    malformed = 'Bearer error="invalid_request"'
    cases: list[tuple[list[tuple[str, str]], int, str]] = [
        ([], 401, "Bearer"),
        ([("x-api-key", secret)], 401, "Bearer"),
        ([("cookie", f"authorization=Bearer {secret}")], 401, "Bearer"),
        ([("authorization", "Basic a2V5OnNlY3JldA==")], 401, "Bearer"),
        ([("authorization", f"Token {secret}")], 401, "Bearer"),
        ([("authorization", secret)], 401, "Bearer"),
        *(
            ([("authorization", f"Bearer {token}")], 401, INVALID)
            for token in (f"{secret}x", secret[:-1], secret.swapcase(), "a" * 512, f"{secret}==")
        ),
        *(
            ([("authorization", value)], 400, malformed)
            for value in (
                "Bearer",
                "Bearer ",
                "bearer",
                "",
                f"Bearer {secret} {secret}",
                f"Bearer {secret}, Bearer {secret}",
                f"Bearer\t{secret}",
                f"Bearer {'a' * 513}",
                f"Bearer {secret}é".encode().decode("latin-1"),
                f'Bearer "{secret}"',
                f"Bearer {secret}===",
                f"Bearer token={secret}",
            )
        ),
        ([bearer("key_ci"), bearer("key_ci")], 400, malformed),
        ([bearer("key_ci"), ("authorization", "Basic x")], 400, malformed),
        ([("authorization", "Basic x"), bearer("key_ci")], 400, malformed),
    ]
    for headers, status, challenge in cases:
        error = "invalid_request" if status == 400 else "unauthenticated"
        response = server.ask("/files/file_1", headers=headers)
        expect_refused(response, status, error, None, challenge)
        assert secret not in response.text + str(response.headers)
    response = server.ask(f"/files/file_1?access_token={secret}&authorization=Bearer%20{secret}", headers=[])
    assert response.status == 401
    assert api.reached == []
    for value in (f"bearer  {secret}", f"BEARER {secret}", f"  Bearer {secret} "):
        assert server.ask("/files/file_1", headers=[("authorization", value)]).status == 200


def test_a_token_counts_before_a_session_and_a_bad_one_is_not_made_good_by_it(server: Server) -> None:
    ada = ("x-session", "usr_ada")
    assert server.ask("/files/file_1", headers=[bearer("key_ci"), ada]).json()["principal"] == "api_key:key_ci"
    for headers, status in (([bearer("key_ci")], 403), ([("authorization", "Bearer x")], 401), ([("authorization", "Bearer ")], 400)):
        assert server.ask("/files/file_b", headers=[*headers, ada]).status == status
    assert server.ask("/files/file_b", headers=[("authorization", "Basic x"), ada]).json()["principal"] == "user:usr_ada"


def test_no_secret_is_written_anywhere(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for path in ("/files/file_1", "/files/file_b", "/lost"):
        ask(server, "key_ci", path)
        server.ask(path, headers=[("authorization", f"Bearer {KEYS['key_ci'].secret}x")])
    assert KEYS["key_ci"].secret not in caplog.text
    assert "RuntimeError" in caplog.text


def test_what_is_wrong_in_the_program_lets_nobody_in(server: Server) -> None:
    api.reached.clear()
    # No such parameter in the path, and no id: a number with a fraction.
    for path in ("/lost", "/shares/1.5"):
        response = ask(server, "key_ci", path)
        assert (response.status, response.text) == (500, "Internal Server Error")
    assert api.reached == []
    expect_refused(ask(server, "key_ci", "/numbers/5"), 403, "forbidden", "key_out_of_scope", INSUFFICIENT)


def test_of_a_directory_that_is_too_old_nobody_knows_anything() -> None:
    stale = engine(issued_at="2026-01-01T00:00:00Z", max_age_seconds=60)
    for local, reason, wait in (
        (Api(stale, principal=session), "snapshot_stale", "5"),
        (Api(stale, principal=session, retry_after=60), "snapshot_stale", "60"),
        (Api(lambda: None, principal=session), "directory_unavailable", "5"),
    ):
        for make in MAKERS.values():
            with serving(make(local)) as served:
                for headers in ([bearer("key_ci")], [who("usr_ada")], [("authorization", "Bearer unknown")]):
                    response = served.ask("/files/file_1", headers=headers)
                    expect_refused(response, 503, "unavailable", reason, None)
                    assert response.headers["retry-after"] == wait
                assert served.ask("/files/file_1", headers=[]).status == 401
        assert local.reached == []


def test_frameworks_own_handlers_tell_the_reason_too() -> None:
    local = Api(guard, plain=True)
    with serving(local.fastapi()) as served:
        denied = ask(served, "key_ci", "/files/nowhere")
        assert (denied.status, denied.json()) == (403, {"detail": "key_out_of_scope"})
        assert ask(served, None, "/files/file_1").json() == {"detail": "unauthenticated"}
    with serving(local.starlette()) as served:
        denied = ask(served, "key_ci", "/files/nowhere")
        assert (denied.status, denied.text, denied.headers["www-authenticate"]) == (403, "key_out_of_scope", INSUFFICIENT)
    assert local.reached == []
    assert issubclass(Refused, HTTPException)


@pytest.mark.parametrize(
    "answer",
    [False, 0, "", "usr_ada", "user:", 5, ["user:usr_ada"], {"type": "user"}, {"type": "user", "id": 5}, b"user:usr_ada"],
    ids=repr,
)
def test_a_session_that_is_none_lets_nobody_in(answer: Any, caplog: pytest.LogCaptureFixture) -> None:
    async def later(_: Any) -> Any:
        return answer

    for hook in (lambda _: answer, later):
        local = Api(guard, principal=hook)
        with serving(local.starlette()) as served:
            assert served.ask("/files/file_1", headers=[]).status == 500
        assert local.reached == []
    assert ("`principal` returned neither" if not isinstance(answer, (str, dict)) else "the check cannot be made") in caplog.text


def test_sessions_may_be_asked_for_later_and_be_in_two_parts() -> None:
    async def later(request: Any) -> Any:
        return {"type": "user", "id": request.headers["x-session"]}

    def failing(_: Any) -> Any:
        raise LookupError("no such session")

    for make in MAKERS.values():
        with serving(make(Api(guard, principal=later))) as served:
            assert served.ask("/files/file_1", headers=[who("usr_bob")]).json()["principal"] == "user:usr_bob"
            assert served.ask("/files/file_1", headers=[who("usr_mia")]).status == 403
        with serving(make(Api(guard, principal=failing))) as served:
            assert served.ask("/files/file_1", headers=[]).status == 500


def test_an_engine_that_cannot_be_given_lets_nobody_in() -> None:
    def failing() -> Bailiwick:
        raise OSError

    for give in (failing, lambda: "guard"):
        local = Api(give)
        for make in MAKERS.values():
            with serving(make(local)) as served:
                assert ask(served, "key_ci", "/files/file_1").status == 500
        assert local.reached == []


NO_RESOURCES: list[Any] = [
    "project",
    "project:",
    ":x",
    "{project}",
    "{type}:{id}",
    "project:{a}{b}",
    "project:a{b}",
    "project:{}",
    "project:{a b}",
    "",
    None,
    5,
]


@pytest.mark.parametrize(
    ("code", "path", "make"),
    [
        ("wrong_type", "/guard", lambda: Protect(None)),  # type: ignore[arg-type]
        ("wrong_type", "/principal", lambda: Protect(guard, principal="user:usr_ada")),  # type: ignore[arg-type]
        ("wrong_type", "/retry_after", lambda: Protect(guard, retry_after=0)),
        ("wrong_type", "/retry_after", lambda: Protect(guard, retry_after=True)),
        ("wrong_type", "/action", lambda: Protect(guard)(5, resource="project:{project}")),  # type: ignore[arg-type]
        ("wrong_type", "/usage", lambda: Protect(guard)("file.read", resource="project:{project}", usage=True)),  # type: ignore[arg-type]
        ("wrong_type", "/surface", lambda: Protect(guard)("file.read", resource="project:{project}", surface=1)),  # type: ignore[arg-type]
        *(("invalid_reference", "/resource", partial(Protect(guard), "file.read", resource=resource)) for resource in NO_RESOURCES),
    ],
)
def test_what_makes_no_check(code: str, path: str, make: Any) -> None:
    with pytest.raises(BailiwickError) as raised:
        make()
    assert (raised.value.code, raised.value.path) == (code, path)


def test_a_change_counts_from_the_next_request_on() -> None:
    own = Bailiwick.from_directory(document())
    for make in MAKERS.values():
        with serving(make(Api(own))) as served:
            assert ask(served, "key_ci", "/files/file_1").status == 200
    own.apply({"type": "revoke_api_key", "key": "key_ci"})
    for make in MAKERS.values():
        with serving(make(Api(own))) as served:
            expect_refused(ask(served, "key_ci", "/files/file_1"), 403, "forbidden", "key_revoked", INVALID)
