"""The columns of FOCUS by a timeline: booked by the directory of each moment, with one display name for each id."""

from __future__ import annotations

import random
from typing import Any, cast

import pyarrow as pa
import pytest
from bailiwick import Bailiwick, Timeline
from bailiwick.types import AnswerColumns

from whole_tables import scene

MAY = "2026-05-01T00:00:00Z"
OWN = ["x_IntendedOrganization", "x_IntendedProject", "x_MatchesIntended", "x_Certainty", "x_Reason"]
OWN += ["x_ApiKeyId", "x_Remedies", "x_Caveats", "x_Revision"]
PROJECTS = scene.NAMES["project"]
KEYS = scene.NAMES["api_key"]
FILES = [one for one in scene.RESOURCES if not one.startswith("api_key:")]


def day(number: int) -> str:
    return f"2026-05-{number:02}T00:00:00Z"


def lived() -> tuple[Timeline, list[Bailiwick]]:
    """A timeline with a change a day, and the directory of each day."""
    timeline = Timeline.from_snapshot(scene.named_engine().to_snapshot(issued_at=MAY))
    organizations = scene.NAMES["organization"]
    changes: list[dict[str, Any]] = [
        {"type": "update_organization", "organization": organizations[0], "name": "Renamed"},
        {"type": "update_project", "project": "prj_h", "name": "Renamed as well"},
        {"type": "update_resource", "resource": "fine_tuning:ft_h", "name": "Once"},
        {"type": "update_resource", "resource": "fine_tuning:ft_h", "name": "Twice"},
        {"type": "remove_resource", "resource": "fine_tuning:ft_h"},
        {"type": "remove_api_key", "key": "key_mem"},
        {"type": "remove_project", "project": "prj_shut"},
        {"type": "add_resource", "project": "prj_h", "resource": "ft_new", "kind": "fine_tuning", "name": "New"},
        {"type": "update_resource", "resource": "instant_cluster:cl_h", "name": None},
        {"type": "remove_organization", "organization": "org_g"},
    ]
    for number, change in enumerate(changes, 2):
        timeline.apply(change, at=day(number))
    return timeline, [timeline.at(day(number)) for number in range(1, len(changes) + 2)]


TIMELINE, STATES = lived()


def usage(rows: int) -> tuple[pa.Table, list[int | None]]:
    """Rows at moments in any order, and the number of the state of each."""
    rng = random.Random(7)
    drawn = scene.usage(rng, rows)
    days = [rng.randrange(-1, len(STATES)) for _ in drawn]
    for row in drawn:
        row["resource"] = rng.choice([row["resource"], "fine_tuning:ft_h", "fine_tuning:ft_new", "api_key:key_mem", "fine_tuning:ft_shut"])
        if rng.random() < 0.5:
            row["kind"] = (row["resource"] or "file:").partition(":")[0]
    instants = ["2026-04-30T12:00:00Z" if number < 0 else f"2026-05-{number + 1:02}T12:00:00Z" for number in days]
    table = scene.table(drawn, pa.string()).drop_columns(["at"]).append_column("at", pa.array(instants))
    return table, [None if number < 0 else number for number in days]


USAGE, DAYS = usage(1_500)


@pytest.mark.parametrize("columns", ["focus-1.4", "focus-1.5-draft"])
@pytest.mark.parametrize("form", [{}, {"dictionaries": False, "nulls": True}, {"stream": True}], ids=str)
def test_rows_are_those_of_the_directory_of_their_moment(columns: AnswerColumns, form: dict[str, Any]) -> None:
    options = dict(form)
    table: Any = USAGE
    if options.pop("stream", False):
        table = pa.RecordBatchReader.from_batches(USAGE.schema, USAGE.to_batches(max_chunksize=70))
    answers = TIMELINE.attribute_table(table, columns=columns, **options).to_pyarrow()
    answers.validate(full=True)
    nulls = {"nulls": options.get("nulls", False)}
    wanted = [state.attribute_table(USAGE, columns=columns, **nulls).to_pyarrow() for state in STATES]
    assert answers.column_names == wanted[0].column_names
    rows = [table.to_pylist() for table in wanted]
    ids = [name for name in answers.column_names if name.startswith(("Resource", "Principal", "Credential")) and not name.endswith("Name")]
    for number, (answer, state) in enumerate(zip(answers.to_pylist(), DAYS, strict=True)):
        if state is None:
            assert answer["x_Revision"] is None
            assert answer["x_Reason"] in {
                "before_history",
                "invalid_reference",
                "invalid_id",
                "unknown_kind",
                "unknown_surface",
                "wrong_type",
            }
        else:
            row = rows[state][number]
            assert {name: answer[name] for name in ("BillingAccountId", "SubAccountId", *OWN)} == {
                name: row[name] for name in ("BillingAccountId", "SubAccountId", *OWN)
            }
        for name in ids:
            # What was known at any moment.
            found = {found for of_state in rows if (found := of_state[number][name]) is not None}
            assert answer[name] == (found.pop() if found else None)


def test_each_id_has_the_name_that_it_had_last() -> None:
    answers = TIMELINE.attribute_table(USAGE, columns="focus-1.4").to_pyarrow().to_pylist()
    names = dict[tuple[str, str], set[str | None]]()
    for answer in answers:
        of_ids = [("BillingAccountId", "BillingAccountName"), ("SubAccountId", "SubAccountName")]
        for id_column, name_column in of_ids:
            names.setdefault((id_column, answer[id_column]), set()).add(answer[name_column])
        if answer["ResourceId"] is None:
            assert answer["ResourceName"] is None
        else:
            names.setdefault((answer["ResourceType"], answer["ResourceId"]), set()).add(answer["ResourceName"])
    # Grouping by id and name splits nothing.
    assert all(len(found) == 1 for found in names.values())
    named = {key: found.pop() for key, found in names.items()}
    before = {**cast(dict[Any, Any], first_names())}
    assert named[("SubAccountId", "prj_h")] == "Renamed as well"
    assert named[("fine_tuning", "ft_h")] == "Twice"
    assert named[("fine_tuning", "ft_new")] == "New"
    for gone in [("api_key", "key_mem"), ("fine_tuning", "ft_shut")]:
        assert named[gone] == before[gone]
    assert named[("BillingAccountId", "unattributed")] is None
    assert named[("BillingAccountId", scene.NAMES["organization"][0])] in {"Renamed", before[("organization", "org_g")]}
    assert ("instant_cluster", "cl_h") not in named or named[("instant_cluster", "cl_h")] is None


def first_names() -> dict[tuple[str, str], str | None]:
    found: dict[tuple[str, str], str | None] = {}
    for organization in scene.named_document()["organizations"]:
        found[("organization", organization["id"])] = organization.get("name")
        for project in organization["projects"]:
            found |= {("api_key", key["id"]): key.get("name") for key in project.get("api_keys", [])}
            found |= {(one["kind"], one["id"]): one.get("name") for one in project.get("resources", [])}
    return found


def test_a_key_as_a_resource_is_found_while_it_was_there() -> None:
    resource = ["api_key:key_mem"] * 2
    table = pa.table({"principal": ["user:usr_mem"] * 2, "kind": ["api_key"] * 2, "resource": resource, "at": [day(3), day(12)]})
    answers = TIMELINE.attribute_table(table).to_pyarrow()
    assert answers.column("reason").to_pylist() == ["project_scoped", "unknown_resource"]


def test_no_secret_is_repeated() -> None:
    secret = "blw_5ecret5ecret5ecret5ecret5ecret5ecret5ecret"
    row = {"principal": f"api_key:{secret}", "kind": "batch", "resource": f"api_key:{secret}", "project": secret, "at": day(3)}
    answers = TIMELINE.attribute_table(pa.Table.from_pylist([row]), columns="focus-1.5-draft").to_pyarrow()
    assert secret not in str(answers.to_pylist())


def test_other_columns_are_refused() -> None:
    with pytest.raises(Exception, match=r"focus-1\.4") as raised:
        TIMELINE.attribute_table(USAGE, columns=cast(Any, "focus-9"))
    assert (cast(Any, raised.value).code, cast(Any, raised.value).path) == ("wrong_type", "/columns")
