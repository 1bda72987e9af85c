"""Decisions for the host's log: plain values, and nothing else of the request."""

from __future__ import annotations

import inspect
import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypedDict

from .. import InvalidInputError
from ._guard_source import is_function

# Longer than any reference. A longer text of a caller would only fill the log.
LONGEST_TEXT = 600

# The depth of the members of a context in an item of a list.
_DEEPEST = 4
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]')

_log = logging.getLogger("bailiwick.asgi")


class DecisionEntry(TypedDict):
    """A decision for a log."""

    principal: str | None
    """The principal as it was requested, as a reference; None if there is none. Text of more than 600 characters is cut."""
    action: str | None
    """The action as it was requested."""
    resource: str | None
    """The resource as it was requested, as a reference."""
    decision: Mapping[str, Any]
    """`allowed`, `reason` and `caveats`, even if the caller does not get them; from a check, all members of a `Decision`."""
    revision: int
    """The revision of the directory that answered."""
    at: str
    """The instant of the decision (RFC 3339): the host's clock, or the `context.time` that was trusted."""


OnDecision: TypeAlias = Callable[[DecisionEntry], object]
"""A host's hook, which gets each decision. It is not async: it runs before the answer is sent."""


def hook_from(hook: Any) -> Callable[[DecisionEntry], None] | None:
    """A function that calls the hook; None if there is no hook. An exception in the hook is logged, and changes no answer."""
    if hook is None:
        return None
    if not is_function(hook) or inspect.iscoroutinefunction(hook) or inspect.iscoroutinefunction(type(hook).__call__):
        raise InvalidInputError("wrong_type", "/on_decision", "expected a function that is not async")

    def tell(entry: DecisionEntry) -> None:
        try:
            given = hook(entry)
            if inspect.iscoroutine(given):
                given.close()
                raise TypeError("`on_decision` returned a coroutine, which nobody awaits")
        except Exception:
            _log.exception("`on_decision` failed")

    return tell


def current_time() -> datetime:
    """The current time, to the millisecond, as entries have it."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def rfc_3339(at: datetime) -> str:
    """An instant as RFC 3339 text."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def truncated(text: object) -> str | None:
    """A caller's text, cut if it is long; None if it is not text."""
    if not isinstance(text, str):
        return None
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"


def authzen_entries(body: bytes, answer: dict[str, Any], revision: int, at: str, *, trust_context_time: bool) -> Iterator[DecisionEntry]:
    """The entries of an AuthZEN evaluation, from a request that has been answered and its answer with reasons."""
    request = _read(body)
    decisions: list[Any] = [answer]
    items: list[Any] = [{}]
    if "evaluations" in answer:
        decisions, items = answer["evaluations"], request.get("evaluations", [])
    for index, decision in enumerate(decisions):
        asked = {**request, **_object(items[index] if index < len(items) else None)}
        time = truncated(_object(asked.get("context")).get("time")) if trust_context_time else None
        yield {
            "principal": _reference(asked.get("subject")),
            "action": truncated(_object(asked.get("action")).get("name")),
            "resource": _reference(asked.get("resource")),
            "decision": {"allowed": decision["decision"], **decision["context"]},
            "revision": revision,
            "at": time or at,
        }


def _read(body: bytes) -> dict[str, Any]:
    # The engine has accepted it, so it is JSON. Parts that are not needed may be nested deeper than Python reads.
    text = body.decode("utf-8-sig")
    try:
        return _object(json.loads(text, parse_int=float))
    except RecursionError:
        return _object(json.loads(_shallow(text), parse_int=float))


def _shallow(text: str) -> str:
    """JSON with null in place of whatever is nested deeper than the entries need."""
    kept, depth, start = list[str](), 0, 0
    for token in _TOKEN.finditer(text):
        if token[0] in ("[", "{"):
            depth += 1
            if depth == _DEEPEST + 1:
                kept.append(text[start : token.start()])
        elif token[0] in ("]", "}"):
            if depth == _DEEPEST + 1:
                kept.append("null")
                start = token.end()
            depth -= 1
    return "".join([*kept, text[start:]])


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _reference(entity: Any) -> str | None:
    entity = _object(entity)
    kind, name = entity.get("type"), entity.get("id")
    return truncated(f"{kind}:{name}") if isinstance(kind, str) and isinstance(name, str) else None
