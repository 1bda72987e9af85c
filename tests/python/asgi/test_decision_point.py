"""The AuthZEN application behind a real server: what the standard demands of the HTTPS binding, and what a stranger may try. What is in the
bodies is the core's, and proved by the shared suite."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from bailiwick import Bailiwick, BailiwickError
from bailiwick.asgi import authzen_app
from platform_world import EVALUATION, METADATA, PARTS, QUESTION, document, engine, well_formed
from served import JSON, Response, Server, serving

FILE = {"type": "file", "id": "file_1"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(authzen_app(engine())) as served:
        yield served


def expect_refused(response: Response, status: int, part: str = "") -> None:
    assert (response.status, response.headers["content-type"]) == (status, "text/plain; charset=utf-8")
    assert response.text
    assert part in response.text


def test_a_permission_and_its_denying_twin_are_both_200(server: Server) -> None:
    twins = (
        {"resource": {"type": "file", "id": "file_3"}},
        {"action": {"name": "no.such.action"}},
        {"subject": {"type": "robot", "id": "usr_bob"}},
    )
    for changes, decision in (({}, b"true"), *((twin, b"false") for twin in twins)):
        response = server.ask(EVALUATION, {**QUESTION, **changes})
        assert (response.status, response.body) == (200, b'{"decision":' + decision + b"}")


@pytest.mark.parametrize("path", PARTS)
def test_every_api_answers_the_same_each_time(server: Server, path: str) -> None:
    first, *others = (server.ask(path, well_formed(path)) for _ in range(3))
    assert (first.status, first.headers["content-type"]) == (200, "application/json")
    assert isinstance(first.json(), dict)
    assert {other.body for other in others} == {first.body}


def test_searches_find_what_evaluations_permit(server: Server) -> None:
    def found(path: str, body: Any) -> Any:
        return server.ask(path, body).json()["results"]

    people = [{"type": "user", "id": name} for name in ("usr_ada", "usr_bob", "usr_zoe")]
    assert found("/access/v1/search/subject", {**QUESTION, "subject": {"type": "user"}}) == people
    assert found("/access/v1/search/resource", {**QUESTION, "resource": {"type": "file"}}) == [FILE, {"type": "file", "id": "file_2"}]
    assert {"name": "file.read"} in found("/access/v1/search/action", well_formed("action"))


def test_reasons_are_told_only_where_the_host_says_so(server: Server) -> None:
    guard = engine()
    decision = guard.check_access("user:usr_bob", "file.read", "file:file_1")
    with serving(authzen_app(guard, reasons=True)) as telling:
        told = telling.ask(EVALUATION, QUESTION).json()
        assert told == {"decision": True, "context": {"reason": decision.reason, "caveats": decision.caveats}}
        denied = {**QUESTION, "subject": {"type": "user", "id": "nobody"}}
        assert telling.ask(EVALUATION, denied).json() == {"decision": False, "context": {"reason": "unknown_principal", "caveats": []}}
        assert server.ask(EVALUATION, denied).json() == {"decision": False}


def test_a_callers_clock_counts_only_where_the_host_says_so(server: Server) -> None:
    past = {**QUESTION, "subject": {"type": "api_key", "id": "key_old"}, "context": {"time": "2025-12-31T00:00:00Z"}}
    never = {**QUESTION, "context": {"time": "whenever"}}
    assert server.ask(EVALUATION, past).json() == {"decision": False}
    assert server.ask(EVALUATION, never).json() == {"decision": True}
    with serving(authzen_app(engine(), trust_context_time=True)) as trusting:
        assert trusting.ask(EVALUATION, past).json() == {"decision": True}
        expect_refused(trusting.ask(EVALUATION, never), 400, "(invalid_timestamp at /context/time)")


def test_it_answers_by_the_newest_revision_and_the_present_engine() -> None:
    guards = [engine()]
    with serving(authzen_app(lambda: guards[-1])) as served:
        assert served.ask(EVALUATION, QUESTION).json() == {"decision": True}
        guards[0].apply({"type": "remove_collaborator", "project": "prj_a", "user": "usr_bob"})
        assert served.ask(EVALUATION, QUESTION).json() == {"decision": False}
        guards.append(engine())
        assert served.ask(EVALUATION, QUESTION).json() == {"decision": True}


MALFORMED: dict[str, Any] = {
    "no JSON": "{",
    "nothing": "",
    "no body": None,
    "not UTF-8": b'"\xff"',
    "a list": [],
    "null": "null",
    "a key twice": '{"subject":{},"subject":{}}',
    "an empty object": {},
    "a subject that is a string": {**QUESTION, "subject": "usr_bob"},
    "an action without a name": {**QUESTION, "action": {}},
    "a name that is a number": {**QUESTION, "action": {"name": 123}},
    "a subject without a type": {**QUESTION, "subject": {"id": "usr_bob"}},
    "a resource without an id": {**QUESTION, "resource": {"type": "file"}},
    "a context that is a list": {**QUESTION, "context": []},
    **{f"no {part}": {name: value for name, value in QUESTION.items() if name != part} for part in QUESTION},
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_malformed_is_400(server: Server, body: Any) -> None:
    expect_refused(server.ask(EVALUATION, body), 400, "(")


def test_what_is_malformed_is_told_by_message_code_and_path(server: Server) -> None:
    for path, body in (("access_evaluation", {**QUESTION, "subject": 5}), ("access_evaluation", {})):
        with pytest.raises(BailiwickError) as raised:
            engine().authzen("access_evaluation", body)
        wanted = str(raised.value)
        assert wanted.startswith(f"{raised.value.message} ({raised.value.code}"), path
        expect_refused(server.ask(EVALUATION, body), 400)
        assert server.ask(EVALUATION, body).text == wanted
    many = {**QUESTION, "evaluations": [{}], "options": {"evaluations_semantic": "execute_some"}}
    expect_refused(server.ask("/access/v1/evaluations", many), 400, "at /options/evaluations_semantic)")
    page = {**QUESTION, "resource": {"type": "file"}, "page": {"token": "1.zz"}}
    expect_refused(server.ask("/access/v1/search/resource", page), 400, "(cursor_invalid at /page/token)")


def test_any_content_type_but_json_is_400_parameters_aside(server: Server) -> None:
    for name in ("text/plain", "application/json-seq", "application/jsonp", "text/json", "", "application/json, application/json"):
        expect_refused(server.ask(EVALUATION, QUESTION, headers=[("content-type", name)]), 400, "content type")
    expect_refused(server.ask(EVALUATION, QUESTION, headers=[]), 400, "content type")
    expect_refused(server.ask(EVALUATION, QUESTION, headers=[*JSON, *JSON]), 400, "content type")
    for name in ("Application/JSON; charset=utf-8", "application/json", " application/json ;x"):
        assert server.ask(EVALUATION, QUESTION, headers=[("content-type", name)]).status == 200


def test_ten_thousand_evaluations_are_answered_and_no_more(server: Server) -> None:
    answer = server.ask("/access/v1/evaluations", {**QUESTION, "evaluations": [{}] * 10_000})
    assert len(answer.json()["evaluations"]) == 10_000
    expect_refused(
        server.ask("/access/v1/evaluations", {**QUESTION, "evaluations": [{}] * 10_001}), 400, "(limit_exceeded at /evaluations)"
    )


def test_nobody_keeps_an_answer_and_no_browser_takes_a_sentence_for_a_page(server: Server) -> None:
    for response in (server.ask(EVALUATION, QUESTION), server.ask(EVALUATION, "<script>"), server.get(METADATA), server.get("/nowhere")):
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-length"] == str(len(response.body))


def test_the_requests_identifier_comes_back_with_every_answer(server: Server) -> None:
    named = [*JSON, ("X-Request-ID", "bfe9eb29-ab87")]
    asked = [
        server.ask(EVALUATION, QUESTION, headers=named),
        server.ask(EVALUATION, "{", headers=named),
        server.ask("/nowhere", QUESTION, headers=named),
        server.get(EVALUATION, headers=named),
        server.get(METADATA, headers=named),
    ]
    assert [(response.status, response.headers["x-request-id"]) for response in asked] == [
        (s, "bfe9eb29-ab87") for s in (200, 400, 404, 405, 200)
    ]
    assert "x-request-id" not in server.ask(EVALUATION, QUESTION).headers
    assert server.ask(EVALUATION, QUESTION, headers=[*JSON, ("x-request-id", "1"), ("x-request-id", "2")]).headers["x-request-id"] == "1, 2"
    assert server.ask(EVALUATION, QUESTION, headers=[*JSON, ("x-request-id", "")]).headers["x-request-id"] == ""


@pytest.mark.parametrize("path", PARTS)
def test_other_methods_are_405_and_say_which_is_right(server: Server, path: str) -> None:
    for method in ("GET", "PUT", "DELETE", "OPTIONS", "HEAD", "PROPFIND"):
        response = server.ask(path, method=method)
        assert (response.status, response.headers["allow"]) == (405, "POST"), method
    response = server.ask(METADATA, "{}")
    assert (response.status, response.headers["allow"]) == (405, "GET, HEAD")


def test_other_paths_are_404(server: Server) -> None:
    for path in (
        "/",
        "/access/v1",
        "/access/v1/evaluation/",
        "/access/v1//evaluation",
        "//access/v1/evaluation",
        "/access/v1/Evaluation",
        "/access/v1/search",
        "/access/v1/evaluation;x",
        "/access/v1/%65valuation",
        "/access%2fv1/evaluation",
        "/access/v1/evaluation%00",
        "/access/v1/evaluation%3fx",
        "/access/v1/x/../evaluation",
        "/access/v1/__class__",
        "/.well-known/authzen-configuration/",
        "/.well-known/authzen%2dconfiguration",
    ):
        expect_refused(server.ask(path, QUESTION), 404)
    assert server.ask("/access/v1/evaluation?x=1", QUESTION).status == 200


class Clockless:
    """An engine whose host has a clock that gives no time."""

    def authzen(self, api: Any, request: Any, **terms: Any) -> str:
        return engine().authzen(api, request, at="soon", **terms)


def test_what_is_the_hosts_fault_is_500_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    def failing() -> Bailiwick:
        return Bailiwick.from_directory({})

    def secret() -> Bailiwick:
        raise LookupError("the secret is 42")

    guards: list[Any] = [Clockless(), failing, secret, lambda: None, lambda: "guard"]
    for guard in guards:
        caplog.clear()
        with serving(authzen_app(guard)) as served:
            response = served.ask(EVALUATION, QUESTION, headers=[*JSON, ("x-request-id", "7")])
        assert (response.status, response.body, response.headers["x-request-id"]) == (500, b"internal error", "7")
        assert [(record.name, record.levelname) for record in caplog.records if record.name.startswith("bailiwick")] == [
            ("bailiwick.asgi", "ERROR")
        ]


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"reasons": "yes"}, "/reasons"),
        ({"reasons": 1}, "/reasons"),
        ({"trust_context_time": 0}, "/trust_context_time"),
        ({"trust_context_time": "false"}, "/trust_context_time"),
        *(
            ({"base_url": bad}, "/base_url")
            for bad in (5, "", "pdp.example.com", "http://pdp.example.com", "https://h?x", "https://h#x", b"https://h")
        ),
        *(({"authenticate": bad}, "/authenticate") for bad in (bool, dict, iter(()))),
    ],
    # The text of an iterator names its address, which differs from process to process.
    ids=lambda value: re.sub(" object at 0x.*>", ">", repr(value)),
)
def test_no_option_is_ignored(options: dict[str, Any], path: str) -> None:
    with pytest.raises(BailiwickError) as raised:
        authzen_app(engine(), **options)
    assert isinstance(raised.value, ValueError)
    assert (raised.value.code, raised.value.path) == ("wrong_type", path)


def test_an_option_that_there_is_not() -> None:
    with pytest.raises(TypeError):
        authzen_app(engine(), authenticat=lambda _: True)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        authzen_app(engine(), "https://pdp.example.com")  # type: ignore[call-arg]
    assert authzen_app(engine(), base_url=None)


async def _asynchronous() -> Bailiwick:
    return engine()


@pytest.mark.parametrize("guard", [None, {}, "guard", Bailiwick, 5, document(), _asynchronous], ids=lambda guard: type(guard).__name__)
def test_an_engine_is_needed(guard: Any) -> None:
    with pytest.raises(BailiwickError) as raised:
        authzen_app(guard)
    assert (raised.value.code, raised.value.path) == ("wrong_type", "/guard")


ALONE = """
import asyncio, json, sys

class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in sys.stdlib_module_names | {"bailiwick"}:
            raise ImportError(name)

sys.meta_path.insert(0, Refusing())
from bailiwick import Bailiwick
from bailiwick.asgi import authzen_app

sent = []
async def receive():
    return {"type": "http.request", "body": json.dumps(QUESTION).encode()}
async def send(message):
    sent.append(message)

scope = {"type": "http", "method": "POST", "path": "/access/v1/evaluation", "headers": [(b"content-type", b"application/json")]}
asyncio.run(authzen_app(Bailiwick.from_directory(DOCUMENT))(scope, receive, send))
assert [message.get("status", message.get("body")) for message in sent] == [200, b'{"decision":true}'], sent
try:
    from bailiwick.asgi import Protect
except ImportError as error:
    print(error)
"""


def test_the_application_needs_nothing_but_the_standard_library() -> None:
    program = f"QUESTION = {json.dumps(QUESTION)}\nDOCUMENT = {document()!r}\n{ALONE}"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout.strip()) == (0, "starlette"), ran.stderr
