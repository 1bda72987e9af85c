"""Polars answers usage by look-ups, as fast as we could make it: names are numbers, and joins are rows gathered by number.

A column of enums consists of numbers already. A column of strings gets them by a join with the known names.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
import pyarrow as pa

from tables.names import ERRORS
from tables.numbered import ANSWERS, NONE, UNKNOWN
from tables.polars_usage import Frame
from tables.usage import STRINGS


def series(table: pa.Table) -> dict[str, pl.Expr]:
    """The columns of a table, to gather from."""
    return {name: pl.lit(pl.Series(name, table[name])) for name in table.column_names}


class PolarsLookups:
    """The tables of numbers, and the query."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        numbers = frame.numbers
        self.principals = series(numbers.principals)
        self.resources = series(numbers.resources)
        self.projects = series(numbers.projects)
        self.bookings = series(numbers.bookings)

    def _numbered(self) -> pl.LazyFrame:
        """Usage in numbers."""
        col = pl.col
        usage = self.frame.usage.lazy()
        if self.frame.enums:
            return usage.with_columns([col(column).to_physical().cast(pl.Int32) for column in STRINGS])
        known = self.frame.numbers.known
        return usage.with_columns(
            [
                pl.when(col(column).is_not_null())
                .then(col(column).cast(pl.Enum(known[column]), strict=False).to_physical().cast(pl.Int32).fill_null(len(known[column])))
                .alias(column)
                for column in STRINGS
            ]
        )

    def query(self) -> pl.LazyFrame:
        """All rows go through all tests: Polars has no cases that only some rows go through."""
        numbers = self.frame.numbers
        kinds, surfaces, projects = len(numbers.kinds), len(numbers.surfaces), len(numbers.known["project"])
        col = pl.col

        def gathered(table: dict[str, pl.Expr], columns: Iterable[str], at: str) -> dict[str, pl.Expr]:
            return {name: table[name].gather(at) for name in columns}

        def agrees(column: str, other: str) -> pl.Expr:
            return (col(column) == NONE) | (col(column) == col(other))

        error = {name: pl.lit(number, pl.Int32) for number, name in enumerate(ERRORS)}
        good = (
            agrees("own", "intended")
            & agrees("project", "intended")
            & agrees("used_project", "intended")
            & agrees("used_kind", "kind")
            & (col("place") >= 0)
            & (col("kind") < kinds)
            & (col("surface") < surfaces)
            & (col("intended") < projects)
        )
        return (
            self._numbered()
            .with_columns(
                **gathered(self.principals, ["place", "step", "default_surface", "own", "home"], "principal"),
                **{name: one.fill_null(NONE) for name, one in gathered(self.resources, ["used_kind", "used_project"], "resource").items()},
                project=col("project").fill_null(NONE),
            )
            .with_columns(
                pl.when((col("used_kind") == UNKNOWN) & (pl.max_horizontal("own", "project") != NONE))
                .then(NONE)
                .otherwise(col(column))
                .alias(column)
                for column in ("used_kind", "used_project")
            )
            .with_columns(
                surface=col("surface").fill_null(col("default_surface")), stated=pl.max_horizontal("own", "used_project", "project")
            )
            .with_columns(intended=pl.when(col("stated") == NONE).then("home").otherwise("stated"))
            .select(
                booking=pl.when(good)
                .then(
                    (col("place") + col("step") * col("intended")) * numbers.at_place
                    + col("kind") * (2 * surfaces)
                    + col("surface") * 2
                    + (col("at") < self.projects["projects_since"].gather("intended")).cast(pl.Int32)
                    + len(ERRORS)
                )
                .when(col("place") < 0)
                .then(error["unknown_principal"])
                .when(col("kind") >= kinds)
                .then(error["unknown_kind"])
                .when(col("surface") >= surfaces)
                .then(error["unknown_surface"])
                .when(col("project") >= projects)
                .then(error["unknown_project"])
                .when(col("used_kind") == UNKNOWN)
                .then(error["unknown_resource"])
                .when((col("used_kind") != NONE) & (col("used_kind") != col("kind")))
                .then(error["kind_mismatch"])
                .when(col("intended") == numbers.nowhere)
                .then(error["project_required"])
                .otherwise(error["project_mismatch"])
            )
            .select(**gathered(self.bookings, ANSWERS, "booking"))
        )

    def run(self) -> pa.Table:
        """All answers."""
        return self.query().collect().to_arrow()
