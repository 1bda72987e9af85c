"""The benchmarks of whole tables compare like with like: joins in DuckDB and Polars answer as the engine does, row for row."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from bailiwick import Bailiwick

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from generate import Size, directory
from tables.agreement import DisagreementError, require_agreement
from tables.directory import with_externals
from tables.duckdb_database import Database
from tables.duckdb_joins import DuckdbJoins
from tables.duckdb_lookups import DuckdbLookups
from tables.names import BOOKINGS, ERRORS, POLICY, REMEDIES, Json, names
from tables.numbered import ANSWERS
from tables.polars_joins import PolarsJoins
from tables.polars_lookups import PolarsLookups
from tables.polars_usage import Frame
from tables.usage import STRINGS, plain, usage

ROWS = 20_000
FORMS = ["dictionary", "plain"]


@cache
def document() -> Json:
    """A small directory of the benchmarks' shape, with all sorts of externals."""
    kinds = [kind["kind"] for kind in POLICY["kinds"] if kind["kind"] != POLICY["api_key_kind"]]
    return with_externals(directory(random.Random(7), Size(projects=6, members=20, rows=15, keys=3, resources=24), kinds))


@cache
def table(form: str) -> pa.Table:
    """Usage of it, with more bad rows than the benchmark has."""
    drawn = usage(document(), names(document()), ROWS, bad=0.2)
    return plain(drawn) if form == "plain" else drawn


@cache
def attributed() -> pa.Table:
    """What `attribute_many` says about it."""
    rows = [{field: value for field, value in row.items() if value is not None} for row in table("plain").to_pylist()]
    answers = Bailiwick.from_directory(document()).attribute_many(rows)
    columns: dict[str, list[Any]] = {name: [getattr(one, name) for one in answers] for name in ANSWERS}
    return pa.table({name: pa.array(column) for name, column in columns.items()})


CONTENDERS: dict[str, Callable[[pa.Table, bool], pa.Table]] = {
    "attribute_table": lambda given, enums: pa.table(Bailiwick.from_directory(document()).attribute_table(given)),
    "duckdb joins": lambda given, enums: DuckdbJoins(Database(names(document()), given, enums=enums)).run(),
    "duckdb look-ups": lambda given, enums: DuckdbLookups(Database(names(document()), given, enums=enums)).run(),
    "duckdb compressed": lambda given, enums: DuckdbLookups(Database(names(document()), given, enums=enums, compressed=True)).run(),
    "polars joins": lambda given, enums: PolarsJoins(Frame(names(document()), given, enums=enums)).run(),
    "polars look-ups": lambda given, enums: PolarsLookups(Frame(names(document()), given, enums=enums)).run(),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CONTENDERS)
def test_a_contender_answers_as_attribute_many_does(name: str, form: str) -> None:
    answers = CONTENDERS[name](table(form), form == "dictionary")
    require_agreement((name, "attribute_many"), (answers, attributed()), table(form))


def test_the_usage_has_every_reason_and_every_remedy() -> None:
    reasons = Counter(attributed()["reason"].to_pylist())
    assert set(reasons) == {*BOOKINGS, *ERRORS}
    assert min(reasons.values()) > 10, reasons
    remedies = Counter(remedy for row in attributed()["remedies"].to_pylist() for remedy in row)
    assert set(remedies) == set(REMEDIES)
    homes = {(row["organization"] is None, row["project"] is None) for row in attributed().to_pylist() if row["certainty"] == "possible"}
    assert homes == {(False, False), (False, True), (True, True)}  # in the directory, outside it, unknown


def test_external_creators_and_late_projects_count() -> None:
    """B5 and B1 are not only possible in this directory: without what they rest on, answers would be others."""
    seen = names(document())
    principals = table("plain")["principal"].to_pylist()
    reasons = attributed()["reason"].to_pylist()
    external_keys = {row.principal for row in seen.principals if row.external_creator}
    assert any(who in external_keys and why == "external_home_organization" for who, why in zip(principals, reasons, strict=True))
    late = {row.organization for row in seen.projects if row.projects_since is not None}
    intended = attributed()["intended_organization"].to_pylist()
    both = {why == "predates_projects" for where, why in zip(intended, reasons, strict=True) if where in late}
    assert both == {False, True}


def test_usage_is_the_same_every_time() -> None:
    again = usage(document(), names(document()), ROWS, bad=0.2)
    assert plain(again).equals(table("plain"))
    assert {field.name for field in again.schema if pa.types.is_dictionary(field.type)} == set(STRINGS)


@pytest.mark.parametrize("column", ANSWERS)
def test_a_single_other_answer_is_found(column: str) -> None:
    row = next(n for n, reason in enumerate(attributed()["reason"].to_pylist()) if reason == "external_home_organization")
    values = attributed()[column].to_pylist()
    values[row] = {"matches_intended": not values[row], "remedies": []}.get(column, "another")
    changed = attributed().set_column(ANSWERS.index(column), column, pa.array(values, attributed()[column].type))
    with pytest.raises(DisagreementError, match=f"row {row}, {column}"):
        require_agreement(("one", "other"), (changed, attributed()), table("plain"))
