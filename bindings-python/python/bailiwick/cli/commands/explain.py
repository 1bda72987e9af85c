"""`bailiwick explain`: the rule that decided, as a sentence, with the rows that it used."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from bailiwick import Attribution, Decision

from ..explanation.explanation import Explanation, explain_attribution, explain_decision
from ..explanation.question import Row
from ..files.directories import load
from ..terminal.answers import attribution_facts, decision_facts
from ..terminal.console import STRONG, cell, print_json, show, table, visible
from .options import AsJson, At, Directory, MaxAge, MinRevision, Policy, PublicKey, Surface

Kind = Annotated[str | None, typer.Option("--kind", help="Explain where usage of this kind is booked, instead of a decision.")]


def explain(
    directory: Directory,
    principal: Annotated[str, typer.Argument(metavar="PRINCIPAL", help="Who asks, or whose usage it is.")],
    action: Annotated[str | None, typer.Argument(metavar="ACTION", help="What they want to do, such as file.read.")] = None,
    resource: Annotated[str | None, typer.Argument(metavar="RESOURCE", help="With what, such as project:prj_a.")] = None,
    surface: Surface = None,
    at: At = None,
    min_revision: MinRevision = None,
    max_age: MaxAge = None,
    kind: Kind = None,
    project: Annotated[str | None, typer.Option("--project", help="With --kind: the project of the usage.")] = None,
    used: Annotated[str | None, typer.Option("--resource", help="With --kind: the resource of the usage.")] = None,
    policy: Policy = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """Say why: the rule that decides about an action, or with --kind about where usage is booked.

    An explanation ends with 0, whatever the decision is.
    """
    if (kind is None) is (action is None) or (action is None) is not (resource is None):
        raise typer.BadParameter("either an action and a resource, or --kind")
    guard = load(directory, policy=policy, public_key=public_key)
    if kind is not None:
        booked = guard.attribute(principal, kind, surface=surface, project=project, resource=used, at=at)
        _print("attribution", booked, explain_attribution(guard, booked, principal, kind, surface, used), as_json)
    elif action is not None and resource is not None:
        decided = guard.check_access(
            principal, action, resource, surface=surface, at=at, min_revision=min_revision, max_age_seconds=max_age
        )
        _print("decision", decided, explain_decision(guard, decided, principal, action, resource, surface, at), as_json)


def _print(name: str, answer: Decision | Attribution, explanation: Explanation, as_json: bool) -> None:
    if as_json:
        print_json({name: answer.to_dict(), **explanation.to_dict()})
        return
    parts: list[RenderableType] = [decision_facts(answer) if isinstance(answer, Decision) else attribution_facts(answer), ""]
    parts += [Text.assemble((f"{explanation.rule}  ", STRONG), visible(explanation.words)), *map(Text, explanation.remarks)]
    rows = [
        [row.what, _place(row), cell("no such row") if row.row is None else json.dumps(row.row, ensure_ascii=False)]
        for row in explanation.rows
    ]
    show(*parts, table(["looked at", "where", "row"], rows)) if rows else show(*parts)


def _place(row: Row) -> str:
    """The JSON pointer into the directory, or into the policy of that id."""
    return f"{row.document}{'' if row.document == 'directory' else ': '}{row.path}"
