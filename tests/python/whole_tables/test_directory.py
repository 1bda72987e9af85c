"""A directory from tables: it is the one of the document with these rows, whatever library holds them, and faults name table and row."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from bailiwick import Bailiwick, BailiwickError, UnreadableError

from .directory_scene import DIRECTORIES, SOURCES, Row, Tables, document, fields, rows_of, tables_of

MODERN = json.loads((DIRECTORIES / "../policies/modern.json").read_text("utf-8"))
POLICIES = {"acme": None, "changes": None, "homes": None, "modern": MODERN}


def contents(guard: Bailiwick) -> Row:
    """What a directory says, apart from what tables do not hold."""
    return fields(guard.to_directory(), "revision", "issued_at", "max_age_seconds", "policy")


def without_all(source: Any) -> Any:
    """A document whose keys list their projects: one column holds lists or text."""
    for organization in source["organizations"]:
        for project in organization["projects"]:
            for key in project.get("api_keys", []):
                if key.get("projects") == "all":
                    del key["projects"]
    return source


def plain(source: Any) -> Any:
    """A document without keys whose lists one table of SQLite cannot hold."""
    for organization in source["organizations"]:
        for project in organization["projects"]:
            keys = project.get("api_keys", [])
            project["api_keys"] = [fields(key, "scopes", "projects") for key in keys]
    return source


@pytest.mark.parametrize("library", SOURCES)
@pytest.mark.parametrize("name", POLICIES)
def test_tables_are_the_document_of_their_rows(name: str, library: str) -> None:
    source = without_all(document(name))
    if library == "adbc":
        plain(source)
    rows = rows_of(source)
    for table in rows.values():
        random.Random(1).shuffle(table)
    guard = Bailiwick.from_tables(SOURCES[library](tables_of(rows)), policy=POLICIES[name])
    assert contents(guard) == contents(Bailiwick.from_directory(source, policy=POLICIES[name]))
    assert guard.revision == 0


def small() -> dict[str, list[Row]]:
    """Two organizations with a row in every table."""
    rows: dict[str, list[Row]] = {name: [] for name in rows_of(document("acme"))}
    for name in ("a", "b"):
        rows["organizations"].append({"id": f"org_{name}", "owner": f"usr_{name}"})
        rows["members"].append({"organization": f"org_{name}", "user": f"usr_{name}", "role": "admin"})
        rows["projects"].append({"organization": f"org_{name}", "id": f"prj_{name}", "default": True})
        rows["collaborators"].append({"project": f"prj_{name}", "user": f"usr_{name}", "role": "member"})
        rows["api_keys"].append({"project": f"prj_{name}", "id": f"key_{name}"})
        rows["resources"].append({"project": f"prj_{name}", "id": f"file_{name}", "kind": "file"})
        rows["groups"].append({"organization": f"org_{name}", "id": f"grp_{name}"})
        rows["group_members"].append({"group": f"grp_{name}", "user": f"usr_{name}"})
        rows["users"].append({"id": f"usr_{name}"})
    return rows


def refused(tables: Tables, **options: Any) -> tuple[str, str | None]:
    with pytest.raises(BailiwickError) as raised:
        Bailiwick.from_tables(tables, **options)
    return raised.value.code, raised.value.path


def test_any_order_and_only_what_is_needed() -> None:
    tables = tables_of(small())
    Bailiwick.from_tables(tables)
    needed = {name: tables[name] for name in ("projects", "organizations", "members")}
    assert Bailiwick.from_tables(needed).to_directory()["organizations"][0]["id"] == "org_a"
    assert Bailiwick.from_tables({"organizations": pa.table({})}).to_directory()["organizations"] == []
    assert refused({}) == ("missing_field", "")
    assert refused({"organizations": tables["organizations"]}) == ("owner_not_admin", "/organizations/0/owner")


# What is written into the last row of a table, and the fault that follows.
FAULTS: list[tuple[str, Row, tuple[str, str]]] = [
    ("organizations", {"id": ""}, ("invalid_id", "/organizations/1/id")),
    ("organizations", {"id": None}, ("wrong_type", "/organizations/1/id")),
    ("organizations", {"id": "org_a"}, ("unknown_reference", "/members/1/organization")),
    ("organizations", {"owner": "usr_c"}, ("owner_not_admin", "/organizations/1/owner")),
    ("organizations", {"membership": "magic"}, ("wrong_type", "/organizations/1/membership")),
    ("organizations", {"suspended_at": "soon"}, ("invalid_timestamp", "/organizations/1/suspended_at")),
    ("members", {"organization": "org_c"}, ("unknown_reference", "/members/1/organization")),
    ("members", {"role": "boss"}, ("owner_not_admin", "/organizations/1/owner")),
    ("members", {"user": None}, ("wrong_type", "/members/1/user")),
    ("members", {"expires_at": "2026-01-01T00:00:00Z"}, ("owner_protected", "/members/1/expires_at")),
    ("projects", {"organization": "org_c"}, ("unknown_reference", "/projects/1/organization")),
    ("projects", {"id": "prj_a"}, ("unknown_reference", "/collaborators/1/project")),
    ("projects", {"default": False}, ("missing_default_project", "/organizations/1/projects")),
    ("projects", {"visibility": "x"}, ("unknown_visibility", "/projects/1/visibility")),
    ("collaborators", {"project": "prj_c"}, ("unknown_reference", "/collaborators/1/project")),
    ("collaborators", {"role": "boss"}, ("unknown_role", "/collaborators/1/role")),
    ("collaborators", {"group": "grp_b"}, ("unknown_field", "/collaborators/1/group")),
    ("collaborators", {"user": None}, ("missing_field", "/collaborators/1")),
    ("collaborators", {"user": None, "group": "grp_a"}, ("unknown_group", "/collaborators/1/group")),
    ("api_keys", {"id": "key_a"}, ("duplicate_id", "/api_keys/1/id")),
    ("api_keys", {"digest": "secret"}, ("invalid_digest", "/api_keys/1/digest")),
    ("api_keys", {"scopes": ["x", "y"]}, ("unknown_scope", "/api_keys/1/scopes/0")),
    ("api_keys", {"scopes": [None]}, ("wrong_type", "/api_keys/1/scopes/0")),
    ("api_keys", {"projects": ["prj_b", "prj_a"]}, ("unknown_reference", "/api_keys/1/projects/1")),
    (
        "api_keys",
        {"kind": "organization_default", "revoked_at": "2026-01-01T00:00:00Z"},
        ("default_key_not_revocable", "/api_keys/1/revoked_at"),
    ),
    ("resources", {"kind": "robot"}, ("unknown_kind", "/resources/1/kind")),
    ("resources", {"id": "file_a"}, ("duplicate_id", "/resources/1/id")),
    ("resources", {"project": "prj_c"}, ("unknown_reference", "/resources/1/project")),
    ("resources", {"project": None}, ("wrong_type", "/resources/1/project")),
    ("resources", {"created_at": "2026-13-01T00:00:00Z"}, ("invalid_timestamp", "/resources/1/created_at")),
    ("resources", {"name": "x" * 5_000}, ("limit_exceeded", "/resources/1/name")),
    ("users", {"id": "usr_a"}, ("duplicate_id", "/users/1/id")),
    ("users", {"organization": "org_a"}, ("user_not_member", "/users/1/organization")),
    ("groups", {"id": "grp_a"}, ("unknown_reference", "/group_members/1/group")),
    ("groups", {"organization": "org_c"}, ("unknown_reference", "/groups/1/organization")),
    ("group_members", {"user": "usr_a"}, ("user_not_member", "/group_members/1/user")),
]


@pytest.mark.parametrize(("table", "change", "fault"), FAULTS, ids=[f"{table} {next(iter(change))}" for table, change, _ in FAULTS])
def test_a_fault_names_table_and_row(table: str, change: Row, fault: tuple[str, str]) -> None:
    rows = small()
    rows[table][1] = {**rows[table][1], **change}
    assert refused(tables_of(rows)) == fault


def test_doubled_rows() -> None:
    expected = {
        "organizations": "/organizations/2/id",
        "members": "/members/2/user",
        "projects": "/projects/2/id",
        "collaborators": "/collaborators/2/user",
        "api_keys": "/api_keys/2/id",
        "resources": "/resources/2/id",
        "users": "/users/2/id",
        "groups": "/groups/2/id",
        "group_members": "/group_members/2/user",
    }
    for table, path in expected.items():
        rows = small()
        rows[table].append(dict(rows[table][0]))
        code, found = refused(tables_of(rows))
        assert (code, found) == ("duplicate_id", path), table


def test_the_first_fault_in_the_order_of_tables_rows_and_columns() -> None:
    rows = small()
    rows["resources"][0]["kind"] = ""
    rows["members"][1] |= {"role": "", "user": ""}
    rows["members"][0]["added_at"] = "x"
    assert refused(tables_of(rows)) == ("invalid_timestamp", "/members/0/added_at")
    del rows["members"][0]["added_at"]
    assert refused(tables_of(rows)) == ("invalid_id", "/members/1/user")
    # Faults of shape come before faults of meaning.
    rows["members"][1] |= {"role": "boss", "user": "usr_b"}
    assert refused(tables_of(rows)) == ("invalid_id", "/resources/0/kind")


def test_messages_name_the_entry() -> None:
    rows = small()
    rows["resources"][1]["kind"] = "robot"
    with pytest.raises(BailiwickError, match="resource file_b: `robot` is not a kind"):
        Bailiwick.from_tables(tables_of(rows))
    rows["resources"][1]["kind"] = "file"
    rows["members"][1]["role"] = "boss"
    with pytest.raises(BailiwickError, match="organization org_b: "):
        Bailiwick.from_tables(tables_of(rows))


def test_tables_and_columns_that_there_are_not() -> None:
    tables: Tables = dict(tables_of(small()))
    assert refused({**tables, "robots": tables["users"]}) == ("unknown_field", "/robots")
    resources = tables["resources"]
    assert refused({**tables, "resources": resources.append_column("colour", resources["id"])}) == ("unknown_field", "/resources/colour")
    assert refused({**tables, "resources": resources.drop_columns("kind")}) == ("missing_field", "/resources")
    assert refused({**tables, "collaborators": tables["collaborators"].drop_columns(["user", "group"])}) == (
        "missing_field",
        "/collaborators",
    )
    doubled = pa.Table.from_arrays([*resources.columns, resources["id"]], names=[*resources.column_names, "id"])
    assert refused({**tables, "resources": doubled}) == ("duplicate_id", "/resources/id")
    for column, value in {"kind": 7, "created_at": True, "name": ["x"]}.items():
        place = resources.column_names.index(column)
        wrong = resources.set_column(place, column, pa.array([None, value]))
        assert refused({**tables, "resources": wrong}) == ("wrong_type", f"/resources/{column}")
        # A database that infers types gives any type to a column of nulls.
        nulls = resources.set_column(place, column, pa.nulls(2, wrong[column].type))
        if column == "kind":
            assert refused({**tables, "resources": nulls}) == ("wrong_type", "/resources/0/kind")
        else:
            Bailiwick.from_tables({**tables, "resources": nulls})
    for wrong in (None, 7, [1], "x"):
        assert refused({**tables, "resources": wrong}) == ("wrong_type", "/resources")
    for mapping in (None, 7, tables["resources"], [("resources", resources)]):
        with pytest.raises(BailiwickError):
            Bailiwick.from_tables(mapping)  # type: ignore[arg-type]
    assert refused({7: resources}) == ("wrong_type", "")  # type: ignore[dict-item]


def test_a_table_that_breaks_off() -> None:
    def batches() -> Any:
        yield tables_of(small())["resources"].to_batches()[0]
        raise OSError("the line is dead")

    tables: Tables = dict(tables_of(small()))
    tables["resources"] = pa.RecordBatchReader.from_batches(tables["resources"].schema, batches())
    with pytest.raises(UnreadableError) as raised:
        Bailiwick.from_tables(tables)
    assert raised.value.path == "/resources"


@pytest.mark.parametrize(
    "text", [pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string()), pa.dictionary(pa.uint32(), pa.large_string())]
)
def test_every_form_of_text(text: pa.DataType) -> None:
    source = document("changes")
    types = dict.fromkeys(("id", "organization", "project", "user", "role", "kind", "owner", "created_by", "digest", "email"), text)
    tables = tables_of(rows_of(source), **types)
    assert contents(Bailiwick.from_tables(tables)) == contents(Bailiwick.from_directory(source))
    # In parts of other columns, and in batches with the same dictionary.
    sliced = {name: pa.concat_tables([table.slice(0, 1), table.slice(1)]) for name, table in tables.items()}
    assert contents(Bailiwick.from_tables(sliced)) == contents(Bailiwick.from_directory(source))


def test_lists_in_every_form() -> None:
    rows = small()
    rows["projects"].append({"organization": "org_a", "id": "prj_more"})
    rows["api_keys"][0]["projects"] = ["prj_more", "prj_a"]
    for text in (pa.list_(pa.large_string()), pa.large_list(pa.string()), pa.list_(pa.dictionary(pa.int8(), pa.string()))):
        guard = Bailiwick.from_tables(tables_of(rows, projects=text, scopes=text))
        assert guard.is_allowed("api_key:key_a", "file.read", "project:prj_more")
    frames = {name: pl.DataFrame(pl.from_arrow(table)) for name, table in tables_of(rows).items()}
    frames["api_keys"] = frames["api_keys"].with_columns(pl.col("projects").cast(pl.List(pl.Categorical)))
    assert Bailiwick.from_tables(frames).is_allowed("api_key:key_a", "file.read", "project:prj_more")


def test_the_text_all() -> None:
    rows = small()
    rows["projects"].append({"organization": "org_a", "id": "prj_more"})
    rows["api_keys"][0]["projects"] = "all"
    assert Bailiwick.from_tables(tables_of(rows, projects=pa.string())).is_allowed("api_key:key_a", "file.read", "project:prj_more")
    rows["api_keys"][0]["projects"] = "prj_more"
    assert refused(tables_of(rows, projects=pa.string())) == ("wrong_type", "/api_keys/0/projects")


def test_booleans() -> None:
    rows = small()
    for row in rows["projects"]:
        row["default"] = 1
    assert Bailiwick.from_tables(tables_of(rows, default=pa.int64()))
    rows["projects"][1]["default"] = 2
    assert refused(tables_of(rows, default=pa.uint8())) == ("wrong_type", "/projects/1/default")
    rows["projects"][1]["default"] = None
    assert refused(tables_of(rows, default=pa.int8())) == ("missing_default_project", "/organizations/1/projects")


def test_times() -> None:
    moment = datetime(2026, 5, 1, 12, tzinfo=UTC)
    seconds = int(moment.timestamp())

    def suspended(value: Any, data_type: pa.DataType, **options: Any) -> Any:
        rows = small()
        rows["organizations"][1]["suspended_at"] = value
        guard = Bailiwick.from_tables(tables_of(rows, suspended_at=data_type), **options)
        return guard.to_directory()["organizations"][1].get("suspended_at")

    expected = "2026-05-01T12:00:00Z"
    assert suspended(moment, pa.timestamp("us", "UTC")) == expected
    assert suspended(moment.replace(tzinfo=None), pa.timestamp("ns"), time_zone="UTC") == expected
    assert suspended(seconds * 1000, pa.int64()) == expected
    assert suspended(seconds, pa.int64(), at_unit="s") == expected
    assert suspended("2026-05-01 12:00:00+00", pa.string()) == expected
    assert suspended("2026-05-01 14:00:00", pa.string(), time_zone="+02:00") == expected
    assert suspended(None, pa.timestamp("us", "UTC")) is None
    assert suspended(None, pa.null()) is None
    rows = small()
    rows["organizations"][1]["suspended_at"] = moment.replace(tzinfo=None)
    assert refused(tables_of(rows, suspended_at=pa.timestamp("us"))) == ("wrong_type", "/organizations/suspended_at")
    rows["organizations"][1]["suspended_at"] = seconds
    assert refused(tables_of(rows, suspended_at=pa.int64())) == ("invalid_timestamp", "/organizations/1/suspended_at")
    assert refused({}, time_zone="Mars") == ("wrong_type", "/time_zone")
    assert refused({}, at_unit="h") == ("wrong_type", "/at_unit")


def test_an_index_of_pandas_is_no_column() -> None:
    frames = {name: table.to_pandas(types_mapper=pd.ArrowDtype) for name, table in tables_of(small()).items()}
    frames["resources"] = frames["resources"][frames["resources"]["id"] == "file_b"]
    guard = Bailiwick.from_tables(frames)
    assert [len(one["projects"][0]["resources"]) for one in guard.to_directory()["organizations"]] == [0, 1]


def test_quarantine() -> None:
    rows = small()
    rows["resources"][1]["kind"] = "robot"
    guard = Bailiwick.from_tables(tables_of(rows), quarantine=True)
    assert [(one["organization"], one["code"], one["path"]) for one in guard.quarantined] == [
        ("org_b", "unknown_kind", "/resources/1/kind")
    ]
    assert [one["id"] for one in guard.to_directory()["organizations"]] == ["org_a"]
    # A fault of shape, far below.
    rows = small()
    rows["group_members"][0]["user"] = ""
    guard = Bailiwick.from_tables(tables_of(rows), quarantine=True)
    assert [(one["organization"], one["code"], one["path"]) for one in guard.quarantined] == [
        ("org_a", "invalid_id", "/group_members/0/user")
    ]
    # What two claim.
    rows = small()
    rows["resources"][1]["id"] = "file_a"
    guard = Bailiwick.from_tables(tables_of(rows), quarantine=True)
    assert [(one["organization"], one["path"]) for one in guard.quarantined] == [("org_a", "/resources/0/id"), ("org_b", "/resources/1/id")]
    # What belongs to nobody refuses the tables, as does a fault of a user.
    rows["resources"][1]["project"] = "prj_c"
    assert refused(tables_of(rows), quarantine=True) == ("unknown_reference", "/resources/1/project")
    rows = small()
    rows["users"][0]["id"] = ""
    assert refused(tables_of(rows), quarantine=True) == ("invalid_id", "/users/0/id")
    assert refused(tables_of(small()), quarantine=None) == ("wrong_type", "/quarantine")


def test_policy() -> None:
    assert Bailiwick.from_tables(tables_of(small())).policy == "projects-2026-02"
    assert refused(tables_of(small()), policy="nothing") == ("unknown_policy", "/policy")


def test_reconcile() -> None:
    rows = small()
    guard = Bailiwick.from_tables(tables_of(rows))
    assert guard.reconcile_tables(tables_of(rows)).changes == []
    rows["resources"].append({"project": "prj_a", "id": "file_new", "kind": "file"})
    assert len(guard.reconcile_tables(tables_of(rows), dry_run=True).changes) == 1
    assert not guard.is_allowed("user:usr_a", "file.read", "file:file_new")
    assert guard.reconcile_tables(tables_of(rows)).revision == 1
    assert guard.is_allowed("user:usr_a", "file.read", "file:file_new")
    assert contents(guard) == contents(Bailiwick.from_tables(tables_of(rows)))
    rows["resources"][0]["kind"] = "robot"
    with pytest.raises(BailiwickError) as raised:
        guard.reconcile_tables(tables_of(rows))
    assert (raised.value.path, guard.revision) == ("/resources/0/kind", 1)


def test_nobody_is_evicted_by_rows_of_somebody_else() -> None:
    rows = small()
    guard = Bailiwick.from_tables(tables_of(rows), quarantine=True)
    before = contents(guard)
    # The row of the other organization comes first, and what belongs to the project stays with whom it belonged to.
    rows["projects"].insert(0, {"organization": "org_b", "id": "prj_a"})
    guard.reconcile_tables(tables_of(rows), quarantine=True)
    assert [(one["organization"], one["path"]) for one in guard.quarantined] == [("org_b", "/projects/0/id")]
    assert contents(guard) == before


def test_reconcile_leaves_the_policy() -> None:
    rows = rows_of(without_all(document("modern")))
    guard = Bailiwick.from_tables(tables_of(rows), policy=MODERN)
    assert guard.reconcile_tables(tables_of(rows)).changes == []
    assert guard.policy == MODERN["id"]
