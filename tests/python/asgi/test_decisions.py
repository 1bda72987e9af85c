"""What `on_decision` is told: by the table that JavaScript is held to as well, and by checks; and that no answer depends on it."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bailiwick import Bailiwick, BailiwickError
from bailiwick.asgi import DecisionEntry, Protect, authzen_app
from guarded import MAKERS, Api, session
from platform_world import KEYS, QUESTION, bearer, engine
from served import serving

TABLE = json.loads((Path(__file__).parents[2] / "authzen-decisions.json").read_text("utf-8"))
guard = Bailiwick.from_directory(TABLE["directory"])


def answer(path: str, body: bytes, *, method: str = "POST", asked: Bailiwick = guard, **options: Any) -> tuple[int, Any, bytes]:
    """What the application sends."""
    sent: list[Any] = []
    scope = {"type": "http", "method": method, "path": path, "headers": [(b"content-type", b"application/json")]}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(authzen_app(asked, **options)(scope, receive, send))
    start, rest = sent
    return start["status"], start["headers"], rest["body"]


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["note"])
def test_the_table_that_javascript_is_held_to_as_well(case: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    body, options = json.dumps(case["body"]).encode(), case.get("options", {})
    entries: list[Any] = []
    before = datetime.now(UTC)
    plain = answer(case["path"], body, **options)
    assert answer(case["path"], body, **options, on_decision=lambda entry: entries.append(copy.deepcopy(entry))) == plain
    for found, wanted in zip(entries, case["entries"], strict=True):
        if wanted["at"] == "now":
            at = datetime.fromisoformat(found["at"])
            assert (at - before).total_seconds() > -0.002
            assert at <= datetime.now(UTC)
            assert (len(found["at"]), found["at"][-1]) == (24, "Z")
            found["at"] = "now"
    assert entries == case["entries"]
    assert json.loads(json.dumps(entries)) == entries

    def spoil(entry: Any) -> None:
        entry["decision"]["allowed"] = not entry["decision"]["allowed"]
        entry["decision"]["caveats"].append("spoilt")
        raise OSError("the log is full")

    async def later(_: Any) -> None:
        raise AssertionError

    for hook in (spoil, lambda entry: later(entry)):
        caplog.clear()
        assert answer(case["path"], body, **options, on_decision=hook) == plain
        assert [record.levelno for record in caplog.records] == [logging.ERROR] * len(entries)


def test_what_nobody_looks_at_keeps_nothing_out_of_a_log() -> None:
    entries: list[DecisionEntry] = []
    for ignored in ("[" * 50_000 + "]" * 50_000, '{"a":' * 3_000 + r'"]}\"["' + "}" * 3_000, '{"a":[{"b":[[1,{}],"x"]}]}'):
        subject = json.dumps(QUESTION["subject"])
        action = f'{{"name": "file.read", "properties": {ignored}}}'
        resource = f'{{"properties": {ignored}, "type": "file", "id": "file_1"}}'
        body = f'{{"ignored": {ignored}, "subject": {subject}, "action": {action}, "resource": {resource}}}'
        plain = answer("/access/v1/evaluation", body.encode())
        assert plain[0] == 200
        assert answer("/access/v1/evaluation", body.encode(), on_decision=entries.append) == plain
        batch = f'{{"evaluations": [{body}]}}'.encode()
        assert answer("/access/v1/evaluations", batch, on_decision=entries.append) == answer("/access/v1/evaluations", batch)
    assert [(one["principal"], one["action"], one["resource"]) for one in entries] == [("user:usr_bob", "file.read", "file:file_1")] * 6


class _Changing:
    """An engine that is at another revision every other time."""

    def __init__(self) -> None:
        self._engine = Bailiwick.from_directory(TABLE["directory"])
        self._left = 3

    @property
    def revision(self) -> int:
        return self._engine.revision

    def authzen(self, api: Any, request: Any, **terms: Any) -> str:
        text = self._engine.authzen(api, request, **terms)
        if self._left > 0:
            self._left -= 1
            self._engine.apply({"type": "add_resource", "project": "prj_a", "resource": f"new_{self._left}", "kind": "file"})
        return text


def test_an_entry_is_of_the_revision_that_answered() -> None:
    entries: list[DecisionEntry] = []
    changing: Any = _Changing()
    assert answer("/access/v1/evaluation", json.dumps(QUESTION).encode(), asked=changing, on_decision=entries.append)[0] == 200
    assert [entry["revision"] for entry in entries] == [10]


@pytest.mark.parametrize("hook", [True, "log", 5, {}, list, pytest.param(object(), id="object")])
def test_a_hook_is_a_function(hook: Any) -> None:
    async def later(_: Any) -> None: ...

    for make in (authzen_app, Protect):
        for bad in (hook, later):
            with pytest.raises(BailiwickError) as raised:
                make(guard, on_decision=bad)
            assert (raised.value.code, raised.value.path) == ("wrong_type", "/on_decision")
        make(guard, on_decision=None)


def test_checks_tell_what_they_decide(caplog: pytest.LogCaptureFixture) -> None:
    own = engine(revision=3)
    for make in MAKERS.values():
        entries: list[Any] = []
        with serving(make(Api(own, principal=session, on_decision=entries.append))) as served:
            for path, header in (
                ("/files/file_1", bearer("key_ci")),
                ("/files/file_b", bearer("key_ci")),
                ("/files/" + "x" * 700, bearer("key_ci")),
                ("/projects/prj_a/inference", ("x-session", "usr_bob")),
                # Nobody: there is nothing to decide.
                ("/files/file_1", ("authorization", "Bearer unknown")),
                ("/files/file_1", ("accept", "*/*")),
            ):
                served.ask(path, headers=[header])
        told = [
            (one["principal"], one["action"], one["resource"], one["decision"]["allowed"], one["decision"]["reason"]) for one in entries
        ]
        assert told == [
            ("api_key:key_ci", "file.read", "file:file_1", True, "api_key_scope"),
            ("api_key:key_ci", "file.read", "file:file_b", False, "key_out_of_scope"),
            ("api_key:key_ci", "file.read", f"file:{'x' * 595}…", False, "invalid_id"),
            ("user:usr_bob", "serverless_inference.use", "project:prj_a", True, "project_role"),
        ]
        assert {one["revision"] for one in entries} == {3}
        assert entries[0]["decision"]["project"] == "prj_a"
        assert json.loads(json.dumps(entries)) == entries
        assert KEYS["key_ci"].secret not in json.dumps(entries)

        def failing(entry: Any) -> None:
            raise OSError("the log is full")

        local = Api(own, on_decision=failing)
        with serving(make(local)) as served:
            caplog.clear()
            assert served.ask("/files/file_1", headers=[bearer("key_ci")]).status == 200
            assert served.ask("/files/file_b", headers=[bearer("key_ci")]).status == 403
            assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2
