"""Usage of a directory as a table, of good and of bad rows: the same for every engine and every run.

Names are drawn as codes, by numpy, and the columns are dictionaries. `plain` makes strings of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tables.directory import BEGIN, END
from tables.names import ERRORS, Json, Names

Codes = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.integer]
Rows = npt.NDArray[np.int64]

SEED = 2026
BATCH = 1_000_000
"""Rows of a record batch: the plain strings of one stay far below the 2 GiB that 32-bit offsets reach."""
BAD = 0.01
"""The share of rows that cannot be attributed, of every error code alike."""
STRANGERS = 40
"""How many names there are of each sort that the directory does not know."""
NULL = -1
STRINGS = ["principal", "kind", "surface", "project", "resource"]


class Column:
    """The names of a column, in a random order: nobody may rest on an order that a table in the wild would not have."""

    def __init__(self, rng: np.random.Generator, known: Iterable[str], unknown: Iterable[str]) -> None:
        listed, strange = list(dict.fromkeys(known)), list(unknown)
        everything = [str(name) for name in rng.permutation(listed + strange)]
        self.names = pa.array(everything, pa.string())
        self.places = {name: place for place, name in enumerate(everything)}
        self.known = self.codes(listed)
        self.unknown = self.codes(strange)

    def codes(self, names: Iterable[str | None]) -> Codes:
        """The codes of names, NULL for None."""
        return np.array([NULL if name is None else self.places[name] for name in names], np.int32)

    def array(self, codes: Codes) -> pa.DictionaryArray:
        """Names by their codes."""
        return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes == NULL), self.names)


class World:
    """What usage can be of, as arrays of codes. Projects, keys and resources are also numbered, in the order of the directory."""

    def __init__(self, document: Json, names: Names, rng: np.random.Generator) -> None:
        kinds = list(dict.fromkeys(row.kind for row in names.kinds))
        projects = [row.project for row in names.projects]
        strange = range(STRANGERS)
        gone = [f"{kinds[k % len(kinds)]}:res_gone_{k}" for k in strange] + [f"project:{project}" for project in projects[:5]]
        self.principal = Column(rng, (row.principal for row in names.principals), (f"user:usr_gone_{k}" for k in strange))
        self.kind = Column(rng, kinds, ["telepathy", "divination"])
        self.surface = Column(rng, (row.surface for row in names.kinds), ["cli", "pigeon"])
        self.project = Column(rng, projects, (f"prj_gone_{k}" for k in strange))
        self.resource = Column(rng, (row.resource for row in names.resources), gone)

        number = {project: n for n, project in enumerate(projects)}
        keys = [row for row in names.principals if row.own_project is not None]
        users = [row for row in names.principals if row.own_project is None]
        self.keys = self.principal.codes(row.principal for row in keys)
        self.key_project = np.array([number[row.own_project] for row in keys if row.own_project is not None], np.int32)
        self.members = self.principal.codes(row.principal for row in users if row.home is not None)
        self.homeless = self.principal.codes(row.principal for row in users if row.home is None)
        self.resource_kind = self.kind.codes(row.kind for row in names.resources)
        self.other_kind = np.full(len(self.kind.names), NULL, np.int32)
        self.other_kind[self.kind.known] = np.roll(self.kind.known, 1)
        self.resource_project = np.array([number[row.project] for row in names.resources], np.int32)
        stated = [project for one in document["organizations"] for project in one["projects"]]
        self.collaborators = [self.principal.codes(f"user:{row['user']}" for row in project["collaborators"]) for project in stated]
        self.resources = [np.flatnonzero(self.resource_project == n) for n in range(len(projects))]


def pick(rng: np.random.Generator, lists: Sequence[Numbers], which: Codes) -> Rows:
    """One of the list with each of these numbers."""
    lengths = np.array([len(one) for one in lists])
    starts = np.cumsum(lengths) - lengths
    places: Rows = np.concatenate(lists)[starts[which] + (rng.random(len(which)) * lengths[which]).astype(np.int64)]
    return places


def batch(world: World, rng: np.random.Generator, rows: int, bad: float) -> pa.RecordBatch:
    """So many rows of usage."""

    def draw(codes: Numbers, count: int) -> Numbers:
        return codes[rng.integers(0, len(codes), count)]

    def some(share: float, where: Rows) -> Rows:
        return where[rng.random(len(where)) < share]

    sort = rng.choice(4, rows, p=[0.45, 0.25, 0.20, 0.10])
    principal, number, resource = (np.full(rows, NULL, np.int32) for _ in range(3))
    kind = draw(world.kind.known, rows)

    where = np.flatnonzero(sort == 0)  # a collaborator uses a resource of the project
    resource[where] = draw(np.arange(len(world.resource_project)), len(where))
    number[where] = world.resource_project[resource[where]]
    where = np.flatnonzero(sort == 1)  # a key is used, two times in three on a resource of its project
    key = draw(np.arange(len(world.keys)), len(where))
    principal[where] = world.keys[key]
    number[where] = world.key_project[key]
    where = some(2 / 3, where)
    resource[where] = pick(rng, world.resources, number[where])
    where = np.flatnonzero(sort == 2)  # a collaborator says the project alone
    number[where] = draw(np.arange(len(world.project.known)), len(where))
    where = np.flatnonzero((sort == 0) | (sort == 2))
    principal[where] = pick(rng, world.collaborators, number[where])
    where = np.flatnonzero(sort == 3)  # a member says nothing
    principal[where] = draw(world.members, len(where))

    where = np.flatnonzero(resource != NULL)
    kind[where] = world.resource_kind[resource[where]]
    number[some(1 / 2, where)] = NULL  # the resource says it
    number[some(1 / 2, np.flatnonzero(sort == 1))] = NULL  # the key says it
    surface = rng.choice(world.surface.codes(["api", "ui", "playground", None]), rows, p=[0.45, 0.30, 0.15, 0.10])
    project = np.where(number == NULL, NULL, world.project.known[number])
    resource = np.where(resource == NULL, NULL, world.resource.known[resource])

    unknown = [world.principal, world.kind, world.surface, world.project, world.resource]
    columns = [principal, kind, surface, project, resource]
    for share in (bad, bad / 20):  # twice, so that some rows have two faults, of which the first is to be told
        fault = np.where(rng.random(rows) < share, rng.integers(0, len(ERRORS), rows), NULL)
        for code, (column, one) in enumerate(zip(columns, unknown, strict=True)):
            where = np.flatnonzero(fault == code)
            column[where] = draw(one.unknown, len(where))
        where = np.flatnonzero(fault == ERRORS.index("kind_mismatch"))
        used = draw(np.arange(len(world.resource_kind)), len(where))
        resource[where] = world.resource.known[used]
        kind[where] = world.other_kind[world.resource_kind[used]]
        where = np.flatnonzero(fault == ERRORS.index("project_mismatch"))
        key = draw(np.arange(len(world.keys)), len(where))
        principal[where] = world.keys[key]
        other = (world.key_project[key] + 1) % len(world.project.known)
        half = rng.random(len(where)) < 0.5
        project[where] = np.where(half, world.project.known[other], NULL)
        resource[where] = NULL
        used = pick(rng, world.resources, other[~half])
        resource[where[~half]] = world.resource.known[used]
        kind[where[~half]] = world.resource_kind[used]
        where = np.flatnonzero(fault == ERRORS.index("project_required"))
        principal[where] = draw(world.homeless, len(where))
        project[where] = resource[where] = NULL

    begin, end = (int(instant.timestamp() * 1000) for instant in (BEGIN, END))
    at = pa.array(rng.integers(begin, end, rows)).cast(pa.timestamp("ms", "UTC"))
    arrays = [one.array(column.astype(np.int32)) for column, one in zip(columns, unknown, strict=True)]
    return pa.record_batch([*arrays, at], [*STRINGS, "at"])


def usage(document: Json, names: Names, rows: int, bad: float = BAD) -> pa.Table:
    """A table of usage with dictionary columns, in the order in which it happened to be drawn."""
    rng = np.random.default_rng(SEED)
    world = World(document, names, rng)
    return pa.Table.from_batches([batch(world, rng, min(BATCH, rows - begin), bad) for begin in range(0, rows, BATCH)])


def plain(table: pa.Table) -> pa.Table:
    """The same with plain strings."""
    schema = pa.schema([field.with_type(pa.string()) if field.name in STRINGS else field for field in table.schema])
    return table.cast(schema)
