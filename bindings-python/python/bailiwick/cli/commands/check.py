"""`bailiwick check`: may this principal do this? One question, or a file of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any

import typer

from bailiwick import Bailiwick, BailiwickError, Decision

from ..files.directories import load
from ..files.documents import read_list
from ..files.input import one_standard_input
from ..files.limits import MIB
from ..terminal.answers import decision_facts
from ..terminal.console import BAD, GOOD, SHOWN_ROWS, cell, count, json_bytes, mark, print_json, shortened, show, table
from ..terminal.exits import Exit
from ..terminal.redaction import redact
from ..terminal.standard_output import write
from .options import AsJson, At, Directory, MaxAge, MinRevision, Policy, PublicKey, Surface

Requests = Annotated[
    str | None, typer.Option("--requests", metavar="FILE", help="Ask every request in this file: one JSON object a line, or a JSON list.")
]

NOT_LOOKED_UP = {"snapshot_stale", "unknown_action", "unknown_principal", "unknown_resource"}


def check(
    directory: Directory,
    principal: Annotated[str | None, typer.Argument(metavar="PRINCIPAL", help="Who asks, such as user:usr_ada or api_key:key_ci.")] = None,
    action: Annotated[str | None, typer.Argument(metavar="ACTION", help="What they want to do, such as file.read.")] = None,
    resource: Annotated[str | None, typer.Argument(metavar="RESOURCE", help="With what, such as project:prj_a or file:f_1.")] = None,
    requests: Requests = None,
    surface: Surface = None,
    at: At = None,
    min_revision: MinRevision = None,
    max_age: MaxAge = None,
    policy: Policy = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """May this principal do this action on this resource? Ends with 0 if so, and with 1 if not.

    With --requests it ends with 0 only if every request is allowed. The options are defaults for fields that a request does not have.
    """
    if requests is not None:
        if principal is not None:
            raise typer.BadParameter("either one question or --requests, not both")
        one_standard_input(directory, requests)
        # Requests are decided in parts, all by the same instant.
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        given = {"surface": surface, "at": at or now, "min_revision": min_revision, "max_age_seconds": max_age}
        guard = load(directory, policy=policy, public_key=public_key)
        decided = _decided(guard, read_list(requests), {name: value for name, value in given.items() if value is not None})
        is_allowed = _print_all(decided) if as_json else _show_all(decided)
    elif principal is None or action is None or resource is None:
        raise typer.BadParameter("a question is a principal, an action and a resource; --requests FILE asks many")
    else:
        guard = load(directory, policy=policy, public_key=public_key)
        decision = guard.check_access(
            principal, action, resource, surface=surface, at=at, min_revision=min_revision, max_age_seconds=max_age
        )
        print_json(decision.to_dict()) if as_json else show(decision_facts(decision))
        is_allowed = decision.allowed
    if not is_allowed:
        raise typer.Exit(Exit.NO)


Decided = Iterator[tuple[list[Any], list[Decision]]]


def _decided(guard: Bailiwick, parts: Iterator[list[Any]], given: dict[str, Any]) -> Decided:
    """The requests with their decisions, part by part."""
    before = 0
    for part in parts:
        try:
            yield part, guard.check_many([{**given, **request} if isinstance(request, dict) else request for request in part])
        except BailiwickError as error:
            place, slash, rest = (error.path or "").removeprefix("/").partition("/")
            path = f"/{before + int(place)}{slash}{rest}" if place.isdecimal() else error.path
            raise type(error)(error.code, path, error.message) from error
        before += len(part)


def _print_all(decided: Decided) -> bool:
    """Prints all decisions as one JSON list, after the last one, and returns whether all are allowed."""
    is_allowed = True
    # They wait in a temporary file, because an error in the last request leaves the output empty.
    with SpooledTemporaryFile(max_size=16 * MIB) as printed:
        for _, decisions in decided:
            if decisions:
                inner = json_bytes([decision.to_dict() for decision in decisions]).removeprefix(b"[").removesuffix(b"\n]")
                printed.write((b"," if printed.tell() else b"[") + inner)
            is_allowed = is_allowed and all(decisions)
        printed.write(b"\n]\n" if printed.tell() else b"[]\n")
        printed.seek(0)
        while part := printed.read(MIB):
            write(part)
    return is_allowed


def _show_all(decided: Decided) -> bool:
    """Shows the first decisions in a table, and returns whether all are allowed."""
    rows: list[list[object]] = []
    allowed = total = 0
    for requests, decisions in decided:
        fresh = islice(zip(requests, decisions, strict=True), SHOWN_ROWS - len(rows))
        rows += [_row(number, request, decision) for number, (request, decision) in enumerate(fresh, total + 1)]
        total += len(decisions)
        allowed += sum(decision.allowed for decision in decisions)
    shown = table(["", "decision", "principal", "action", "resource", "reason", "role", "caveats"], rows, right=[""], total=total)
    show(shown, f"{allowed:,} of {count(total, 'request')} allowed")
    return allowed == total


def _row(number: int, request: dict[str, Any], decision: Decision) -> list[object]:
    """A row of the table."""
    asked = [_written(request[name]) for name in ("principal", "action", "resource")]
    if decision.reason in NOT_LOOKED_UP:
        # These names are unknown: one may be a secret that was pasted by mistake.
        asked = [redact(text) for text in asked]
    return [
        f"{number:,}",
        mark(decision.allowed, "allowed", "denied"),
        *asked,
        cell(decision.reason, GOOD if decision.allowed else BAD),
        decision.role,
        decision.caveats,
    ]


def _written(reference: Any) -> str:
    """A reference as `type:id`, shortened for the table."""
    return shortened(f"{reference['type']}:{reference['id']}" if isinstance(reference, dict) else str(reference))
