"""The directories of the suite as tables, and the libraries that hold tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import adbc_driver_sqlite.dbapi
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa

Row = dict[str, Any]
Tables = dict[str, Any]

DIRECTORIES = Path(__file__).parents[3] / "tests/directories"

TEXT, BOOLEAN, INSTANT, LIST = pa.string(), pa.bool_(), pa.string(), pa.list_(pa.string())
PERIOD = {"added_at": INSTANT, "expires_at": INSTANT}
SCHEMAS: dict[str, dict[str, pa.DataType]] = {
    "organizations": {
        "id": TEXT,
        "name": TEXT,
        "owner": TEXT,
        "membership": TEXT,
        "multi_project": BOOLEAN,
        "projects_since": INSTANT,
        "suspended_at": INSTANT,
    },
    "members": {"organization": TEXT, "user": TEXT, "role": TEXT, **PERIOD, "suspended_at": INSTANT},
    "projects": {
        "organization": TEXT,
        "id": TEXT,
        "name": TEXT,
        "default": BOOLEAN,
        "allow_external_collaborators": BOOLEAN,
        "visibility": TEXT,
        "suspended_at": INSTANT,
    },
    "collaborators": {"project": TEXT, "user": TEXT, "group": TEXT, "role": TEXT, **PERIOD},
    "api_keys": {
        "project": TEXT,
        "id": TEXT,
        "name": TEXT,
        "created_by": TEXT,
        "created_at": INSTANT,
        "expires_at": INSTANT,
        "revoked_at": INSTANT,
        "digest": TEXT,
        "kind": TEXT,
        "scopes": LIST,
        "acts_as": TEXT,
        "projects": LIST,
    },
    "resources": {"project": TEXT, "id": TEXT, "kind": TEXT, "name": TEXT, "created_by": TEXT, "created_at": INSTANT},
    "users": {"id": TEXT, "email": TEXT, "organization": TEXT, "suspended_at": INSTANT},
    "groups": {"organization": TEXT, "id": TEXT, "name": TEXT},
    "group_members": {"group": TEXT, "user": TEXT, **PERIOD},
}


def document(name: str) -> Any:
    """A directory of the suite."""
    return json.loads((DIRECTORIES / f"{name}.json").read_text("utf-8"))


def rows_of(source: Any) -> dict[str, list[Row]]:
    """The rows of a directory document, table by table."""
    rows: dict[str, list[Row]] = {name: [] for name in SCHEMAS}
    rows["users"] = source.get("users", [])
    for organization in source["organizations"]:
        rows["organizations"].append(fields(organization, "members", "groups", "projects"))
        rows["members"] += [{"organization": organization["id"], **member} for member in organization["members"]]
        for group in organization.get("groups", []):
            rows["groups"].append({"organization": organization["id"], **fields(group, "members")})
            rows["group_members"] += [{"group": group["id"], **member} for member in group["members"]]
        for project in organization["projects"]:
            rows["projects"].append({"organization": organization["id"], **fields(project, "collaborators", "api_keys", "resources")})
            for table in ("collaborators", "api_keys", "resources"):
                rows[table] += [{"project": project["id"], **entry} for entry in project.get(table, [])]
    return rows


def fields(entry: Row, *lists: str) -> Row:
    """An entry without the lists below it."""
    return {name: value for name, value in entry.items() if name not in lists}


def tables_of(rows: dict[str, list[Row]], **types: pa.DataType) -> dict[str, pa.Table]:
    """The rows as tables of pyarrow. `types` replaces the types of columns, wherever they are."""

    def table(name: str, of: list[Row]) -> pa.Table:
        schema = {column: types.get(column, data_type) for column, data_type in SCHEMAS[name].items()}
        return pa.Table.from_pylist([{column: row.get(column) for column in schema} for row in of], pa.schema(list(schema.items())))

    return {name: table(name, of) for name, of in rows.items()}


def of_duckdb(tables: dict[str, pa.Table]) -> Tables:
    """Relations of DuckDB, which are read in its own batches."""
    database = duckdb.connect()
    for name, table in tables.items():
        database.register(f"of_{name}", table)
    return {name: database.sql(f'SELECT * FROM "of_{name}"') for name in tables}


class Readers(dict[str, Any]):
    """Readers whose cursors must live as long."""

    def __init__(self) -> None:
        super().__init__()
        self.cursors: list[Any] = []


def of_adbc(tables: dict[str, pa.Table]) -> Tables:
    """Readers of SQLite by ADBC. It has neither booleans, which become integers, nor lists, of which `projects` can be text."""
    connection = adbc_driver_sqlite.dbapi.connect()
    read = Readers()
    for name, table in tables.items():
        flat = table.drop_columns([field.name for field in table.schema if pa.types.is_list(field.type)])
        for place, field in enumerate(flat.schema):
            if pa.types.is_boolean(field.type):
                flat = flat.set_column(place, field.name, flat.column(place).cast(pa.int8()))
        read.cursors.append(cursor := connection.cursor())
        cursor.adbc_ingest(name, flat)
        cursor.execute(f'SELECT * FROM "{name}"')
        read[name] = cursor.fetch_record_batch()
    return read


SOURCES: dict[str, Callable[[dict[str, pa.Table]], Tables]] = {
    "pyarrow": dict,
    "batches": lambda tables: {name: table.to_reader(max_chunksize=2) for name, table in tables.items()},
    "polars": lambda tables: {name: pl.DataFrame(pl.from_arrow(table)) for name, table in tables.items()},
    "duckdb": of_duckdb,
    "pandas": lambda tables: {name: table.to_pandas(types_mapper=pd.ArrowDtype) for name, table in tables.items()},
    "adbc": of_adbc,
}
