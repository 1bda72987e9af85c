"""The columns of the FinOps FOCUS specification say what the answers say, with display names, and no secret is in any."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest
from bailiwick import Bailiwick, BailiwickError
from bailiwick.types import AnswerColumns

from whole_tables import scene

guard = scene.named_engine()
BASE = ["BillingAccountId", "BillingAccountName", "SubAccountId", "SubAccountName", "ResourceId", "ResourceName", "ResourceType"]
DRAFT = ["PrincipalId", "CredentialId"]
OWN = ["x_IntendedOrganization", "x_IntendedProject", "x_MatchesIntended", "x_Certainty", "x_Reason"]
OWN += ["x_ApiKeyId", "x_Remedies", "x_Caveats", "x_Revision"]


def display_names() -> dict[str, str]:
    """Display names by references."""
    found: dict[str, str | None] = {}
    for organization in scene.named_document()["organizations"]:
        found[f"organization:{organization['id']}"] = organization.get("name")
        for project in organization["projects"]:
            found[f"project:{project['id']}"] = project.get("name")
            found |= {f"api_key:{key['id']}": key.get("name") for key in project.get("api_keys", [])}
            found |= {f"{one['kind']}:{one['id']}": one.get("name") for one in project.get("resources", [])}
    return {reference: name for reference, name in found.items() if name is not None}


NAMES = display_names()


@pytest.mark.parametrize("data_type", [pa.string(), pa.dictionary(pa.int32(), pa.string())], ids=str)
@pytest.mark.parametrize(("dictionaries", "nulls"), [(True, False), (False, True)])
def test_the_columns_say_what_the_answers_say(data_type: pa.DataType, *, dictionaries: bool, nulls: bool) -> None:
    rows = scene.usage(random.Random(1), 2_000)
    table = scene.table(rows, data_type)
    plain = guard.attribute_table(table).to_pyarrow().to_pylist()
    focus = guard.attribute_table(table, columns="focus-1.5-draft", nulls=nulls, dictionaries=dictionaries).to_pyarrow()
    assert focus.column_names == [*BASE, *DRAFT, *OWN]
    focus.validate(full=True)
    assert guard.attribute_table(table, columns="focus-1.4").column_names == [*BASE, *OWN]
    assert {None, "use_project_api_key,invite_to_organization"} <= set(focus.column("x_Remedies").to_pylist())
    assert len(set(focus.column("ResourceName").to_pylist())) > 1
    for row, answer, named in zip(rows, plain, focus.to_pylist(), strict=True):
        assert named["BillingAccountId"] == (answer["organization"] or "unattributed")
        assert named["SubAccountId"] == (answer["project"] or (None if nulls else "unattributed"))
        assert named["BillingAccountName"] == NAMES.get(f"organization:{answer['organization']}")
        assert named["SubAccountName"] == NAMES.get(f"project:{answer['project']}")
        assert named["ResourceName"] == NAMES.get(row["resource"] or "")
        assert named["x_ApiKeyId"] == answer["api_key"]
        assert named["x_Remedies"] == (",".join(answer["remedies"]) or None)
        assert named["x_Caveats"] == (",".join(answer["caveats"]) or None)
        assert (named["x_IntendedOrganization"], named["x_IntendedProject"]) == (
            answer["intended_organization"],
            answer["intended_project"],
        )
        assert (named["x_Certainty"], named["x_Reason"]) == (answer["certainty"], answer["reason"])
        assert (named["x_MatchesIntended"], named["x_Revision"]) == (answer["matches_intended"], guard.revision)
        known = row["resource"] in scene.RESOURCES
        kind, _, one = (row["resource"] or "").partition(":")
        assert (named["ResourceType"], named["ResourceId"]) == ((kind, one) if known else (None, None))
        sort, _, who = (row["principal"] or "").partition(":")
        found = row["principal"] in scene.PRINCIPALS
        assert named["PrincipalId"] == (who if found else None)
        assert named["CredentialId"] == (who if found and sort == "api_key" else None)


def test_what_the_directory_does_not_know_is_not_repeated() -> None:
    secret = "blw_5ecret5ecret5ecret5ecret5ecret5ecret5ecret"
    table = pa.table({"principal": [f"api_key:{secret}"], "kind": ["batch"], "resource": [f"api_key:{secret}"], "project": [secret]})
    namings: tuple[AnswerColumns, ...] = ("focus-1.4", "focus-1.5-draft", "bailiwick")
    for columns in namings:
        answers = guard.attribute_table(table, columns=columns)
        assert secret not in str(answers.to_pyarrow().to_pylist())
        assert secret not in str(answers.to_pyarrow().schema)


def test_columns_of_ids_name_principals_too() -> None:
    user, key = scene.NAMES["user"][0], scene.NAMES["api_key"][0]
    table = pa.table({"who": [user, user, None, None], "by": [None, key, "gone", None], "kind": ["batch"] * 4})
    answers = guard.attribute_table(table, user="who", api_key="by", columns="focus-1.5-draft").to_pyarrow()
    assert answers.column("PrincipalId").to_pylist() == [user, key, None, None]
    assert answers.column("CredentialId").to_pylist() == [None, key, None, None]
    with pytest.raises(BailiwickError):
        guard.attribute_table(table, columns="focus-1.5-draft")


def test_a_stream_has_the_words_of_its_rows() -> None:
    resources = [resource for resource in scene.RESOURCES if resource.split(":")[0] in scene.KINDS]
    table = pa.table({"principal": scene.PRINCIPALS[:1] * len(resources), "kind": ["batch"] * len(resources), "resource": resources})
    stream = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=1))
    answers = guard.attribute_table(stream, columns="focus-1.4").to_pyarrow()
    assert answers.to_pylist() == guard.attribute_table(table, columns="focus-1.4").to_pylist()
    assert answers.schema.field("ResourceId").type == pa.string()


def test_the_word_for_no_account_has_no_name() -> None:
    entry = {"id": "unattributed", "name": "An unlucky id", "owner": "u", "members": [{"user": "u", "role": "admin"}]}
    project = {"id": "unattributed", "name": "Unlucky too", "default": True}
    unlucky = Bailiwick.from_directory({"format": "bailiwick/1", "organizations": [{**entry, "projects": [project]}]})
    table = pa.table({"principal": ["user:u", "user:gone"], "kind": ["file"] * 2})
    answers = unlucky.attribute_table(table, columns="focus-1.4").to_pyarrow()
    assert answers.column("SubAccountId").to_pylist() == ["unattributed"] * 2
    assert answers.column("BillingAccountName").to_pylist() == ["An unlucky id", None]
    assert answers.column("SubAccountName").to_pylist() == ["Unlucky too", None]


def test_words_of_a_stream_go_with_their_rows() -> None:
    # After a batch with few rows, the words of those before are dropped.
    table = scene.table(scene.usage(random.Random(5), 1_000), pa.string())
    sizes = [400, 1, 2, 300, 1, 296]
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    batches = [table.slice(start, size).combine_chunks().to_batches()[0] for start, size in zip(starts, sizes, strict=True)]
    encoded = [
        pa.record_batch([column.dictionary_encode() if pa.types.is_string(column.type) else column for column in batch], table.column_names)
        for batch in batches
    ]
    wanted = guard.attribute_table(table, columns="focus-1.5-draft", dictionaries=False).to_pyarrow().to_pylist()
    for given in (batches, encoded):
        stream = pa.RecordBatchReader.from_batches(given[0].schema, given)
        assert guard.attribute_table(stream, columns="focus-1.5-draft").to_pyarrow().to_pylist() == wanted
