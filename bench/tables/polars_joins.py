"""Polars answers usage by joins, as one would write it: the same tables and the same cases as in duckdb_joins.py."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pyarrow as pa

from tables.names import CERTAINTIES, REASONS
from tables.polars_usage import Frame
from tables.remedies import kind_row

SAME = {
    "own_project": "project",
    "home_project": "project",
    "away_project": "project",
    "default_project": "project",
    "home": "organization",
    "away_organization": "organization",
    "invitation": "remedies",
    "remedies_before": "remedies",
    "remedies_inside": "remedies",
    "remedies_by_sso": "remedies",
    "remedies_by_invitation": "remedies",
}
"""Which columns hold the same names as another one."""


def first(cases: list[tuple[pl.Expr, pl.Expr]], otherwise: pl.Expr) -> pl.Expr:
    """The value of the first case whose test is true."""
    for test, value in reversed(cases):
        otherwise = pl.when(test).then(value).otherwise(otherwise)
    return otherwise


class PolarsJoins:
    """The tables to join with, and the query."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        names = frame.names
        kinds = [kind_row(kind) for kind in names.kinds]
        self.types = dict(frame.types)
        if frame.enums:
            organizations = {row.organization for row in names.projects} | {row.away_organization for row in names.principals}
            remedies = {text for row in kinds for text in row[5:]} | {row.invitation for row in names.projects} | {""}
            self.types["organization"] = pl.Enum(sorted(filter(None, organizations)))
            self.types["api_key"] = pl.Enum([row.api_key for row in names.principals if row.api_key is not None])
            self.types["remedies"] = pl.Enum(sorted(remedies))
            self.types["reason"] = pl.Enum(REASONS)
            self.types["certainty"] = pl.Enum(CERTAINTIES)
        self.principals = (
            self._table([row._asdict() for row in names.principals])
            .rename({"surface": "default_surface"})
            .with_columns(found_principal=True)
        )
        self.resources = self._table([row._asdict() for row in names.resources]).rename({"kind": "used_kind", "project": "used_project"})
        self.projects = (
            self._table([row._asdict() for row in names.projects])
            .rename({"organization": "intended_organization"})
            .with_columns(pl.col("projects_since").cast(pl.Datetime("ms", "UTC")), intended_project=pl.col("project"))
        )
        self.kinds = self._table([row._asdict() for row in kinds]).with_columns(found_kind=True)

    def _table(self, rows: Sequence[dict[str, object]]) -> pl.DataFrame:
        table = pl.DataFrame(list(rows), infer_schema_length=None)
        typed = {column: self.types[SAME.get(column, column)] for column in table.columns if SAME.get(column, column) in self.types}
        return table.with_columns([pl.col(column).cast(kind) for column, kind in typed.items()])

    def _value(self, text: str, column: str) -> pl.Expr:
        return pl.lit(text, self.types.get(column, pl.String()))

    def query(self) -> pl.LazyFrame:
        """Errors are rare, but all of them are worked out: Polars has no cases that only some rows go through."""
        col = pl.col
        good, reason = col("good"), col("reason")
        external = self._value("external_home_organization", "reason")
        scoped = self._value("project_scoped", "reason")
        predates = self._value("predates_projects", "reason")
        is_key, is_member = col("own_project").is_not_null(), col("home").eq_missing(col("intended_organization"))
        # What decides without a resource that nobody knows.
        decided = pl.coalesce("own_project", "project")
        errors = [
            (col("found_principal").is_null(), "unknown_principal"),
            (~col("kind").is_in(self.frame.numbers.kinds), "unknown_kind"),
            (col("found_kind").is_null(), "unknown_surface"),
            (~col("project").is_in(self.frame.numbers.known["project"]), "unknown_project"),
            (col("resource").is_not_null() & col("used_kind").is_null() & decided.is_null(), "unknown_resource"),
            (col("used_kind") != col("kind"), "kind_mismatch"),
            (col("intended").is_null(), "project_required"),
        ]
        error = first([(test, self._value(code, "reason")) for test, code in errors], self._value("project_mismatch", "reason"))
        booked = first(
            [
                (~good, error),
                (col("at") < col("projects_since"), predates),
                (col("books_to_default_project") & (is_key | is_member), self._value("playground", "reason")),
                (col("supported"), scoped),
                (col("external_creator") | ~(is_key | is_member), external),
            ],
            self._value("default_project_fallback", "reason"),
        )
        away = reason == external
        return (
            self.frame.usage.lazy()
            .join(self.principals.lazy(), on="principal", how="left", maintain_order="left")
            .join(self.resources.lazy(), on="resource", how="left", maintain_order="left")
            .with_columns(
                intended=pl.coalesce("own_project", "used_project", "project", "home_project"),
                surface=pl.coalesce("surface", "default_surface"),
            )
            .join(self.kinds.lazy(), on=["kind", "surface"], how="left", maintain_order="left")
            .join(self.projects.lazy(), left_on="intended", right_on="project", how="left", maintain_order="left")
            .with_columns(
                good=(
                    col("found_principal").is_not_null()
                    & col("found_kind").is_not_null()
                    & col("intended_project").is_not_null()
                    & (col("project").is_null() | (col("project") == col("intended_project")))
                    & (
                        col("resource").is_null()
                        | (col("used_kind").is_null() & decided.is_not_null())
                        | ((col("used_kind") == col("kind")) & (col("used_project") == col("intended_project")))
                    )
                ).fill_null(False)
            )
            .with_columns(reason=booked)
            .with_columns(
                organization=pl.when(good & away).then("away_organization").when(good).then("intended_organization"),
                booked_project=pl.when(good & away)
                .then("away_project")
                .when(good & (reason == scoped))
                .then("intended_project")
                .when(good)
                .then("default_project"),
            )
            .with_columns(matches_intended=(col("booked_project") == col("intended_project")).fill_null(False))
            .select(
                "organization",
                project="booked_project",
                intended_organization=pl.when(good).then("intended_organization"),
                intended_project=pl.when(good).then("intended_project"),
                matches_intended="matches_intended",
                certainty=pl.when(good & away)
                .then(self._value("possible", "certainty"))
                .when(good)
                .then(self._value("certain", "certainty")),
                reason="reason",
                api_key=pl.when(good & col("by_api_key")).then("api_key"),
                remedies=pl.when(~good | col("matches_intended"))
                .then(self._value("", "remedies"))
                .when(away & (col("invitation") == self._value("provision_with_sso", "remedies")))
                .then("remedies_by_sso")
                .when(away)
                .then("remedies_by_invitation")
                .when(reason == predates)
                .then("remedies_before")
                .otherwise("remedies_inside"),
            )
        )

    def run(self) -> pa.Table:
        """All answers."""
        return self.query().collect().to_arrow()
