"""Who asks, may they, and where is it booked: everything that is asked for one request, by one revision of the directory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict, TypeVar

from .. import Attribution, Bailiwick, BailiwickError, Decision
from ..types import Reference, ReferenceObject
from ._bearer import Token

T = TypeVar("T")

# A change can come between two questions. So many in a row are no chance.
_ATTEMPTS = 100


class _Terms(TypedDict):
    """When is asked, and how new a directory has to be for it."""

    at: datetime
    min_revision: int | None


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be decided, and the kind that usage is of, if it is to be attributed."""

    action: str
    resource: ReferenceObject
    usage: str | None
    surface: str | None
    min_revision: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found. Without a principal nobody knows the token. Without a decision there cannot be such a resource; `fault` says why."""

    principal: str | None = None
    decision: Decision | None = None
    attribution: Attribution | None = None
    is_stale: bool = False
    fault: str | None = None


def decide(guard: Bailiwick, who: Token | Reference, question: Question, at: datetime) -> Outcome:
    """The outcome for a holder of a token, or somebody who is known.

    Raises RuntimeError for what no directory could answer.
    """

    terms: _Terms = {"at": at, "min_revision": question.min_revision}

    def ask() -> Outcome:
        principal = guard.authenticate(who.secret) if isinstance(who, Token) else who
        if principal is None:
            # A directory that is stale, or behind what the caller has seen, may not know the key yet (A1).
            return Outcome(is_stale=guard.is_stale(at) or guard.revision < (question.min_revision or 0))
        try:
            decision = guard.check_access(principal, question.action, question.resource, surface=question.surface, **terms)
        except BailiwickError as error:
            # An id that nothing can have.
            if error.path == "/resource/id":
                return Outcome(named(principal), fault=error.code)
            raise
        name = named(principal)
        if not decision.allowed:
            return Outcome(name, decision, is_stale=decision.reason == "snapshot_stale")
        if question.usage is None:
            return Outcome(name, decision)
        attribution = guard.attribute(principal, question.usage, surface=question.surface, project=decision.project, at=at)
        return Outcome(name, decision, attribution)

    try:
        return by_one_revision(guard, ask)
    except BailiwickError as error:
        # Not as it is: a host may have an answer ready for those, and this one is no fault of its caller's.
        raise RuntimeError(f"the check cannot be made: {error}") from error


def named(principal: Reference) -> str:
    """A reference that the engine has taken, as text."""
    return principal if isinstance(principal, str) else f"{principal['type']}:{principal['id']}"


def by_one_revision(guard: Bailiwick, ask: Callable[[], T]) -> T:
    """An answer to several questions, asked again if a change came between them."""
    for _ in range(_ATTEMPTS):
        revision = guard.revision
        try:
            answer = ask()
        except BailiwickError:
            if guard.revision == revision:
                raise
            continue
        if guard.revision == revision:
            return answer
    raise RuntimeError("the directory does not stay the same for long enough to decide by it")
