"""DuckDB answers usage by joins, as one would write it: usage LEFT JOIN principals, resources, kinds and projects, then CASE.

What can be known of a principal, a resource, a project or a kind on a surface stands in the tables that are joined. With enums, all
of these tables and the answers are of enums as well.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tables.duckdb_database import Database
from tables.names import CERTAINTIES, REASONS
from tables.remedies import kind_row

ENUMS = {
    "principal": "principal_name",
    "kind": "kind_name",
    "surface": "surface_name",
    "resource": "resource_name",
    "project": "project_name",
    "own_project": "project_name",
    "home_project": "project_name",
    "away_project": "project_name",
    "default_project": "project_name",
    "organization": "organization_name",
    "home": "organization_name",
    "away_organization": "organization_name",
    "api_key": "api_key_name",
    "invitation": "remedies_text",
    "remedies_before": "remedies_text",
    "remedies_inside": "remedies_text",
    "remedies_by_sso": "remedies_text",
    "remedies_by_invitation": "remedies_text",
}
"""Which column of which table is of which type, where there are enums."""


class DuckdbJoins:
    """The tables to join with, and the query."""

    def __init__(self, database: Database) -> None:
        self.database = database
        names = database.names
        kinds = [kind_row(kind) for kind in names.kinds]
        if database.enums:
            organizations = {row.organization for row in names.projects} | {row.away_organization for row in names.principals}
            remedies = {text for row in kinds for text in row[5:]} | {row.invitation for row in names.projects} | {""}
            database.create_enum("organization_name", sorted(filter(None, organizations)))
            database.create_enum("api_key_name", [row.api_key for row in names.principals if row.api_key is not None])
            database.create_enum("remedies_text", sorted(remedies))
            database.create_enum("reason_name", REASONS)
            database.create_enum("certainty_name", CERTAINTIES)
        self._create("principals", [row._asdict() for row in names.principals])
        self._create("resources", [row._asdict() for row in names.resources])
        self._create("projects", [row._asdict() for row in names.projects])
        self._create("kinds", [row._asdict() for row in kinds])

    def _create(self, name: str, rows: Sequence[dict[str, object]]) -> None:
        columns = [f"{column}::{ENUMS[column]} AS {column}" if self.database.enums and column in ENUMS else column for column in rows[0]]
        self.database.create_table(name, pa.Table.from_pylist(list(rows)), ", ".join(columns))

    def _value(self, text: str, enum: str) -> str:
        return f"'{text}'::{enum}" if self.database.enums else f"'{text}'"

    def query(self) -> str:
        """Errors are rare, so one test keeps most rows from being tested for each of them."""
        kinds = ", ".join(f"'{kind}'" for kind in self.database.numbers.kinds)
        projects = ", ".join(f"'{row.project}'" for row in self.database.names.projects)
        external = self._value("external_home_organization", "reason_name")
        scoped = self._value("project_scoped", "reason_name")
        predates = self._value("predates_projects", "reason_name")

        def reason(text: str) -> str:
            return self._value(text, "reason_name")

        return f"""
            WITH found AS (
                SELECT u.kind, u.project, u.resource, u."at" AS happened,
                       p.principal AS found_principal, p.api_key, p.own_project, p.home, p.external_creator,
                       p.away_organization, p.away_project,
                       r.kind AS used_kind, r.project AS used_project, k.* EXCLUDE (kind, surface), k.kind AS found_kind,
                       i.project AS intended_project, i.organization AS intended_organization, i.default_project,
                       i.projects_since, i.invitation, coalesce(p.own_project, u.project) AS decided
                FROM {self.database.usage} u
                LEFT JOIN principals p ON u.principal = p.principal
                LEFT JOIN resources r ON u.resource = r.resource
                LEFT JOIN kinds k ON u.kind = k.kind AND coalesce(u.surface, p.surface) = k.surface
                LEFT JOIN projects i ON coalesce(p.own_project, r.project, u.project, p.home_project) = i.project
            ), tested AS (
                SELECT *, found_principal IS NOT NULL AND found_kind IS NOT NULL AND intended_project IS NOT NULL
                          AND (project IS NULL OR project = intended_project)
                          AND (resource IS NULL OR (used_kind IS NULL AND decided IS NOT NULL)
                               OR (used_kind IS NOT NULL AND used_kind = kind AND used_project = intended_project)) AS good
                FROM found
            ), reasoned AS (
                SELECT *, CASE
                    WHEN NOT good THEN CASE
                        WHEN found_principal IS NULL THEN {reason("unknown_principal")}
                        WHEN found_kind IS NULL AND kind NOT IN ({kinds}) THEN {reason("unknown_kind")}
                        WHEN found_kind IS NULL THEN {reason("unknown_surface")}
                        WHEN project NOT IN ({projects}) THEN {reason("unknown_project")}
                        WHEN resource IS NOT NULL AND used_kind IS NULL AND decided IS NULL THEN {reason("unknown_resource")}
                        WHEN used_kind <> kind THEN {reason("kind_mismatch")}
                        WHEN intended_project IS NULL THEN {reason("project_required")}
                        ELSE {reason("project_mismatch")} END
                    WHEN happened < projects_since THEN {predates}
                    WHEN books_to_default_project AND (own_project IS NOT NULL OR home = intended_organization) THEN {reason("playground")}
                    WHEN supported THEN {scoped}
                    WHEN external_creator OR (own_project IS NULL AND home IS DISTINCT FROM intended_organization) THEN {external}
                    ELSE {reason("default_project_fallback")} END AS reason
                FROM tested
            ), booked AS (
                SELECT * EXCLUDE (project),
                       CASE WHEN NOT good THEN NULL WHEN reason = {external} THEN away_organization
                            ELSE intended_organization END AS organization,
                       CASE WHEN NOT good THEN NULL WHEN reason = {external} THEN away_project
                            WHEN reason = {scoped} THEN intended_project ELSE default_project END AS project
                FROM reasoned
            ), matched AS (
                SELECT *, coalesce(project = intended_project, false) AS matches_intended FROM booked
            )
            SELECT organization, project,
                   CASE WHEN good THEN intended_organization END AS intended_organization,
                   CASE WHEN good THEN intended_project END AS intended_project,
                   matches_intended,
                   CASE WHEN NOT good THEN NULL WHEN reason = {external} THEN {self._value("possible", "certainty_name")}
                        ELSE {self._value("certain", "certainty_name")} END AS certainty,
                   reason,
                   CASE WHEN good AND by_api_key THEN api_key END AS api_key,
                   CASE WHEN NOT good OR matches_intended THEN {self._value("", "remedies_text")}
                        WHEN reason = {external} AND invitation = {self._value("provision_with_sso", "remedies_text")} THEN remedies_by_sso
                        WHEN reason = {external} THEN remedies_by_invitation
                        WHEN reason = {predates} THEN remedies_before
                        ELSE remedies_inside END AS remedies
            FROM matched
        """

    def run(self) -> pa.Table:
        """All answers."""
        return self.database.answer(self.query())
