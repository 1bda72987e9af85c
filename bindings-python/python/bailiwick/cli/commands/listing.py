"""`bailiwick list`: what a principal has access to, and who has access to something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from bailiwick import Bailiwick, Page

from ..files.directories import load
from ..terminal.console import count, is_terminal, note, print_json, show, table, visible
from ..terminal.freshness import note_if_stale
from ..terminal.standard_output import write_text
from .options import AsJson, At, Directory, Policy, PublicKey, Surface

# The size of the engine's pages, which users do not see. A large page costs little, and most answers need only one.
PAGE = 10_000

Principal = Annotated[str, typer.Argument(metavar="PRINCIPAL", help="Who asks, such as user:usr_ada or api_key:key_ci.")]
Action = Annotated[str, typer.Argument(metavar="ACTION", help="An action of the policy, such as file.read.")]
Resource = Annotated[str, typer.Argument(metavar="RESOURCE", help="Such as project:prj_a, file:f_1 or organization:org_acme.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Print no more items than this.")]

listings: typer.Typer = typer.Typer(help="Everything that is allowed: projects, resources, principals or actions.", no_args_is_help=True)


@listings.command()
def projects(
    directory: Directory,
    principal: Principal,
    action: Annotated[str | None, typer.Option("--action", help="Only projects on which the principal may do this action.")] = None,
    at: At = None,
    limit: Limit = None,
    policy: Policy = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """The projects that a principal has access to."""
    guard = load(directory, policy=policy, public_key=public_key)

    def page(size: int, cursor: str | None) -> Page:
        return guard.list_projects(principal, action=action, at=at, limit=size, cursor=cursor)

    _print(guard, at, _all(page, limit), "project", as_json)


@listings.command()
def resources(
    directory: Directory,
    principal: Principal,
    action: Action,
    kind: Annotated[str | None, typer.Option("--kind", help="Only resources of this kind.")] = None,
    project: Annotated[str | None, typer.Option("--project", help="Only resources in this project.")] = None,
    surface: Surface = None,
    at: At = None,
    limit: Limit = None,
    policy: Policy = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """The resources on which a principal may do an action."""
    guard = load(directory, policy=policy, public_key=public_key)

    def page(size: int, cursor: str | None) -> Page:
        return guard.list_resources(principal, action, kind=kind, project=project, surface=surface, at=at, limit=size, cursor=cursor)

    _print(guard, at, _all(page, limit), "resource", as_json)


@listings.command()
def principals(
    directory: Directory,
    action: Action,
    resource: Resource,
    surface: Surface = None,
    at: At = None,
    limit: Limit = None,
    policy: Policy = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """The users and API keys that may do an action on a resource."""
    guard = load(directory, policy=policy, public_key=public_key)

    def page(size: int, cursor: str | None) -> Page:
        return guard.list_principals(action, resource, surface=surface, at=at, limit=size, cursor=cursor)

    _print(guard, at, _all(page, limit), "principal", as_json)


@listings.command()
def actions(
    directory: Directory,
    principal: Principal,
    resource: Resource,
    surface: Surface = None,
    at: At = None,
    policy: Policy = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """The actions that a principal may do on a resource."""
    guard = load(directory, policy=policy, public_key=public_key)
    _print(guard, at, guard.list_actions(principal, resource, surface=surface, at=at), "action", as_json)


def _all(page: Callable[[int, str | None], Page], limit: int | None) -> Page:
    """All pages as one, up to a limit; the cursor of the last page says whether there are more."""
    items: list[str] = []
    cursor: str | None = None
    while True:
        answer = page(PAGE if limit is None else min(PAGE, limit - len(items)), cursor)
        items += answer.items
        cursor = answer.next_cursor
        if cursor is None or len(items) == limit:
            return Page(items, cursor)


def _print(guard: Bailiwick, at: str | None, page: Page, what: str, as_json: bool) -> None:
    """Prints the items: as a table on a terminal, else one on each line."""
    if as_json:
        print_json(page.to_dict())
    elif is_terminal():
        show(table([what], [[item] for item in page.items]), count(len(page.items), what) + (", and more" if page.next_cursor else ""))
    else:
        write_text("".join(f"{visible(item)}\n" for item in page.items))
        if page.next_cursor:
            note("there are more")
    if at is None and not page.items:
        note_if_stale(guard)
