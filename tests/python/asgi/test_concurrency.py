"""Many clients at once, while the directory changes below them."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from typing import Any

import pytest
from bailiwick import Bailiwick, BailiwickError
from bailiwick.asgi import authzen_app
from bailiwick.asgi._bearer import Token
from bailiwick.asgi._decide import Question, by_one_revision, decide
from guarded import MAKERS, Api
from platform_world import EVALUATION, KEYS, QUESTION, bearer, document, engine
from served import JSON, exchange, serving

CLIENTS, SECONDS = 8, 1.5
BODY = json.dumps(QUESTION).encode()


class Changing:
    """A thread that adds somebody to a project and removes them again, until it is told to stop."""

    def __init__(self, guard: Bailiwick) -> None:
        self.guard = guard
        self.revisions = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._stop.is_set():
            # Both states last long enough that somebody asks in each.
            self.guard.apply({"type": "remove_collaborator", "project": "prj_a", "user": "usr_bob"})
            time.sleep(0.002)
            self.guard.apply({"type": "add_collaborator", "project": "prj_a", "user": "usr_bob", "role": "member"})
            self.revisions += 2
            time.sleep(0.002)

    def __enter__(self) -> Changing:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(30)
        assert not self._thread.is_alive()


def clients(port: int, path: str, headers: list[tuple[str, str]]) -> Counter[tuple[int, bytes]]:
    """What many clients are answered, each on a connection of its own, as long as it lasts."""
    found: list[tuple[int, bytes]] = []
    faults: list[BaseException] = []
    end = time.monotonic() + SECONDS

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            while time.monotonic() < end:
                response = exchange(connection, path, BODY, method="POST", headers=headers, host="h")
                found.append((response.status, response.body))
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    return Counter(found)


def test_a_decision_point_answers_by_one_revision_or_the_next() -> None:
    guard = engine()
    with serving(authzen_app(guard)) as server, Changing(guard) as changing:
        found = clients(server.port, EVALUATION, list(JSON))
    assert changing.revisions > 10
    assert set(found) == {(200, b'{"decision":true}'), (200, b'{"decision":false}')}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
def test_a_check_decides_and_attributes_by_one_revision(make: Any) -> None:
    guard = engine()
    with serving(make(Api(guard))) as server, Changing(guard) as changing:
        found = clients(server.port, "/projects/prj_a/inference", [bearer("key_ci")])
    assert changing.revisions > 10
    revisions = set()
    for status, body in found:
        known = json.loads(body)
        assert (status, known["attribution"]["project"]) == (200, "prj_a")
        assert known["decision"]["revision"] == known["attribution"]["revision"]
        revisions.add(known["decision"]["revision"])
    assert len(revisions) > 1


class Meddled:
    """An engine that changes between two questions, as another thread could make it."""

    def __init__(self, changes: list[dict[str, Any]]) -> None:
        self.guard = Bailiwick.from_directory(document())
        self.changes = changes

    @property
    def revision(self) -> int:
        return self.guard.revision

    def __getattr__(self, name: str) -> Any:
        return getattr(self.guard, name)

    def check_access(self, *given: Any, **terms: Any) -> Any:
        decision = self.guard.check_access(*given, **terms)
        if self.changes:
            self.guard.apply(self.changes.pop(0))
        return decision


def test_what_was_asked_while_a_change_came_is_asked_again() -> None:
    bob: Any = {"project": "prj_a", "user": "usr_bob"}
    question = Question("file.read", {"type": "project", "id": "prj_a"}, "file", None)
    at: Any = "2026-02-01T00:00:00Z"
    gone: Any = Meddled([{"type": "remove_collaborator", **bob}])
    outcome = decide(gone, "user:usr_bob", question, at)
    assert outcome.decision is not None
    assert (outcome.decision.allowed, outcome.decision.revision, outcome.attribution) == (False, 1, None)
    # Attributing alone would have raised: there is nobody of that name any more.
    removed: Any = Meddled([{"type": "remove_member", "organization": "org_acme", "user": "usr_eve"}])
    outcome = decide(removed, "user:usr_eve", Question("file.read", {"type": "project", "id": "prj_b"}, "file", None), at)
    assert outcome.decision is not None
    assert not outcome.decision.allowed
    revoked: Any = Meddled([{"type": "revoke_api_key", "key": "key_ci"}, {"type": "remove_collaborator", **bob}])
    outcome = decide(revoked, Token(KEYS["key_ci"].secret), question, "2027-01-01T00:00:00Z")  # type: ignore[arg-type]
    assert outcome.decision is not None
    assert (outcome.decision.reason, outcome.decision.revision) == ("key_revoked", 2)


def test_a_directory_that_never_stays_the_same_decides_nothing() -> None:
    class Restless:
        revision = property(lambda self: time.monotonic_ns())

    def failing() -> None:
        raise BailiwickError("unknown_kind", "/kind", "there is no such kind")

    restless: Any = Restless()
    for ask in (lambda: None, failing):
        with pytest.raises(RuntimeError):
            by_one_revision(restless, ask)
