"""`bailiwick why`: the rule that decided, the rows that it looked at, and what would decide otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from bailiwick import Explanation, UsageExplanation

from ..files.directories import load
from ..terminal.answers import attribution_facts, decision_facts
from ..terminal.console import STRONG, print_json, show, table, visible
from ..terminal.remarks import CAVEATS, REMEDIES, USAGE_CAVEATS
from .options import AsJson, At, Directory, MaxAge, MinRevision, Policy, PublicKey, Surface

Kind = Annotated[str | None, typer.Option("--kind", help="Explain where usage of this kind is booked, instead of a decision.")]


def why(
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
    """Say why: the rule that decides about an action, and what would allow it; or with --kind, why usage is booked where it is.

    An explanation ends with 0, whatever the decision is.
    """
    if (kind is None) is (action is None) or (action is None) is not (resource is None):
        raise typer.BadParameter("either an action and a resource, or --kind")
    guard = load(directory, policy=policy, public_key=public_key)
    if kind is not None:
        usage = guard.explain_usage(principal, kind, surface=surface, project=project, resource=used, at=at)
        _print(usage, as_json)
    elif action is not None and resource is not None:
        _print(
            guard.explain(principal, action, resource, surface=surface, at=at, min_revision=min_revision, max_age_seconds=max_age), as_json
        )


def _print(explanation: Explanation | UsageExplanation, as_json: bool) -> None:
    if as_json:
        print_json(explanation.to_dict())
        return
    if isinstance(explanation, Explanation):
        answer, remarks = decision_facts(explanation.decision), [CAVEATS[caveat] for caveat in explanation.decision.caveats]
        way_out = _suggestions(explanation)
    else:
        answer, remarks = attribution_facts(explanation.attribution), [USAGE_CAVEATS[caveat] for caveat in explanation.attribution.caveats]
        way_out = _outcomes(explanation)
    parts: list[RenderableType] = [answer, "", Text.assemble((f"{explanation.rule}  ", STRONG), visible(explanation.sentence))]
    parts += map(Text, remarks)
    if explanation.facts:
        parts.append(table(["looked at", "of", "there"], [[fact["fact"], _ids(fact), fact["present"]] for fact in explanation.facts]))
    show(*parts, *way_out)


def _ids(fact: dict[str, Any]) -> str:
    return " ".join(str(value) for name, value in fact.items() if name not in ("fact", "present"))


def _suggestions(explanation: Explanation) -> Iterable[RenderableType]:
    if explanation.would_allow:
        rows = [[json.dumps(suggestion.change, ensure_ascii=False), suggestion.by] for suggestion in explanation.would_allow]
        yield table(["would allow it", "by"], rows)
    elif not explanation.decision.allowed:
        yield Text("No single change would allow it.")


def _outcomes(explanation: UsageExplanation) -> Iterable[RenderableType]:
    if explanation.remedies:
        rows = [[REMEDIES[tried.remedy], tried.organization, tried.project, tried.matches_intended] for tried in explanation.remedies]
        yield table(["remedy", "organization", "project", "as intended"], rows)
