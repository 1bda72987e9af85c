"""A review as a page of HTML that can be filed: one file, without scripts and without anything from the network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import IO

from bailiwick import Bailiwick, ReviewRow, __version__

from ..terminal.console import count, visible

STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; }
dt { opacity: .7; }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 2rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; overflow-wrap: anywhere; }
tr.idle { opacity: .6; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } tr { break-inside: avoid; } }
"""
COLUMNS = ["Who", "Role", "Why", "Via", "Since", "Until", "Effective"]
SOURCES = {
    "api_key_scope": "the API key reaches it",
    "default_project": "everybody has a role in the default project",
    "external_collaborator": "external collaborator",
    "group_role": "row of a group",
    "member": "member of the organization",
    "organization_role": "role in the organization",
    "owner": "owner of the organization",
    "project_role": "row in the project",
    "project_visibility": "visibility of the project",
}


def write_page(file: IO[bytes], guard: Bailiwick, rows: list[ReviewRow], at: str) -> int:
    """Writes a page with all rows, and returns how many there are."""
    for part in _page(guard, rows, at):
        file.write(part.encode())
    return len(rows)


def _page(guard: Bailiwick, rows: list[ReviewRow], at: str) -> Iterator[str]:
    yield f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Access review, {_text(at)}</title>\n'
    yield '<meta name="viewport" content="width=device-width">\n'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    yield f"<style>{STYLE}</style>\n<h1>Access review</h1>\n<dl>\n"
    effective = sum(row.effective for row in rows)
    people = len({row.principal for row in rows if row.effective})
    facts = {
        "As of": at,
        "Directory": f"revision {guard.revision}, state {guard.state}",
        "Issued": guard.issued_at or "not said",
        "Policy": guard.policy,
        "Rows": f"{len(rows):,}, of which {effective:,} allow something, to {count(people, 'principal')}",
        "Made by": f"bailiwick {__version__}",
    }
    for name, value in facts.items():
        yield f"<dt>{name}</dt><dd>{_text(value)}</dd>\n"
    yield "</dl>\n<p>A row is one source of access. Somebody may do something in a project exactly if there is an effective row.</p>\n"
    for (organization, project), of_place in groupby(rows, lambda row: (row.organization, row.project)):
        place = f"Organization {organization}" if project is None else f"Project {project} in {organization}"
        yield f"<h2>{_text(place)}</h2>\n<table>\n<thead><tr>{_cells(COLUMNS, 'th')}</tr></thead>\n<tbody>\n"
        for row in of_place:
            yield _row(row)
        yield "</tbody>\n</table>\n"
    yield "</html>\n"


def _row(row: ReviewRow) -> str:
    why = SOURCES.get(row.source, row.source)
    if row.scopes is not None:
        why += f"; scopes: {', '.join(row.scopes) or 'none'}"
    cells = [row.principal, row.role, why, row.via, row.added_at, row.expires_at, "yes" if row.effective else "no"]
    start = "<tr>" if row.effective else '<tr class="idle">'
    return f"{start}{_cells(cells, 'td')}</tr>\n"


def _cells(values: Iterable[str | None], element: str) -> str:
    return "".join(f"<{element}>{'–' if value is None else _text(value)}</{element}>" for value in values)


def _text(value: str) -> str:
    return escape(visible(value))
