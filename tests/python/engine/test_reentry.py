"""Code of the caller that uses the engine while a call is read or answered."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import Any

import pytest
from bailiwick import Bailiwick, ForbiddenError

from .world import ADA, AT, PATH, addition, load, removal, within


class Changing(tzinfo):
    """A time zone that changes the engine whenever it is asked."""

    def __init__(self, engine: Bailiwick) -> None:
        self.engine = engine
        self.changes = 0

    def utcoffset(self, _: datetime | None) -> timedelta:
        self.changes += 1
        self.engine.apply(addition(f"usr_of_zone_{self.changes}"))
        self.engine.preview(removal("usr_dan"), at=AT)
        return timedelta(0)

    dst = utcoffset

    def tzname(self, _: datetime | None) -> str:
        return "x"


def test_a_time_zone_may_use_the_engine() -> None:
    engine = load()
    zone = Changing(engine)
    moment: Any = datetime(2026, 2, 1, 12, tzinfo=zone)
    calls: list[Callable[[], object]] = [
        lambda: engine.apply(addition("usr_new"), at=moment),
        lambda: engine.apply({"type": "expire_api_key", "key": "key_ci", "expires_at": moment}, actor=ADA, at=moment),
        lambda: engine.preview(removal("usr_dan"), at=moment),
        lambda: engine.check_access("user:usr_dan", "file.read", "project:prj_a", at=moment),
        lambda: engine.is_allowed("user:usr_dan", "file.read", "project:prj_a", at=moment),
        lambda: engine.is_allowed("user:usr_dan", "file.read", "project:prj_a", at=moment, surface="ui"),
        lambda: engine.check_many([{"principal": ADA, "action": "file.read", "resource": "project:prj_a", "at": moment}] * 3),
        lambda: engine.attribute("user:usr_dan", "file", at=moment),
        lambda: engine.attribute_many([{"principal": "user:usr_dan", "kind": "file", "at": moment}]),
        lambda: engine.list_projects("user:usr_dan", at=moment),
        lambda: engine.list_resources("user:usr_dan", "file.read", at=moment),
        lambda: engine.list_principals("file.read", "project:prj_a", at=moment),
        lambda: engine.list_actions("user:usr_dan", "project:prj_a", at=moment),
        lambda: engine.to_snapshot(issued_at=moment),
        lambda: engine.to_delta(engine.revision, issued_at=AT),
    ]
    for call in calls:
        before = zone.changes
        within(20, call)
        assert zone.changes > before or call is calls[-1]
    assert engine.revision == 42 + 2 + zone.changes
    # An actor who loses what the change needs while it is read is forbidden it.
    demotion = {"type": "set_collaborator_role", "project": "prj_a", "user": "usr_cleo", "role": "member"}

    class Demoting(Changing):
        def utcoffset(self, _: datetime | None) -> timedelta:
            self.engine.apply(demotion)
            return timedelta(0)

    at = datetime(2026, 2, 1, 12, tzinfo=Demoting(engine))
    with pytest.raises(ForbiddenError):
        engine.apply(addition("usr_late"), actor="user:usr_cleo", at=at)


FINALIZER = """
import gc, sys
from bailiwick import Bailiwick, BailiwickError, new_api_key

guard = Bailiwick.from_directory(open(sys.argv[1]).read())
secret = new_api_key()
guard.apply({"type": "create_api_key", "project": "prj_a", "key": "key_new", "digest": secret.digest})
seen = []

class Parting:
    # Changes the engine when it is collected, as an object of a framework may.
    def __init__(self):
        self.myself = self
    def __del__(self):
        seen.append(guard.apply({"type": "set_external_collaborators", "project": "prj_a", "allowed": True}))

def refused(call, *arguments, **keywords):
    try:
        call(*arguments, **keywords)
    except BailiwickError as error:
        return error

ROW = {"type": "add_collaborator", "project": "prj_a", "user": "usr_dan"}
CALLS = {
    "to_directory": guard.to_directory,
    "authenticate": lambda: guard.authenticate(secret.secret),
    "bad_change": lambda: refused(guard.apply, ROW),
    "forbidden_change": lambda: refused(guard.apply, ROW, actor="user:usr_dan", at="2026-02-01T12:00:00Z"),
    "bad_preview": lambda: refused(guard.preview, ROW),
    "bad_question": lambda: refused(guard.check_access, "usr_ada", "file.read", "project:prj_a"),
    "bad_usage": lambda: refused(guard.attribute, "user:nobody", "file"),
    "bad_cursor": lambda: refused(guard.list_projects, "user:usr_ada", cursor="x"),
    "bad_delta": lambda: refused(guard.apply_delta, b"x"),
    "bad_since": lambda: refused(guard.to_delta, 0),
    "list_projects": lambda: guard.list_projects("user:usr_ada"),
    "preview": lambda: guard.preview({"type": "remove_collaborator", "project": "prj_a", "user": "usr_dan"}),
    "check_many": lambda: guard.check_many([{"principal": "user:x", "action": "x", "resource": "x:x"}] * 100),
    "attribute_many": lambda: guard.attribute_many([{"principal": "user:usr_dan", "kind": "file"}] * 100),
}
call = CALLS[sys.argv[2]]
gc.set_threshold(1)
for _ in range(200):
    Parting()
    call()
gc.collect()
assert len(seen) == 200 and guard.revision == 243, (len(seen), guard.revision)
"""


@pytest.mark.parametrize("name", re.findall(r'^    "(\w+)": ', FINALIZER, re.MULTILINE))
def test_a_finalizer_may_use_the_engine(name: str) -> None:
    # In a process of its own: where it hangs, nothing is collected in this one any more.
    command = [sys.executable, "-c", FINALIZER, str(PATH), name]
    try:
        ended = subprocess.run(command, check=False, timeout=10).returncode
    except subprocess.TimeoutExpired:
        ended = None
    assert ended == 0, "it hangs" if ended is None else "it fails"
