"""DuckDB answers usage by joins, as fast as we could make it: names are numbers, and the last join fetches the whole answer.

What helps DuckDB: enums have numbers without a join. Inner joins on unique dense integers need no hash. Columns without nulls are
worked on many values at a time, so that a number stands for nothing instead; and with such numbers, tests are arithmetic.
"""

from __future__ import annotations

import pyarrow as pa

from tables.duckdb_database import Database
from tables.names import ERRORS
from tables.numbered import ANSWERS, NONE, UNKNOWN
from tables.usage import STRINGS

SHORT = 200
"""How many names are few enough to be looked for in a list."""


class DuckdbLookups:
    """The tables of numbers, and the query."""

    def __init__(self, database: Database) -> None:
        self.database = database
        numbers = database.numbers
        database.create_table("numbered_principals", numbers.principals)
        database.create_table("numbered_resources", numbers.resources)
        database.connection.execute(f"INSERT INTO numbered_resources VALUES ({NONE}, {NONE}, {NONE})")
        database.create_table("numbered_projects", numbers.projects)
        self.joined = [] if database.enums else [column for column in STRINGS if not self._is_short(column)]
        for column in self.joined:
            known = numbers.known[column]
            database.create_table(f"known_{column}", pa.table({"name": known, "number": pa.array(range(len(known)), pa.int32())}))
        named = [name for name in ANSWERS if name != "matches_intended"]
        for column in named:
            database.create_enum(f"answered_{column}", numbers.bookings[column].unique().drop_null().to_pylist())
        columns = [f"{name}::answered_{name} AS {name}" if name in named else name for name in ANSWERS]
        database.create_table("bookings", numbers.bookings, ", ".join(["number", *columns]))

    def _is_short(self, column: str) -> bool:
        """Whether names are best looked for in a list: DuckDB does so once for every name in a dictionary, not for every row."""
        return self.database.compressed and len(self.database.numbers.known[column]) <= SHORT

    def _number(self, column: str) -> str:
        """The number of the name in a column."""
        known = self.database.numbers.known[column]
        nullable = column not in ("principal", "kind")
        if self.database.enums:
            number = f"enum_code({column})::INTEGER"
            return f"coalesce({number}, {NONE}) AS {column}" if nullable else f"{number} AS {column}"
        found = f"(list_position({known}, {column}) - 1)::INTEGER" if self._is_short(column) else f"known_{column}.number"
        number = f"coalesce({found}, {len(known)})"
        return f"CASE WHEN {column} IS NULL THEN {NONE} ELSE {number} END AS {column}" if nullable else f"{number} AS {column}"

    def _numbered(self) -> str:
        """Usage in numbers. Only an enum has them; strings are looked up among the known names first."""
        joins = " ".join(f"LEFT JOIN known_{column} ON {column} = known_{column}.name" for column in self.joined)
        return f'SELECT {", ".join(map(self._number, STRINGS))}, "at" AS happened FROM {self.database.usage} {joins}'

    def query(self) -> str:
        """Errors are told apart in rows that have one alone."""
        numbers = self.database.numbers
        kinds, surfaces, projects = len(numbers.kinds), len(numbers.surfaces), len(numbers.known["project"])
        error = {name: number for number, name in enumerate(ERRORS)}
        is_passed_over = f"r.used_kind = {UNKNOWN} AND greatest(p.own, u.project) <> {NONE}"
        used_kind, used_project = (
            f"CASE WHEN {is_passed_over} THEN {NONE} ELSE r.{column} END" for column in ("used_kind", "used_project")
        )
        return f"""
            WITH numbered AS (
                {self._numbered()}
            ), found AS (
                SELECT u.kind, u.project, u.happened, CASE WHEN u.surface = {NONE} THEN p.default_surface ELSE u.surface END AS surface,
                       p.place, p.step, p.own, p.home, {used_kind} AS used_kind, {used_project} AS used_project,
                       greatest(p.own, {used_project}, u.project) AS stated
                FROM numbered u
                JOIN numbered_principals p ON u.principal = p.number
                JOIN numbered_resources r ON u.resource = r.number
            ), intended AS (
                SELECT *, CASE WHEN stated = {NONE} THEN home ELSE stated END AS intended FROM found
            ), tested AS (
                SELECT i.*, place + step * intended AS at_place, (happened < projects_since)::INTEGER AS predates,
                       (own - {NONE}) * (own - intended) | (project - {NONE}) * (project - intended)
                       | (used_project - {NONE}) * (used_project - intended) | (used_kind - {NONE}) * (used_kind - kind) AS mismatch
                FROM intended i JOIN numbered_projects n ON i.intended = n.number
            ), booked AS (
                SELECT CASE
                    WHEN mismatch <> 0 OR place < 0 OR kind >= {kinds} OR surface >= {surfaces} OR intended >= {projects} THEN CASE
                        WHEN place < 0 THEN {error["unknown_principal"]}
                        WHEN kind >= {kinds} THEN {error["unknown_kind"]}
                        WHEN surface >= {surfaces} THEN {error["unknown_surface"]}
                        WHEN project >= {projects} THEN {error["unknown_project"]}
                        WHEN used_kind = {UNKNOWN} THEN {error["unknown_resource"]}
                        WHEN used_kind <> {NONE} AND used_kind <> kind THEN {error["kind_mismatch"]}
                        WHEN intended = {numbers.nowhere} THEN {error["project_required"]}
                        ELSE {error["project_mismatch"]} END
                    ELSE {len(ERRORS)} + at_place * {numbers.at_place} + kind * {2 * surfaces} + surface * 2 + predates END AS booking
                FROM tested
            )
            SELECT {", ".join(f"b.{name}" for name in ANSWERS)} FROM booked JOIN bookings b ON booked.booking = b.number
        """

    def run(self) -> pa.Table:
        """All answers."""
        return self.database.answer(self.query())
