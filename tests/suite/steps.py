"""Sequences of steps on one engine. tests/README.md says what a step is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bailiwick import Bailiwick, BailiwickError, ForbiddenError, authzen_metadata

from . import insight
from .documents import named

Json = Any

REQUEST = {"principal", "action", "resource", "surface", "at", "min_revision", "max_age_seconds"}
PAGE = {"at", "limit", "cursor"}
# The arguments of each call that takes a request as keywords: those that it requires, and all.
ARGUMENTS: dict[str, tuple[set[str], set[str]]] = {
    "check_access": ({"principal", "action", "resource"}, REQUEST),
    "is_allowed": ({"principal", "action", "resource"}, REQUEST),
    "attribute": ({"principal", "kind"}, {"principal", "kind", "surface", "project", "resource", "at"}),
    "explain": ({"principal", "action", "resource"}, REQUEST),
    "explain_usage": ({"principal", "kind"}, {"principal", "kind", "surface", "project", "resource", "at"}),
    "list_projects": ({"principal"}, {"principal", "action"} | PAGE),
    "list_resources": ({"principal", "action"}, {"principal", "action", "kind", "project", "surface"} | PAGE),
    "list_principals": ({"action", "resource"}, {"action", "resource", "surface"} | PAGE),
    "list_actions": ({"principal", "resource"}, {"principal", "resource", "surface", "at"}),
}
SEAL = ("issued_at", "max_age_seconds", "digests", "organizations")
# The fields of a preview that a step without `fields` shows.
PREVIEWED = ("revision", "projects_lost", "live_api_keys", "booked_elsewhere")


def fits(name: str, given: Json) -> bool:
    """Whether Python can make the call at all: missing and unknown arguments are its own TypeError."""
    required, known = ARGUMENTS.get(name, (set(), set()))
    return name not in ARGUMENTS or (isinstance(given, dict) and required <= given.keys() <= known)


def call(guard: Bailiwick, name: str, given: Json) -> Json:
    """The answer of one engine to a call."""
    if name == "authzen":
        options = {option: value for option, value in given.items() if option not in ("api", "request", "text")}
        return json.loads(guard.authzen(given["api"], given["text"] if "text" in given else given["request"], **options))
    if name == "authzen_metadata":
        return json.loads(authzen_metadata(given))
    if name == "rule":
        whole = call(guard, "explain_usage" if "kind" in given else "explain", given)
        return {field: whole[field] for field in ("decision", "attribution", "rule") if field in whole}
    answer = getattr(guard, name)(**given) if name in ARGUMENTS else getattr(guard, name)(given)
    if name.endswith("_many"):
        return [one.to_dict() for one in answer]
    return answer if name in {"is_allowed", "is_stale", "authenticate", "authenticate_digest"} else answer.to_dict()


def fault(error: BailiwickError) -> Json:
    """An error as the cases write it."""
    decision = {"decision": error.decision.to_dict()} if isinstance(error, ForbiddenError) else {}
    return {"code": error.code, "path": error.path, **decision}


def quarantined(guard: Bailiwick, given: Json) -> Json:
    """What is left out, where that was asked for. Messages are not contract."""
    if not given.get("quarantine"):
        return {}
    return {"quarantined": [{name: entry[name] for name in ("organization", "code", "path")} for entry in guard.quarantined]}


def key(step: Json, name: str) -> bytes | None:
    """A cryptographic key in hexadecimal digits."""
    return None if step.get(name) is None else bytes.fromhex(step[name])


def trust(step: Json) -> dict[str, Any]:
    """What bytes that arrive are held to."""
    given = {name: step[name] for name in ("at",) if name in step}
    if "public_key" in step:
        given["public_key"] = bytes.fromhex(step["public_key"])
    if "public_keys" in step:
        given["public_keys"] = [bytes.fromhex(text) for text in step["public_keys"]]
    return given


class Sequence:
    """One engine, what it has written, and the last cursor that it gave."""

    def __init__(self, guard: Bailiwick, with_at: Callable[[Json], Json]) -> None:
        self.guard = guard
        self.with_at = with_at
        self.written: dict[str, bytes] = {}
        self.cursor: str | None = None

    def run(self, steps: Json) -> Json:
        """The outcomes of all steps."""
        return [self.outcome(step) for step in steps]

    def outcome(self, step: Json) -> Json:
        """The answer or the error of one step."""
        try:
            method: Callable[[Json], Json] | None = getattr(self, step["do"], None)
            return method(step) if method else self.ask(step["do"], step["input"])
        except BailiwickError as error:
            return {"error": fault(error)}

    def ask(self, name: str, given: Json) -> Json:
        given = given if name.startswith("authenticate") else self.with_at(given)
        if isinstance(given, dict) and given.get("cursor") == "next":
            given = {**given, "cursor": self.cursor}
        if name == "authzen" and (given.get("request", {}).get("page") or {}).get("token") == "next":
            given = {**given, "request": {**given["request"], "page": {**given["request"]["page"], "token": self.cursor}}}
        answer = insight.call(self.guard, name, given) if name in insight.CALLS else call(self.guard, name, given)
        if name.startswith("list_") or name == "impact":
            self.cursor = answer["next_cursor"]
        elif isinstance(answer, dict) and "page" in answer:
            self.cursor = answer["page"]["next_token"]
        return answer

    def terms(self, step: Json) -> Json:
        return self.with_at({name: step[name] for name in ("actor", "at", "expected_revision") if name in step})

    def keep(self, name: str, data: bytes) -> Json:
        self.written[name] = data
        return {"bytes": data.hex()}

    def apply(self, step: Json) -> Json:
        return {"revision": self.guard.apply(step["change"], **self.terms(step))}

    def apply_many(self, step: Json) -> Json:
        return {"revision": self.guard.apply_many(step["changes"], **self.terms(step))}

    def preview(self, step: Json) -> Json:
        changes = step["changes"] if "changes" in step else step["change"]
        shown = step.get("fields", PREVIEWED)
        return {name: value for name, value in self.guard.preview(changes, **self.terms(step)).to_dict().items() if name in shown}

    def reconcile(self, step: Json) -> Json:
        options = {name: step[name] for name in ("dry_run", "quarantine") if name in step}
        done = self.guard.reconcile(named("directories", step["document"]), **options)
        return {"revision": done.revision, "changes": len(done.changes)} | quarantined(self.guard, step)

    def to_directory(self, step: Json) -> Json:
        return self.guard.to_directory()

    def to_snapshot(self, step: Json) -> Json:
        seal = {name: step[name] for name in SEAL if name in step}
        return self.keep(step["as"], self.guard.to_snapshot(key(step, "signing_key"), **seal))

    def from_snapshot(self, step: Json) -> Json:
        self.guard = Bailiwick.from_snapshot(self.written[step["from"]], **trust(step))
        return {name: getattr(self.guard, name) for name in ("revision", "policy", "issued_at")}

    def to_delta(self, step: Json) -> Json:
        seal = {name: step[name] for name in SEAL if name in step}
        return self.keep(step["as"], self.guard.to_delta(step["since"], signing_key=key(step, "signing_key"), **seal))

    def apply_delta(self, step: Json) -> Json:
        return {"revision": self.guard.apply_delta(self.written[step["from"]], **trust(step))}

    def edit(self, step: Json) -> Json:
        data = bytearray(self.written[step["from"]][: step.get("cut")])
        if "flip" in step:
            data[step["flip"]] ^= 1
        self.written[step["as"]] = bytes(data) + bytes.fromhex(step.get("append", ""))

    def same(self, step: Json) -> Json:
        one, other = step["names"]
        return self.written[one] == self.written[other]


def comparable(answer: Json) -> Json:
    """An answer as the cases write it: bytes are null, and a cursor or token is any."""
    if isinstance(answer, list):
        return [comparable(one) for one in answer]
    if not isinstance(answer, dict):
        return answer
    if answer.keys() == {"bytes"}:
        return None
    if "page" in answer and answer["page"]["next_token"]:
        return {**answer, "page": {**answer["page"], "next_token": "*"}}
    return {**answer, "next_cursor": "*"} if answer.keys() & {"items", "widens"} and answer.get("next_cursor") else answer
