"""The names of a directory as numbers, and every booking that there can be: what turns joins into look-ups by position.

A name's number is its place in a list in which the known names come first, so a number that is not below `len(known)` is that
of a stranger. NONE stands for a field that was left out.

Where usage is booked depends on the intended project, on the kind, the surface and whether it predates projects, and of the
principal only on a key's own id or a user's home. So there are few enough bookings to work all of them out beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from tables.names import ERRORS, KindName, Names, PrincipalName, ProjectName

NONE = -1
UNKNOWN = -2
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
ANSWERS = [
    "organization",
    "project",
    "intended_organization",
    "intended_project",
    "matches_intended",
    "certainty",
    "reason",
    "api_key",
    "remedies",
]
Thing = TypeVar("Thing")
Answer = tuple[str | None, str | None, str | None, str | None, bool, str | None, str, str | None, str]


class Numbers:
    """Tables of numbers. Those of principals, resources and projects have a row for strangers too, so that all joins are inner."""

    def __init__(self, names: Names, seen: pa.Table | None = None) -> None:
        self.kinds = list(dict.fromkeys(row.kind for row in names.kinds))
        self.surfaces = list(dict.fromkeys(row.surface for row in names.kinds))
        self.known = {
            "principal": [row.principal for row in names.principals],
            "kind": self.kinds,
            "surface": self.surfaces,
            "project": [row.project for row in names.projects],
            "resource": [row.resource for row in names.resources],
        }
        strangers = {column: strange(known, seen, column) for column, known in self.known.items()}
        self.all = {column: known + strangers[column] for column, known in self.known.items()}
        """With the strangers that are to be seen in a table, or one who stands for all."""
        self.nowhere = len(self.all["project"])
        """The number of the project of what has none."""
        self.at_place = 2 * len(names.kinds)
        """How many bookings there are at one place, which is a project and who is there."""
        kind, surface, project = (places(self.known[column]) for column in ("kind", "surface", "project"))

        homes = places((row.home, row.away_organization, row.away_project) for row in names.principals if row.own_project is None)
        keys = [row for row in names.principals if row.own_project is not None]
        key_places = {row.principal: len(homes) * len(project) + n for n, row in enumerate(keys)}

        def principal(row: PrincipalName) -> list[int]:
            if row.own_project is not None:
                return [key_places[row.principal], 0, surface[row.surface], project[row.own_project], self.nowhere]
            first = homes[row.home, row.away_organization, row.away_project] * len(project)
            home = self.nowhere if row.home_project is None else project[row.home_project]
            return [first, 1, surface[row.surface], NONE, home]

        self.principals = table(
            ["number", "place", "step", "default_surface", "own", "home"],
            map(principal, names.principals),
            [[NONE, 0, 0, NONE, self.nowhere]] * len(strangers["principal"]),
        )
        """The place of usage is `place` and `step` times the number of its project."""
        self.resources = table(
            ["number", "used_kind", "used_project"],
            ([kind[row.kind], project[row.project]] for row in names.resources),
            [[UNKNOWN, self.nowhere]] * len(strangers["resource"]),
        )
        since = [row.projects_since or LONG_AGO for row in names.projects] + [LONG_AGO] * (len(strangers["project"]) + 1)
        self.projects = pa.table(
            {"number": pa.array(range(len(since)), pa.int32()), "projects_since": pa.array(since, pa.timestamp("ms", "UTC"))}
        )

        bookings: list[Answer] = [(None, None, None, None, False, None, error, None, "") for error in ERRORS]
        for who in homes:
            user = Who(None, *who, external_creator=False)
            bookings += (one for row in names.projects for one in bookings_at(user, row, names.kinds))
        rows = {row.project: row for row in names.projects}
        for key in keys:
            who_key = Who(key.api_key, None, key.away_organization, key.away_project, key.external_creator)
            bookings += bookings_at(who_key, rows[key.own_project or ""], names.kinds)
        columns = dict(zip(ANSWERS, map(pa.array, zip(*bookings, strict=True)), strict=True))
        self.bookings = pa.table(
            {
                "number": pa.array(range(len(bookings)), pa.int32()),
                **{name: column if name == "matches_intended" else column.dictionary_encode() for name, column in columns.items()},
            }
        )
        """The errors in their order, then for each place all kinds on all surfaces, first not before projects and then before."""


class Who(NamedTuple):
    """What of a principal matters to where usage is booked."""

    api_key: str | None
    home: str | None
    away_organization: str | None
    away_project: str | None
    external_creator: bool


def places(things: Iterable[Thing]) -> dict[Thing, int]:
    """The place of each among those that differ."""
    return {thing: place for place, thing in enumerate(dict.fromkeys(things))}


def strange(known: list[str], seen: pa.Table | None, column: str) -> list[str]:
    """The names of a column that are not known."""
    if seen is None:
        return ["a stranger"]
    names = pc.unique(seen[column]).drop_null().cast(pa.string()).to_pylist()
    return sorted(set(names) - set(known))


def table(columns: list[str], rows: Iterable[Sequence[int]], strangers: Iterable[Sequence[int]]) -> pa.Table:
    """A table of numbers, whose first column numbers the rows."""
    numbered = [(number, *row) for number, row in enumerate([*rows, *strangers])]
    return pa.table([pa.array(column, pa.int32()) for column in zip(*numbered, strict=True)], columns)


def bookings_at(who: Who, project: ProjectName, kinds: list[KindName]) -> Iterable[Answer]:
    """Rules B1 to B6 and the remedies, for somebody in a project."""
    external = who.api_key is None and who.home != project.organization
    intended = (project.organization, project.project)
    default = (project.organization, project.default_project)
    for kind in kinds:
        for predates in (False, True):
            if predates:
                reason, booked = "predates_projects", default
            elif kind.books_to_default_project and not external:
                reason, booked = "playground", default
            elif kind.supported:
                reason, booked = "project_scoped", intended
            elif external or who.external_creator:
                yield answer(
                    who, kind, intended, (who.away_organization, who.away_project), "external_home_organization", project.invitation
                )
                continue
            else:
                reason, booked = "default_project_fallback", default
            yield answer(who, kind, intended, booked, reason, None)


def answer(
    who: Who,
    kind: KindName,
    intended: tuple[str, str],
    booked: tuple[str | None, str | None],
    reason: str,
    invitation: str | None,
) -> Answer:
    """One attribution, with its remedies in one text."""
    matches = booked == intended
    remedies = [
        "use_project_api_key" if kind.helps_by_key and reason != "predates_projects" else None,
        invitation,
        "await_project_support" if kind.awaits_support else None,
    ]
    text = "" if matches else " ".join(remedy for remedy in remedies if remedy is not None)
    certainty = "certain" if invitation is None else "possible"
    return (*booked, *intended, matches, certainty, reason, who.api_key if kind.by_api_key else None, text)
