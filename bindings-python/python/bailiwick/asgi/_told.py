"""Decisions that are told to the host, for its log: plain, and with nothing else of a request in them."""

from __future__ import annotations

import inspect
import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypedDict

from .. import InvalidInputError
from ._present import is_function

# No id is as long, and a caller's text need not fill a log.
LONGEST_TEXT = 600

# The members of a context in an item of a list.
_DEEPEST = 4
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]')

_log = logging.getLogger("bailiwick.asgi")


class DecisionEntry(TypedDict):
    """A decision for a log."""

    principal: str | None
    """Who asked, as a reference as it was asked; None where there is none. A text of more than 600 characters is cut."""
    action: str | None
    """The action, as it was asked."""
    resource: str | None
    """The resource, as a reference as it was asked."""
    decision: Mapping[str, Any]
    """`allowed`, `reason` and `caveats`, whether or not the caller is told; all members of a `Decision` where a check made it."""
    revision: int
    """The revision of the directory that answered."""
    at: str
    """By which instant (RFC 3339): the host's clock, or the `context.time` that was trusted."""


OnDecision: TypeAlias = Callable[[DecisionEntry], object]
"""A host's hook, which is told each decision. It is not async: what it does is done before the answer is sent."""


def telling(hook: Any) -> Callable[[DecisionEntry], None] | None:
    """What tells a hook, out of an argument; None where there is no hook. Whatever it raises is logged, and changes no answer."""
    if hook is None:
        return None
    if not is_function(hook) or inspect.iscoroutinefunction(hook) or inspect.iscoroutinefunction(type(hook).__call__):
        raise InvalidInputError("wrong_type", "/on_decision", "expected a function that is not async")

    def tell(entry: DecisionEntry) -> None:
        try:
            given = hook(entry)
            if inspect.iscoroutine(given):
                given.close()
                raise TypeError("`on_decision` gave something to wait for, and nobody does")
        except Exception:
            _log.exception("`on_decision` failed")

    return tell


def present() -> datetime:
    """The present, to the millisecond, as it is told."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def written(at: datetime) -> str:
    """An instant as it is told."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def cut(text: object) -> str | None:
    """A caller's text; None where it is none."""
    if not isinstance(text, str):
        return None
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"


def of_authzen(body: bytes, answer: dict[str, Any], revision: int, at: str, *, trust_context_time: bool) -> Iterator[DecisionEntry]:
    """The decisions of an AuthZEN evaluation, from a request that has been answered and an answer that has the reasons."""
    request = _read(body)
    decisions: list[Any] = [answer]
    items: list[Any] = [{}]
    if "evaluations" in answer:
        decisions, items = answer["evaluations"], request.get("evaluations", [])
    for index, decision in enumerate(decisions):
        asked = {**request, **_object(items[index] if index < len(items) else None)}
        time = cut(_object(asked.get("context")).get("time")) if trust_context_time else None
        yield {
            "principal": _reference(asked.get("subject")),
            "action": cut(_object(asked.get("action")).get("name")),
            "resource": _reference(asked.get("resource")),
            "decision": {"allowed": decision["decision"], **decision["context"]},
            "revision": revision,
            "at": time or at,
        }


def _read(body: bytes) -> dict[str, Any]:
    # The engine has taken it, so it is JSON. What nobody looks at may be deeper than Python reads, and must not keep the rest out of a log.
    text = body.decode("utf-8-sig")
    try:
        return _object(json.loads(text, parse_int=float))
    except RecursionError:
        return _object(json.loads(_shallow(text), parse_int=float))


def _shallow(text: str) -> str:
    """JSON with null for what lies deeper than anything that is looked at."""
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
    return cut(f"{kind}:{name}") if isinstance(kind, str) and isinstance(name, str) else None
