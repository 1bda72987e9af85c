"""Authentication, decision and attribution for one request, all by one revision of the directory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict, TypeVar

from .. import Attribution, Bailiwick, BailiwickError, Decision
from ..types import Reference, ReferenceObject
from ._bearer import Token

T = TypeVar("T")

# A change can come between two questions. So many in a row are not a coincidence.
_ATTEMPTS = 100


class _Options(TypedDict):
    """The instant of a question, and the least revision of the directory."""

    at: datetime
    min_revision: int | None


@dataclass(frozen=True, slots=True)
class Question:
    """The question to decide, and the kind of usage, if it is to be attributed."""

    action: str
    resource: ReferenceObject
    usage: str | None
    surface: str | None
    min_revision: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result. Without a principal, the token is unknown. Without a decision, no resource can have that id; `fault` is the code."""

    principal: str | None = None
    decision: Decision | None = None
    attribution: Attribution | None = None
    is_stale: bool = False
    fault: str | None = None


def decide(guard: Bailiwick, who: Token | Reference, question: Question, at: datetime) -> Outcome:
    """The outcome for the holder of a token, or for a principal.

    Raises RuntimeError for a question that no directory could answer.
    """

    terms: _Options = {"at": at, "min_revision": question.min_revision}

    def ask() -> Outcome:
        principal = guard.authenticate(who.secret) if isinstance(who, Token) else who
        if principal is None:
            # A directory that is stale, or behind what the caller has seen, may not know the key yet (A1).
            return Outcome(is_stale=guard.is_stale(at) or guard.revision < (question.min_revision or 0))
        try:
            decision = guard.check_access(principal, question.action, question.resource, surface=question.surface, **terms)
        except BailiwickError as error:
            # No resource can have that id.
            if error.path == "/resource/id":
                return Outcome(reference_text(principal), fault=error.code)
            raise
        name = reference_text(principal)
        if not decision.allowed:
            return Outcome(name, decision, is_stale=decision.reason == "snapshot_stale")
        if question.usage is None:
            return Outcome(name, decision)
        attribution = guard.attribute(principal, question.usage, surface=question.surface, project=decision.project, at=at)
        return Outcome(name, decision, attribution)

    try:
        return by_one_revision(guard, ask)
    except BailiwickError as error:
        # As another class: a host may turn a BailiwickError into a response, and this is not the caller's fault.
        raise RuntimeError(f"the check cannot be made: {error}") from error


def reference_text(principal: Reference) -> str:
    """A reference that the engine has accepted, as text."""
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
    raise RuntimeError("the directory changes too fast to decide by one revision")
